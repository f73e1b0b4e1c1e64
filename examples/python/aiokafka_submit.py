"""python aiokafka_submit.py URL [REF]: hand in a URL. REF, an id of your own, comes back in the outcome."""

import asyncio
import json
import sys
import uuid

from aiokafka import AIOKafkaProducer
from connection import SOURCE, aiokafka_options, topic


async def submit(url: str, ref: str) -> None:
    # The same (ce_source, ce_id) is one submission, however often it is sent: a retry of yours does no harm.
    headers = {"ce_specversion": "1.0", "ce_type": "claimstream.url.v1", "ce_source": SOURCE, "ce_id": ref}
    async with AIOKafkaProducer(**aiokafka_options(), enable_idempotence=True) as producer:
        record = await producer.send_and_wait(
            topic("urls"),
            json.dumps({"url": url, "ref": ref}).encode(),
            headers=[(name, value.encode()) for name, value in headers.items()],
        )
    print(json.dumps({"ref": ref, "partition": record.partition, "offset": record.offset}))


asyncio.run(submit(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(uuid.uuid4())))
