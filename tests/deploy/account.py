"""What has to hold of an account, whatever was restarted, killed, upgraded or restored."""

from __future__ import annotations

from typing import Any


def balanced(status: dict[str, Any]) -> bool:
    """The account's two equations."""
    submissions, fates = status["submissions"], status["fates"]
    return bool(
        submissions["opened"] == status["visits"]
        and status["visits"] == sum(fates.values()) + status["open"]
        and submissions["undecodable"] == 0
    )


def at_rest(status: dict[str, Any]) -> bool:
    return bool(
        status["open"] == 0
        and status["store"]["unsent"] == 0
        and all(stage["lag"] == 0 for stage in status["stages"])
    )


def revisions(records: list[dict[str, Any]]) -> set[tuple[str, int, int]]:
    """What a consumer knows a record by, however often it came."""
    return {(one["claim_id"], one["epoch"], one["revision"]) for one in records}


def nothing_is_lost(status: dict[str, Any], claims: list[dict[str, Any]]) -> None:
    """Every visit has a fate, and what the ledger says stands on the topic, each revision of it."""
    assert at_rest(status), status
    assert balanced(status), status
    assert status["unexplained"] == []
    assert "dead" not in status["fates"], status
    newest = newest_of(claims).values()
    withdrawn = sum(one["change"] == "withdrawn" for one in newest)
    on_topic = {
        "claims": len(newest) - withdrawn,
        "withdrawn": withdrawn,
        "revisions": len(revisions(claims)),
    }
    of = {key: status["store"][key] for key in on_topic}
    assert on_topic == of, f"on the topic {on_topic}, in the ledger {of}"
    assert of["claims"] > 0, status


def newest_of(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The last revision of each claim: a consumer ignores what is not newer than (epoch, revision)."""
    newest: dict[str, dict[str, Any]] = {}
    for one in sorted(records, key=lambda one: (one["epoch"], one["revision"])):
        newest[one["claim_id"]] = one
    return newest


def latest(records: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """What a consumer holds of each claim."""
    return {
        key: (one["content"]["text"], one["article"]["version"]) for key, one in newest_of(records).items()
    }
