"""The measured figures, as they are committed: what capacity is computed from, with where and with what."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.load import press
from bench.load.backlog import Backlog
from bench.load.real_pages import PageCost, measure, of_set
from bench.load.stages import StageRate
from bench.load.world import World
from shared.topics_file import load_topics

FIGURES = Path(__file__).parent / "figures.json"
# Written for each page that goes through; the others are small beside them or empty.
TOPICS = ("urls", "pages", "articles", "extractions", "claims", "fates", "outcomes")
SAMPLE_ROUNDS = 5  # of the ten sample pages: a page takes milliseconds
LIBRARIES = ("aiokafka", "sqlalchemy", "asyncpg", "pydantic")


@dataclass(frozen=True, slots=True)
class Figures:
    """``cpu_ms``: of each part, a page. ``rate_alone``: pages a second of a service that has the machine for itself.
    ``memory_mib``: the most of each part. ``topic_bytes``: on the broker's disk, a page. ``table_bytes``: growth of
    each table with its indexes, a page. ``claims``: a page. ``sample`` and ``real``: what a page of this run and one of
    the evaluation set weigh (``real_pages.PageCost``); ``real`` null where the set was not there. ``strangers``: of the
    machine's busy time, the part that was nobody's of ours."""

    measured: str
    machine: str
    versions: dict[str, str]
    pages: int
    claims: float
    rate: float
    cpu_ms: dict[str, float]
    rate_alone: dict[str, float]
    memory_mib: dict[str, float]
    topic_bytes: dict[str, float]
    table_bytes: dict[str, float]
    sample: PageCost
    real: PageCost | None
    strangers: float

    def write(self, path: Path = FIGURES) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


def read(path: Path = FIGURES) -> Figures:
    """Raises FileNotFoundError, KeyError and TypeError for a file that is none of ours."""
    known = json.loads(path.read_text())
    real = known.pop("real")
    return Figures(
        **known | {"sample": PageCost(**known["sample"])}, real=None if real is None else PageCost(**real)
    )


def sizes(made: World) -> dict[str, int]:
    """Bytes of every topic and every table now."""
    known = [name for name in TOPICS if name in load_topics()]
    tables: dict[str, int] = {}
    for url in (made.fetcher_url, made.cleaner_url, made.store_url):
        tables |= made.database_bytes(url)
    return {f"topic {name}": made.topic_bytes(name) for name in known} | {
        f"table {name}": size for name, size in tables.items()
    }


def figures(
    made: World,
    stages: list[StageRate],
    whole: Backlog,
    before: Mapping[str, int],
    after: Mapping[str, int],
    *,
    claims: int,
) -> Figures:
    """``before`` and ``after`` the backlog; ``claims`` of all its pages."""
    grown = {name: max(0, after[name] - before.get(name, 0)) / whole.pages for name in after}
    return Figures(
        measured=datetime.now(UTC).date().isoformat(),
        machine=_machine(),
        versions={
            "python": platform.python_version(),
            "kafka": "4.1.1",
            "postgresql": made.postgres.sql("SHOW server_version"),
        }
        | {name: version(name) for name in LIBRARIES},
        pages=whole.pages,
        claims=round(claims / whole.pages, 2),
        rate=round(whole.rate, 1),
        cpu_ms={part: round(ms, 2) for part, ms in whole.cpu_ms.items() if part != "load"},
        rate_alone={one.service: round(one.rate, 1) for one in stages},
        memory_mib={name: round(memory.peak) for name, memory in whole.memory.items()},
        topic_bytes={
            name.removeprefix("topic "): round(b) for name, b in grown.items() if name.startswith("topic ")
        },
        table_bytes={
            name.removeprefix("table "): round(b) for name, b in grown.items() if name.startswith("table ")
        },
        sample=measure([template.page for template in press.templates()] * SAMPLE_ROUNDS),
        real=of_set(),
        strangers=round(whole.spent.strangers, 2),
    )


def _machine() -> str:
    memory = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal")
    )
    return f"{os.cpu_count()} cores, {round(memory / 2**20)} GiB, {platform.machine()}, {platform.system()}"
