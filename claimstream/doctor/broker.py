"""The broker: is it there, are its topics as their file says, do its certificates hold, has it room."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.conn import collect_hosts
from aiokafka.errors import KafkaError
from cryptography import x509

from claimstream.doctor.findings import Finding
from claimstream.kafka import Broker
from shared.contracts.topics import full_name
from shared.pipeline.kafka.broker_disk import room
from shared.pipeline.kafka.topics import admin

DAYS_LEFT = 30  # time enough to have a certificate made and a broker restarted
CONNECT_SECONDS = 10.0
# A broker whose volume is full stops; a tenth, because a day of a busy topic must fit while somebody acts.
ROOM_LEFT = 0.1
APPLY = "`claimstream topics apply` (in compose: docker compose run --rm tools topics apply)"


async def reach(broker: Broker) -> list[Finding]:
    started = time.monotonic()
    async with admin(broker.options) as client:
        brokers = (await client.describe_cluster())["brokers"]
    took = (time.monotonic() - started) * 1000
    kafka = broker.kafka
    who = f" as {kafka.username}" if kafka.username else ""
    number = "1 broker" if len(brokers) == 1 else f"{len(brokers)} brokers"
    return [Finding("broker", True, f"{kafka.bootstrap}, {kafka.security}{who}: {number}, {took:.0f} ms")]


async def topics(broker: Broker) -> list[Finding]:
    """Every topic of the file: there, with its partitions (more are no harm but to keyed ones) and its configs."""
    wanted = {full_name(broker.prefix, spec.name): spec for spec in broker.topics.values()}
    async with admin(broker.options) as client:
        there = {
            topic["topic"]: len(topic["partitions"])
            for topic in await client.describe_topics(sorted(wanted))
            if not topic["error_code"]
        }
        configs = await _configs(client, {name: list(wanted[name].configs) for name in there})
    differences = [f"{name} is missing" for name in wanted if name not in there]
    for name, partitions in there.items():
        if partitions != wanted[name].partitions:
            differences.append(f"{name} has {partitions} partitions, not {wanted[name].partitions}")
        for key, value in wanted[name].configs.items():
            if (found := configs.get(name, {}).get(key)) != value:
                differences.append(f"{name}: {key} is {found}, not {value}")
    if not differences:
        return [Finding("topics", True, f"{len(wanted)} as in the file")]
    shown = "; ".join(differences[:3]) + (
        f"; and {len(differences) - 3} more" if len(differences) > 3 else ""
    )
    code = "topic-missing" if len(there) < len(wanted) else "topic-differs"
    return [Finding("topics", False, shown, code, f"{APPLY}; it says what it does not change.")]


async def _configs(
    client: AIOKafkaAdminClient, topics: Mapping[str, list[str]]
) -> dict[str, dict[str, str | None]]:
    if not topics:
        return {}
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(keys)) for name, keys in topics.items()
    ]
    found: dict[str, dict[str, str | None]] = {}
    for answer in await client.describe_configs(asked):
        for _error, _message, _kind, name, entries in answer.resources:
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


async def disk(broker: Broker) -> list[Finding]:
    try:
        volumes = await room(broker.options)
    except KafkaError:
        return [Finding("broker-disk", True, "the brokers tell it to an administrator alone")]
    if not volumes:
        return [Finding("broker-disk", True, "the brokers do not say")]
    return [_room(f"broker {number}", free, total) for number, (free, total) in sorted(volumes.items())]


def _room(whose: str, free: int, total: int) -> Finding:
    text = f"{whose}: {free / 2**30:.1f} GiB free of {total / 2**30:.1f}"
    if free >= ROOM_LEFT * total:
        return Finding("broker-disk", True, text)
    hint = "A broker that is full stops. Give it room, or lower the retention in deploy/topics.toml and apply it."
    return Finding("broker-disk", False, text, "disk-low", hint)


async def certificates(broker: Broker) -> list[Finding]:
    """Those of the listeners with TLS: of ours, and of the others where the broker tells us of them."""
    found = []
    for host, port in await _listeners(broker):
        try:
            certificate = await _certificate(host, port)
        except (OSError, TimeoutError, ValueError) as error:
            text = f"{host}:{port} is not reached from here: {error or 'no answer'}"
            found.append(Finding("certificates", True, text))
            continue
        days = (certificate.not_valid_after_utc - datetime.now(UTC)).days
        text = f"{host}:{port}: {days} days left, for {', '.join(_names(certificate))}"
        if days >= DAYS_LEFT:
            found.append(Finding("certificates", True, text))
            continue
        code = "certificate-expired" if days < 0 else "certificate-ends-soon"
        hint = "Renew it and restart the broker, as docs/access.md says; in compose `docker compose up -d` renews it."
        found.append(Finding("certificates", False, text, code, hint))
    return found or [Finding("certificates", True, "no listener with TLS that this user knows of")]


async def _listeners(broker: Broker) -> list[tuple[str, int]]:
    """Host and port of each TLS listener: our own, or from the broker's configuration, which it tells a super user."""
    ours = [(host, port) for host, port, _family in collect_hosts(broker.kafka.bootstrap, randomize=False)]
    if "SSL" in broker.kafka.security:
        return ours
    async with admin(broker.options) as client:
        found = []
        for node in client._client.cluster.brokers():
            keys = dict.fromkeys(("listeners", "listener.security.protocol.map"))
            asked = [ConfigResource(ConfigResourceType.BROKER, str(node.nodeId), keys)]
            with contextlib.suppress(KafkaError):
                (answer,) = await client.describe_configs(asked)
                for _error, _message, _kind, _name, entries in answer.resources:
                    configs = {entry[0]: entry[1] or "" for entry in entries}
                    found += [(node.host, port) for port in _tls_ports(configs)]
    return found


def _tls_ports(configs: Mapping[str, str]) -> list[int]:
    """Ports of the listeners (``NAME://host:port,…``) whose protocol (``NAME:SASL_SSL,…``) is TLS."""
    protocols = dict(
        one.split(":") for one in configs.get("listener.security.protocol.map", "").split(",") if ":" in one
    )
    ports = []
    for listener in filter(None, configs.get("listeners", "").split(",")):
        name, _, address = listener.partition("://")
        if protocols.get(name, name).endswith("SSL"):
            ports.append(int(address.rpartition(":")[2]))
    return ports


async def _certificate(host: str, port: int) -> x509.Certificate:
    """What the listener shows, also when nobody should trust it any more: nothing is sent to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    async with asyncio.timeout(CONNECT_SECONDS):
        _reader, writer = await asyncio.open_connection(host, port, ssl=context)
        shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    if shown is None:
        raise ValueError("it shows no certificate")
    return x509.load_der_x509_certificate(shown)


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ["no name"]
    return [str(name.value) for name in names]
