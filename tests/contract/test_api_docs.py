"""docs/api.md names what there is: paths, parameters, codes; and the README's example of it is answered."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from pathlib import Path

import httpx

from services.store.api import description, refusals
from services.store.api.app import Parts, build
from services.store.api.reading import Reader, open_read_only
from services.store.api.settings import ApiSettings
from services.store.app import migrate
from shared.errors import RequestError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text()
README = (ROOT / "README.md").read_text()
OPENAPI = json.loads(description.FILE.read_text(encoding="utf-8"))


def test_every_path_and_every_parameter_of_claims_is_in_the_docs() -> None:
    for path, operations in OPENAPI["paths"].items():
        assert f"`{path}" in PAGE, path
        if path == "/v1/claims":
            for parameter in operations["get"]["parameters"]:
                assert f"`{parameter['name']}`" in PAGE, parameter["name"]


def test_every_code_of_a_request_is_in_the_docs_with_its_status() -> None:
    table = PAGE.split("## Errors")[1]
    kinds = [kind for kind in RequestError.__subclasses__() if kind.__module__ == refusals.__name__]
    assert kinds
    for kind in kinds:
        (row,) = [line for line in table.splitlines() if f"`{kind.code}`" in line]
        assert row.startswith(f"| {kind.status} |"), kind.code


def test_the_curl_of_the_readme_and_of_the_docs_is_a_question_that_is_answered(tmp_path: Path) -> None:
    lines = re.findall(r"^    (curl .*)$", README + PAGE, re.MULTILINE)
    asked = [word for line in lines for word in shlex.split(line) if word.startswith("http")]
    assert len(asked) >= 3
    url = f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"

    async def ask() -> list[int]:
        await migrate(url)
        engine = open_read_only(url)
        gate = build(ApiSettings(stream_seconds=0.01), Parts(Reader(engine, 30)))
        transport = httpx.ASGITransport(gate)
        async with httpx.AsyncClient(transport=transport) as client:
            found = [(await client.get(one)).status_code for one in asked]
        await engine.dispose()
        return found

    assert set(asyncio.run(ask())) == {200}
