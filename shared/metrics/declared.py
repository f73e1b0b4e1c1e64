"""Metrics from their declarations in ``metrics.toml``: what is not declared there cannot exist.

A service asks for a metric by its name and gets it with the type, labels and buckets that the file says; whatever
else would register itself is refused. So the file, the documentation written from it and ``/metrics`` agree.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.registry import Collector

FILE = Path(__file__).with_name("metrics.toml")


class Undeclared(Exception):
    """A metric was asked for that ``metrics.toml`` does not have, or has as another type."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One metric. ``moves``: what an operator makes of it; ``buckets``: upper bounds of a histogram, in ``unit``."""

    name: str
    type: str
    unit: str
    by: str
    help: str
    moves: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def series(self) -> tuple[str, ...]:
        """The names that Prometheus knows it by."""
        if self.type == "counter":
            return (f"{self.name}_total",)
        if self.type == "histogram":
            return (f"{self.name}_bucket", f"{self.name}_sum", f"{self.name}_count")
        return (self.name,)


def read_declarations(text: str) -> tuple[dict[str, Declaration], dict[str, str]]:
    """The metrics by name, and what each label holds. Raises :class:`Undeclared` for a label or ladder without one."""
    document: dict[str, Any] = tomllib.loads(text)
    labels: dict[str, str] = document.pop("labels")
    ladders: dict[str, list[float]] = document.pop("buckets")
    found = {}
    for name, table in document.items():
        ladder = table.pop("buckets", None)
        if (ladder is not None) != (table["type"] == "histogram") or (ladder and ladder not in ladders):
            raise Undeclared(f"{name}: a histogram names its buckets by one of {', '.join(ladders)}")
        if unknown := set(table.get("labels", ())) - set(labels):
            raise Undeclared(f"{name}: {', '.join(sorted(unknown))} is not under [labels]")
        table["labels"] = tuple(table.get("labels", ()))
        found[name] = Declaration(name=name, buckets=tuple(ladders[ladder]) if ladder else (), **table)
    return found, labels


DECLARED, LABELS = read_declarations(FILE.read_text(encoding="utf-8"))


class DeclaredRegistry(CollectorRegistry):
    """A registry that takes what is declared, and nothing else."""

    def register(self, collector: Collector) -> None:
        for family in collector.collect():
            if family.name not in DECLARED:
                raise Undeclared(f"{family.name} is not declared in shared/metrics/metrics.toml")
        super().register(collector)


REGISTRY = DeclaredRegistry()


def counter(name: str) -> Counter:
    """The declared counter ``name``, without the suffix ``_total``."""
    found = _declared(name, "counter")
    return Counter(name, found.help, found.labels, registry=REGISTRY)


def gauge(name: str) -> Gauge:
    found = _declared(name, "gauge")
    return Gauge(name, found.help, found.labels, registry=REGISTRY)


def histogram(name: str) -> Histogram:
    found = _declared(name, "histogram")
    return Histogram(name, found.help, found.labels, buckets=found.buckets, registry=REGISTRY)


def _declared(name: str, kind: str) -> Declaration:
    found = DECLARED.get(name)
    if found is None or found.type != kind:
        raise Undeclared(f"{name} is not declared as a {kind} in shared/metrics/metrics.toml")
    return found
