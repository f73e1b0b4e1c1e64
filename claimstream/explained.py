"""An explanation of the cleaner's as lines for a terminal and as a page for a browser.

Everything of the page it explains is hostile until it is escaped: no markup of it reaches the browser, no control
character the terminal, and the page that is written loads nothing and runs nothing.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator

from services.cleaner.article import Rejection
from services.cleaner.explanation import MEMORY_REASONS, REASONS, REMEMBERED, Explanation, Verdict
from shared.contracts.site_memory import RememberedBlock

_WIDTH = 100
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "section{border-left:.4rem solid #ccc;margin:.6rem 0;padding:.1rem .8rem;color:#666}"
    "section.kept{border-color:#2a7;color:#222}p{margin:.2rem 0}small{color:#777;overflow-wrap:anywhere}"
)


def lines(name: str, explanation: Explanation) -> Iterator[str]:
    """``+`` stands before what is in the article, ``-`` before what is not."""
    yield f"{_printable(name)}: {_summary(explanation)}"
    for verdict in explanation.verdicts:
        yield ""
        mark = "+" if verdict.kept else "-"
        yield from textwrap.wrap(
            _printable(verdict.text), _WIDTH, initial_indent=f"{mark} ", subsequent_indent="  "
        )
        for line in _notes(verdict, explanation):
            yield f"    {_printable(line)}"


def page(name: str, explanation: Explanation) -> str:
    """A page of its own, complete."""
    sections = "\n".join(_section(verdict, explanation) for verdict in explanation.verdicts)
    title = html.escape(_printable(name))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{title}</h1>\n<p>{html.escape(_summary(explanation))}</p>\n{sections}\n</body></html>\n"
    )


def _section(verdict: Verdict, explanation: Explanation) -> str:
    notes = "<br>".join(html.escape(_printable(line)) for line in _notes(verdict, explanation))
    kept = ' class="kept"' if verdict.kept else ""
    return f"<section{kept}><p>{html.escape(_printable(verdict.text))}</p><small>{notes}</small></section>"


def _notes(verdict: Verdict, explanation: Explanation) -> Iterator[str]:
    yield _why(verdict)
    if verdict.seen is not None:
        yield _seen(verdict.seen)
    elif verdict.verdict == REMEMBERED:
        yield "memory: a heading, and what stood under it is taken out"
    yield from filter(None, (verdict.path, _told(verdict)))


def _seen(block: RememberedBlock) -> str:
    places = []
    if block.articles or not block.beside:
        places.append(f"in {block.articles} other article{'s' if block.articles != 1 else ''} of this site")
    if block.beside:
        places.append(f"beside the article on {block.beside} of its pages")
    why = MEMORY_REASONS.get(block.why, block.why)
    return f"memory: seen {' and '.join(places)}; {why}"


def _summary(explanation: Explanation) -> str:
    outcome = explanation.outcome
    if isinstance(outcome, Rejection):
        said = f"no article [{outcome.code}]. {outcome.hint}"
    else:
        confidence = outcome.metadata.provenance.get("text_confidence")
        said = f"an article of {len(outcome.text):,} characters"
        said += f", confidence {confidence}." if confidence else "."
    if explanation.by is not None:
        said += f" Text by: {explanation.by}."
    if explanation.agreement is not None:
        said += f" Agreement with the second opinion: {explanation.agreement:.2f}."
    memory = explanation.memory
    if memory is not None and not isinstance(outcome, Rejection):
        known = f"{memory.articles} other article{'s' if memory.articles != 1 else ''}"
        said += f" The memory of {outcome.site} knows {known}; paragraphs taken out: {len(memory.removed)},"
        said += f" seen before and kept: {len(memory.kept)}."
    return said


def _why(verdict: Verdict) -> str:
    chance = "" if verdict.chance is None else f"; chance {verdict.chance:.2f}"
    return f"{verdict.verdict}: {REASONS[verdict.verdict]}{chance}"


def _told(verdict: Verdict) -> str:
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in verdict.told)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
