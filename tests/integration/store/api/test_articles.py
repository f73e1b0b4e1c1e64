"""An article with its versions and claims, and the text that offsets count into."""

from __future__ import annotations

from tests.integration.store.api.asking import Asking
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import URL, extraction, gone, page, said

SAFE = said("The bridge is safe for all cars and lorries.")
OPEN = said("It opens on Monday at nine.", "a spokeswoman")


async def test_an_article_has_its_versions_and_its_claims(ledger: Ledger, api: Asking) -> None:
    first, second = page([SAFE, OPEN], 1), page([OPEN], 2, title="Corrected")
    await ledger.deliver(first, extraction(first), second, extraction(second))
    await ledger.relay()
    by_id = await api.get(f"/v1/articles/{first.article_id}")
    assert by_id.content == (await api.get("/v1/articles", url=f"{URL}#fragment")).content
    body = by_id.json()
    assert (body["url"], body["site"], body["gone"], body["next"]) == (URL, "news.example", False, None)
    assert [(v["version"], v["current"], v["title"]) for v in body["versions"]] == [
        (second.version, True, "Corrected"),
        (first.version, False, "The bridge"),
    ]
    assert [v["extractor"] and v["extractor"]["name"] for v in body["versions"]] == ["quotes", None]
    assert [claim["content"]["text"] for claim in body["claims"]] == ["It opens on Monday at nine."]


async def test_a_claim_slices_from_the_text_of_its_version(ledger: Ledger, api: Asking) -> None:
    first = page([SAFE, OPEN], 1)
    await ledger.deliver(first, extraction(first))
    await ledger.relay()
    for claim in (await api.json("/v1/claims"))["claims"]:
        article = claim["article"]
        version = await api.json(f"/v1/articles/{article['id']}/versions/{article['version']}")
        ((start, end),) = claim["content"]["spans"]
        assert version["text"][start:end] == claim["content"]["text"]
        assert version["page_sha256"] == article["page_sha256"]


async def test_an_article_that_is_gone_keeps_its_claims_and_says_so(ledger: Ledger, api: Asking) -> None:
    first = page([SAFE], 1)
    await ledger.deliver(first, extraction(first), gone(9))
    await ledger.relay()
    body = await api.json(f"/v1/articles/{first.article_id}")
    assert (body["gone"], len(body["versions"]), len(body["claims"])) == (True, 1, 1)


async def test_what_is_not_there_is_said_with_what_to_do(ledger: Ledger, api: Asking) -> None:
    first = page([SAFE], 1)
    await ledger.deliver(first)
    nobody = "00000000-0000-0000-0000-000000000000"
    for path in (
        f"/v1/claims/{nobody}",
        f"/v1/claims/{nobody}/revisions",
        f"/v1/articles/{nobody}",
        f"/v1/articles/{first.article_id}/versions/sha256:{'0' * 64}",
        "/v1/articles?url=https://nowhere.example/",
        "/schemas/rumour.json",
        "/v2/claims",
    ):
        assert (await api.problem(path))["code"] == "not-found"
