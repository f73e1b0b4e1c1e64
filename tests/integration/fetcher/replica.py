"""A fetcher in a process of its own: crawls until the file that ends it appears, and writes what it sent to another.

python -m tests.integration.fetcher.replica DATABASE-URL SENT-FILE STOP-FILE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from shared.database import open_database
from tests.integration.fetcher.rig import Rig, rig_on


async def crawl(rig: Rig, sent: Path, stop: Path) -> None:
    written = 0
    with sent.open("a") as lines:
        while not stop.exists():
            await asyncio.sleep(min(await rig.crawl.step(rig.sender), 0.05))
            pages = rig.broker.pages()
            for page in pages[written:]:
                print(page.visit_id, page.url, file=lines, flush=True)
            written = len(pages)


async def main(url: str, sent: str, stop: str) -> None:
    engine = open_database(url)
    try:
        async with rig_on(engine, concurrency=4, lease_seconds=8, deadline=3) as rig:
            await crawl(rig, Path(sent), Path(stop))
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
