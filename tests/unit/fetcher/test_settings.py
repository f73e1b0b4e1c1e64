"""What an operator may write, and what is refused with a word on why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.fetcher.app import build
from services.fetcher.feeds.feeds_file import FeedSource, load_feeds
from services.fetcher.frontier.revisits import next_revisit
from services.fetcher.settings import FetcherSettings, duration
from shared.errors import ContactMissing, SettingsInvalid
from shared.settings import load

HOUR = 3_600_000_000


def settings(**values: Any) -> FetcherSettings:
    return load(FetcherSettings, database_url="sqlite+aiosqlite:////nowhere/x.db", **values)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("15m", 900), ("1.5h", 5400), ("7d", 604800), (3, 3), ("20ms", 0.02)],
)
def test_durations_are_written_as_people_write_them(text: str | int, seconds: float) -> None:
    assert duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "soon", "1w", "-5m", "1h30m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        duration(text)


def test_lists_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_FETCHER_REVISIT", "1h, 6h")
    monkeypatch.setenv("CLAIMSTREAM_FETCHER_ALLOW_NETWORKS", '["10.0.0.0/8", "127.0.0.0/8"]')
    read = settings()
    assert list(read.revisit) == [3600.0, 21600.0]
    assert read.allow_networks == ("10.0.0.0/8", "127.0.0.0/8")


def test_the_revisits_of_the_contract_are_the_default() -> None:
    assert settings().revisit == (3600, 6 * 3600, 24 * 3600, 7 * 86400)


@pytest.mark.parametrize("values", [{"lease": "30s"}, {"revisit": "often"}, {"concurrency": 0}, {"epoch": 0}])
def test_settings_that_cannot_work_are_refused_by_name(values: dict[str, Any]) -> None:
    with pytest.raises(SettingsInvalid, match="CLAIMSTREAM_FETCHER_"):
        settings(**values)


@pytest.mark.parametrize("contact", ["nobody", "a contact", "news-desk@example.org"])
def test_a_contact_that_reaches_nobody_is_refused(contact: str) -> None:
    with pytest.raises(ContactMissing) as refusal:
        build(settings(contact=contact))
    assert refusal.value.code == "contact-missing"


@pytest.mark.parametrize(("contact", "asks"), [("", False), (" ", False), ("desk@news.example", True)])
async def test_without_a_contact_it_takes_submissions_and_asks_no_host(
    tmp_path: Path, contact: str, asks: bool
) -> None:
    given = load(FetcherSettings, database_url=f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", contact=contact)
    with capture_logs() as lines:
        service = build(given)
    assert [stage.name for stage in service.stages] == ["intake", "intake-bulk", "fates"]
    asking = {source.name for source in service.sources} & {"crawl", "feeds"}
    assert asking == ({"crawl", "feeds"} if asks else set())
    assert [line["code"] for line in lines] == ([] if asks else ["contact-missing"])
    await service.resources.aclose()


def test_a_revisit_is_due_at_the_next_age_that_lies_ahead() -> None:
    ages = (3600.0, 6 * 3600.0)
    assert next_revisit(0, 0, ages) == HOUR
    assert next_revisit(0, HOUR, ages) == 6 * HOUR
    assert next_revisit(0, 2 * HOUR, ages) == 6 * HOUR
    assert next_revisit(0, 7 * HOUR, ages) is None
    assert next_revisit(0, 0, ()) is None


def feeds_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    return path


def test_a_feeds_file_names_feeds_with_interval_and_labels(tmp_path: Path) -> None:
    path = feeds_file(
        tmp_path,
        '[[feed]]\nurl = "https://News.example/rss#x"\n'
        '[[feed]]\nurl = "https://b.example/"\nevery = "1h"\nlabels = { desk = "x" }\n',
    )
    assert load_feeds(path, every=900) == [
        FeedSource("https://news.example/rss", 900),
        FeedSource("https://b.example/", 3600, {"desk": "x"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "[[feeds]]\nurl='https://a.example'",
        "feed = 3",
        "[[feed]]\nevery='1h'",
        "[[feed]]\nurl='ftp://a.example'",
        "[[feed]]\nurl='https://a.example'\nevery='1s'",
        "[[feed]]\nurl='https://a.example'\nlabels={a=1}",
        "[[feed]]\nurl='https://a.example'\ninterval='1h'",
    ],
)
def test_a_feeds_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"feeds\.toml"):
        load_feeds(feeds_file(tmp_path, text), every=900)


def test_a_feeds_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        load_feeds(tmp_path / "none.toml", every=900)
