"""The figures of a content with the times they are of, and the times that are no figure's."""

import re
from collections.abc import Sequence
from datetime import date

from services.extractor.figures.figures import figures
from services.extractor.figures.when import lasts
from services.extractor.figures.words import words_of
from services.extractor.tagged import Spans
from services.extractor.times import times
from shared.contracts.parts import Figure, When

_MOST = 40  # figures and times of a content that are held against each other; a page of numbers is a table
_FURTHEST = 60  # characters between a figure and its time
# What is counted, and no verb: those of an event ("34 people died on Monday") are no time of its figure.
_BESIDE = re.compile(
    r" (?!(?:when|who|that|which|at)\b)(?:[a-z]+ ){0,2}?(?P<led>since |by |until )?(?:in |for |on )?(?:the )?"
)
# What stands between a time and the figure of its verb, as in “the fund now stands at 2 million”.
_STANDS = re.compile(r" (?:stands?|stood|holds?|has|have|employs?|is|are)(?: at)?(?: [a-z]+){0,2} [$€£]?")
_CLAUSE = 60  # characters before a figure that its verb stands in
# What may stand between the beginning of a sentence and the time that all of it is of.
_OPENING = re.compile(
    r"(?:^|[.!?;:]\s+|\n)[“\"‘„«]?(?:(?:in|since|by|on|at|until|but|and) )?(?:the )?$", re.IGNORECASE
)


def counted_and_dated(
    text: str, content: Spans, published: date | None
) -> tuple[tuple[Figure, ...], tuple[When, ...]]:
    """`published`: the article's date, without which "Sunday" has none."""
    named = times(text, content, published)
    counted = [_dated(figure, named) for figure in figures(text, content)]
    if named and len(named) + len(counted) <= _MOST:
        counted = [_near(text, content, figure, counted, named) for figure in counted]
    of_figures = {figure.when.span for figure in counted if figure.when is not None}
    return tuple(counted), tuple(when for when in named if when.span not in of_figures)


def _dated(figure: Figure, named: Sequence[When]) -> Figure:
    """The figure's time as the calendar has it."""
    if figure.when is None:
        return figure
    start, end = figure.when.span
    when = next((one for one in named if one.span[0] < end and start < one.span[1]), figure.when)
    return figure.model_copy(update={"when": when})


def _near(
    text: str, content: Spans, figure: Figure, counted: Sequence[Figure], named: Sequence[When]
) -> Figure:
    """The figure with the time of its clause: "only four since [March]", "[Three years ago] it was 44 per cent"."""
    if figure.when is not None or figure.unit == "ordinal":
        return figure
    taken = {one.when.span for one in counted if one.when is not None}
    starts = [one.span[0] for one in counted]
    for when in named:
        if when.span in taken:
            continue
        first, last = sorted((figure.span, when.span))
        between = text[first[1] : last[0]]
        if len(between) > _FURTHEST or any(first[1] <= start < last[0] for start in starts):
            continue
        behind = figure.span < when.span
        beside = _BESIDE.fullmatch(between) if behind else _STANDS.fullmatch(between)
        owns = text[when.span[1] : when.span[1] + 1] in {"'", "’"}
        if beside and not owns and (not behind or beside["led"] or _lasts(text, content, figure, when)):
            return figure.model_copy(update={"when": when})
        opens = any(a <= when.span[0] < b and _OPENING.search(text[a : when.span[0]]) for a, b in content)
        if not behind and opens and not re.search(r"[.;:]\s", between):
            return figure.model_copy(update={"when": when})
    return figure


def _lasts(text: str, content: Spans, figure: Figure, when: When) -> bool:
    """Whether the figure is of the time behind it, and no event is."""
    begin = max((a for a, _ in content if a <= figure.span[0]), default=0)
    words = words_of(text, max(begin, figure.span[0] - _CLAUSE), when.span[1])
    start = next(at for at, word in enumerate(words) if word.start >= figure.span[0])
    behind = next(at for at, word in enumerate(words) if word.start >= when.span[0])
    return lasts(words, start, behind, words[behind:])
