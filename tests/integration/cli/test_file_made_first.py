"""A database that another command than `ingest` makes first: what it says of it, and what `ingest` does with it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from claimstream.sample import SampleSite
from tests.command import LOOPBACK, Call


def test_migrate_says_what_it_made(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("migrate")
    assert said.code == 0
    assert "made     claimstream.db: one SQLite file for all services" in said.out
    assert (
        "for PostgreSQL set CLAIMSTREAM_FETCHER_DATABASE_URL and CLAIMSTREAM_STORE_DATABASE_URL" in said.out
    )
    assert "made " not in call("migrate").out


def test_a_lost_broker_is_forgotten_by_a_database_that_holds_nothing_of_it(
    call: Call, tmp_path: Path
) -> None:
    db = tmp_path / "claimstream.db"
    assert call("migrate", "--db", db).code == 0
    said = call("topics", "forget", "--db", db)
    assert said.code == 0
    assert said.out.splitlines() == [
        "forgot   offsets of 0 submissions and 0 published revisions",
        "queued   0 visits again: what was fetched for them stood in Kafka alone",
    ]


def test_feeds_that_were_added_are_polled_when_they_are_due(
    call: Call, site: SampleSite, tmp_path: Path
) -> None:
    db, feed = tmp_path / "claimstream.db", site.feed_urls["dispatch"]
    added = call("feeds", "add", feed, "--every", "2h", "--db", db)
    assert f"claimstream ingest --db {db} --contact YOU polls what is due" in added.out

    offline = call("ingest", "--db", db)
    assert offline.code == 0
    assert "feeds that are due to be polled: 1; run this again with --contact" in offline.out
    assert site.requests == []

    first = call("ingest", "--db", db, *LOOPBACK)
    assert first.code == 0
    (listed,) = [json.loads(line) for line in call("feeds", "list", "--json", "--db", db).out.splitlines()]
    assert listed["state"] == "ok"
    assert listed["entries"] > 0
    assert listed["every"] == 7200.0, "a poll leaves the interval as it was added"

    asked = len(site.requests)
    call("ingest", "--db", db, *LOOPBACK)
    assert len(site.requests) == asked, "it was polled less than its interval ago"

    connection = sqlite3.connect(db)
    with connection:
        connection.execute("UPDATE fetcher_feeds SET polled_at = polled_at - 7200000000")
    connection.close()
    call("ingest", "--db", db, *LOOPBACK)
    assert len(site.requests) > asked
