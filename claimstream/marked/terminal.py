"""The marked text for the terminal: beneath each paragraph the claims that begin in it.

Brackets carry the claim's number, so that nothing is told by colour alone and a pipe shows the same as a screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from claimstream.marked.facts import Explained, facts, heading, relation
from claimstream.marked.marks import Mark, Segment
from claimstream.marked.paragraphs import rows

_BRACKETS = {"content": ("⟦", "⟧"), "source": ("{", "}"), "cue": ("⟨", "⟩")}
_COLOURS = {"content": "32", "source": "1;36", "cue": "33"}
_DIM, _BOLD, _UNDERLINED = "2", "1", "4"
LEGEND = "⟦1 content 1⟧  {1 source 1}  ⟨1 cue 1⟩"


def coloured() -> bool:
    """Whether standard output is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def shown(explained: Explained, *, colours: bool) -> str:
    """The whole text, marked, with its claims."""
    return "\n".join(_lines(explained, colours)) + "\n"


def _lines(explained: Explained, colours: bool) -> Iterator[str]:
    yield _styled(LEGEND, _DIM, colours)
    for row in rows(explained):
        yield ""
        yield "".join(_segment(row.text, one, colours) for one in row.segments)
        for claim, layer in row.claims:
            yield ""
            yield f"  {_styled(f'{claim.n:>3}', _BOLD, colours)}  {heading(claim, layer)}"
            told = [*facts(claim), *(("relation", relation(one)) for one in claim.relations)]
            for label, words in told:
                yield f"       {_styled(f'{label:9}', _DIM, colours)} {words}"


def _segment(text: str, one: Segment, colours: bool) -> str:
    opening = "".join(_bracket(mark, 0, colours) for mark in one.opening)
    closing = "".join(_bracket(mark, 1, colours) for mark in one.closing)
    words = text[one.start : one.end]
    return opening + (_styled(words, _style(one.inside), colours) if one.inside else words) + closing


def _style(inside: Sequence[Mark]) -> str:
    """The innermost part gives the colour; what is content at all is underlined."""
    contents = _UNDERLINED + ";" if any(mark.role == "content" for mark in inside) else ""
    return contents + _COLOURS[min(inside, key=lambda mark: mark.end - mark.start).role]


def _bracket(mark: Mark, side: int, colours: bool) -> str:
    bracket = _BRACKETS[mark.role][side]
    return _styled(f" {mark.n}{bracket}" if side else f"{bracket}{mark.n} ", _DIM, colours)


def _styled(words: str, style: str, colours: bool) -> str:
    return f"\x1b[{style}m{words}\x1b[0m" if colours else words
