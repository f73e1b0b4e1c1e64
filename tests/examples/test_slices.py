"""A consumer that may ask the API cuts each claim out of its article's text, in its own language's characters."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.ids import version_of
from shared.contracts.record import Outgoing
from tests.contract.committed import example
from tests.examples.broker import Topics
from tests.examples.claims import claim_id
from tests.examples.doors import inside
from tests.examples.languages import CONFLUENT, VECTORS, Language
from tests.examples.process import Example

TOKEN = "a-token-of-the-tests"
Texts = dict[str, str]


@pytest.fixture
def texts() -> Texts:
    """Texts of versions, by the path that the API gives them at."""
    return {}


@pytest.fixture
def api(texts: Texts) -> Iterator[str]:
    """A stand-in for the one route of the API that the consumers ask: 401 without the token, 404 for the unknown."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
            text = texts.get(self.path)
            self.send_response(401 if not allowed else 404 if text is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"text": text}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="api")
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def claim(number: int, text: str, part: dict[str, Any], where: str, texts: Texts) -> Outgoing:
    """A new claim whose content is ``part`` of ``text``: an article's, whose text ``texts`` gets, or a headline."""
    document = example("claim")
    identity, version = claim_id(str(number)), version_of(text)
    value = document["value"] | {"claim_id": identity}
    value["content"] = {"text": " ".join(part["slices"]), "spans": part["spans"], "in": where}
    value["article"] = value["article"] | {"version": version, "title": text if where == "title" else None}
    if where == "text":
        texts[f"/v1/articles/{value['article']['id']}/versions/{version}"] = text
    return Outgoing(
        "claims", identity.encode(), json.dumps(value).encode(), (), str(document["placed_by"]).encode()
    )


async def test_every_vector_is_sliced_as_it_is_written(
    language: Language, folder: Path, topics: Topics, api: str, texts: Texts, tmp_path: Path
) -> None:
    parts = [
        (case["text"], part) for case in json.loads(VECTORS.read_text("utf-8")) for part in case["parts"]
    ]
    records = [claim(number, text, part, "text", texts) for number, (text, part) in enumerate(parts)]
    records += [
        claim(number, text, part, "title", texts) for number, (text, part) in enumerate(parts, len(parts))
    ]
    records.append(claim(2 * len(parts), *parts[0], "a-place-of-tomorrow", texts))
    await topics.relay(records)

    environ = await inside(topics.kafka, topics.prefix, "downstream")
    environ |= {"CLAIMSTREAM_API": api, "CLAIMSTREAM_API_TOKEN": TOKEN}
    more = ["claims", str(tmp_path / "claims.db")] if language is CONFLUENT else []
    async with Example((*language.consume, *more), folder, environ) as consumer:
        said = await consumer.lines(len(records))
    assert [line["slices"] for line in said] == [part["slices"] for _, part in parts] * 2 + [None]
    assert [" ".join(line["slices"]) for line in said[:-1]] == [line["text"] for line in said[:-1]]
