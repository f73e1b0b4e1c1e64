// go run ./consume [TOPIC]: a line for each revision of a claim that is newer than what was known of it.
//
// What is known lies in memory, so the topic is read from its beginning at each start: it holds the latest revision
// of every claim. With a table of yours: kgo.ConsumerGroup, and commit after its transaction.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"os/signal"

	"claimstream.example"
	"github.com/twmb/franz-go/pkg/kgo"
)

type revision [2]int // epoch, revision

type line struct {
	ClaimID  string   `json:"claim_id"`
	Revision revision `json:"revision"`
	Change   string   `json:"change"`
	Text     string   `json:"text"`
	Slices   []string `json:"slices"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	name := "claims"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	if err := follow(ctx, claimstream.Topic(name)); err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}

func follow(ctx context.Context, topic string) error {
	options, err := claimstream.Options()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))...)
	if err != nil {
		return err
	}
	defer client.Close()
	known := map[string]revision{}
	out := json.NewEncoder(os.Stdout)
	for {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		for _, record := range fetches.Records() {
			if err := keep(record, known, out); err != nil {
				return err
			}
		}
	}
}

func keep(record *kgo.Record, known map[string]revision, out *json.Encoder) error {
	id := string(record.Key)
	if record.Value == nil { // a tombstone: erased; forget it, and what you made of it
		delete(known, id)
		return out.Encode(map[string]string{"claim_id": id, "change": "erased"})
	}
	var c claimstream.Claim
	if err := json.Unmarshal(record.Value, &c); err != nil {
		return err
	}
	is, was := revision{c.Epoch, c.Revision}, known[id]
	if is[0] < was[0] || is[0] == was[0] && is[1] <= was[1] {
		return nil // a repeat, or older than what is known
	}
	known[id] = is
	for _, header := range record.Headers {
		if header.Key == "ce_cause" && string(header.Value) == "left_route" { // only on claims.<route>
			c.Change = "left_route"
		}
	}
	slices, err := c.Slices()
	if err != nil {
		return err
	}
	return out.Encode(line{id, is, c.Change, c.Content.Text, slices})
}
