"""Lists in statements, in few lengths: a database that keeps prepared statements then finds them again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T", bound="str | tuple[Any, ...]")


def filled(values: Iterable[T]) -> list[T]:
    """Distinct values in order, the last one repeated up to a power of two: for an IN, where repeats change nothing."""
    distinct = sorted(set(values))
    if not distinct:
        return []
    return distinct + distinct[-1:] * ((1 << (len(distinct) - 1).bit_length()) - len(distinct))
