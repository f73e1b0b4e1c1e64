"""What makes an amendment, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from services.store.ledger.comparison import changed_fields
from shared.contracts.events import ClaimBody
from shared.contracts.parts import Relation

BASE: dict[str, Any] = {
    "kind": "quote",
    "stance": "asserts",
    "negated": False,
    "hedges": ["about"],
    "confidence": 0.87,
    "content": {"text": "1,000 left", "spans": [[0, 10]], "prefix": "a", "suffix": "b"},
    "cue": {"text": "said", "spans": [[12, 16]]},
    "source": {"text": "he", "spans": [[17, 19]], "type": "person", "entity": "e1"},
    "sentence": [0, 20],
    "chain": [{"as": "publisher", "name": "news.example"}, {"as": "origin", "name": "Ann", "entity": "e1"}],
    "figures": [
        {"text": "1,000", "span": [0, 5], "low": 1000, "high": 1000, "when": {"text": "now", "span": [6, 9]}}
    ],
    "times": [{"text": "now", "span": [6, 9], "from": "2026-03-01"}],
}


def changed(**update: Any) -> tuple[str, ...]:
    old, new = ClaimBody.model_validate(BASE), ClaimBody.model_validate(BASE | update)
    there, back = changed_fields(old, (), new, ()), changed_fields(new, (), old, ())
    assert there == back
    return there


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "mixed"),
        ("stance", "denies"),
        ("negated", True),
        ("hedges", []),
        ("confidence", 0.82),
        ("content", BASE["content"] | {"text": "2,000 left"}),
        ("cue", None),
        ("cue", {"text": "shouted", "spans": [[12, 19]]}),
        ("source", None),
        ("chain", [{"as": "origin", "name": "Ann"}]),
        ("chain", [BASE["chain"][0], {"as": "origin", "name": "Ann", "anonymous": True}]),
        ("figures", [BASE["figures"][0] | {"low": 900}]),
        ("figures", [BASE["figures"][0] | {"when": None}]),
        ("times", []),
        ("times", [BASE["times"][0] | {"to": "2026-03-02"}]),
    ],
)
def test_a_difference_of_substance_is_an_amendment(field: str, value: Any) -> None:
    assert changed(**{field: value}) == (field,)


@pytest.mark.parametrize(
    "update",
    [
        {"content": BASE["content"] | {"spans": [[70, 80]], "prefix": "x", "suffix": "y"}},
        {"cue": {"text": "said", "spans": [[82, 86]]}},
        {"source": BASE["source"] | {"spans": [[87, 89]], "entity": "e7"}},
        {"sentence": [70, 90]},
        {"chain": [BASE["chain"][0], {"as": "origin", "name": "Ann", "entity": "e9", "spans": [[1, 4]]}]},
        {"figures": [BASE["figures"][0] | {"span": [70, 75], "when": {"text": "now", "span": [76, 79]}}]},
        {"times": [BASE["times"][0] | {"span": [76, 79]}]},
        {"confidence": 0.821},
        {"confidence": 0.919},
    ],
)
def test_where_it_stands_and_small_steps_of_confidence_are_none(update: dict[str, Any]) -> None:
    assert changed(**update) == ()


@pytest.mark.parametrize(("old", "new"), [(0.9, 0.85), (0.85, 0.9), (0.1, 0.15), (0.3, 0.35), (1.0, 0.95)])
def test_five_hundredths_count_although_binary_numbers_miss_them(old: float, new: float) -> None:
    a, b = (ClaimBody.model_validate(BASE | {"confidence": value}) for value in (old, new))
    assert changed_fields(a, (), b, ()) == ("confidence",)


def test_relations_are_a_set() -> None:
    body = ClaimBody.model_validate(BASE)
    denies = Relation.model_validate({"type": "denies", "claim_id": "a"})
    repeats = Relation.model_validate({"type": "repeats", "claim_id": "b", "confidence": 0.5})
    assert changed_fields(body, (denies, repeats), body, (repeats, denies)) == ()
    surer = repeats.model_copy(update={"confidence": 0.54})
    assert changed_fields(body, (denies, repeats), body, (denies, surer)) == ()
    for other in ((denies,), (denies, repeats.model_copy(update={"claim_id": "c"})), (denies, denies)):
        assert changed_fields(body, (denies, repeats), body, other) == ("relations",)
    much_surer = repeats.model_copy(update={"confidence": 0.9})
    assert changed_fields(body, (repeats,), body, (much_surer,)) == ("relations",)
