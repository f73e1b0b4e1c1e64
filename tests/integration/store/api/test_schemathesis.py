"""Schemathesis asks the API whatever its own description allows, and what it does not: it finds nothing.

Every answer has a status, media type and schema that are described, none is a 500; what is as described is answered,
what is not is refused, and without a token nothing is said.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.integration.store.api.serving import serving
from tests.integration.store.ledger import Ledger
from tests.unit.store.press import extraction, page, said

EXAMPLES = "5"  # of each operation, beside the edges of every parameter: some tens of seconds
TOKEN = "0123456789abcdef-one"
DEADLINE = 280


async def nobody(_target: str) -> list[dict[str, object]]:
    return []


@pytest.mark.timeout(DEADLINE + 10)
async def test_schemathesis_finds_nothing(ledger: Ledger, database_url: str, tmp_path: Path) -> None:
    article = page([said("The bridge is safe."), said("It opens on Monday.", "she")], 1)
    await ledger.deliver(article, extraction(article))
    await ledger.relay()
    settings = {"stream_seconds": 0.05, "tokens": TOKEN, "query_seconds": 60}
    async with serving(database_url, settings, account=nobody) as server:
        address = f"http://127.0.0.1:{server.port}"
        asking = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).with_name("schemathesis"), "run", f"{address}/openapi.json"),
            *("--header", f"Authorization: Bearer {TOKEN}", "--checks", "all"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES),
            *(
                "--generation-deterministic",
                "--warnings",
                "off",
                "--no-color",
            ),
            *("--request-timeout", "60", "--suppress-health-check", "all"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(DEADLINE):
                said_it, _ = await asking.communicate()
        finally:
            if asking.returncode is None:
                asking.kill()
    told = said_it.decode()
    assert asking.returncode == 0, told
    assert "Operations" in told, "it asked for nothing"
