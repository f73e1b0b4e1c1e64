"""An extractor that only takes its time: ``python -m bench.load.sleeper NAME``, one process of the group NAME.

Its handler sleeps 20 ms a record, one record at a time, so that what is measured is the pipeline and not the cores.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from shared.contracts import topics
from shared.contracts.envelope import Envelope
from shared.contracts.record import Record
from shared.pipeline.kafka.service import KafkaService
from shared.pipeline.results import Emit, Result
from shared.pipeline.service import Service
from shared.pipeline.stage import Item, Stage, each
from shared.settings import CommonSettings, KafkaSettings, load
from shared.telemetry import configure_logging
from shared.topics_file import load_topics, max_bytes_of

SECONDS = 0.02
SERVICE = "sleeper"
BATCH = 10  # commits every fifth of a second, so that progress can be read from the group's offsets


async def sleep(_item: Item[Record]) -> Result:
    await asyncio.sleep(SECONDS)
    return Emit()


def build(name: str) -> Service:
    def undecoded(record: Record, _envelope: Envelope) -> Record:
        return record

    return Service(
        SERVICE, stages=[Stage(SERVICE, name, topics.ARTICLES, undecoded, each(sleep), batch=BATCH)]
    )


async def run(name: str) -> None:
    service = KafkaService(
        build(name), load(CommonSettings), load(KafkaSettings), max_bytes=max_bytes_of(load_topics())
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
    await service.run()


if __name__ == "__main__":
    configure_logging("WARNING", json=False)
    asyncio.run(run(sys.argv[1]))
