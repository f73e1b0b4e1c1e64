"""``python -m claimstream.errors_page`` (``make schemas``): docs/errors.md, written from the source.

A code is the metric's label, the dead letter's header, what a person reads in brackets, and the anchor on this page.
"""

from __future__ import annotations

import re

from claimstream.error_codes import ROOT, Explained, collect
from claimstream.error_meanings import OWNERS

PAGE = ROOT / "docs" / "errors.md"

HEAD = (
    "# Errors and reasons\n\nEvery code that claimstream says: in brackets at a terminal, as `code` in logs, fates, "
    "outcomes, problems of the API and the labels of metrics, as a header of dead letters. `make schemas` writes this "
    "page from the source, and a test compares the two. `docs/errors.md#CODE` leads to its line.\n\n"
)
SECTIONS = {
    "record": (
        "A record",
        "One record cannot be decoded or handled. It lies untouched in the dead letters of the service that gave "
        "it up, and the next one is not its business: `claimstream dead ls`, `claimstream dead show`; mend, redrive.",
    ),
    "dependency": (
        "A dependency",
        "Something that claimstream stands on is away. Nobody loses a record: the stage pauses, keeps its place and "
        "goes on by itself.",
    ),
    "deploy": (
        "The deployment",
        "What was deployed cannot work. Going on would drain a topic into the dead letters, so the stage stops.",
    ),
    "person": ("The person at the terminal or the API", "What was asked for cannot be done as asked."),
    "page": (
        "A page, its site, or a feed",
        "Reasons, not failures: why a submission ended `rejected`, or why a feed is failing. They come back with the "
        "outcome.",
    ),
}
NOTHING_TO_DO = (
    "Nothing, unless the site or the submitter is yours: mend it there, then submit the URL again."
)
_PAGE_OWNED = (
    "services/fetcher/http",
    "services/fetcher/crawl",
    "services/fetcher/feeds",
    "services/cleaner/",
    "services/store/fates.py",
    "shared/contracts/canonical.py",
)


def page() -> str:
    """The whole page; the same source gives the same bytes."""
    codes = collect()
    text = HEAD
    for owner, (title, about) in SECTIONS.items():
        lines = [_row(one) for one in codes.values() if _owner(one) == owner]
        text += (
            f"## {title}\n\n{about}\n\n| code | what happened | what to do | said by |\n|---|---|---|---|\n"
        )
        text += "".join(lines) + "\n"
    return text.rstrip("\n") + "\n"


def _owner(one: Explained) -> str:
    if one.code in OWNERS:
        return OWNERS[one.code]
    if one.owner in SECTIONS and not (one.owner == "record" and _of_a_page(one)):
        return one.owner
    if _of_a_page(one):
        return "page"
    return "person" if all(path.startswith("claimstream/") for path in one.where) else "record"


def _of_a_page(one: Explained) -> bool:
    return any(path.startswith(_PAGE_OWNED) for path in one.where)


def _row(one: Explained) -> str:
    meaning, hint = one.meaning, " ".join(dict.fromkeys(one.hints))
    if not meaning:
        # Hints of reasons say first what was found, then what may be done.
        meaning, _, hint = hint.partition(". ")
        meaning = meaning.removesuffix(".") or one.code.replace("-", " ")
    hint = hint or (NOTHING_TO_DO if _owner(one) == "page" else "See the message beside it.")
    said = ", ".join(sorted({_service(path) for path in one.where}))
    return f'| <a id="{one.code}"></a>`{one.code}` | {_cell(meaning)} | {_cell(hint)} | {said} |\n'


def _service(path: str) -> str:
    first, second, *_ = path.split("/")
    return second if first == "services" else "the command" if first == "claimstream" else "every service"


def _cell(text: str) -> str:
    plain = re.sub(r":(?:class|func|meth|data):`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text).replace("``", "`")
    plain = " ".join(plain.split()).replace("|", "\\|")
    return plain[:1].upper() + plain[1:]


def write() -> bool:
    """Write the page where it differs; returns whether it did."""
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return False
    PAGE.write_text(page(), encoding="utf-8")
    return True


if __name__ == "__main__":
    print("wrote docs/errors.md" if write() else "docs/errors.md is up to date")
