"""Users of one pipeline on its broker: a credential each, and the rights of a role. Needs a super user's connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient

from claimstream.access.roles import ROLES, Role, grants
from shared.errors import BrokerAway
from shared.pipeline.kafka import acls, credentials
from shared.pipeline.kafka.acls import Grant
from shared.topics_file import TopicSpec

# A change is the controller's first; a broker learns of it a moment later, and a user who comes before is refused.
VISIBLE_SECONDS = 60.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class User:
    """``role`` is None where the rights are no role's of this pipeline; ``credential``: whether it can sign in."""

    name: str
    role: Role | None
    credential: bool
    rights: int


class Users:
    """The users of a broker as one pipeline (``prefix``, ``specs``) sees them. Rights that were given by other means,
    or for another pipeline, are neither shown nor taken.

    Every method raises BrokerAway, AccessDenied, and DeployBroken for a broker without an authorizer. Those that change
    something return when the broker knows of it.
    """

    def __init__(self, client: AIOKafkaAdminClient, prefix: str, specs: Mapping[str, TopicSpec]) -> None:
        self._client = client
        self._prefix = prefix
        self._specs = specs

    async def list(self) -> list[User]:
        known, held = await credentials.names(self._client), await acls.granted(self._client)
        found = []
        for name in sorted(known | set(held)):
            rights = self._ours(name, held.get(name, set()))
            if name in known or rights:
                found.append(User(name, self._role(name, rights), name in known, len(rights)))
        return found

    async def can_sign_in(self, name: str) -> bool:
        return name in await credentials.names(self._client)

    async def rights(self, name: str) -> set[Grant]:
        return self._ours(name, (await acls.granted(self._client, name)).get(name, set()))

    async def set_role(self, name: str, role: Role) -> tuple[int, int]:
        """Give the user the rights of the role and no others: how many were added, and how many taken away."""
        wanted, there = grants(role, name, self._prefix, self._specs), await self.rights(name)
        await acls.grant(self._client, name, wanted - there)
        await acls.take(self._client, name, there - wanted)

        async def visible() -> bool:
            return await self.rights(name) == wanted

        await _until(visible)
        return len(wanted - there), len(there - wanted)

    async def set_password(self, name: str, password: str) -> None:
        await credentials.upsert(self._client, name, password)
        await _until(lambda: self.can_sign_in(name))

    async def remove(self, name: str) -> None:
        """The rights first, which ends what its connections may do at once; then the credential."""
        await acls.take(self._client, name, await self.rights(name))
        if await self.can_sign_in(name):
            await credentials.delete(self._client, name)

        async def gone() -> bool:
            return not await self.rights(name) and not await self.can_sign_in(name)

        await _until(gone)

    def _role(self, name: str, rights: set[Grant]) -> Role | None:
        return next((role for role in ROLES if rights == grants(role, name, self._prefix, self._specs)), None)

    def _ours(self, name: str, rights: set[Grant]) -> set[Grant]:
        return {
            one
            for one in rights
            if one.name.startswith(f"{self._prefix}.")
            or (one.kind == "GROUP" and one.name in (name, f"{name}."))
        }


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    try:
        async with asyncio.timeout(VISIBLE_SECONDS):
            while not await holds():  # noqa: ASYNC110  (the broker tells nobody)
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise BrokerAway(
            f"the broker has not applied the change within {VISIBLE_SECONDS:g} s",
            code="kafka-slow",
            hint="It took it; look at `claimstream users ls` in a moment. Adding the user again does no harm.",
        ) from None
