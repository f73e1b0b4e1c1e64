"""Which of two things said of a visit's end counts (Submissions, visits, fates, in the contracts).

``stored`` is final; otherwise the higher attempt wins (a redrive is newer knowledge), then unchanged, duplicate,
rejected, dead. What is equal in all of that changes nothing: the first word stands, so a repeat has no effect.
"""

from __future__ import annotations

from typing import Final

from shared.contracts.enums import Fate

# A fate that a newer release invented stands below all that we know: it closes the visit and yields to any other.
_RANK: Final = {
    Fate.UNCHANGED: 4,
    Fate.DUPLICATE: 3,
    Fate.REJECTED: 2,
    Fate.DEAD: 1,
    Fate.OTHER: 0,
}


def supersedes(said: tuple[Fate, int], stands: tuple[Fate, int] | None) -> bool:
    """Whether ``said`` (fate, attempt) takes the place of what ``stands`` (None: the visit is open)."""
    if stands is None:
        return True
    if stands[0] is Fate.STORED:
        return False
    if said[0] is Fate.STORED:
        return True
    return (said[1], _RANK[said[0]]) > (stands[1], _RANK[stands[0]])
