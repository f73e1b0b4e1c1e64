"""``claimstream topics apply``: bring the broker's topics to deploy/topics.toml."""

from __future__ import annotations

import argparse
import asyncio

from claimstream import kafka
from shared.pipeline.kafka.topics import apply_topics


def register(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    apply = actions.add_parser(
        "apply", help="create missing topics, set configs, add partitions where keys allow it"
    )
    apply.add_argument("--replication", type=int, default=1, help="replicas of a new topic (default: 1)")
    apply.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    broker = kafka.from_environment()
    changes = asyncio.run(
        apply_topics(broker.options, broker.prefix, broker.topics.values(), replication=options.replication)
    )
    for change in changes:
        print(f"{change.action:8} {change.topic}  {change.detail}")
    return 1 if any(change.action == "refused" for change in changes) else 0
