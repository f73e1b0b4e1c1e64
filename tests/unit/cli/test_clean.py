"""`claimstream clean`: one page, or many by JSON lines."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from claimstream.cli.clean import answer
from services.cleaner.memory.database import SiteMemories
from services.cleaner.memory.schema import migrate
from shared.contracts import ids
from shared.contracts.events import ArticleCleaned
from shared.database import open_database
from tests.command import Call
from tests.unit.cleaner.memory.pages import APPEAL, SITE, page, story, title

PAGE = Path(__file__).parents[2] / "data" / "cleaner" / "article.html"
TEXT = PAGE.with_suffix(".txt").read_text().removesuffix("\n")
URL = "https://news.example/2026/harbour"


def test_a_page_gives_its_article_as_json(call: Call) -> None:
    said = call("clean", PAGE, "--url", URL)
    assert (said.code, said.err) == (0, "")
    article = json.loads(said.out)
    assert article["text"] == TEXT
    assert article["url"].startswith("https://")
    assert "visit_id" not in article
    ArticleCleaned.model_validate({**article, "visit_id": "v", "url_id": "u"})


def test_the_text_alone(call: Call) -> None:
    assert call("clean", PAGE, "--text").out == TEXT + "\n"


def test_each_block_is_explained_on_the_terminal_and_as_a_page(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "why.html"
    said = call("clean", PAGE, "--explain", "--html", out)
    assert (said.code, said.err) == (0, "")
    taken = [line for line in said.out.splitlines() if line.startswith("+ ")]
    assert len(taken) == len(TEXT.split("\n\n"))
    assert out.read_text().count('class="kept"') == len(taken)
    assert call("clean", PAGE, "--html", out).out == ""


@pytest.fixture
def remembered(tmp_path: Path) -> Path:
    """A database of `ingest` in which three articles of a site have the same appeal."""
    file = tmp_path / "sites.db"
    url = f"sqlite+aiosqlite:///{file}"

    async def fill() -> None:
        await migrate(url)
        engine = open_database(url)
        await SiteMemories(engine).ask([page(n, [*story(n), APPEAL]) for n in range(3)])
        await engine.dispose()

    asyncio.run(fill())
    return file


def test_what_the_memory_of_the_site_decides_is_explained_and_nothing_is_remembered(
    call: Call, tmp_path: Path, remembered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, why = tmp_path / "page.html", tmp_path / "why.html"
    body = "".join(f"<p>{paragraph}</p>" for paragraph in [*story(7), APPEAL])
    here.write_text(f"<html><body><article><h1>{title(7)}</h1>{body}</article></body></html>")
    asked = ("clean", here, "--url", f"https://{SITE}/7", "--explain")
    without = call(*asked)
    said = call(*asked, "--db", remembered, "--html", why)
    assert (said.code, said.err) == (0, "")
    assert (
        f"The memory of {SITE} knows 3 other articles; paragraphs taken out: 1, seen before and kept: 0."
        in said.out
    )
    assert f"- {APPEAL[:60]}" in said.out
    assert "memory: seen in 3 other articles of this site; it speaks for the page" in said.out
    assert f"+ {APPEAL[:60]}" in without.out
    assert "memory: seen" not in without.out
    assert "memory: seen in 3 other articles" in why.read_text()
    # Again, and by the environment: the page itself was not remembered.
    monkeypatch.setenv("CLAIMSTREAM_CLEANER_DATABASE_URL", f"sqlite+aiosqlite:///{remembered}")
    assert call(*asked).out == said.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--db", "no.db", "--explain", "--url", URL], "file-missing"),
        (["--db", "no.db", "--explain"], "usage"),
        (["--db", "no.db", "--url", URL], "usage"),
    ],
)
def test_a_memory_that_cannot_be_asked(call: Call, arguments: list[str], code: str) -> None:
    said = call("clean", PAGE, *arguments)
    assert said.code == 2
    assert f"[{code}]" in said.err


def test_why_a_page_gives_no_article_is_explained_with_status_1(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Log in")
    said = call("clean", page, "--explain")
    assert (said.code, said.err) == (1, "")
    assert "[not-an-article]" in said.out
    assert "- Log in" in said.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--jsonl", "--explain"], "usage"), (["--html", "/nowhere/at/all.html"], "file-unwritable")],
)
def test_an_explanation_that_cannot_be_written(call: Call, arguments: list[str], code: str) -> None:
    said = call("clean", PAGE, *arguments)
    assert (said.code, said.out) == (2, "")
    assert f"[{code}]" in said.err


def test_a_page_from_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.read_bytes())))
    said = call("clean", "-")
    assert json.loads(said.out)["text"] == TEXT
    assert json.loads(said.out)["url"] == ids.file_urn(PAGE.read_bytes())


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"", "empty-page", 1),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "not-text", 1),
        (b"<p>Log in", "not-an-article", 1),
        (b"a" * (16 * 2**20 + 1), "page-too-large", 2),
    ],
)
def test_what_holds_no_article_is_said_with_the_reason(
    call: Call, tmp_path: Path, content: bytes, code: str, status: int
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(content)
    said = call("clean", path)
    assert (said.code, said.out) == (status, "")
    assert str(path) in said.err
    assert f"[{code}]" in said.err
    assert "hint: " in said.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing.html"], "file-missing"),
        (["."], "file-unreadable"),
        ([str(PAGE), "--url", "ftp://x.example/"], "url-scheme"),
        ([str(PAGE), "--url", "https://"], "url-no-host"),
    ],
)
def test_a_question_that_cannot_be_asked(call: Call, arguments: list[str], code: str) -> None:
    said = call("clean", *arguments)
    assert (said.code, said.out) == (2, "")
    assert f"[{code}]" in said.err


def ask(question: Any) -> dict[str, Any]:
    return answer(json.dumps(question))


def test_an_answer_holds_the_article_under_the_id() -> None:
    given = ask({"id": 7, "html": PAGE.read_text(), "url": URL})
    assert list(given) == ["id", "article"]
    assert given["id"] == 7
    assert given["article"]["text"] == TEXT
    given = ask({"id": None, "text": TEXT})
    assert given["id"] is None
    assert given["article"]["text"] == TEXT


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"id": 1, "html": ""}, "empty-page"),
        ({"id": 1, "text": "a road \ud800 and nothing on it"}, "not-an-article"),
        ({"id": 1, "html": "x" * (17 * 2**20)}, "text-too-large"),
        ({"id": 1}, "wrong-shape"),
        ({"id": 1, "html": "a", "text": "b"}, "wrong-shape"),
        ({"id": 1, "html": 1}, "wrong-shape"),
        ({"id": 1, "html": "a", "url": 1}, "wrong-shape"),
        ({"id": 1, "html": "a", "url": "ftp://x.example/"}, "url-scheme"),
        ({"id": 1, "html": "a", "url": "https://u:p@x.example/"}, "url-credentials"),
    ],
)
def test_a_refusal_holds_code_and_hint_under_the_id(question: dict[str, Any], code: str) -> None:
    given = ask(question)
    assert list(given) == ["id", "rejected"]
    assert given["id"] == 1
    assert given["rejected"]["code"] == code
    assert list(given["rejected"]) == ["code", "hint"]
    assert given["rejected"]["hint"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "malformed-json"),
        ("[" * 100_000, "malformed-json"),
        ("[]", "wrong-shape"),
        ("1", "wrong-shape"),
        ("null", "wrong-shape"),
        ('{"html": "a"}', "wrong-shape"),
    ],
)
def test_a_line_that_is_no_question_is_answered_too(line: str, code: str) -> None:
    given = answer(line)
    assert (given["id"], given["rejected"]["code"]) == (None, code)


def test_many_pages_by_lines(call: Call, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    asked = [
        json.dumps({"id": "a", "html": PAGE.read_text()}).encode(),
        b"nonsense",
        b"",
        b'{"id": "\xff", "text": ""}',
        json.dumps({"id": "b", "text": TEXT}).encode(),
    ]
    questions.write_bytes(b"\n".join(asked))
    said = call("clean", questions, "--jsonl", "--workers", "2")
    assert (said.code, said.err) == (0, "")
    given = [json.loads(line) for line in said.out.splitlines()]
    assert [(one["id"], *list(one)[1:]) for one in given] == [
        ("a", "article"),
        (None, "line", "rejected"),
        ("\ufffd", "line", "rejected"),
        ("b", "article"),
    ]
    assert [one["line"] for one in given if "line" in one] == [2, 4]
    assert given[0]["article"]["text"] == given[3]["article"]["text"] == TEXT
