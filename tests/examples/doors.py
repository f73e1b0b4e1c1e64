"""The two ways to the broker, as what an outsider sets in the environment."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable

from claimstream.access.roles import Role
from claimstream.devservices import Kafka
from tests.real import access

Environment = dict[str, str]
Door = Callable[[Kafka, str, Role], Awaitable[Environment]]


async def inside(kafka: Kafka, prefix: str, role: Role) -> Environment:
    """In plain text, where everybody may do everything."""
    return _bare() | {"CLAIMSTREAM_KAFKA_BOOTSTRAP": kafka.bootstrap, "CLAIMSTREAM_PREFIX": prefix}


async def outside(kafka: Kafka, prefix: str, role: Role) -> Environment:
    """TLS and SCRAM, as a new user in this role."""
    settings = await access.user(kafka, prefix, role)
    return _bare() | access.environment(settings) | {"CLAIMSTREAM_PREFIX": prefix}


def _bare() -> Environment:
    """Nothing of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CLAIMSTREAM_")}
