"""Stages and sources, and the two transports that run them. Everything that knows Kafka is in here."""
