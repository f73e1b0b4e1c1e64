"""What a record costs. ``python -m bench`` starts its own Kafka; one file a benchmark."""
