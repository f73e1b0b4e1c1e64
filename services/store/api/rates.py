"""How much one caller may ask: a bucket of requests that fills by itself (a token bucket)."""

from __future__ import annotations

from collections import OrderedDict

from shared.clock import Clock

# A caller is an address or a token. The one that was not heard of for longest is forgotten, and begins with a full
# bucket: whoever has this many addresses is not to be stopped here.
CALLERS = 10_000


class Rates:
    """``rate`` a second, and up to ``burst`` at once after a rest."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = (
            OrderedDict()
        )  # what is left, and when that was

    def wait(self, caller: str) -> float:
        """Take one request. 0.0: granted; otherwise the seconds until one is."""
        now = self._clock.monotonic()
        left, at = self._buckets.pop(caller, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._rate)
        granted = left >= 1
        self._buckets[caller] = (left - 1 if granted else left, now)
        if len(self._buckets) > CALLERS:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1 - left) / self._rate
