"""The committed examples and schemas, as another team would take them: from the files, not from our code."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from shared.contracts import generate
from shared.contracts.record import Record

SCHEMAS = generate.HERE / "schemas"
EXAMPLES = generate.HERE / "examples"
BASELINE = Path(__file__).resolve().parents[1] / "data" / "contract-baseline"
EXAMPLE_NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))


def schema(name: str, folder: Path = SCHEMAS) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return document


def example(name: str) -> dict[str, Any]:
    return schema(name, EXAMPLES)


def record_of(document: dict[str, Any]) -> Record:
    """The record that an example file describes."""
    key = document["key"]
    headers = [(header, text.encode()) for header, text in document["headers"].items()]
    return Record(
        document["topic"], 0, 0, 0, None if key is None else key.encode(), value_of(document), headers
    )


def value_of(document: dict[str, Any]) -> bytes | None:
    if "value_text" in document:
        return str(document["value_text"]).encode()
    if "value_base64" in document:
        return base64.b64decode(document["value_base64"])
    value = document["value"]
    return None if value is None else json.dumps(value, ensure_ascii=False).encode()
