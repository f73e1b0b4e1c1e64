"""``claimstream run SERVICE…``: services on Kafka, and the API, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
from typing import TYPE_CHECKING

from claimstream import kafka
from claimstream.compose import API, SERVICES, build_service
from shared import tracing
from shared.pipeline import memory_use
from shared.pipeline.kafka.service import KafkaService
from shared.settings import CommonSettings
from shared.telemetry import configure_logging

if TYPE_CHECKING:
    from services.store.api.server import ApiServer


def register(parser: argparse.ArgumentParser) -> None:
    names = (*SERVICES, API)
    parser.add_argument("services", metavar="SERVICE", nargs="+", choices=names, help=", ".join(names))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()
    configure_logging(broker.common.log_level, json=broker.common.log_json)
    memory_use.settle()
    asyncio.run(_run(broker, list(dict.fromkeys(options.services))))
    return 0


async def _run(broker: kafka.Broker, names: list[str]) -> None:
    tracing.configure(broker.common.trace_endpoint, broker.common.trace_ratio)
    try:
        await _run_all(broker, names)
    finally:
        await asyncio.to_thread(tracing.close)


async def _run_all(broker: kafka.Broker, names: list[str]) -> None:
    runners: list[KafkaService | ApiServer] = []
    for index, name in enumerate(names):
        common = broker.common
        if common.health_port and index:
            # One health server a service: the second of a process listens one port further.
            common = common.model_copy(update={"health_port": common.health_port + index})
        runners.append(_runner(name, broker, common))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(runner.run()) for runner in runners]
    asked = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([asked, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked.cancel()
        for runner in runners:
            runner.stop()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _runner(name: str, broker: kafka.Broker, common: CommonSettings) -> KafkaService | ApiServer:
    if name == API:
        from claimstream.api import build_api

        return build_api(common)
    service = build_service(name, broker, common)
    return KafkaService(service, common, broker.kafka, max_bytes=broker.max_bytes)
