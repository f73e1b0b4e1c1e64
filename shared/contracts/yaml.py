"""A writer of YAML for JSON-like documents: block style for what nests, JSON for what does not.

JSON's strings and numbers are YAML's, so no library decides how a committed file looks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Plain where no YAML reader could take it for anything but this text.
_PLAIN = re.compile(r"[A-Za-z$x][A-Za-z0-9_./#$\-]*")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def dump(document: dict[str, Any]) -> str:
    """The document as YAML 1.2 (and 1.1), in the order of its keys."""
    return "\n".join(_lines(document, "")) + "\n"


def _lines(node: Any, indent: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _entry(f"{indent}{_scalar(key)}:", value, indent)
    else:
        for value in node:
            if isinstance(value, dict) and value:
                first, *rest = _lines(value, indent + "  ")
                yield f"{indent}- {first.lstrip()}"
                yield from rest
            else:
                yield from _entry(f"{indent}-", value, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield head
        yield from _lines(value, indent + "  ")
    else:
        yield f"{head} {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
