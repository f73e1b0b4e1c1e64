"""docs/errors.md is what the source gives, and has every code that anything in it says."""

from __future__ import annotations

import re
from pathlib import Path

from claimstream.error_codes import collect
from claimstream.errors_page import PAGE, SECTIONS, page

ROOT = Path(__file__).parents[2]
ROW = re.compile(r'^\| <a id="([a-z0-9-]+)"></a>`\1` \| (.+) \| (.+) \| (.+) \|$', re.MULTILINE)
# The ways in which the source says a code; looked for in its text, not in its syntax as the page's writer does.
SAID = re.compile(
    r'(?:\bcode(?:: str)? ?= ?|\b(?:Dead|Reject|refuse|UrlRefused|_reject)\(\s*|_reject\(turn, )"([a-z][a-z0-9-]*)"'
)


def test_the_committed_page_is_what_the_source_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make schemas` and commit docs/errors.md"


def test_every_code_that_the_source_says_is_on_the_page() -> None:
    on_the_page = {code for code, *_ in ROW.findall(page())}
    said = {
        code: path.relative_to(ROOT).as_posix()
        for package in ("shared", "services", "claimstream")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "example_records.py"
        for code in SAID.findall(path.read_text(encoding="utf-8"))
    }
    assert len(said) > 80
    assert {code: where for code, where in said.items() if code not in on_the_page} == {}


def test_each_code_is_there_once_and_says_what_happened_and_what_to_do() -> None:
    rows = ROW.findall(page())
    codes = [code for code, *_ in rows]
    assert sorted(codes) == sorted(collect())
    assert len(set(codes)) == len(codes)
    vague = [code for code, meaning, hint, _ in rows if len(meaning) < 8 or len(hint) < 8]
    assert vague == []
    assert page().count("\n## ") == len(SECTIONS)
