"""What the docs for people outside name is there: files, topics, headers, codes, variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.cleaner.rejections import NotAnArticle, Rejected
from services.fetcher.crawl.manners import HINTS as OF_MANNERS
from services.fetcher.http.outcomes import Code
from shared.contracts.canonical import _HINTS as OF_URLS
from shared.contracts.enums import Cause, Change, Fate
from shared.topics_file import load_topics

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.md"), ROOT / "README.md"])
SUBMIT, CONSUME = ((ROOT / "docs" / name).read_text() for name in ("submit.md", "consume.md"))
REJECTED = (*Rejected.__subclasses__(), *NotAnArticle.__subclasses__())
OUR_CODES = {kind.code for kind in REJECTED} | {str(code) for code in Code}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_of_the_docs_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_codes_and_fates_of_the_submitters_page_are_ours() -> None:
    fates = SUBMIT.split("## What comes of it")[1].split("\n\n")
    table = next(part for part in fates if part.startswith("| fate |"))
    assert set(re.findall(r"^\| `([a-z]+)`", table, re.MULTILINE)) == {fate.value for fate in Fate} - {
        "other"
    }
    codes = SUBMIT.split("| code | do |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+|deadline)`", codes))
    assert named
    assert named <= OUR_CODES | set(OF_MANNERS) | set(OF_URLS)


def test_topics_and_changes_that_the_pages_name_are_ours() -> None:
    names = load_topics(routes=["<route>"])
    for short in re.findall(r"claimstream\.([a-z.<>]+)\.v1\b", SUBMIT + CONSUME):
        assert short in names
    for change in re.findall(r"`change: ([a-z]+)`", CONSUME):
        assert change in {known.value for known in Change}
    for cause in re.findall(r"`cause: ([a-z_]+)`", CONSUME):
        assert cause in {known.value for known in Cause}


def test_every_variable_of_the_examples_is_read_by_each_language() -> None:
    page = (ROOT / "examples" / "README.md").read_text()
    named = {name.removeprefix("CLAIMSTREAM_") for name in re.findall(r"`(CLAIMSTREAM_[A-Z_]+)`", page)}
    assert len(named) > 5
    for folder, without in (("python", set()), ("node", set()), ("go", {"GROUP"})):
        sources = [
            *(ROOT / "examples" / folder).glob("connection.*"),
            *(ROOT / "examples" / folder).glob("article.*"),
        ]
        code = "".join(path.read_text() for path in sources)
        assert {name for name in named if name in code} == named - without


def test_the_examples_versions_are_those_that_the_tests_run() -> None:
    wanted = (ROOT / "examples" / "python" / "requirements.txt").read_text()
    installed = (ROOT / "requirements" / "all.txt").read_text()
    pins = re.findall(r"^[a-z-]+==\S+$", wanted, re.MULTILINE)
    assert len(pins) == 3
    for pin in pins:
        assert f"{pin} \\" in installed


def test_lock_files_name_no_registry() -> None:
    lock = (ROOT / "examples" / "node" / "package-lock.json").read_text()
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
