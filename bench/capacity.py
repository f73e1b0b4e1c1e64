"""``make capacity``: what a deployment needs, from the committed figures; prints it and writes docs/capacity.md.

``--check`` writes nothing and fails where the page is not what the figures say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.load import capacity, figures
from bench.load.capacity import PARTS, SERVICES, Need
from bench.load.figures import Figures
from bench.load.meter import STRANGERS
from shared.topics_file import TopicSpec, load_topics

PAGE = Path(__file__).resolve().parents[1] / "docs" / "capacity.md"
BEGIN, END = "<!-- begin: make capacity -->", "<!-- end: make capacity -->"
ARTICLES = (10_000, 100_000, 1_000_000)
COPIES = 3  # of each record on a cluster of brokers that may lose one
GB = 1e9


def tables(measured: Figures, topics: dict[str, TopicSpec]) -> str:
    """The generated part of the page."""
    needs = [capacity.need(measured, topics, articles) for articles in ARTICLES]
    return "\n\n".join(
        (_needs(needs), _services(measured, needs), _bytes(measured, topics), _measured(measured))
    )


def _needs(needs: list[Need]) -> str:
    def row(name: str, values: Iterable[str]) -> str:
        return f"| {name} | " + " | ".join(values) + " |"

    lines = [
        row("articles a day", (f"{need.articles:,}" for need in needs)),
        "|---" * (len(needs) + 1) + "|",
        row("pages a second at the peak", (f"{need.peak_rate:.1f}" for need in needs)),
        *(row(f"cores: {part}", (f"{need.cores[part]:.1f}" for need in needs)) for part in PARTS),
        row("**cores in all**", (f"**{sum(need.cores.values()):.1f}**" for need in needs)),
        *(row(f"replicas: {name}", (str(need.replicas[name]) for need in needs)) for name in SERVICES),
        row("**memory in all**, GiB", (f"**{sum(n.memory_mib.values()) / 1024:.1f}**" for n in needs)),
        row("of it the broker's, GiB", (f"{need.memory_mib['broker'] / 1024:.1f}" for need in needs)),
        row("**partitions** of each topic", (f"**{need.partitions}**" for need in needs)),
        row("broker's disk, one copy, GB", (f"{need.broker_bytes / GB:,.0f}" for need in needs)),
        row(f"brokers' disks, {COPIES} copies, GB", (f"{COPIES * n.broker_bytes / GB:,.0f}" for n in needs)),
        row("databases' growth a month, GB", (f"{n.database_month_bytes / GB:,.1f}" for n in needs)),
    ]
    return "\n".join(lines)


def _services(measured: Figures, needs: list[Need]) -> str:
    cost = capacity.page_cpu_ms(measured)
    lines = [
        "| service | CPU ms a page, sample | CPU ms a page, real page | pages a second of one replica, sample | MiB |",
        "|---|---|---|---|---|",
    ]
    for part in PARTS:
        alone = f"{measured.rate_alone[part]:.0f}" if part in measured.rate_alone else "–"
        memory = f"{measured.memory_mib[part]:.0f}" if part in measured.memory_mib else "–"
        lines.append(f"| {part} | {measured.cpu_ms[part]:.1f} | {cost[part]:.1f} | {alone} | {memory} |")
    lines.append(
        f"\nAll together on that machine: {measured.rate:.0f} pages a second, {measured.claims} claims a page. "
        "A partition is read by one replica of a group, so it carries what a replica carries."
    )
    return "\n".join(lines)


def _bytes(measured: Figures, topics: dict[str, TopicSpec]) -> str:
    lines = ["| topic | bytes a page, sample | bytes a page, real page | days kept |", "|---|---|---|---|"]
    real = capacity.page_topic_bytes(measured)
    for name, size in measured.topic_bytes.items():
        days = capacity.retention_days(topics[name])
        lines.append(f"| `{name}` | {size:,.0f} | {real[name]:,.0f} | {days:.0f} |")
    a_claim = measured.topic_bytes["claims"] / measured.claims if measured.claims else 0.0
    lines.append(f"\nA claim is {a_claim:,.0f} bytes on `claims`, packed with its neighbours.\n")
    lines += ["| table | bytes a page, sample | bytes a page, real page |", "|---|---|---|"]
    grown = capacity.page_table_bytes(measured)
    for name in sorted(grown, key=lambda table: -grown[table]):
        if grown[name] >= 1:
            lines.append(f"| `{name}` | {measured.table_bytes[name]:,.0f} | {grown[name]:,.0f} |")
    of_claims = sum(measured.table_bytes.get(name, 0) for name in CLAIM_TABLES)
    if measured.claims:
        lines.append(
            f"\nA claim is {of_claims / measured.claims:,.0f} bytes in the store's tables of claims."
        )
    return "\n".join(lines)


CLAIM_TABLES = ("store_claim", "store_claim_revision", "store_publication", "store_facets")


def _measured(measured: Figures) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in measured.versions.items())
    lines = [f"Measured on {measured.measured}: {measured.machine}; {versions}; {measured.pages:,} pages."]
    if measured.strangers > STRANGERS:
        lines.append(
            f"**Not a quiet machine**: {measured.strangers:.0%} of its work was others'; "
            "CPU a page is too high by that, rates are far too low."
        )
    sample = measured.sample
    lines.append(
        f"A page of the sample: {sample.page_bytes / 1e3:.1f} kB, {sample.packed_bytes / 1e3:.1f} kB as zstd, "
        f"{sample.text_chars:,.0f} characters of text."
    )
    if (real := measured.real) is not None:
        lines.append(
            f"A real page, the mean of {real.pages} of an evaluation set: {real.page_bytes / 1e3:.1f} kB, "
            f"{real.packed_bytes / 1e3:.1f} kB as zstd, {real.text_chars:,.0f} characters of text."
        )
    return "\n".join(lines)


def page(before: str, generated: str) -> str:
    """The page with its generated part replaced. Raises ValueError where the marks are missing."""
    head, begin, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has lost the marks of its generated part")
    return f"{head}{BEGIN}\n\n{generated}\n\n{END}{tail}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if docs/capacity.md is another one")
    options = parser.parse_args()
    generated = tables(figures.read(), load_topics())
    before = PAGE.read_text(encoding="utf-8")
    after = page(before, generated)
    if options.check:
        return 0 if before == after else 1
    PAGE.write_text(after, encoding="utf-8")
    print(generated)
    return 0


if __name__ == "__main__":
    sys.exit(main())
