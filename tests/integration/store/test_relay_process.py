"""The outbox relay as a process of its own: the store without it, and any number of them of which one sends."""

from __future__ import annotations

from services.store.app import build, build_relay
from services.store.settings import StoreSettings
from shared.pipeline.service import Service
from shared.settings import CommonSettings
from tests.integration.store.ledger import Ledger, Sent
from tests.unit.store.press import extraction, page, said

A = page([said("The bridge is safe for all cars and lorries.")], 1)
B = page([said("The bridge is closed to all cars and lorries.")], 2)


def settings(url: str, *, relay: bool = True) -> StoreSettings:
    return StoreSettings.model_validate({"database_url": url, "relay": relay})


async def step(service: Service) -> list[str]:
    """The topics of what the service's relay sends in one step."""
    source = service.sources[0]
    sent = Sent()
    await source.step(sent)
    return [record.topic for record in sent.records]


async def test_a_store_without_its_relay_settles_and_the_relays_process_sends(
    ledger: Ledger, database_url: str
) -> None:
    store = build(CommonSettings(), settings(database_url, relay=False))
    relay = build_relay(settings(database_url))
    assert store.sources == ()
    assert relay.stages == ()
    await relay.ready["store-database"]()
    await ledger.deliver(A, extraction(A))
    assert await step(relay) == ["claims", "fates"]
    for service in (store, relay):
        await service.resources.aclose()


async def test_of_several_relays_one_sends_and_the_next_takes_over(ledger: Ledger, database_url: str) -> None:
    first, second = build_relay(settings(database_url)), build_relay(settings(database_url))
    within = build(CommonSettings(), settings(database_url))
    await ledger.deliver(A, extraction(A))
    assert await step(first) == ["claims", "fates"]
    await ledger.deliver(B, extraction(B))
    assert (await step(second), await step(within)) == ([], [])
    await first.resources.aclose()
    sent = await step(within)
    assert sent[-1] == "fates"
    assert await step(second) == []
    for service in (second, within):
        await service.resources.aclose()
