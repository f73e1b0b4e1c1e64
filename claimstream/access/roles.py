"""What each role may do on the broker: derived from the topics' file, so that a topic that is added is not forgotten.

    upstream     writes `urls` and `urls.bulk`, reads `outcomes`
    downstream   reads `claims` and its routes, and `heartbeat`
    service      what the four services write and read, their groups, and the relay's transactions

What nobody was given is denied. Writing to a topic brings idempotent producing with it (since Kafka 3.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from claimstream.readers import READERS
from shared.contracts import topics
from shared.pipeline.kafka.acls import Grant
from shared.topics_file import TopicSpec

Role = Literal["upstream", "downstream", "service"]
ROLES: tuple[Role, ...] = ("upstream", "downstream", "service")


def grants(role: Role, user: str, prefix: str, specs: Mapping[str, TopicSpec]) -> frozenset[Grant]:
    """The rights of a ``user`` in that ``role`` on the pipeline that ``prefix`` names."""
    if role == "upstream":
        written = {_topic(prefix, name, "WRITE") for name in (topics.URLS, topics.URLS_BULK)}
        return frozenset(written | {_topic(prefix, topics.OUTCOMES, "READ")} | _groups_of(user))
    if role == "downstream":
        read = {_claims(prefix, "READ"), _topic(prefix, topics.HEARTBEAT, "READ")}
        return frozenset(read | _groups_of(user))
    return frozenset(_service(prefix, specs))


def _service(prefix: str, specs: Mapping[str, TopicSpec]) -> set[Grant]:
    """A route that is added later begins with `claims.`, and no dead letters of ours lie below that name."""
    services = {reader.service for reader in READERS}
    found = {_claims(prefix, "WRITE")}
    for name, spec in specs.items():
        if set(spec.written_by) & services and not name.startswith(topics.CLAIMS):
            found.add(_topic(prefix, name, "WRITE"))
        if set(spec.read_by) & services:
            found.add(_topic(prefix, name, "READ"))
    for service in services:
        found.add(Grant("GROUP", topics.group_name(prefix, service, ""), "READ", prefixed=True))
    found.add(Grant("TRANSACTIONAL_ID", f"{prefix}.store.relay", "WRITE"))
    return found


def _topic(prefix: str, name: str, operation: str) -> Grant:
    return Grant("TOPIC", topics.full_name(prefix, name), operation)


def _claims(prefix: str, operation: str) -> Grant:
    """`claims` and every route: both begin with this, and nothing else does."""
    return Grant("TOPIC", f"{prefix}.{topics.CLAIMS}.", operation, prefixed=True)


def _groups_of(user: str) -> set[Grant]:
    """The group that is named as the user, and those that go on with a dot: a name holds none, so none is another's."""
    return {Grant("GROUP", user, "READ"), Grant("GROUP", f"{user}.", "READ", prefixed=True)}
