"""A broker that refuses us says so in our words, with what to do; and it costs no record."""

from __future__ import annotations

from typing import Any

import pytest

from claimstream.devservices import Kafka
from shared.contracts.record import Outgoing
from shared.errors import (
    AccessDenied,
    BrokerAway,
    CertificateRefused,
    CredentialsRefused,
    DependencyAway,
    HostNameMismatch,
    TlsMismatch,
    TopicMissing,
)
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.sender import KafkaSender
from shared.pipeline.kafka.topics import admin, require_topics
from shared.settings import KafkaSettings
from tests.real import access

WRONG: dict[str, tuple[dict[str, Any], type[BrokerAway]]] = {
    "another password": ({"password": "another password"}, CredentialsRefused),
    "no such user": ({"username": "nobody"}, CredentialsRefused),
    "another mechanism": ({"sasl_mechanism": "PLAIN"}, CredentialsRefused),
    "an authority that it does not know": ({"ca_file": None}, CertificateRefused),
    "a host that the certificate does not name": ({"host": "localhost"}, HostNameMismatch),
    "plaintext to a TLS port": ({"security": "PLAINTEXT"}, TlsMismatch),
    "TLS to a plaintext port": ({"plaintext_port": True}, TlsMismatch),
    "nobody there": ({"bootstrap": "127.0.0.1:1"}, BrokerAway),
}


def _settings(kafka: Kafka, user: str, change: dict[str, Any]) -> KafkaSettings:
    change = dict(change)
    if host := change.pop("host", None):
        change["bootstrap"] = kafka.secure_bootstrap.replace("127.0.0.1", host)
    if change.pop("plaintext_port", False):
        change["bootstrap"] = kafka.bootstrap
    return access.outside(kafka, user, **change)


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_wrong_is_named_with_what_to_do(kafka: Kafka, topic_prefix: str, wrong: str) -> None:
    change, kind = WRONG[wrong]
    right = await access.user(kafka, topic_prefix, "upstream")
    options = connection_options(_settings(kafka, str(right.username), change))
    with pytest.raises(BrokerAway) as raised:
        async with admin(options):
            pass
    error = raised.value
    assert type(error) is kind
    assert isinstance(error, DependencyAway), "it never costs a record"
    assert error.hint
    assert access.PASSWORD not in error.message + error.hint


async def test_a_sender_says_it_too(kafka: Kafka, topic_prefix: str) -> None:
    right = await access.user(kafka, topic_prefix, "upstream")
    settings = access.outside(kafka, str(right.username), password="another password")
    sender = KafkaSender(connection_options(settings), prefix=topic_prefix, max_bytes=lambda _: 1000)
    try:
        with pytest.raises(CredentialsRefused):
            await sender.send([Outgoing("urls", b"k", b"v", ())])
    finally:
        await sender.close()


async def test_a_topic_that_is_denied_is_not_taken_for_one_that_is_missing(
    kafka: Kafka, topic_prefix: str
) -> None:
    settings = await access.user(kafka, topic_prefix, "upstream")
    with pytest.raises(AccessDenied):
        await require_topics(connection_options(settings), topic_prefix, ["pages"])
    with pytest.raises(TopicMissing):
        await require_topics(connection_options(settings), topic_prefix, ["urls"])
