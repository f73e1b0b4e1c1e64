"""``claimstream clean FILE|-``: the article in a page; ``--jsonl``: of many pages, in order, over processes;
``--explain`` and ``--html``: every block of the page with its verdict, for people, and what the memory of its site says
of it where there is one."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

from claimstream import databases, explained
from claimstream.cli import lines
from claimstream.words import accepted
from services.cleaner.article import Rejection
from services.cleaner.explanation import explain, with_memory
from services.cleaner.handler import LARGEST_PAGE, clean
from services.cleaner.page import PageInput
from services.cleaner.work import article_of, asked_of
from shared.clock import SystemClock, iso
from shared.contracts import ids
from shared.contracts.canonical import UrlRefused, canonical_url
from shared.contracts.events import PageFetched
from shared.errors import ClaimstreamError, UsageError

DEADLINE = 30.0  # seconds a page; the largest honest ones take one


class NoArticle(ClaimstreamError):
    """Raised for a page that was read and holds no article; code and hint are the cleaner's."""


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="an HTML page or a plain text; - reads standard input")
    parser.add_argument(
        "--url", help="where it came from; relative links and the article's identity depend on it"
    )
    parser.add_argument("--text", action="store_true", help="print the cleaned text alone")
    parser.add_argument(
        "--explain", action="store_true", help="show each block of the page, whether it was taken, and why"
    )
    parser.add_argument(
        "--html", metavar="FILE", help="write the same as an HTML page that needs nothing else"
    )
    parser.add_argument(
        "--db",
        metavar="FILE",
        type=Path,
        help="explain also what the memory of sites in this SQLite file of `ingest` decides on the page of --url"
        f" (default: {databases.variable('cleaner')}); nothing is remembered of it",
    )
    lines.add_options(parser, '{"id", "html" or "text", "url"?}')
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.jsonl:
        lines.refuse_beside(options, "--url", "--text", "--explain", "--html", "--db")
        return lines.answer_all(options.file, answer, workers=options.workers, deadline=DEADLINE)
    url = None if options.url is None else accepted(options.url)
    if options.db is not None and (url is None or not (options.explain or options.html)):
        raise UsageError(
            "--db has nothing to explain",
            hint="Give --explain or --html, and the page's --url: it names the site.",
        )
    body = lines.read_input(options.file, LARGEST_PAGE)
    if options.explain or options.html:
        return _explain(options, _page_of(body, url, None, iso(SystemClock().now())))
    article = clean_bytes(body, url=url, content_type=None)
    if isinstance(article, Rejection):
        raise NoArticle(
            f"{lines.called(options.file)} gives no article", code=article.code, hint=article.hint
        )
    print(article["text"] if options.text else json.dumps(article, ensure_ascii=False, indent=2))
    return 0


def _explain(options: argparse.Namespace, page: PageInput) -> int:
    """Also of a page that gives no article: most questions are about these. The exit status says which it was."""
    found = explain(page)
    if not isinstance(found.outcome, Rejection):
        asked = asked_of(found.outcome, hashlib.sha256(page.body).hexdigest())
        where = None if asked is None else databases.of_cleaner(options.db)
        if asked is not None and where is not None:
            from claimstream import site_memory  # with its database: loaded only where one was named

            found = with_memory(found, asyncio.run(site_memory.peek(where, asked)))
    if options.html:
        lines.write_file(options.html, explained.page(options.file, found))
    if options.explain:
        print("\n".join(explained.lines(options.file, found)))
    return 1 if isinstance(found.outcome, Rejection) else 0


def answer(line: str) -> lines.Answer:
    """The answer to one line of the bulk form. Runs in a worker process."""
    try:
        question = lines.parsed(line)
    except lines.Malformed as error:
        return lines.rejected(line, "malformed-json", str(error))
    problem = _problem(question)
    if problem is not None:
        return lines.rejected(line, "wrong-shape", problem)
    if "html" in question:
        body, content_type = question["html"], "text/html; charset=utf-8"
    else:
        body, content_type = question["text"], "text/plain; charset=utf-8"
    if (url := question.get("url")) is not None:
        try:
            url = canonical_url(url)
        except UrlRefused as refused:
            return lines.rejected(line, refused.code, refused.hint)
    result = clean_bytes(lines.text_of(body).encode(), url=url, content_type=content_type)
    if isinstance(result, Rejection):
        return {"id": question["id"], "rejected": {"code": result.code, "hint": result.hint}}
    return {"id": question["id"], "article": result}


def _problem(question: Any) -> str | None:
    if not isinstance(question, dict) or "id" not in question:
        return 'Each line is an object with "id", "html" or "text", and perhaps "url".'
    given = [name for name in ("html", "text") if name in question]
    if len(given) != 1:
        return 'Give exactly one of "html" and "text".'
    if not isinstance(question[given[0]], str):
        return f'"{given[0]}" must be a string.'
    if question.get("url") is not None and not isinstance(question["url"], str):
        return '"url" must be a string.'
    return None


def clean_bytes(body: bytes, *, url: str | None, content_type: str | None) -> dict[str, Any] | Rejection:
    """ArticleCleaned as JSON values, or why there is none. A page without a URL is known by its bytes."""
    observed_at = iso(SystemClock().now())
    asked = _page_of(body, url, content_type, observed_at)
    cleaned = clean(asked)
    if isinstance(cleaned, Rejection):
        return cleaned
    identity = ids.refused_url_id(asked.url)
    page = PageFetched(
        visit_id=identity,
        url_id=identity,
        url=asked.url,
        final_url=asked.url,
        status=200,
        observed_at=observed_at,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        content_type=content_type,
    )
    return article_of(page, cleaned).model_dump(mode="json", exclude={"visit_id", "url_id"})


def _page_of(body: bytes, url: str | None, content_type: str | None, observed_at: str) -> PageInput:
    return PageInput(body, url or ids.file_urn(body), content_type, observed_at=observed_at)
