"""SCRAM-SHA-512 credentials on the broker (KIP-554). aiokafka does not have their requests: here is their wire format.

A password does not leave this process: what is sent is the salted password (RFC 5802), a hash of many iterations.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from shared.pipeline.kafka.acls import refuse

SHA_512 = 2
# Kafka's default and the least it takes. A password that we draw has 192 bits: guessing is hopeless with one.
ITERATIONS = 4096
SALT_BYTES = 24
_TEXT = CompactString("utf-8")
_TAGS: dict[int, bytes] = {}


async def names(client: AIOKafkaAdminClient) -> set[str]:
    """Who can sign in. Raises AccessDenied unless we are a super user."""
    answer = await client._send_request(_Describe())
    refuse(answer.error_code, answer.error_message)
    return {user for user, *_ in answer.results}


async def upsert(client: AIOKafkaAdminClient, user: str, password: str) -> None:
    """Make the credential, or another one for a user that has one. Connections that are open stay open."""
    salt = os.urandom(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    change = (user, SHA_512, ITERATIONS, salt, salted, _TAGS)
    await _alter(client, _Alter(upsertions=[change]))


async def delete(client: AIOKafkaAdminClient, user: str) -> None:
    await _alter(client, _Alter(deletions=[(user, SHA_512, _TAGS)]))


async def _alter(client: AIOKafkaAdminClient, request: _Alter) -> None:
    answer = await client._send_to_controller(request)
    for _user, code, message, _tags in answer.results:
        refuse(code, message)


class _DescribeResponse(Response):  # type: ignore[misc]
    API_KEY = 50
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("error_message", _TEXT),
        (
            "results",
            CompactArray(
                ("user", _TEXT),
                ("error_code", Int16),
                ("error_message", _TEXT),
                (
                    "credential_infos",
                    CompactArray(("mechanism", Int8), ("iterations", Int32), ("tags", TaggedFields)),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeRequest(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = 50
    API_VERSION = 0
    RESPONSE_TYPE = _DescribeResponse
    SCHEMA = Schema(("users", CompactArray(("name", _TEXT), ("tags", TaggedFields))), ("tags", TaggedFields))


class _Describe(Request[_DescribeRequest]):  # type: ignore[misc]
    """All users: the list is empty, and not null, on which a broker that denies it would fail (4.1.1)."""

    API_KEY = 50

    def build(self, request_struct_class: type[_DescribeRequest]) -> _DescribeRequest:
        return request_struct_class([], _TAGS)


class _AlterResponse(Response):  # type: ignore[misc]
    API_KEY = 51
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", _TEXT), ("error_code", Int16), ("error_message", _TEXT), ("tags", TaggedFields)
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterRequest(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = 51
    API_VERSION = 0
    RESPONSE_TYPE = _AlterResponse
    SCHEMA = Schema(
        ("deletions", CompactArray(("name", _TEXT), ("mechanism", Int8), ("tags", TaggedFields))),
        (
            "upsertions",
            CompactArray(
                ("name", _TEXT),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Alter(Request[_AlterRequest]):  # type: ignore[misc]
    API_KEY = 51

    def __init__(self, *, deletions: list[Any] | None = None, upsertions: list[Any] | None = None) -> None:
        self._deletions = deletions or []
        self._upsertions = upsertions or []

    def build(self, request_struct_class: type[_AlterRequest]) -> _AlterRequest:
        return request_struct_class(self._deletions, self._upsertions, _TAGS)
