"""``claimstream run SERVICE…``: services on Kafka, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal

from claimstream import kafka
from claimstream.compose import SERVICES, build_service
from shared.pipeline import memory_use
from shared.pipeline.kafka.service import KafkaService
from shared.telemetry import configure_logging


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("services", metavar="SERVICE", nargs="+", choices=SERVICES, help=", ".join(SERVICES))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()
    configure_logging(broker.common.log_level, json=broker.common.log_json)
    memory_use.settle()
    asyncio.run(_run(broker, list(dict.fromkeys(options.services))))
    return 0


async def _run(broker: kafka.Broker, names: list[str]) -> None:
    runners = []
    for index, name in enumerate(names):
        common = broker.common
        if common.health_port and index:
            # One health server a service: the second of a process listens one port further.
            common = common.model_copy(update={"health_port": common.health_port + index})
        runners.append(
            KafkaService(
                build_service(name, broker, common), common, broker.kafka, max_bytes=broker.max_bytes
            )
        )
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
