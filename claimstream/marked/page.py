"""The marked text as one HTML page that needs nothing else: no script, no font, no request.

The article's text is a stranger's: everything goes through ``html.escape``, and the page's own policy lets nothing
run or load, whatever slipped through.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from importlib.resources import files

from claimstream.marked.facts import Explained, facts, heading, relation
from claimstream.marked.marks import Mark, Segment
from claimstream.marked.paragraphs import rows
from shared.contracts.events import ExtractedClaim
from shared.contracts.parts import ExtractedRelation

_STYLE = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(explained: Explained) -> str:
    """The page. Its parts are `span`s without nesting, cut at every edge, so spans that cross are well-formed."""
    return "\n".join(_lines(explained)) + "\n"


def _lines(explained: Explained) -> Iterator[str]:
    title = html.escape(explained.title or "Claims")
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>"
    yield f"<style>\n{_STYLE}{_together(explained)}</style></head><body>"
    yield (
        '<p class="legend"><span class="content">content</span> <span class="source">source</span> '
        f'<span class="cue">cue</span> claims: {len(explained.claims)}</p>'
    )
    for row in rows(explained):
        element = "h1" if row.titled else "p"
        marked = "".join(_segment(row.text, one) for one in row.segments)
        yield f'<div class="row"><{element}>{marked}</{element}><div class="claims">'
        for claim, layer in row.claims:
            yield _claim(claim, layer)
        yield "</div></div>"
    yield "</body></html>"


def _together(explained: Explained) -> str:
    """Where the pointer is on a part, or on the claim beneath, all of that claim is lit."""
    return "".join(
        f"body:has(.c{claim.n}:hover) span.c{claim.n} {{ outline: 2px solid #555 }}\n"
        for claim in explained.claims
    )


def _segment(text: str, one: Segment) -> str:
    words = html.escape(text[one.start : one.end])
    numbers = "".join(_number(mark) for mark in one.opening if mark.role == "content")
    if not one.inside:
        return words
    inner = min(one.inside, key=lambda mark: mark.end - mark.start)
    contents = sum(mark.role == "content" for mark in one.inside)
    classes = [inner.role, *(f"c{n}" for n in sorted({mark.n for mark in one.inside}))]
    if contents:
        classes.append("said" if contents == 1 else "said-in-said")
    told = html.escape(", ".join(f"{mark.role} of {mark.n}" for mark in one.inside))
    return f'{numbers}<span class="{" ".join(classes)}" title="{told}">{words}</span>'


def _number(mark: Mark) -> str:
    return f'<a class="n" href="#claim-{mark.n}" id="text-{mark.n}-{mark.start}">{mark.n}</a>'


def _claim(claim: ExtractedClaim, layer: str) -> str:
    first = claim.content.spans[0][0]
    told = [f"<dt>{html.escape(label)}</dt><dd>{html.escape(words)}</dd>" for label, words in facts(claim)]
    told += [f"<dt>relation</dt><dd>{_relation(one)}</dd>" for one in claim.relations]
    return (
        f'<section class="claim c{claim.n}" id="claim-{claim.n}"><h2><a href="#text-{claim.n}-{first}">{claim.n}</a> '
        f"{html.escape(heading(claim, layer))}</h2><dl>{''.join(told)}</dl></section>"
    )


def _relation(one: ExtractedRelation) -> str:
    return f'<a href="#claim-{one.to}">{html.escape(relation(one))}</a>'
