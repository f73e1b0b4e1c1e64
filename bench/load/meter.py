"""Processor time and memory of the parts of a system, by the kernel's accounts."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.end_to_end import TICK, cpu_of, processes_below

BUSY = 0.9  # of what there is: then that is the limit
STRANGERS = 0.1  # of what is busy; the system's own work and this program take less


@dataclass(frozen=True, slots=True)
class Reading:
    """``cpu``: seconds of each part since its start; ``alone``: of its main process only; ``busy``: of the machine."""

    at: float
    cpu: Mapping[str, float]
    alone: Mapping[str, float]
    busy: float


@dataclass(frozen=True, slots=True)
class Spent:
    """Between two readings: ``cpu`` and ``alone`` in cores, ``busy`` of all ``cores``."""

    seconds: float
    cpu: Mapping[str, float]
    alone: Mapping[str, float]
    busy: float
    cores: int

    @property
    def strangers(self) -> float:
        """Of the busy time, the part that is nobody's of these."""
        return max(0.0, 1 - sum(self.cpu.values()) / self.busy)

    def limit(self) -> str:
        """What keeps the rate from being higher, in words."""
        by_cost = sorted(self.cpu, key=lambda part: -self.cpu[part])
        if self.busy >= BUSY * self.cores:
            shares = [f"{part} {self.cpu[part] / self.busy:.0%}" for part in by_cost[:4]]
            if self.strangers > STRANGERS:
                shares.append(f"strangers {self.strangers:.0%}: not a quiet machine")
            return f"CPU: {self.busy:.2f} of {self.cores} cores busy ({', '.join(shares)})"
        for part in by_cost:
            if self.alone[part] >= BUSY:
                return f"one process: {part} uses {self.alone[part]:.2f} of one core; run more of it"
        return f"waiting: {self.busy:.2f} of {self.cores} cores busy, most by {by_cost[0]}"


class Meter:
    """``parts``: process ids by name; a part is all of its processes and what is below them."""

    def __init__(self, parts: Mapping[str, Iterable[int]]) -> None:
        self._parts = {name: tuple(pids) for name, pids in parts.items()}

    def read(self) -> Reading:
        each = {name: [cpu_of(pid) for pid in pids] for name, pids in self._parts.items()}
        return Reading(
            time.monotonic(),
            {name: sum(cpu.total for cpu in found) for name, found in each.items()},
            {name: max((cpu.main for cpu in found), default=0.0) for name, found in each.items()},
            _busy(),
        )

    def memory(self) -> dict[str, float]:
        """MiB of each part: its share of what it has in common with others counted by their number (Pss)."""
        return {
            name: sum(_pss(one) for pid in pids for one in (pid, *processes_below(pid)))
            for name, pids in self._parts.items()
        }


def between(before: Reading, after: Reading) -> Spent:
    seconds = after.at - before.at
    return Spent(
        seconds,
        {name: (after.cpu[name] - before.cpu[name]) / seconds for name in after.cpu},
        {name: (after.alone[name] - before.alone[name]) / seconds for name in after.alone},
        (after.busy - before.busy) / seconds,
        os.cpu_count() or 1,
    )


def _busy() -> float:
    """Seconds that the machine's cores have worked, for anybody."""
    user, nice, system, _idle, _wait, irq, soft, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / TICK


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has ended between the two looks
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:"))
