"""A real Kafka and a real PostgreSQL on loopback, without Docker and without root.

For `make services` and for the tests. Both come from package registries: PostgreSQL's binaries from a wheel,
Kafka's jars by a Maven resolver, Java from the machine or from a wheel. Nothing here is part of a deployment.
"""

from claimstream.devservices.kafka import Kafka
from claimstream.devservices.postgres import Postgres

__all__ = ["Kafka", "Postgres"]
