"""``python -m bench``: measures side by side in one run, prints a table, and fails where a promise is not kept."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

from bench import cleaner_cost, end_to_end, extractor_cost, stage_cost
from bench.load import run as load
from claimstream.devservices import Kafka
from shared.pipeline.memory_use import settle
from shared.telemetry import configure_logging

# As many as keep a side's round above half a second of processor time.
RECORDS = {"1 KB": 20_000, "20 KB": 5_000}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--part", choices=sorted(PARTS), action="append", help="only this one; may be repeated"
    )
    parser.add_argument(
        "--records", type=int, help="records a round (default: 20,000 of 1 KB, 5,000 of 20 KB)"
    )
    parser.add_argument("--rounds", type=int, default=9, help="pairs of measurements a case")
    parser.add_argument(
        "--copies", type=int, default=100, help="of the sample site, end to end (default: 100)"
    )
    load.arguments(parser)
    options = parser.parse_args()
    configure_logging("WARNING", json=False)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    settle()  # as every service does; it helps both sides
    kept = [PARTS[part](options) for part in options.part or DEFAULT]
    return 0 if all(kept) else 1


def _stage(options: argparse.Namespace) -> bool:
    print("CPU a record: a stage that does nothing beside raw aiokafka, same decode, same commits")
    print(f"{'record':>7} {'records':>8} {'raw µs':>8} {'stage µs':>9} {'ratio':>6} {'promised':>9}  rounds")
    kept = True
    with Kafka() as kafka:
        for case in stage_cost.CASES:
            records = options.records or RECORDS[case.name]
            found = asyncio.run(
                stage_cost.measure(kafka.bootstrap, case, records=records, rounds=options.rounds)
            )
            promised = stage_cost.PROMISED[case.name]
            kept = kept and found.ratio <= promised
            print(
                f"{case.name:>7} {found.records:>8} {found.raw:>8.1f} {found.stage:>9.1f} {found.ratio:>6.2f} "
                f"{promised:>9.1f}  {' '.join(f'{ratio:.2f}' for ratio in found.ratios)}"
            )
    return kept


def _end_to_end(options: argparse.Namespace) -> bool:
    return end_to_end.run(options.copies)


def _extractor(options: argparse.Namespace) -> bool:
    return extractor_cost.run(options.rounds)


def _cleaner(options: argparse.Namespace) -> bool:
    return cleaner_cost.run(options.rounds)


PARTS = {
    "cleaner": _cleaner,
    "stage": _stage,
    "end-to-end": _end_to_end,
    "extractor": _extractor,
    "load": load.run,
}
DEFAULT = ("stage", "end-to-end")  # the load takes minutes, and wants the machine for itself

if __name__ == "__main__":
    sys.exit(main())
