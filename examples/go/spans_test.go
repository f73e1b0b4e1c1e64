package claimstream

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// The spans of the vectors that all languages share.
func TestSpans(t *testing.T) {
	content, err := os.ReadFile(env("VECTORS", "../../tests/data/vectors/offsets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		What, Text string
		Parts      []struct {
			Spans, UTF8 [][2]int
			Slices      []string
		}
	}
	if err := json.Unmarshal(content, &vectors); err != nil || len(vectors) == 0 {
		t.Fatal("no vectors", err)
	}
	for _, vector := range vectors {
		t.Run(vector.What, func(t *testing.T) {
			for _, part := range vector.Parts {
				if got := InBytes(vector.Text, part.Spans); !slices.Equal(got, part.UTF8) {
					t.Errorf("%v are bytes %v, not %v", part.Spans, part.UTF8, got)
				}
				if got := Slices(vector.Text, part.Spans); !slices.Equal(got, part.Slices) {
					t.Errorf("%v are %q, not %q", part.Spans, part.Slices, got)
				}
			}
		})
	}
}
