"""`claimstream extract`: one text, or many by JSON lines."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from claimstream.cli.extract import answer
from shared.contracts.events import ExtractedClaim
from tests.command import Call

TEXT = "“The bridge is safe,” engineer Ada Brandt said on Monday.\n\nNobody asked who had built it."
LEDGER = {"claim_id", "epoch", "revision", "change", "cause", "changed", "first_seen", "changed_at"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    return path


def check(claims: list[dict[str, Any]], text: str) -> None:
    """Claims as in the contracts, with spans that re-slice, without the ledger's fields."""
    assert claims
    for number, claim in enumerate(claims, 1):
        ExtractedClaim.model_validate(claim)
        assert claim["n"] == number
        assert not LEDGER & claim.keys()
        for part in ("content", "cue", "source"):
            sliced = " ".join(text[start:end] for start, end in claim[part]["spans"])
            assert sliced == claim[part]["text"]


def test_a_text_gives_its_claims(call: Call, file: Path) -> None:
    said = call("extract", file, "--publisher", "The Courier")
    assert (said.code, said.err) == (0, "")
    claims = json.loads(said.out)["claims"]
    check(claims, TEXT)
    assert claims[0]["content"]["text"] == "“The bridge is safe,”"
    assert claims[0]["source"]["name"] == "Ada Brandt"
    assert claims[0]["chain"][0]["name"] == "The Courier"


def test_a_text_from_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    check(json.loads(call("extract", "-").out)["claims"], TEXT)


def test_a_language_without_an_extractor_is_skipped_with_a_code(call: Call, file: Path) -> None:
    found = json.loads(call("extract", file, "--language", "fi").out)
    assert found["claims"] == []
    assert found["skipped"]["code"] == "no-extractor"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "not-text"),
        (b"\x00\x01 a program", "not-text"),
        (b"", "file-empty"),
        (b"\xef\xbb\xbf \n", "file-empty"),
        (b"a" * (4 * 2**20 + 1), "page-too-large"),
    ],
)
def test_what_is_no_text_is_said(call: Call, file: Path, content: bytes, code: str) -> None:
    file.write_bytes(content)
    said = call("extract", file)
    assert (said.code, said.out) == (2, "")
    assert str(file) in said.err
    assert f"[{code}]" in said.err


@pytest.mark.parametrize(
    ("content", "what", "hint"),
    [
        ("<!DOCTYPE html><html><p>“No,” she said.</p>", "HTML", "clean --text"),
        ("\ufeff\n <!-- cached -->\n<div class=a>“No,” she said.</div>", "HTML", "clean --text"),
        ('<?xml version="1.0"?><html><p>“No,” she said.</p>', "HTML", "clean --text"),
        ('<?xml version="1.0"?>\n<rss version="2.0"><channel></channel></rss>', "a feed", "ingest"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "a feed", "ingest"),
        ('[{"id": 1, "text": "“No,” she said."}]', "JSON", "--jsonl"),
        ('{"id": 1, "text": "“No,” she said."}\n{"id": 2, "text": ""}\n', "JSON", "--jsonl"),
        (json.dumps({"text": TEXT}, indent=2), "JSON", "clean --text"),
    ],
)
def test_a_page_or_json_is_not_read_as_a_text(
    call: Call, file: Path, content: str, what: str, hint: str
) -> None:
    file.write_text(content)
    said = call("extract", file)
    assert (said.code, said.out) == (2, "")
    assert f"{file} is {what}, not a text [not-text]" in said.err
    assert hint in said.err


@pytest.mark.parametrize(
    "begin",
    [
        "The tag <p> begins a paragraph. ",
        "{Laughter} ",
        "[Laughter] ",
        "[1] ",
        "{\n",
        "< 5 per cent: ",
        "{1} {2} ",
    ],
)
def test_a_text_that_speaks_of_markup_is_a_text(call: Call, file: Path, begin: str) -> None:
    file.write_text(begin + TEXT)
    said = call("extract", file)
    assert (said.code, said.err) == (0, "")


def ask(question: Any) -> dict[str, Any]:
    return answer(json.dumps(question))


def test_an_answer_holds_the_claims_under_the_id() -> None:
    given = ask(
        {
            "id": "x",
            "text": TEXT,
            "language": "en",
            "title": "The bridge",
            "published_at": "2026-01-31",
            "publisher": "The Courier",
        }
    )
    assert list(given) == ["id", "claims"]
    assert given["id"] == "x"
    check(given["claims"], TEXT)
    assert ask({"id": 0, "text": ""}) == {"id": 0, "claims": []}
    assert list(ask({"id": 0, "text": TEXT, "language": None, "title": None})) == ["id", "claims"]


def test_spans_of_a_text_in_another_form_are_of_the_text_that_is_given_back() -> None:
    given = ask({"id": 1, "text": TEXT.replace("\n\n", "\r\n\r\n\r\n")})
    assert given["text"] == TEXT
    check(given["claims"], given["text"])
    given = ask({"id": 1, "text": TEXT.replace("Nobody", "\ud800")})
    check(given["claims"], given["text"])


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"id": 1}, "wrong-shape"),
        ({"id": 1, "text": 1}, "wrong-shape"),
        ({"id": 1, "text": "a", "title": []}, "wrong-shape"),
        ({"id": 1, "text": "a", "published_at": 2026}, "wrong-shape"),
        ({"id": 1, "text": "a" * (4 * 2**20 + 1)}, "text-too-large"),
    ],
)
def test_a_refusal_holds_code_and_hint_under_the_id(question: dict[str, Any], code: str) -> None:
    given = ask(question)
    assert given["id"] == 1
    assert given["rejected"]["code"] == code
    assert given["rejected"]["hint"]


@pytest.mark.parametrize(
    ("line", "code"), [("{", "malformed-json"), ("[]", "wrong-shape"), ('{"text": "a"}', "wrong-shape")]
)
def test_a_line_that_is_no_question_is_answered_too(line: str, code: str) -> None:
    given = answer(line)
    assert (given["id"], given["rejected"]["code"]) == (None, code)


def test_many_texts_by_lines(call: Call, file: Path) -> None:
    file.write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in range(20)) + "x")
    said = call("extract", file, "--jsonl", "--workers", "2")
    given = [json.loads(line) for line in said.out.splitlines()]
    assert [one["id"] for one in given] == [*range(20), None]
    assert all(one["claims"] == given[0]["claims"] for one in given[:20])


def test_explain_shows_the_text_with_its_claims_marked_and_who_found_them(call: Call, file: Path) -> None:
    said = call(
        "extract", file, "--explain", "--title", "Bridge Safe, Engineer Says", "--publisher", "The Courier"
    )
    assert (said.code, said.err) == (0, "")
    assert "⟦2 “The bridge is safe,” 2⟧ {2 engineer Ada Brandt 2} ⟨2 said 2⟩ on Monday." in said.out
    assert "Nobody asked who had built it." in said.out
    assert "(rule behind)" in said.out
    assert "(headline)" in said.out
    assert "repeats 2 (inferred" in said.out
    assert "The Courier (publisher) → Ada Brandt (origin)" in said.out


def test_explain_by_itself_is_not_json_and_html_writes_a_page(call: Call, file: Path, tmp_path: Path) -> None:
    written = tmp_path / "page.html"
    said = call("extract", file, "--html", written, "--published-at", "2026-03-05")
    assert (said.code, said.out, said.err) == (0, f"{written}: claims 1\n", "")
    assert written.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--explain", "--jsonl"], "usage"),
        (["--explain", "--language", "fi"], "no-extractor"),
        (["--html", "/nowhere/at/all.html"], "file-unwritable"),
        (["--published-at", "Sunday"], "usage"),
    ],
)
def test_what_cannot_be_explained_is_said(call: Call, file: Path, options: list[str], code: str) -> None:
    said = call("extract", file, *options)
    assert (said.code, said.out) == (2, "")
    assert f"[{code}]" in said.err


def test_a_text_behind_many_comments_comes_back(call: Call, tmp_path: Path) -> None:
    """A pattern that tries again from every end of every comment would take years."""
    path = tmp_path / "text.txt"
    path.write_text("<!---->" * 60 + " " * 60_000 + TEXT)
    assert call("extract", str(path)).code == 0
