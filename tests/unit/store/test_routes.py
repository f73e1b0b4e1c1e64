"""Routes: what is selected, what is refused at start, and what a claim's way through them looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.store.ledger.routes import Route, load_routes, parse_routes, routing
from shared.contracts.events import ClaimChanged
from shared.errors import SettingsInvalid

CLAIM: dict[str, Any] = {
    "claim_id": "c",
    "epoch": 1,
    "revision": 1,
    "change": "asserted",
    "cause": "new_article",
    "kind": "quote",
    "stance": "denies",
    "content": {"text": "The “Nord-Süd” pipeline doesn’t leak, nor did it.", "spans": [[0, 10]]},
    "source": {"text": "it", "spans": [[12, 14]], "name": "Gazprom"},
    "chain": [{"as": "relay", "name": "The Wall Street Journal"}, {"as": "origin", "name": None}],
    "article": {
        "id": "a",
        "version": "sha256:0",
        "observed_at": "2026-03-01T00:00:00.000000Z",
        "url": "https://politics.news.example/x",
        "site": "politics.news.example",
        "language": "en-GB",
        "page_sha256": "0",
    },
    "extractor": {"name": "x", "version": "1", "sequence": 1},
    "first_seen": "2026-03-01T00:00:00.000000Z",
    "changed_at": "2026-03-01T00:00:00.000000Z",
}


def claim(**update: Any) -> ClaimChanged:
    return ClaimChanged.model_validate(CLAIM | update)


def selects(condition: str, **update: Any) -> bool:
    (route,) = parse_routes(f'[[route]]\nname = "r"\n{condition}\n')
    return route.matches(claim(**update))


@pytest.mark.parametrize(
    "condition",
    [
        'kind = "quote"',
        'stance = ["asserts", "denies"]',
        'language = "en"',
        'language = "en-gb"',
        'site = "politics.news.example"',
        'site = ["other.example", "*.news.example"]',
        'source = "gazprom"',
        'source = "Wall Street Journal"',
        'words = "pipeline"',
        'words = ["reactor", "doesn\'t leak"]',
        'words = "NORD-SÜD"',
        'stance = "denies"\nwords = "pipeline"',
    ],
)
def test_a_condition_selects(condition: str) -> None:
    assert selects(condition)


@pytest.mark.parametrize(
    "condition",
    [
        'kind = "mixed"',
        'language = "e"\nstance = "denies"'.replace('"e"', '"eng"'),
        'site = "news.example"',
        'site = "*.ws.example"',
        'words = "pipe"',
        'words = "leak nor did it again"',
        'source = "Gaz"',
        'stance = "denies"\nwords = "reactor"',
    ],
)
def test_a_condition_passes_by(condition: str) -> None:
    assert not selects(condition)


def test_a_claim_without_source_or_language_is_selected_by_neither() -> None:
    bare = {"source": None, "chain": [], "article": CLAIM["article"] | {"language": None}}
    assert not selects('source = "gazprom"', **bare)
    assert not selects('language = "en"', **bare)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[route]\n", "line"),
        ('[[routes]]\nname = "x"\n', "[[route]]"),
        ('route = "x"\n', "[[route]]"),
        ('[[route]]\nkind = "quote"\n', "name"),
        ('[[route]]\nname = "Denials"\nkind = "quote"\n', "Denials"),
        ('[[route]]\nname = "a.b"\nkind = "quote"\n', "a.b"),
        ('[[route]]\nname = "x"\n', "no condition"),
        ('[[route]]\nname = "x"\nkind = "quotation"\n', "quote"),
        ('[[route]]\nname = "x"\nstance = ["denies", "shrugs"]\n', "shrugs"),
        ('[[route]]\nname = "x"\nstance = []\n', "stance"),
        ('[[route]]\nname = "x"\nstance = 7\n', "stance"),
        ('[[route]]\nname = "x"\nlanguage = "English language"\n', "English language"),
        ('[[route]]\nname = "x"\nsite = "https://news.example/"\n', "https://news.example/"),
        ('[[route]]\nname = "x"\nwords = "…!"\nextra = 1\n', "extra"),
        ('[[route]]\nname = "x"\nwords = "."\n', "no word"),
        ('[[route]]\nname = "x"\nkind = "quote"\n[[route]]\nname = "x"\nkind = "mixed"\n', "several"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_word_that_is_wrong(text: str, word: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        parse_routes(text, "routes.toml")
    assert word in caught.value.message
    assert "routes.toml" in caught.value.message + caught.value.hint


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="absent"):
        load_routes(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(SettingsInvalid, match="latin"):
        load_routes(tmp_path / "latin.toml")


def test_the_file_that_is_shipped_is_right() -> None:
    assert {route.topic for route in load_routes()} >= {"claims.denials"}


def test_a_claim_that_no_longer_matches_leaves_its_route_once() -> None:
    denials, pipes = (
        Route("denials", stance=frozenset({"denies"})),
        Route("pipes", words=frozenset({"pipeline"})),
    )
    ways = routing((denials, pipes), claim(), ())
    assert (ways.now, ways.left, ways.remembered) == ((denials, pipes), (), ("denials", "pipes"))
    ways = routing((denials, pipes), claim(stance="asserts"), ways.remembered)
    assert (ways.now, ways.left, ways.remembered) == ((pipes,), (denials,), ("pipes",))
    ways = routing((denials, pipes), claim(stance="asserts"), ways.remembered)
    assert (ways.now, ways.left, ways.remembered) == ((pipes,), (), ("pipes",))


def test_a_route_that_is_not_configured_any_more_is_remembered_but_not_addressed() -> None:
    ways = routing((), claim(), ("denials",))
    assert (ways.now, ways.left, ways.remembered) == ((), (), ("denials",))
