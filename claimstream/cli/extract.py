"""``claimstream extract FILE|-``: the claims of a cleaned text; ``--jsonl``: of many, in order, over processes;
``--explain`` and ``--html``: the text with its claims marked, for people."""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from claimstream.cli import lines
from claimstream.marked.facts import Explained
from claimstream.marked.page import page
from claimstream.marked.terminal import coloured, shown
from services.extractor.handler import Extraction, extract
from services.extractor.reader import configured
from shared.contracts.text import normalise
from shared.errors import UsageError

DEADLINE = 30.0  # seconds a text
MAX_TEXT_BYTES = 4 * 2**20  # what `articles` takes
CLEAN_FIRST = "Extract takes a cleaned text; `claimstream clean --text` makes one of a page."
# How a page begins, or a fragment of one. A text that speaks of tags begins with words.
_BEGINS_AS_MARKUP = re.compile(
    r"\ufeff?(?:<\?xml[^>]*>|<!--.*?-->|\s)*+<"
    r"(?:(?P<page>!doctype\s+html|html|head|body|main|article|section|div|p|h1)|rss|feed|rdf:rdf|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
OPTIONAL = ("language", "title", "published_at", "publisher")


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a cleaned text in UTF-8; - reads standard input")
    parser.add_argument("--language", help="of the text (default: en)")
    parser.add_argument("--title", help="the article's headline")
    parser.add_argument("--publisher", help="who published it")
    parser.add_argument(
        "--published-at", metavar="DATE", help="when, as 2026-03-05: “Sunday” is a date from there on"
    )
    parser.add_argument("--explain", action="store_true", help="show the text with its claims marked")
    parser.add_argument(
        "--html", metavar="FILE", help="write the same as an HTML page that needs nothing else"
    )
    lines.add_options(parser, '{"id", "text", "language"?, "title"?, "published_at"?, "publisher"?}')
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.jsonl:
        lines.refuse_beside(
            options, "--language", "--title", "--publisher", "--published-at", "--explain", "--html"
        )
        return lines.answer_all(options.file, answer, workers=options.workers, deadline=DEADLINE)
    try:
        text = lines.read_input(options.file, MAX_TEXT_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{lines.called(options.file)} is not UTF-8: {error.reason}",
            code="not-text",
            hint=CLEAN_FIRST,
        ) from None
    _refuse_markup(options.file, text)
    question = {
        "text": text,
        "language": options.language or "en",
        "title": options.title,
        "publisher": options.publisher,
        "published_at": _date(options.published_at),
    }
    if options.explain or options.html:
        return _explain(question, options)
    print(json.dumps(claims_of(question), ensure_ascii=False, indent=2))
    return 0


def _date(given: str | None) -> str | None:
    """Raises UsageError for what is no date."""
    try:
        return given and date.fromisoformat(given[:10]).isoformat()
    except ValueError:
        raise UsageError(f"--published-at {given}", hint="A date such as 2026-03-05.") from None


def _explain(question: dict[str, Any], options: argparse.Namespace) -> int:
    """The text with its claims marked, on the terminal, as a page, or both. Raises UsageError."""
    title = normalise(options.title) if options.title else None
    text, found = found_in(question | {"title": title})
    if found.skipped is not None:
        raise UsageError(
            f"no claims are looked for in {options.file}", code=found.skipped.code, hint=found.skipped.hint
        )
    explained = Explained(text, title, found.claims, found.layers)
    if options.html:
        try:
            Path(options.html).write_text(page(explained), encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"cannot write {options.html}: {error.strerror}",
                code="file-unwritable",
                hint="Name a file in a folder that exists and that you may write to.",
            ) from None
    if options.explain:
        print(shown(explained, colours=coloured()), end="")
    if options.html:
        print(f"{options.html}: claims {len(found.claims)}")
    return 0


def _refuse_markup(file: str, text: str) -> None:
    """A page or JSON read as a text would give claims whose offsets nobody can use. Raises UsageError."""
    file = lines.called(file)
    if "\0" in text:
        raise UsageError(f"{file} holds bytes that no text has", code="not-text", hint=CLEAN_FIRST)
    if not (begins := text.lstrip("\ufeff \t\r\n")):
        raise UsageError(f"{file} is empty", code="file-empty", hint="Give a file with a text in it.")
    markup = _BEGINS_AS_MARKUP.match(text)
    if markup is not None and markup["page"]:
        raise UsageError(f"{file} is HTML, not a text", code="not-text", hint=CLEAN_FIRST)
    if markup is not None:
        raise UsageError(
            f"{file} is a feed, not a text",
            code="not-text",
            hint="`claimstream ingest` reads the articles that a feed names.",
        )
    if not begins.startswith(("{", "[")):
        return
    for piece in (text, next(line for line in text.splitlines() if line.strip())):
        try:
            value = lines.parsed(piece)
        except lines.Malformed:
            continue
        if isinstance(value, dict) or (isinstance(value, list) and piece is text):
            raise UsageError(
                f"{file} is JSON, not a text",
                code="not-text",
                hint="For one JSON object a line give --jsonl; of the article that `claimstream clean` prints,"
                " `claimstream clean --text` is the text.",
            )


def answer(line: str) -> lines.Answer:
    """The answer to one line of the bulk form. Runs in a worker process."""
    try:
        question = lines.parsed(line)
    except lines.Malformed as error:
        return lines.rejected(line, "malformed-json", str(error))
    if not isinstance(question, dict) or "id" not in question or not isinstance(question.get("text"), str):
        return lines.rejected(line, "wrong-shape", 'Each line is an object with "id" and "text" (a string).')
    for name in OPTIONAL:
        if question.get(name) is not None and not isinstance(question[name], str):
            return lines.rejected(line, "wrong-shape", f'"{name}" must be a string.')
    if len(question["text"]) > MAX_TEXT_BYTES:
        return lines.rejected(line, "text-too-large", f"At most {MAX_TEXT_BYTES:,} characters are read.")
    return {"id": question["id"], **claims_of(question)}


def claims_of(question: dict[str, Any]) -> dict[str, Any]:
    """``claims`` as in the contracts, without the ledger's fields. Offsets are into ``text`` as it was given; where
    that is not in the contracts' form (NFC, no control characters …), the form that they slice is returned too."""
    given = question["text"]
    text, found = found_in(question)
    result: dict[str, Any] = {"claims": [claim.model_dump(mode="json") for claim in found.claims]}
    if found.skipped is not None:
        result["skipped"] = found.skipped.model_dump(mode="json")
    if text != given:
        result["text"] = text
    return result


def found_in(question: dict[str, Any]) -> tuple[str, Extraction]:
    """The text in the contracts' form, and what was found in it."""
    text = normalise(lines.text_of(question["text"]))
    beside = {name: lines.text_of(question[name]) for name in OPTIONAL if question.get(name)}
    reader = configured()
    found = extract(
        text,
        language=beside.get("language", "en"),
        title=beside.get("title"),
        published_at=beside.get("published_at"),
        publisher=beside.get("publisher"),
        tagger=reader.tagger,
        statements=reader.statements,
    )
    return text, found
