"""``python -m bench --part load``: everything in one run, as a table and as JSON; False where a promise is not kept."""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from bench.load import backlog, figures, latency, scaling, stages
from bench.load.backlog import Backlog
from bench.load.latency import Latency
from bench.load.scaling import MEMBERS, PROMISED, Scaled
from bench.load.stages import StageRate
from bench.load.world import SERVICES, World, world
from claimstream.devservices import Kafka, Postgres
from services.store import models
from shared.database import open_database
from shared.database import read as read_database

MEASURES = ("rates", "backlog", "latency", "scaling")
WARM_PAGES = 100  # through all services before anything counts
REPEATED = 1_000  # articles for the real extractor: half a minute of one worker


def arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("load")
    group.add_argument("--only", choices=MEASURES, action="append", help="only this one; may be repeated")
    group.add_argument("--pages", type=int, default=2_000, help="of the backlog (default: 2,000)")
    group.add_argument(
        "--stage-pages", type=int, default=2_000, help="for each service alone (default: 2,000)"
    )
    group.add_argument("--seconds", type=float, default=60.0, help="of the latency's timetable (default: 60)")
    group.add_argument(
        "--rate", type=float, help="of the timetable, pages a second (default: half of the whole's)"
    )
    group.add_argument("--sleeps", type=int, default=400, help="records a sleeping member (default: 400)")
    group.add_argument("--json", type=Path, help="write all of it there")
    group.add_argument("--write", action="store_true", help="write the figures of which capacity is computed")


def run(options: argparse.Namespace) -> bool:
    wanted = set(options.only or MEASURES)
    found: dict[str, Any] = {}
    kept: list[bool] = []
    with ExitStack() as stack:
        kafka = stack.enter_context(Kafka())
        postgres = stack.enter_context(Postgres())
        logs = Path(stack.enter_context(TemporaryDirectory(prefix="claimstream-load-")))
        with world(kafka, postgres, logs) as (made, site):
            kept.append(asyncio.run(_system(made, site, options, wanted, found)))
            articles = asyncio.run(scaling.articles_of(made, REPEATED))
        if "scaling" in wanted:
            with world(kafka, postgres, logs) as (made, _):
                slept = asyncio.run(scaling.sleeping(made, options.sleeps))
            kept.append(_say_scaling("handler that sleeps 20 ms", slept, found, promised=True))
            with world(kafka, postgres, logs) as (made, _):
                worked = asyncio.run(scaling.real(made, articles, REPEATED))
            _say_scaling("the real extractor, one worker a process", worked, found, promised=False)
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    return all(kept)


async def _system(
    made: World, site: int, options: argparse.Namespace, wanted: set[str], found: dict[str, Any]
) -> bool:
    """Rates, backlog and latency, on one system."""
    alone: list[StageRate] = []
    kept = True
    first = 0
    if "rates" in wanted:
        alone = await stages.measure(made, site, options.stage_pages)
        first = options.stage_pages
        found["stages"] = [asdict(one) for one in alone]
        _say_stages(alone)
    if alone and not wanted & {"backlog", "latency"}:
        return kept
    with made.service(*SERVICES):
        if wanted == {"scaling"}:  # the real extractor needs articles
            await backlog.drain(made, site, WARM_PAGES, first)
            return kept
        rate = options.rate
        if "backlog" in wanted or rate is None:
            await backlog.drain(made, site, WARM_PAGES, first)
            first += WARM_PAGES
            before, claims = figures.sizes(made), await _claims(made)
            whole = await backlog.drain(made, site, options.pages, first)
            first += options.pages
            found["backlog"] = asdict(whole)
            kept = _say_backlog(whole)
            if options.write and alone:
                figures.figures(
                    made,
                    alone,
                    whole,
                    before,
                    figures.sizes(made),
                    claims=await _claims(made) - claims,
                ).write()
            rate = rate or whole.rate / 2
        if "latency" in wanted:
            waited = await latency.measure(made, rate, options.seconds, first)
            found["latency"] = asdict(waited)
            kept = _say_latency(waited) and kept
    return kept


async def _claims(made: World) -> int:
    engine = open_database(made.store_url)
    try:
        async with read_database(engine) as connection:
            return int(await connection.scalar(select(func.count()).select_from(models.claim)) or 0)
    finally:
        await engine.dispose()


def _say_stages(alone: list[StageRate]) -> None:
    say(f"each service alone\n  {'service':10} {'pages/s':>8} {'CPU ms a page':>14}  limit")
    for one in alone:
        say(f"  {one.service:10} {one.rate:8.1f} {one.cpu_ms:14.2f}  {one.limit}")


def _say_backlog(whole: Backlog) -> bool:
    say(
        f"all at once: a backlog of {whole.pages} pages in {whole.seconds:.0f} s, {whole.rate:.1f} pages a second"
    )
    say(f"  limit: {whole.limit}")
    say("  CPU ms a page: " + ", ".join(f"{part} {ms:.1f}" for part, ms in whole.cpu_ms.items()))
    say(
        f"  {'MiB':10} {'start':>7} {'peak':>7} {'end':>7} {'growth':>7}  (promised: at most {backlog.CONSTANT})"
    )
    for name, memory in whole.memory.items():
        say(f"  {name:10} {memory.start:7.0f} {memory.peak:7.0f} {memory.end:7.0f} {memory.growth:7.2f}")
    return all(memory.constant for memory in whole.memory.values())


def _say_latency(waited: Latency) -> bool:
    say(
        f"from URL to claim at {waited.rate:.1f} pages a second, {waited.pages} pages: p50 {waited.p50:.2f} s, "
        f"p99 {waited.p99:.2f} s, longest {waited.longest:.2f} s; missing {waited.missing}; "
        f"the submitter was at most {waited.behind:.3f} s behind its timetable"
    )
    return waited.missing == 0


def _say_scaling(what: str, scaled: Scaled, found: dict[str, Any], *, promised: bool) -> bool:
    found.setdefault("scaling", {})[what] = asdict(scaled)
    said = ", ".join(f"{n}: {scaled.rates[n]:.0f}/s ({scaled.of_linear(n):.2f} of linear)" for n in MEMBERS)
    say(f"{what}: {said}" + (f"; promised: at least {PROMISED}" if promised else ""))
    return not promised or all(scaled.of_linear(members) >= PROMISED for members in MEMBERS)


def say(line: str) -> None:
    """At once: a run takes minutes."""
    print(line, flush=True)
