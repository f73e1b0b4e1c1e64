package claimstream

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Claim is what the consumer reads of one; fields that it does not name are passed over.
type Claim struct {
	Epoch, Revision int
	Change          string
	Content         struct {
		Text, In string
		Spans    [][2]int
	}
	Article struct{ ID, Version, Title string }
}

// Slices is what the claim's content is in its article, cut out anew; nil where there is no text to cut it out of.
func (c *Claim) Slices() ([]string, error) {
	switch {
	case c.Content.In == "title": // a headline's claim carries it
		return Slices(c.Article.Title, c.Content.Spans), nil
	case c.Content.In != "" && c.Content.In != "text" || env("API", "") == "":
		return nil, nil // or spans into something that a later release added, which nobody slices
	}
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	return Slices(text, c.Content.Spans), nil
}

// text asks the API for the article's text, in the version that the claim's spans slice.
func (c *Claim) text() (string, error) {
	address := fmt.Sprintf("%s/v1/articles/%s/versions/%s", env("API", ""), c.Article.ID, c.Article.Version)
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	if token := env("API_TOKEN", ""); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", address, answer.Status)
	}
	var article struct{ Text string }
	err = json.NewDecoder(answer.Body).Decode(&article)
	return article.Text, err
}
