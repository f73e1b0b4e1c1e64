"""Claims go to the terminal and to a file; the file holds each revision once, whatever ended the run before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimstream.claim_lines import claim_line
from claimstream.outlet import ClaimsOut
from shared.contracts import sample_claims
from shared.contracts.enums import Change, Fate, Kind
from shared.contracts.events import ClaimChanged, UrlOutcome
from shared.contracts.record import Outgoing
from shared.errors import UsageError

ONE, TWO = sample_claims.claim(1), sample_claims.claim(2)


def record(value: ClaimChanged | UrlOutcome) -> Outgoing:
    return Outgoing("any", None, value.model_dump_json(by_alias=True).encode(), ())


async def write(path: Path | None, *claims: ClaimChanged, as_json: bool = False) -> ClaimsOut:
    out = ClaimsOut(path, as_json=as_json, paths={})
    try:
        for claim in claims:
            await out.claim(record(claim))
    finally:
        out.close()
    return out


def ids(path: Path) -> list[str]:
    return [json.loads(line)["claim_id"] for line in path.read_text().splitlines()]


async def test_a_revision_is_written_once_over_all_runs(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    later = ONE.model_copy(update={"revision": 2, "change": Change.AMENDED})
    assert (await write(path, ONE, ONE)).count == 1
    out = await write(path, ONE, TWO, later)
    assert (out.count, out.last) == (2, ONE.claim_id)
    assert ids(path) == [ONE.claim_id, TWO.claim_id, ONE.claim_id]


async def test_the_claim_to_have_proved_is_none_that_was_withdrawn() -> None:
    gone = TWO.model_copy(update={"revision": 2, "change": Change.WITHDRAWN})
    assert (await write(None, TWO, ONE, gone)).last == ONE.claim_id


@pytest.mark.parametrize("cut", [1, 40, -1])
async def test_a_line_that_a_kill_cut_is_written_anew(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "claims.jsonl"
    await write(path, ONE, TWO)
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{second[:cut]}")
    await write(path, ONE, TWO)
    assert path.read_text().splitlines() == [first, second]


async def test_a_file_whose_only_line_was_cut_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    await write(path, ONE)
    whole = path.read_text()
    path.write_text(whole[:100])
    await write(path, ONE)
    assert path.read_text() == whole
    path.write_text(whole[:-1])  # only its end is missing
    await write(path, TWO)
    assert ids(path) == [ONE.claim_id, TWO.claim_id]


@pytest.mark.parametrize("content", ["my shopping list", "[1]\n", '{"a": 1}\n', "\n"])
async def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(content)
    with pytest.raises(UsageError) as refused:
        ClaimsOut(path, as_json=False, paths={})
    assert refused.value.code == "not-our-file"
    assert path.read_text() == content


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "claims.jsonl"):
        with pytest.raises(UsageError, match="cannot write") as refused:
            ClaimsOut(path, as_json=False, paths={})
        assert refused.value.code == "file-unwritable"


async def test_json_on_the_terminal_is_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    await write(None, ONE, as_json=True)
    assert ClaimChanged.model_validate_json(capsys.readouterr().out) == ONE


async def test_an_erased_claim_is_passed_over() -> None:
    out = ClaimsOut(None, as_json=False, paths={})
    await out.claim(Outgoing("claims", b"id", None, ()))
    assert out.count == 0


async def test_an_outcome_without_an_article_names_what_the_person_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = ClaimsOut(None, as_json=False, paths={"v1": "notes.txt"})
    for visit, fate in (("v1", Fate.REJECTED), ("v2", Fate.DEAD), ("v3", Fate.STORED)):
        await out.outcome(
            record(
                UrlOutcome(
                    url_id="u",
                    visit_id=visit,
                    revision=1,
                    url="urn:sha256:aa",
                    fate=fate,
                    code="not-text",
                    hint="Do this.",
                    decided_at="2026-01-31T12:00:00.000000Z",
                )
            )
        )
    assert capsys.readouterr().err.splitlines() == [
        "! rejected  notes.txt  [not-text] Do this.",
        "! dead      urn:sha256:aa  [not-text] Do this.",
    ]


@pytest.mark.parametrize(
    ("change", "mark"), [(Change.ASSERTED, "+"), (Change.AMENDED, "~"), (Change.WITHDRAWN, "-")]
)
def test_a_claim_line_says_what_changed_who_said_what_and_where(change: Change, mark: str) -> None:
    line = claim_line(ONE.model_copy(update={"change": change, "changed": ("content",)}))
    assert line.startswith(f"{mark} {ONE.claim_id[:8]}  {ONE.stance.value}")
    assert ONE.content.text in line
    assert ONE.source is not None
    assert f"— {ONE.source.text}" in line
    assert line.endswith(f"({ONE.article.publisher or ONE.article.site})  [content changed]")
    assert "\n" not in line


def test_a_claim_line_names_the_publisher_else_the_site() -> None:
    def of(publisher: str | None) -> str:
        article = ONE.article.model_copy(update={"publisher": publisher})
        return claim_line(ONE.model_copy(update={"article": article}))

    assert "(The Courier)" in of("The Courier")
    assert f"({ONE.article.site})" in of(None)


def test_a_claim_line_of_a_statement_says_that_it_is_the_articles_own() -> None:
    without = ONE.model_copy(update={"source": None, "cue": None})
    assert " — nobody named" in claim_line(without)
    assert " — the article itself" in claim_line(without.model_copy(update={"kind": Kind.STATEMENT}))
