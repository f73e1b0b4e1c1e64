"""The running sample site and a plain client."""

from collections.abc import AsyncIterator

import httpx
import pytest

from claimstream.sample import SampleSite


@pytest.fixture
async def site() -> AsyncIterator[SampleSite]:
    async with SampleSite() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as opened:
        yield opened
