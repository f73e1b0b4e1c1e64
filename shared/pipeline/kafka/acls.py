"""Rights on the broker (ACLs): describe, grant, take away. aiokafka has their wire format, and no calls for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest_v1, DeleteAclsRequest_v1, DescribeAclsRequest
from aiokafka.protocol.api import Request

from shared.errors import AccessDenied, ClaimstreamError, DeployBroken

# https://kafka.apache.org/documentation/#security_authz and org.apache.kafka.common.{acl,resource}: codes on the wire.
ANY, ALLOW = 1, 3
KINDS = {"TOPIC": 2, "GROUP": 3, "CLUSTER": 4, "TRANSACTIONAL_ID": 5}
PATTERNS = {False: 3, True: 4}  # literal, prefixed
OPERATIONS = {"READ": 3, "WRITE": 4}
_KIND_OF = {code: kind for kind, code in KINDS.items()}
_OPERATION_OF = {code: operation for operation, code in OPERATIONS.items()}
CLUSTER_AUTHORIZATION_FAILED, SECURITY_DISABLED = 31, 54
Operation = Literal["READ", "WRITE"]
USER = "User:"


@dataclass(frozen=True, order=True, slots=True)
class Grant:
    """One right: ``operation`` on a ``kind`` (TOPIC, GROUP, TRANSACTIONAL_ID) of that name, or, when ``prefixed``, on
    all whose names begin with it. Either operation lets its holder describe, too."""

    kind: str
    name: str
    operation: str
    prefixed: bool = False


async def granted(client: AIOKafkaAdminClient, user: str | None = None) -> dict[str, set[Grant]]:
    """What each user (or that one) may do. What somebody denied, or gave for one host alone, is left out.

    Raises AccessDenied unless we are a super user, DeployBroken for a broker without an authorizer.
    """
    principal = None if user is None else USER + user
    answer = await client._send_request(DescribeAclsRequest(ANY, None, ANY, principal, None, ANY, ANY))
    refuse(answer.error_code, answer.error_message)
    found: dict[str, set[Grant]] = {}
    for kind, name, pattern, acls in answer.resources:
        for principal, host, operation, permission in acls:
            if permission != ALLOW or host != "*" or not principal.startswith(USER):
                continue
            grant = Grant(
                _KIND_OF.get(kind, str(kind)),
                name,
                _OPERATION_OF.get(operation, str(operation)),
                pattern == PATTERNS[True],
            )
            found.setdefault(principal.removeprefix(USER), set()).add(grant)
    return found


async def grant(client: AIOKafkaAdminClient, user: str, grants: Iterable[Grant]) -> None:
    if not (wanted := [_wire(one, user) for one in sorted(grants)]):
        return
    answer = await client._send_to_controller(_Create(wanted))
    for code, message in answer.creation_responses:
        refuse(code, message)


async def take(client: AIOKafkaAdminClient, user: str, grants: Iterable[Grant]) -> None:
    if not (unwanted := [_wire(one, user) for one in sorted(grants)]):
        return
    answer = await client._send_to_controller(_Delete(unwanted))
    for code, message, _matching in answer.filter_responses:
        refuse(code, message)


def refuse(code: int, message: str | None) -> None:
    """Raise what an answer about users and rights says."""
    if code == 0:
        return
    raise _meaning(code, message)


def _meaning(code: int, message: str | None) -> ClaimstreamError:
    if code == CLUSTER_AUTHORIZATION_FAILED:
        return AccessDenied(
            "users and rights are an administrator's to change",
            hint="Run it as a super user of the broker, on its inside listener; "
            "in compose with `docker compose run --rm tools users`.",
        )
    if code == SECURITY_DISABLED:
        return DeployBroken(
            "the broker has no authorizer: everybody may do everything",
            code="kafka-no-authorizer",
            hint="Set authorizer.class.name and super.users, as docs/access.md shows.",
        )
    return DeployBroken(
        f"Kafka's answer: {message or f'error {code}'}",
        code="kafka-refuses",
        hint="The broker's log says why.",
    )


def _wire(grant: Grant, user: str) -> tuple[Any, ...]:
    """The same in a creation and, as it leaves nothing open, in the filter of a deletion."""
    kind, operation = KINDS[grant.kind], OPERATIONS[grant.operation]
    return kind, grant.name, PATTERNS[grant.prefixed], USER + user, "*", operation, ALLOW


class _Create(Request[CreateAclsRequest_v1]):  # type: ignore[misc]
    """aiokafka's own takes one right a request."""

    API_KEY = CreateAclsRequest_v1.API_KEY

    def __init__(self, creations: Sequence[tuple[Any, ...]]) -> None:
        self._creations = creations

    def build(self, request_struct_class: type[CreateAclsRequest_v1]) -> CreateAclsRequest_v1:
        return request_struct_class(self._creations)


class _Delete(Request[DeleteAclsRequest_v1]):  # type: ignore[misc]
    API_KEY = DeleteAclsRequest_v1.API_KEY

    def __init__(self, filters: Sequence[tuple[Any, ...]]) -> None:
        self._filters = filters

    def build(self, request_struct_class: type[DeleteAclsRequest_v1]) -> DeleteAclsRequest_v1:
        return request_struct_class(self._filters)
