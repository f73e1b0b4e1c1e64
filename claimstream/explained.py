"""An explanation of the cleaner's as lines for a terminal and as a page for a browser.

Everything of the page it explains is hostile until it is escaped: no markup of it reaches the browser, no control
character the terminal, and the page that is written loads nothing and runs nothing.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator

from services.cleaner.article import Rejection
from services.cleaner.explanation import REASONS, Explanation, Verdict

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
        yield f"    {_printable(_why(verdict))}"
        for line in filter(None, (verdict.path, _told(verdict))):
            yield f"    {_printable(line)}"


def page(name: str, explanation: Explanation) -> str:
    """A page of its own, complete."""
    sections = "\n".join(map(_section, explanation.verdicts))
    title = html.escape(_printable(name))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{title}</h1>\n<p>{html.escape(_summary(explanation))}</p>\n{sections}\n</body></html>\n"
    )


def _section(verdict: Verdict) -> str:
    notes = "<br>".join(
        html.escape(_printable(line)) for line in (_why(verdict), verdict.path, _told(verdict)) if line
    )
    kept = ' class="kept"' if verdict.kept else ""
    return f"<section{kept}><p>{html.escape(_printable(verdict.text))}</p><small>{notes}</small></section>"


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
    return said


def _why(verdict: Verdict) -> str:
    chance = "" if verdict.chance is None else f"; chance {verdict.chance:.2f}"
    return f"{verdict.verdict}: {REASONS[verdict.verdict]}{chance}"


def _told(verdict: Verdict) -> str:
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in verdict.told)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
