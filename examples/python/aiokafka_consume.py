"""python aiokafka_consume.py [TOPIC]: a line for each revision of a claim that is newer than what was known of it.

What is known lies in memory, so the topic is read from its beginning at each start: it holds the latest revision of
every claim. `confluent_consume.py` keeps a table instead, and goes on where it was.
"""

import asyncio
import contextlib
import json
import sys

from aiokafka import AIOKafkaConsumer
from article import slices_of
from connection import aiokafka_options, topic


async def follow(name: str) -> None:
    known: dict[str, tuple[int, int]] = {}
    options = aiokafka_options() | {"isolation_level": "read_committed", "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(topic(name), **options) as consumer:
        async for record in consumer:
            claim_id = record.key.decode()
            if record.value is None:  # a tombstone: erased; forget it, and what you made of it
                known.pop(claim_id, None)
                print(json.dumps({"claim_id": claim_id, "change": "erased"}), flush=True)
                continue
            claim = json.loads(record.value)
            revision = (claim["epoch"], claim["revision"])
            if revision <= known.get(claim_id, (0, 0)):
                continue  # a repeat, or older than what is known
            known[claim_id] = revision
            left = dict(record.headers).get("ce_cause") == b"left_route"  # only on claims.<route>
            change = "left_route" if left else claim["change"]
            line = {"claim_id": claim_id, "revision": revision, "change": change}
            line |= {"text": claim["content"]["text"], "slices": await asyncio.to_thread(slices_of, claim)}
            print(json.dumps(line, ensure_ascii=False), flush=True)


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(follow(*sys.argv[1:] or ["claims"]))
