"""What the whole carries: rates, latency, a backlog, scaling; and the figures from which capacity is computed.

Everything runs as operators run it, one process a service, on a real Kafka and PostgreSQL; only the news site is ours.
"""
