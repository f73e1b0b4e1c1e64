"""A submitter hands in what our intake takes, and the same thing twice is one submission."""

from __future__ import annotations

from pathlib import Path

from services.fetcher import intake
from shared.contracts.envelope import parse
from tests.examples.broker import Topics
from tests.examples.doors import Door, inside
from tests.examples.languages import Language
from tests.examples.process import Example

URL = "https://www.estreya-courier.example/häfen/old-dock?x=1"


async def test_the_same_ref_twice_is_one_submission(
    language: Language, folder: Path, topics: Topics, door: Door
) -> None:
    environ = await door(topics.kafka, topics.prefix, "upstream")
    said = []
    for ref in ("desk-7", "desk-7", "desk-8"):
        command = (*language.submit, URL, ref)
        async with Example(command, folder, environ) as submitter:
            said += await submitter.lines(1)
            assert await submitter.ended() == 0

    records = await topics.submitted(3)
    assert {(line["ref"], line["partition"], line["offset"]) for line in said} == {
        (parse(record.headers).id, record.partition, record.offset) for record in records
    }
    submissions = [
        intake.submission(record, parse(record.headers), intake.decode(record, parse(record.headers)))
        for record in records
    ]
    assert {submission.ref for submission in submissions} == {"desk-7", "desk-8"}
    assert {submission.url for submission in submissions} == {URL}
    assert len({submission.key for submission in submissions}) == 2


async def test_without_a_ref_it_draws_one(language: Language, folder: Path, topics: Topics) -> None:
    command = (*language.submit, URL)
    environ = await inside(topics.kafka, topics.prefix, "upstream")
    async with Example(command, folder, environ) as submitter:
        (line,) = await submitter.lines(1)
    (record,) = await topics.submitted(1)
    submission = intake.submission(
        record, parse(record.headers), intake.decode(record, parse(record.headers))
    )
    assert len(line["ref"]) >= 16
    assert submission.ref == line["ref"]
