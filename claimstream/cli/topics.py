"""``claimstream topics``: those of deploy/topics.toml on the broker; and what to do when a broker was lost."""

from __future__ import annotations

import argparse
import asyncio

from claimstream import databases, kafka
from claimstream.cli.parsing import at_least
from services.fetcher.frontier.lost_topics import forget_topics
from services.store.publication import forget_places
from shared.database import open_database
from shared.pipeline.kafka.topics import apply_topics


def register(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    apply = actions.add_parser(
        "apply", help="create missing topics, set configs, add partitions where keys allow it"
    )
    apply.add_argument(
        "--replication", type=at_least(1), default=1, help="replicas of a new topic (default: 1)"
    )
    apply.set_defaults(run=run)
    forget = actions.add_parser(
        "forget",
        help="Kafka was lost and begins anew: take its offsets out of the databases, fetch what it held",
    )
    databases.add_option(forget)
    forget.set_defaults(run=run_forget)


def run(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()
    changes = asyncio.run(
        apply_topics(broker.options, broker.prefix, broker.topics.values(), replication=options.replication)
    )
    for change in changes:
        print(f"{change.action:8} {change.topic}  {change.detail}")
    return 1 if any(change.action == "refused" for change in changes) else 0


def run_forget(options: argparse.Namespace) -> int:
    """While fetcher and store stand still: they go by what is forgotten here."""
    chosen = databases.chosen(options)

    async def forget() -> tuple[int, int, int]:
        frontier, ledger = open_database(chosen.fetcher), open_database(chosen.store)
        try:
            return (*await forget_topics(frontier), await forget_places(ledger))
        finally:
            await frontier.dispose()
            await ledger.dispose()

    submissions, again, places = asyncio.run(forget())
    print(f"forgot   offsets of {submissions} submissions and {places} published revisions")
    print(f"queued   {again} visits again: what was fetched for them stood in Kafka alone")
    return 0
