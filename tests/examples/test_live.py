"""What an example submits comes out of an example's consumer: all services between them, on real parts, and the API
that cuts the claim out of its article."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimstream.devservices import Kafka, Postgres
from claimstream.sample import SampleSite
from shared.contracts import topics
from shared.contracts.events import ClaimChanged, UrlOutcome
from tests.e2e.crowd import FILLER
from tests.e2e.kafka_world import KafkaWorld
from tests.e2e.site import Article, ScenarioSite
from tests.e2e.world import decoded
from tests.examples.doors import outside
from tests.examples.languages import CONFLUENT, Language
from tests.examples.process import Example
from tests.integration.store.api.serving import serving

TOKEN = "a-token-of-the-tests"
QUOTE = "We will raise the old weir by two metres before the next winter, whatever it costs"
REF = "desk-7"
QUIET_SECONDS = 120.0


@pytest.mark.timeout(600)
async def test_what_is_submitted_is_read_as_a_claim_by_the_same_language(
    language: Language, folder: Path, kafka: Kafka, postgres: Postgres, topic_prefix: str, tmp_path: Path
) -> None:
    async with (
        SampleSite() as served,
        KafkaWorld(kafka, postgres, topic_prefix) as world,
        serving(world.urls["store"], {"tokens": TOKEN}) as api,
    ):
        site = ScenarioSite(served, FILLER)
        site.publish("/weir", Article("Old Weir to Be Raised", [f"“{QUOTE},” said Lena Fisk."]))
        url = site.url("/weir")

        reader = await outside(kafka, topic_prefix, "downstream")
        reader |= {"CLAIMSTREAM_API": f"http://127.0.0.1:{api.port}", "CLAIMSTREAM_API_TOKEN": TOKEN}
        writer = await outside(kafka, topic_prefix, "upstream")
        more = ["claims", str(tmp_path / "claims.db")] if language is CONFLUENT else []
        async with Example((*language.consume, *more), folder, reader) as consumer:
            async with Example((*language.submit, url, REF), folder, writer) as submitter:
                assert [line["ref"] for line in await submitter.lines(1)] == [REF]
                assert await submitter.ended() == 0
            (line,) = await consumer.lines(1)
        await world.quiet(QUIET_SECONDS)

    (record,) = world.records[topics.CLAIMS]
    claim = decoded(record)
    assert isinstance(claim, ClaimChanged)
    assert QUOTE in claim.content.text
    assert line == {
        "claim_id": claim.claim_id,
        "revision": [1, 1],
        "change": "asserted",
        "text": claim.content.text,
        "slices": [claim.content.text],
    }
    outcomes = [decoded(record) for record in world.records[topics.OUTCOMES]]
    assert all(isinstance(outcome, UrlOutcome) for outcome in outcomes)
    (told,) = [outcome for outcome in outcomes if REF in {one.ref for one in outcome.submissions}]
    assert (told.fate, told.claims, told.submissions[0].url) == ("stored", 1, url)
