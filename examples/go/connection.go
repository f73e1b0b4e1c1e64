// Package claimstream is what the two commands share: the connection, and spans as bytes.
package claimstream

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Topic is a topic's name on the broker.
func Topic(name string) string { return env("PREFIX", "claimstream") + "." + name + ".v1" }

// Source says who you are: yours alone, the same for ever.
func Source() string { return "/example/" + env("KAFKA_USERNAME", "go") }

// Options is how to reach the broker, from the environment: in plain text on your own machine, with TLS and a
// password elsewhere.
func Options() ([]kgo.Opt, error) {
	options := []kgo.Opt{kgo.SeedBrokers(strings.Split(env("KAFKA_BOOTSTRAP", "127.0.0.1:9092"), ",")...)}
	security := env("KAFKA_SECURITY", "PLAINTEXT") // or SASL_SSL
	if strings.HasSuffix(security, "SSL") {
		config := &tls.Config{}
		if file := env("KAFKA_CA_FILE", ""); file != "" { // without it, the authorities that the system trusts
			pem, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			config.RootCAs = x509.NewCertPool()
			if !config.RootCAs.AppendCertsFromPEM(pem) {
				return nil, errors.New(file + " holds no certificate")
			}
		}
		options = append(options, kgo.DialTLSConfig(config))
	}
	if strings.HasPrefix(security, "SASL") {
		auth := scram.Auth{User: env("KAFKA_USERNAME", ""), Pass: env("KAFKA_PASSWORD", "")}
		mechanism := auth.AsSha512Mechanism()
		if env("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512") == "SCRAM-SHA-256" {
			mechanism = auth.AsSha256Mechanism()
		}
		options = append(options, kgo.SASL(mechanism))
	}
	return options, nil
}

func env(name, otherwise string) string {
	if value := os.Getenv("CLAIMSTREAM_" + name); value != "" {
		return value
	}
	return otherwise
}
