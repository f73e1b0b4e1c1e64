"""``python -m shared.contracts.generate`` (``make schemas``): what other teams read, written from the models.

``schemas/*.json``, ``examples/*.json`` and ``asyncapi.yaml`` stand beside this file and are committed; a contract
test compares them with what this gives.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shared.contracts import asyncapi, yaml
from shared.contracts.example_records import examples
from shared.contracts.registry import THINGS
from shared.contracts.schema import schema_of
from shared.topics_file import load_topics

HERE = Path(__file__).resolve().parent


def generated() -> dict[str, str]:
    """Every file by its path below this folder. The same models give the same bytes."""
    files = {f"schemas/{thing.name}.json": _json(schema_of(thing)) for thing in THINGS}
    files |= {f"examples/{example.name}.json": _json(example.document()) for example in examples()}
    return files | {"asyncapi.yaml": yaml.dump(asyncapi.document(load_topics()))}


def write(folder: Path = HERE) -> list[str]:
    """Write what differs and remove what is no longer generated; returns the paths that changed."""
    files = generated()
    there = {path.relative_to(folder).as_posix(): path for path in folder.glob("*/*.json")}
    changed = []
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    for name in there.keys() - files.keys():
        there[name].unlink()
        changed.append(name)
    return sorted(changed)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    changes = write()
    print("\n".join(f"wrote shared/contracts/{name}" for name in changes) or "everything is up to date")
