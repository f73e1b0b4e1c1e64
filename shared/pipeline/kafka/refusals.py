"""Why a broker does not work with us: away, or there and refusing; and what a person has to mend.

aiokafka swallows the reason: whatever went wrong while it connects, it logs it and says "Unable to bootstrap". So after
a failure the first connection is made once more by hand, and its own error is looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from typing import Any

from aiokafka import errors as kafka
from aiokafka.conn import AIOKafkaConnection, collect_hosts
from aiokafka.errors import KafkaError

from shared.errors import (
    AccessDenied,
    BrokerAway,
    BrokerRefuses,
    CertificateRefused,
    CredentialsRefused,
    HostNameMismatch,
    TlsMismatch,
)

# A look at why something failed must not take longer than the failure.
PROBE_SECONDS = 5.0
CLOSE_SECONDS = 1.0  # both sides of a TLS connection say goodbye; who does not is not waited for
CONNECTION = (
    "ssl_context",
    "security_protocol",
    "sasl_mechanism",
    "sasl_plain_username",
    "sasl_plain_password",
)
# X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL.
NAME_MISMATCH = (62, 64)
DENIED: Mapping[type[Exception], str] = {
    kafka.TopicAuthorizationFailedError: "topic",
    kafka.GroupAuthorizationFailedError: "group",
    kafka.ClusterAuthorizationFailedError: "cluster",
    kafka.TransactionalIdAuthorizationFailed: "transactional id",
}
CREDENTIALS = (
    kafka.SaslAuthenticationFailed,
    kafka.AuthenticationFailedError,
    kafka.UnsupportedSaslMechanismError,
    kafka.IllegalSaslStateError,
)


def meaning(error: BaseException, user: str | None = None) -> BrokerAway:
    """The error of ours that says the same, from the error alone. ``user`` is whom the broker knows us as."""
    if isinstance(error, BrokerAway):
        return error
    who = f"the user {user}" if user else "us"
    for kind, what in DENIED.items():
        if isinstance(error, kind):
            return AccessDenied(f"Kafka denies {who} the {what} {_named(error)}".rstrip())
    if isinstance(error, CREDENTIALS):
        return CredentialsRefused(f"Kafka refuses the credentials of {who}")
    for cause in (error, error.__cause__, error.__context__):
        if isinstance(cause, ssl.SSLCertVerificationError):
            kind = HostNameMismatch if cause.verify_code in NAME_MISMATCH else CertificateRefused
            return kind(f"the certificate of Kafka's listener: {cause.verify_message}")
        if isinstance(cause, ssl.SSLError):
            return TlsMismatch(f"the port does not speak TLS as we do: {cause.reason or cause}")
    return BrokerAway(repr(error))


def _named(error: BaseException) -> str:
    """The topics or the group that aiokafka puts into such an error: a name, or a set of them."""
    named = error.args[0] if error.args else ""
    return (
        ", ".join(sorted(map(str, named))) if isinstance(named, (set, frozenset, list, tuple)) else str(named)
    )


async def why(options: Mapping[str, Any], error: BaseException) -> BrokerAway:
    """What :func:`meaning` says; where the error is mute, what a connection of its own runs into."""
    user = options.get("sasl_plain_username")
    found = meaning(error, user)
    if isinstance(found, BrokerRefuses) or found is error:
        return found
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PROBE_SECONDS):
            for host, port, _family in collect_hosts(options["bootstrap_servers"]):
                probed = await _probe(options, host, port)
                if isinstance(probed, BrokerRefuses):
                    return type(probed)(f"{probed.message} ({host}:{port})")
    return found


async def _probe(options: Mapping[str, Any], host: str, port: int) -> BrokerAway | None:
    """What keeps a connection to this address from being made; None when nothing does."""
    try:
        await _connect(host, port, **{name: options[name] for name in CONNECTION if name in options})
    except (KafkaError, OSError, ValueError) as error:
        found = meaning(error, options.get("sasl_plain_username"))
        if isinstance(found, BrokerRefuses):
            return found
        if not isinstance(
            error, (KafkaError, OSError)
        ):  # SCRAM: the server's own proof of the password is wrong
            return CredentialsRefused(f"Kafka does not prove that it knows our password: {error}")
        if "ssl_context" in options:
            return TlsMismatch("the port takes no TLS") if await _speaks_plaintext(host, port) else found
        return TlsMismatch("the port takes TLS only") if await _speaks_tls(host, port) else found
    return None


async def _connect(host: str, port: int, **options: Any) -> None:
    connection = AIOKafkaConnection(host, port, **options, request_timeout_ms=int(PROBE_SECONDS * 1000))
    try:
        await connection.connect()
    finally:
        closed = connection.close()
        if connection._protocol is not None:  # else there was never a connection that could close
            await asyncio.wait([closed], timeout=CLOSE_SECONDS)


async def _speaks_plaintext(host: str, port: int) -> bool:
    with contextlib.suppress(KafkaError, OSError):
        await _connect(host, port)
        return True
    return False


async def _speaks_tls(host: str, port: int) -> bool:
    """Whether the port answers a TLS greeting. Nothing is sent through the connection, so nothing is verified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        _reader, writer = await asyncio.open_connection(host, port, ssl=context)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
