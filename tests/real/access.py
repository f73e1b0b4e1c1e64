"""Users of the real Kafka's second listener: TLS and SCRAM, with the rights of a role and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from claimstream.access.roles import Role
from claimstream.access.users import Users
from claimstream.devservices import Kafka
from shared.pipeline.kafka import acls, credentials
from shared.pipeline.kafka.connection import connection_options
from shared.pipeline.kafka.topics import admin
from shared.settings import KafkaSettings
from shared.topics_file import TopicSpec, load_topics

PASSWORD = "a password of the tests"


def inside(kafka: Kafka) -> dict[str, Any]:
    """Options of a super user's clients."""
    return connection_options(KafkaSettings(bootstrap=kafka.bootstrap))


def outside(kafka: Kafka, user: str, **changes: Any) -> KafkaSettings:
    """Settings of a user's clients."""
    settings: dict[str, Any] = {
        "bootstrap": kafka.secure_bootstrap,
        "security": "SASL_SSL",
        "ca_file": kafka.ca_file,
        "username": user,
        "password": PASSWORD,
    }
    return KafkaSettings(**{**settings, **changes})


def environment(settings: KafkaSettings) -> dict[str, str]:
    """The same as a process gets them."""
    return {
        "CLAIMSTREAM_KAFKA_BOOTSTRAP": settings.bootstrap,
        "CLAIMSTREAM_KAFKA_SECURITY": settings.security,
        "CLAIMSTREAM_KAFKA_USERNAME": str(settings.username),
        "CLAIMSTREAM_KAFKA_PASSWORD": PASSWORD,
        "CLAIMSTREAM_KAFKA_CA_FILE": str(settings.ca_file),
    }


async def user_with(kafka: Kafka, name: str, rights: Iterable[acls.Grant]) -> None:
    """A user with these rights; returns when it can sign in and they hold."""
    wanted = set(rights)
    async with admin(inside(kafka)) as client, asyncio.timeout(60):
        await acls.grant(client, name, wanted)
        await credentials.upsert(client, name, PASSWORD)
        while (await acls.granted(client, name)).get(name) != wanted or name not in await credentials.names(
            client
        ):
            await asyncio.sleep(0.02)


async def user(
    kafka: Kafka, prefix: str, role: Role, *, specs: Mapping[str, TopicSpec] | None = None, **changes: Any
) -> KafkaSettings:
    """A user in that role on the topics of ``prefix``; how it connects."""
    name = f"{prefix}-{role}"
    async with admin(inside(kafka)) as client:
        users = Users(client, prefix, specs or load_topics())
        await users.set_role(name, role)
        await users.set_password(name, PASSWORD)
    return outside(kafka, name, **changes)
