"""JSON Schema (2020-12) of a kind of record, as a reader may rely on it.

What a schema requires is what a reader may insist on in every record of this version, old ones on a compacted
topic too; so a field that has a default is not required, although our own producers always write it. Unknown
fields are allowed everywhere and enums are open (``x-known-values``): a record of a newer release stays valid.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from shared.contracts.registry import Thing

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Plain(GenerateJsonSchema):
    """Without a title for each field, which says its name a second time."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_of(thing: Thing) -> dict[str, Any]:
    """The schema of a thing; of a page it is that of its headers, by field (``shared.contracts.page``)."""
    body = thing.model.model_json_schema(by_alias=True, mode="validation", schema_generator=_Plain)
    return {"$schema": DIALECT, "$id": thing.schema_id, "x-topics": list(thing.topics), **body}
