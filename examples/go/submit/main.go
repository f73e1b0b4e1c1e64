// go run ./submit URL [REF]: hand in a URL. REF, an id of your own, comes back in the outcome.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log"
	"os"

	"claimstream.example"
	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: submit URL [REF]")
	}
	url, ref := os.Args[1], rand.Text()
	if len(os.Args) > 2 {
		ref = os.Args[2]
	}
	if err := submit(url, ref); err != nil {
		log.Fatal(err)
	}
}

func submit(url, ref string) error {
	options, err := claimstream.Options()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(options...) // idempotent, and acknowledged by all replicas, unless told otherwise
	if err != nil {
		return err
	}
	defer client.Close()
	value, err := json.Marshal(map[string]string{"url": url, "ref": ref})
	if err != nil {
		return err
	}
	record := &kgo.Record{Topic: claimstream.Topic("urls"), Value: value}
	// The same (ce_source, ce_id) is one submission, however often it is sent: a retry of yours does no harm.
	for _, header := range [][2]string{{"ce_specversion", "1.0"}, {"ce_type", "claimstream.url.v1"},
		{"ce_source", claimstream.Source()}, {"ce_id", ref}} {
		record.Headers = append(record.Headers, kgo.RecordHeader{Key: header[0], Value: []byte(header[1])})
	}
	sent, err := client.ProduceSync(context.Background(), record).First()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(
		map[string]any{"ref": ref, "partition": sent.Partition, "offset": sent.Offset})
}
