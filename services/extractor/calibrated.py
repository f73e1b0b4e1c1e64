"""What a tagger's confidence is worth where its attributions stand beside those of the rules.

A tagger's own confidence is fitted to few articles, by a curve of one bend. Of what is left of its attributions beside
the rules' surer ones, the middle was right less often than it said, and the top more often.
"""

from __future__ import annotations

from itertools import pairwise

from services.extractor.tagged import TAGGER, Tagged

# Said and right, few and round: on 124 articles that the tagger was not trained on, the development part of PolNeAR
# and what of its train part was kept back. The two differ by more than .1 in the middle, so the middle lies between.
_SEEN = (
    (0.0, 0.5),
    (0.57, 0.53),
    (0.65, 0.6),
    (0.75, 0.7),
    (0.86, 0.83),
    (0.9, 0.93),
    (0.94, 0.97),
    (1.0, 0.98),
)


def calibrated(one: Tagged) -> Tagged:
    """With the confidence that its like has earned; what rules found says that already."""
    return one._replace(confidence=earned(one.confidence)) if one.layer == TAGGER else one


def earned(said: float) -> float:
    """Between two points in a line; never less for more."""
    for (low, first), (high, last) in pairwise(_SEEN):
        if said <= high:
            return round(first + (last - first) * (said - low) / (high - low), 4)
    return _SEEN[-1][1]
