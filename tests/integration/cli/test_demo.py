"""What a newcomer sees first, and what the commands say of the database that it leaves."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from typing import Any

from tests.command import Call
from tests.integration.cli.conftest import Demo

ACCOUNT = "in 13 = stored 11 + duplicate 1 + rejected 1 + open 0; unexplained 0"


def test_the_demo_shows_claims_the_account_and_what_to_type_next(demo_run: Demo, call: Call) -> None:
    assert demo_run.code == 0
    assert ACCOUNT in demo_run.said
    assert "\x1b" not in demo_run.said  # it was written to a file
    for mark in "+~-":
        assert re.search(rf"^\{mark} [0-9a-f]{{8}}  ", demo_run.said, re.MULTILINE)
    assert "(The Tarnholm Courier)" in demo_run.said

    typed = re.findall(r"^  (?:python -m )?claimstream (.*)$", demo_run.said.split("Next:")[1], re.MULTILINE)
    assert [line.split()[0] for line in typed] == ["why", "status", "fate", "ingest"]
    for line in typed[:3]:
        assert call(*shlex.split(line)).code == 0, line


def test_out_holds_every_revision_that_was_shown(demo_run: Demo) -> None:
    shown = re.findall(r"^[+~-] ([0-9a-f]{8})  ", demo_run.said, re.MULTILINE)
    written = [json.loads(line)["claim_id"][:8] for line in demo_run.claims.read_text().splitlines()]
    assert written == shown


def test_status_says_stages_and_account(demo_run: Demo, call: Call) -> None:
    said = call("status", "--db", demo_run.db)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[-1] == ACCOUNT
    assert lines[-2] == "submissions 13 = opened 13 + joined 0 + undecodable 0"
    assert re.search(r"^  cleaner\.pages +in 13, out 12, lag 0$", said.out, re.MULTILINE)
    assert re.search(r"^! feed .*\[feed-is-html\]", said.out, re.MULTILINE)


def test_status_of_a_time(demo_run: Demo, call: Call) -> None:
    assert call("status", "--db", demo_run.db, "--since", "1h").out.splitlines()[-1] == ACCOUNT
    said = call("status", "--db", demo_run.db, "--since", "2099-01-01")
    assert said.out.splitlines()[-1] == "in 0 = open 0; unexplained 0"


def test_status_as_json(demo_run: Demo, call: Call) -> None:
    found = json.loads(call("status", "--db", demo_run.db, "--json").out)
    assert (found["visits"], found["open"], found["unexplained"]) == (13, 0, [])
    assert found["fates"] == {"stored": 11, "duplicate": 1, "rejected": 1}
    assert found["submissions"] == {"opened": 13, "joined": 0, "undecodable": 0}
    assert found["store"]["articles"] == 10


def one_span(demo: Demo) -> dict[str, Any]:
    """A claim whose words stand in one piece, of an article that was never edited."""
    claims: list[dict[str, Any]] = [json.loads(line) for line in demo.claims.read_text().splitlines()]
    return next(
        claim
        for claim in claims
        if len(claim["content"]["spans"]) == 1
        and "in" not in claim["content"]  # a headline's words are not in the text
        and "school-meals" not in claim["article"]["url"]
    )


def change(demo: Demo, statement: str, *values: Any) -> None:
    connection = sqlite3.connect(demo.db)
    with connection:
        connection.execute(statement, values)
    connection.close()


def test_a_visit_whose_fate_never_came_is_unexplained_until_it_is_closed(demo: Demo, call: Call) -> None:
    change(
        demo,
        "UPDATE fetcher_visits SET fate = NULL, state = 'sent', sent_at = sent_at - 7200000000,"
        " closed_at = NULL WHERE url LIKE '%vineyard-frost%'",
    )
    said = call("status", "--db", demo.db)
    assert said.code == 1
    assert "in 13 = stored 10 + duplicate 1 + rejected 1 + open 1; unexplained 1" in said.out
    (visit,) = re.findall(r"^! unexplained visit (\S+): claimstream fate", said.out, re.MULTILINE)
    assert call("status", "--db", demo.db, "--unexplained-after", "3h").code == 0

    closed = call("fate", visit, "--close", "--db", demo.db)
    assert closed.code == 0
    assert f"closed as dead [lost]: visit {visit}" in closed.out
    said = call("status", "--db", demo.db)
    assert said.code == 0
    assert said.out.splitlines()[-1].endswith("dead 1 + open 0; unexplained 0")
    again = call("fate", visit, "--close", "--db", demo.db)
    assert again.code == 2
    assert f"claimstream: no visit of {visit} is open [nothing-open]" in again.err


def test_fate_tells_the_way_of_a_page_by_url_and_visit(demo_run: Demo, call: Call) -> None:
    (url,) = set(re.findall(r"http://\S+/subscribe", demo_run.said))
    said = call("fate", url, "--db", demo_run.db)
    assert said.code == 0
    assert "rejected (login-page), said by the cleaner" in said.out
    assert "hint" in said.out
    found = json.loads(call("fate", url, "--json", "--db", demo_run.db).out)
    assert (found["fate"], found["code"]) == ("rejected", "login-page")
    assert call("fate", found["visit_id"], "--db", demo_run.db).out == said.out

    unknown = call("fate", "https://nobody.example/", "--db", demo_run.db)
    assert unknown.code == 2
    assert "[url-unknown]" in unknown.err


def test_why_leads_from_the_words_to_the_bytes_and_verifies(demo_run: Demo, call: Call) -> None:
    claim = one_span(demo_run)
    said = call("why", claim["claim_id"], "--db", demo_run.db)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "verified"
    for shown in (
        "⟦" + claim["content"]["text"] + "⟧",
        claim["article"]["version"],
        claim["article"]["page_sha256"],
        claim["article"]["url"],
        claim["article"]["observed_at"],
        claim["extractor"]["name"],
        claim["extractor"]["version"],
        str(claim["extractor"]["model"]),
    ):
        assert shown in said.out
    short = call("why", claim["claim_id"][:13], "--db", demo_run.db)
    assert short.out == said.out
    found = json.loads(call("why", claim["claim_id"], "--json", "--db", demo_run.db).out)
    assert found["verified"] is True
    assert found["claim"]["claim_id"] == claim["claim_id"]
    assert found["page"]["page_sha256"] == claim["article"]["page_sha256"]


def test_why_does_not_verify_what_was_tampered_with(demo: Demo, call: Call) -> None:
    claim = one_span(demo)
    words = claim["content"]["text"]
    change(
        demo,
        "UPDATE store_article_version SET text = replace(text, ?, ?)",
        words,
        words.upper(),
    )
    said = call("why", claim["claim_id"], "--db", demo.db)
    assert said.code == 1
    assert "NOT VERIFIED" in said.out.splitlines()[-1]
    assert "FAILED  content" in said.out
    assert "FAILED  text " in said.out
    assert json.loads(call("why", claim["claim_id"], "--json", "--db", demo.db).out)["verified"] is False


def test_a_claim_that_nobody_made(demo_run: Demo, call: Call) -> None:
    for wanted in ("abc", "zzzzzzzz", "00000000-0000-0000-0000-000000000000"):
        said = call("why", wanted, "--db", demo_run.db)
        assert said.code == 2
        assert "[claim-unknown]" in said.err


def test_feeds_are_listed_with_how_their_last_poll_went(demo: Demo, call: Call) -> None:
    said = call("feeds", "list", "--db", demo.db)
    assert len(said.out.splitlines()) == 4
    assert re.search(r"^failing  http\S+/feeds/sport\.xml  .*\[feed-is-html\]", said.out, re.MULTILINE)
    added = call("feeds", "add", "https://news.example/rss", "--every", "2h", "--db", demo.db)
    first, hint = added.out.splitlines()
    assert first == "added  https://news.example/rss  every 2h"
    assert f"claimstream ingest --db {demo.db} " in hint
    again = call("feeds", "add", "HTTPS://news.example/rss", "--db", demo.db)
    assert again.out.startswith("known  https://news.example/rss")
    listed = [json.loads(line) for line in call("feeds", "list", "--json", "--db", demo.db).out.splitlines()]
    assert "https://news.example/rss" in [feed["url"] for feed in listed]


def test_a_feed_that_cannot_be_added(demo: Demo, call: Call) -> None:
    for arguments, code in (
        (["ftp://news.example/rss"], "url-scheme"),
        (["https://news.example/rss", "--every", "often"], "usage"),
        (["https://news.example/rss", "--every", "1s"], "usage"),
    ):
        said = call("feeds", "add", *arguments, "--db", demo.db)
        assert (said.code, said.out) == (2, "")
        assert f"[{code}]" in said.err


def test_nothing_is_dead(demo_run: Demo, call: Call) -> None:
    assert call("dead", "ls", "--db", demo_run.db).out == "no dead letters\n"
    assert call("dead", "ls", "--json", "--db", demo_run.db).out == ""
    assert call("dead", "redrive", "--db", demo_run.db).out == "redriven 0, refused 0\n"
    said = call("dead", "show", "pages!cleaner:1", "--db", demo_run.db)
    assert said.code == 2
    assert "[letter-unknown]" in said.err


def test_migrate_twice_is_once(demo: Demo, call: Call) -> None:
    said = call("migrate", "--db", demo.db)
    assert said.code == 0
    assert said.out.count("migrated") == 3
    assert call("status", "--db", demo.db).out.splitlines()[-1] == ACCOUNT
