"""How to reach the broker, from the environment: in plain text on your own machine, with TLS and a password elsewhere.

``aiokafka_options`` and ``confluent_options`` say the same to two clients.
"""

import os
import ssl
from typing import Any

BOOTSTRAP = os.environ.get("CLAIMSTREAM_KAFKA_BOOTSTRAP", "127.0.0.1:9092")
SECURITY = os.environ.get("CLAIMSTREAM_KAFKA_SECURITY", "PLAINTEXT")  # or SASL_SSL
MECHANISM = os.environ.get("CLAIMSTREAM_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
USERNAME = os.environ.get("CLAIMSTREAM_KAFKA_USERNAME")
PASSWORD = os.environ.get("CLAIMSTREAM_KAFKA_PASSWORD")
CA_FILE = os.environ.get("CLAIMSTREAM_KAFKA_CA_FILE")  # without it, the authorities that the system trusts
PREFIX = os.environ.get("CLAIMSTREAM_PREFIX", "claimstream")
GROUP = os.environ.get("CLAIMSTREAM_GROUP", f"{USERNAME or 'example'}.claims")
SOURCE = f"/example/{USERNAME or 'python'}"  # who you are: yours alone, the same for ever


def topic(name: str) -> str:
    """A topic's name on the broker."""
    return f"{PREFIX}.{name}.v1"


def aiokafka_options() -> dict[str, Any]:
    options: dict[str, Any] = {"bootstrap_servers": BOOTSTRAP, "security_protocol": SECURITY}
    if SECURITY.endswith("SSL"):
        options["ssl_context"] = ssl.create_default_context(cafile=CA_FILE)
    if SECURITY.startswith("SASL"):
        options |= {
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": USERNAME,
            "sasl_plain_password": PASSWORD,
        }
    return options


def confluent_options() -> dict[str, Any]:
    options: dict[str, Any] = {"bootstrap.servers": BOOTSTRAP, "security.protocol": SECURITY}
    if SECURITY.endswith("SSL") and CA_FILE:
        options["ssl.ca.location"] = CA_FILE
    if SECURITY.startswith("SASL"):
        options |= {"sasl.mechanism": MECHANISM, "sasl.username": USERNAME, "sasl.password": PASSWORD}
    return options
