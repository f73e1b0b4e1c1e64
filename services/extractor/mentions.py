"""Where an article's sources were mentioned, as far as it is looked back."""

from collections import deque
from collections.abc import Callable, Iterator

from services.extractor.entity import Entity
from shared.contracts.parts import Span

MEMORY = 60  # mentions and names that are looked back at: what a page costs must not grow with its square
_LOOSE = frozenset({"media", "newspapers", "papers", "outlets"})


class Mentions:
    """The last mentions of entities as sources, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._last: deque[tuple[Span, Entity]] = deque(maxlen=MEMORY)

    def add(self, span: Span, one: Entity) -> None:
        self._last.append((span, one))

    def backwards(self) -> Iterator[Entity]:
        """The latest first."""
        return (one for _, one in reversed(self._last))

    def around(self, span: Span) -> Entity | None:
        """Within whose words a span stands, behind their beginning."""
        inside = (one for (start, end), one in reversed(self._last) if start < span[0] and span[1] <= end)
        return next(inside, None)

    def latest(self, before: int, fits: Callable[[Entity], bool]) -> tuple[int, Entity] | None:
        """The mention that stands last before an offset among those that fit, and where it begins."""
        near = [(at, i) for i, ((at, _), one) in enumerate(self._last) if at < before and fits(one)]
        return (max(near)[0], self._last[max(near)[1]][1]) if near else None

    def last(self, before: int, fits: Callable[[Entity], bool]) -> Entity | None:
        """Whom that mention means."""
        found = self.latest(before, fits)
        return found[1] if found else None

    def outlets(self, before: int) -> list[Entity]:
        """The outlets before an offset, each once, the latest first; rather those with a name."""
        found = [one for (at, _), one in reversed(self._last) if at < before and one.outlet]
        proper = [
            one for one in found if one.name is not None and not one.name.islower() and one.head not in _LOOSE
        ]
        return list({one.id: one for one in proper or found}.values())
