"""`claimstream ingest`: files, URLs and feeds in one process; what cannot be taken, and what is taken twice."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from claimstream import oneprocess
from claimstream.local import sole_user
from claimstream.sample import SampleSite, load_truth
from shared.pipeline.memory import MemoryTransport
from tests.command import LOOPBACK, Call, Said

TEXT = (
    "The old bridge over the Arve stays closed until spring.\n\n"
    "“The bridge is safe, but nobody should have to trust my word for it,” engineer Ada Brandt said on Monday.\n\n"
    "The council had asked for a second opinion after cracks were found in the northern pier in October. "
    "Two firms will look at it before the end of the year, and their reports are to be made public."
)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(TEXT)
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "claimstream.db"


def account(said: Said) -> str:
    (line,) = [line for line in (said.out + said.err).splitlines() if line.startswith("in ")]
    return line


def test_a_file_gives_its_claims_and_the_same_file_is_read_once(call: Call, text: Path, db: Path) -> None:
    out = text.with_name("claims.jsonl")
    said = call("ingest", text, "--db", db, "--out", out)
    assert (said.code, said.err) == (0, "")
    assert (
        "“The bridge is safe, but nobody should have to trust my word for it,” — engineer Ada Brandt"
        in said.out
    )
    assert account(said) == "in 1 = stored 1 + open 0; unexplained 0"
    assert "claimstream why " in said.out
    (claim,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert claim["article"]["url"].startswith("urn:sha256:")

    again = call("ingest", text, "--db", db, "--out", out)
    assert again.code == 0
    assert again.err == f"{text}: read before, nothing to do\n"
    assert account(again) == "in 1 = stored 1 + open 0; unexplained 0"
    assert len(out.read_text().splitlines()) == 1

    fate = call("fate", text, "--db", db)
    assert fate.code == 0
    assert "stored, said by the store" in fate.out
    assert fate.out.splitlines()[0] == f"{text}  {claim['article']['url']}"
    assert json.loads(call("fate", claim["article"]["url"], "--json", "--db", db).out)["file"] == str(text)

    other = text.with_name("other.txt")
    other.write_text("Another text.")
    unknown = call("fate", other, "--db", db)
    assert unknown.code == 2
    assert f"the account knows nothing of {other} (urn:sha256:" in unknown.err


def test_json_prints_claims_alone_on_standard_output(call: Call, text: Path, db: Path) -> None:
    said = call("ingest", text, "--db", db, "--json", "--url", "https://news.example/bridge")
    (claim,) = [json.loads(line) for line in said.out.splitlines()]
    assert claim["article"]["url"] == "https://news.example/bridge"
    assert account(said) == "in 1 = stored 1 + open 0; unexplained 0"


def test_an_edited_file_under_its_url_amends_its_claim(call: Call, text: Path, db: Path) -> None:
    url = "https://news.example/bridge"
    call("ingest", text, "--db", db, "--url", url)
    text.write_text(TEXT.replace("The bridge is safe,", "The bridge is quite safe,"))
    said = call("ingest", text, "--db", db, "--url", url)
    assert "[content changed]" in said.out
    assert account(said) == "in 2 = stored 2 + open 0; unexplained 0"


def test_what_holds_no_article_is_named_with_the_reason_and_accounted_for(
    call: Call, tmp_path: Path, text: Path, db: Path
) -> None:
    binary, list_page = tmp_path / "photo.dat", tmp_path / "short.html"
    binary.write_bytes(bytes(range(256)) * 20)
    list_page.write_text("<p>hello")
    said = call("ingest", binary, list_page, text, "--db", db)
    assert said.code == 0
    assert f"! rejected  {binary}  [not-text]" in said.err
    assert f"! rejected  {list_page}  [not-an-article]" in said.err
    assert account(said) == "in 3 = stored 1 + rejected 2 + open 0; unexplained 0"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (["missing.html"], "file-missing"),
        (["empty.html"], "file-empty"),
        (["."], "file-unreadable"),
        (["large.html"], "page-too-large"),
        (["feed.xml"], "feed-is-html"),
        (["ftp://news.example/a"], "url-scheme"),
        (["https://u:p@news.example/a"], "url-credentials"),
        (["https://news.example/\x01"], "url-control-character"),
        (["https://news.example/" + "a" * 10_000], "url-too-long"),
        (["https://news.example/a"], "contact-missing"),
        (["https://news.example/a", "--contact", "x\ny"], "contact-missing"),
        (["bridge.txt", "--url", "nonsense:"], "url-scheme"),
        (["bridge.txt", "--allow-network", "all of them"], "settings-invalid"),
        (["bridge.txt", "--out", "."], "file-unwritable"),
        ([], "usage"),
    ],
)
def test_a_question_that_cannot_be_asked_opens_nothing(
    call: Call, text: Path, db: Path, monkeypatch: pytest.MonkeyPatch, named: list[str], code: str
) -> None:
    monkeypatch.chdir(text.parent)
    Path("empty.html").touch()
    Path("large.html").write_bytes(b" " * (50 * 2**20))
    Path("feed.xml").write_text("<!doctype html><html><body>No feed")
    said = call("ingest", *named, "--db", db)
    assert (said.code, said.out) == (2, "")
    assert f"[{code}]" in said.err
    assert len(said.err.splitlines()) == 2
    if db.exists():
        assert account(call("status", "--db", db)) == "in 0 = open 0; unexplained 0"


def test_a_database_of_another_program_is_left_alone(call: Call, text: Path, tmp_path: Path) -> None:
    other, note = tmp_path / "other.db", tmp_path / "note.db"
    connection = sqlite3.connect(other)
    with connection:
        connection.execute("CREATE TABLE diary (entry TEXT)")
    connection.close()
    note.write_text("not a database, a note\n" * 100)
    for path in (other, note):
        before = path.read_bytes()
        for arguments in (["ingest", text], ["status"], ["why", "abcd1234"], ["migrate"], ["feeds", "list"]):
            said = call(*arguments, "--db", path)
            assert said.code == 2, arguments
            assert "[not-our-database]" in said.err
            assert str(path) in said.err
        assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bridge.txt", "note.db", "other.db"]


def test_a_database_in_use_is_not_taken_over(call: Call, text: Path, db: Path) -> None:
    with sole_user(db):
        said = call("ingest", text, "--db", db)
    assert said.code == 2
    assert "[database-in-use]" in said.err
    assert call("ingest", text, "--db", db).code == 0


def test_a_database_where_nothing_can_be_written(call: Call, text: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "x.db", tmp_path, Path()):
        said = call("ingest", text, "--db", path)
        assert (said.code, said.out, "[file-unwritable]" in said.err) == (2, "", True)


@pytest.mark.parametrize("arguments", [["status"], ["why", "abcd1234"], ["fate", "x"], ["feeds", "list"]])
def test_a_database_that_is_not_there_is_not_made(call: Call, db: Path, arguments: list[str]) -> None:
    said = call(*arguments, "--db", db)
    assert said.code == 2
    assert "[file-missing]" in said.err
    assert not db.exists()
    db.touch()
    said = call(*arguments, "--db", db)
    assert said.code == 1
    assert "[schema-missing]" in said.err


def test_a_page_and_a_feed_are_fetched(call: Call, site: SampleSite, db: Path) -> None:
    out = db.with_name("claims.jsonl")
    article = next(one for one in load_truth().values() if one.outlet == "dispatch")
    page = site.url(article.outlet, article.path)
    said = call("ingest", page, "--db", db, "--out", out, *LOOPBACK)
    assert said.code == 0
    assert account(said) == "in 1 = stored 1 + open 0; unexplained 0"
    contents = [json.loads(line)["content"]["text"] for line in out.read_text().splitlines()]
    assert {quoted.content.text for quoted in article.quotations} <= set(contents)

    # The feed names the same page within the hour: its submission joins that visit.
    said = call("ingest", site.feed_urls["dispatch"], "--db", db, *LOOPBACK)
    assert said.code == 0
    status = call("status", "--db", db)
    assert "joined 1" in status.out
    assert account(status).endswith("open 0; unexplained 0")
    assert site.overlaps() == []


def test_a_feed_that_is_none_fails_and_says_why(call: Call, site: SampleSite, db: Path) -> None:
    said = call("ingest", site.feed_urls["broken"], "--db", db, *LOOPBACK)
    assert said.code == 1
    assert f"! feed      {site.feed_urls['broken']}  [feed-is-html]" in said.err
    assert account(said) == "in 0 = open 0; unexplained 0"


def test_pages_that_cannot_be_had_have_a_fate_with_a_code(
    call: Call, site: SampleSite, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMSTREAM_FETCHER_TRIES", "1")
    missing, away = site.url("courier", "/none"), "http://127.0.0.1:9/x"
    inside = "http://192.168.0.1/router"
    said = call("ingest", missing, away, inside, "--db", db, *LOOPBACK)
    assert said.code == 0
    assert account(said) == "in 3 = rejected 3 + open 0; unexplained 0"
    assert f"! rejected  {missing}" in said.err
    assert f"! rejected  {inside}  [address-blocked]" in said.err


def rows(db: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(db)
    with connection:
        found = connection.execute(statement).fetchall()
    connection.close()
    return found


def interrupted(db: Path) -> None:
    """As if the run that read everything in it had been killed while the pages were under way."""
    rows(
        db,
        "UPDATE fetcher_visits SET fate = NULL, state = 'sent', closed_at = NULL, code = NULL, hint = NULL",
    )
    rows(db, "DELETE FROM fetcher_fates")


def test_an_interrupted_file_is_read_again_under_its_visit(call: Call, text: Path, db: Path) -> None:
    call("ingest", text, "--db", db)
    (before,) = rows(db, "SELECT visit_id FROM fetcher_visits")
    interrupted(db)
    said = call("ingest", "--db", db)
    assert said.code == 0
    assert account(said) in (
        "in 1 = stored 1 + open 0; unexplained 0",
        "in 1 = unchanged 1 + open 0; unexplained 0",
    )
    assert rows(db, "SELECT visit_id FROM fetcher_visits") == [before]


@pytest.mark.parametrize(("then", "code"), [(None, "file-missing"), ("something else", "file-changed")])
def test_an_interrupted_file_that_is_gone_or_another_has_an_end(
    call: Call, text: Path, db: Path, then: str | None, code: str
) -> None:
    call("ingest", text, "--db", db)
    interrupted(db)
    if then is None:
        text.unlink()
    else:
        text.write_text(then)
    said = call("ingest", "--db", db)
    assert said.code == 0
    assert f"[{code}]" in said.err
    assert account(said) == "in 1 = dead 1 + open 0; unexplained 0"
    text.write_text(TEXT)
    # The store knows the text from before the interruption that was made up.
    assert account(call("ingest", text, "--db", db)) == "in 2 = unchanged 1 + dead 1 + open 0; unexplained 0"


def test_files_do_not_wait_for_urls_that_an_earlier_run_left(
    call: Call, site: SampleSite, text: Path, db: Path
) -> None:
    missing = site.url("courier", "/none")
    call("ingest", missing, "--db", db, *LOOPBACK)
    assert "queued again" in call("fate", missing, "--refetch", "--db", db).out
    said = call("ingest", text, "--db", db)
    assert said.code == 0
    assert account(said) == "in 3 = stored 1 + rejected 1 + open 1; unexplained 0"
    assert "1 visits of an earlier run wait to be fetched" in said.out
    assert (
        account(call("ingest", "--db", db, *LOOPBACK))
        == "in 3 = stored 1 + rejected 2 + open 0; unexplained 0"
    )


def test_a_visit_that_was_lost_on_the_way_ends_the_run_as_unexplained(
    call: Call, text: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drop(_self: Any, _records: Any) -> None:
        """Loses what it is given."""

    monkeypatch.setattr(oneprocess, "LOST_SECONDS", 0.5)
    monkeypatch.setattr(MemoryTransport, "send", drop)
    said = call("ingest", text, "--db", db)
    assert said.code == 1
    assert account(said) == "in 1 = open 1; unexplained 1"
    assert "! unexplained visit " in said.out
    monkeypatch.undo()
    assert account(call("ingest", text, "--db", db)) == "in 1 = stored 1 + open 0; unexplained 0"
