"""Fixtures that hold a real Kafka and a real PostgreSQL, and the account of what a run could not do without."""
