"""``python -m quality --part memory``: the memory of sites on made-up ones, and on the dev pages that share a site.

Every page goes through the whole cleaner once; then streams that begin at several of a site's pages ask the memory, so
that there are enough second and fifth pages to count. Of the paragraphs that the cleaner alone left: which share of the
boilerplate goes, and which share of the article's stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quality.memory.shared_hosts import add_shared_hosts
from quality.memory.sites import PAGES, Page, pages
from quality.memory.stream import Stream, cleaned, marks_in, marks_of
from quality.part import Measured, Part
from services.cleaner.memory.seen import Seen

_SITES = 4
_STARTS = range(0, PAGES - 4, 2)
_COUNTED = (2, 5, 50)


@dataclass
class Tally:
    boilerplate: int = 0
    known: int = 0
    gone: int = 0
    own: int = 0
    lost: int = 0


def measure() -> Measured:
    measured = Measured()
    forms: dict[str, Callable[[Page], Seen]] = {
        "html": lambda page: cleaned(page.url, html=page.html)[0],
        "text": lambda page: cleaned(page.url, text=page.text)[0],
    }
    for form, clean in forms.items():
        tallies: dict[int, Tally] = defaultdict(Tally)
        for site in range(_SITES):
            all_pages = pages(site)
            _add_streams(all_pages, [clean(page) for page in all_pages], tallies)
        for number in _COUNTED:
            tally = tallies[number]
            name = f"made-up sites, {form}, page {number}: boilerplate that goes"
            measured.figures[name] = tally.gone / max(1, tally.boilerplate)
            measured.counts[name] = (
                f"{tally.gone} of {tally.boilerplate} paragraphs, {tally.known} of which stood on an earlier page"
            )
        own = sum(tally.own for tally in tallies.values())
        lost = sum(tally.lost for tally in tallies.values())
        name = f"made-up sites, {form}, all pages: article paragraphs that stay"
        measured.figures[name] = 1 - lost / own
        measured.counts[name] = f"{own - lost} of {own} paragraphs"
    add_shared_hosts(measured)
    return measured


def _add_streams(all_pages: Sequence[Page], seen: Sequence[Seen], tallies: dict[int, Tally]) -> None:
    """``tallies``: by the number of the page in its stream; 50 stands for the last ten of the whole site."""
    for start in _STARTS:
        stream = Stream()
        earlier: set[str] = set()
        for number, (page, one) in enumerate(zip(all_pages[start:], seen[start:], strict=True), 1):
            gone = {block.fingerprint for block in stream.one(one).removed}
            _count(tallies[50 if number > PAGES - 10 else number], page, one, gone, earlier)
            earlier |= set(marks_in(one))


def _count(tally: Tally, page: Page, seen: Seen, gone: set[str], earlier: set[str]) -> None:
    own = marks_of(page.article)
    for mark in marks_in(seen):
        if mark in own:
            tally.own += 1
            tally.lost += mark in gone
        else:
            tally.boilerplate += 1
            tally.known += mark in earlier
            tally.gone += mark in gone


PART = Part(measure, tolerance=0.003)
