"""Exponential back-off with full jitter, without an end: a dependency comes back when it comes back."""

from __future__ import annotations

import random

FIRST = 0.2  # seconds
LONGEST = 30.0  # seconds; what an operator waits at most after the dependency is back


class Backoff:
    """``next()`` gives the seconds to wait, doubling up to ``longest``; ``reset()`` after a success."""

    def __init__(
        self, first: float = FIRST, longest: float = LONGEST, rng: random.Random | None = None
    ) -> None:
        self._first, self._longest = first, longest
        self._rng = rng or random.Random()  # jitter, not a secret
        self._failures = 0

    def next(self) -> float:
        ceiling = min(self._longest, self._first * 2.0 ** min(self._failures, 20))
        self._failures += 1
        return ceiling * self._rng.uniform(0.5, 1.0)

    def reset(self) -> None:
        self._failures = 0
