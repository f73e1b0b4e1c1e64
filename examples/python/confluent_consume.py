"""python confluent_consume.py [TOPIC [FILE]]: the claims as a table, kept in SQLite; a line for each newer revision.

The offset is committed after the transaction: what was read and not committed comes again, and changes nothing.
A line is said after it, too: what was said is in the table, whenever the process ends.
"""

import contextlib
import json
import sqlite3
import sys

from article import slices_of
from confluent_kafka import Consumer, KafkaException
from connection import GROUP, confluent_options, topic

TABLE = "CREATE TABLE IF NOT EXISTS claims (claim_id TEXT PRIMARY KEY, epoch INT, revision INT, change TEXT, claim)"
IF_NEWER = """INSERT INTO claims VALUES (?, ?, ?, ?, ?) ON CONFLICT (claim_id) DO UPDATE SET epoch = excluded.epoch,
    revision = excluded.revision, change = excluded.change, claim = excluded.claim
    WHERE (excluded.epoch, excluded.revision) > (claims.epoch, claims.revision)"""


def follow(name: str, file: str = "claims.db") -> None:
    database = sqlite3.connect(file)
    database.execute(TABLE)
    safe = {
        "session.timeout.ms": 10_000,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    }
    consumer = Consumer(confluent_options() | {"group.id": GROUP} | safe)
    consumer.subscribe([topic(name)])
    try:
        while True:
            if batch := consumer.consume(500, timeout=0.5):
                with database:
                    news = [keep(database, message) for message in batch]
                for line in filter(None, news):
                    print(json.dumps(line, ensure_ascii=False), flush=True)
                consumer.commit(asynchronous=False)
    finally:
        consumer.close()


def keep(database: sqlite3.Connection, message) -> dict | None:
    """What is to be said of it, if it is news."""
    if message.error():
        raise KafkaException(message.error())
    claim_id = message.key().decode()
    if message.value() is None:  # a tombstone: erased; forget it, and what you made of it
        database.execute("DELETE FROM claims WHERE claim_id = ?", [claim_id])
        return {"claim_id": claim_id, "change": "erased"}
    claim = json.loads(message.value())
    left = dict(message.headers() or ()).get("ce_cause") == b"left_route"  # only on claims.<route>
    change = "left_route" if left else claim["change"]
    row = (claim_id, claim["epoch"], claim["revision"], change, message.value().decode())
    if not database.execute(IF_NEWER, row).rowcount:  # a repeat, or older than what is known
        return None
    line = {"claim_id": claim_id, "revision": row[1:3], "change": change}
    return line | {"text": claim["content"]["text"], "slices": slices_of(claim)}


with contextlib.suppress(KeyboardInterrupt):
    follow(*sys.argv[1:] or ["claims"])
