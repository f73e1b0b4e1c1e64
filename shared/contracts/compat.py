"""What breaks between two schemas of one kind of record, in words: ``claim: field content.spans removed``.

Both directions count: an old reader must live with new records (nothing it relies on goes away or changes), and a
new reader with old records, which stay on a compacted topic (nothing becomes necessary that was not).
Additions are free: optional fields, known enum values, texts that describe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
# Keyword → whether a higher value asks more of a record.
_BOUNDS = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), True),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), False),
}
_DESCRIBING = frozenset(("title", "description", "$id", "$schema", "$defs", "examples", "x-topics"))


def breaking(thing: str, old: Schema, new: Schema) -> list[str]:
    """Every breaking change from ``old`` to ``new``, named with the field it concerns; empty when there is none."""
    return [f"{thing}: {change}" for change in sorted(set(_walk(old, new, old, new, "", ())))]


def same_structure(old: Schema, new: Schema) -> bool:
    """Whether the two differ only in texts that describe (then ``ce_dataschema`` may stay)."""
    return bool(_bare(old, old, ()) == _bare(new, new, ()))


def _walk(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str, seen: tuple[str, ...]
) -> Iterator[str]:
    if "$ref" in old:
        if (here := f"{old['$ref']}") in seen:
            return
        seen = (*seen, here)
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    where = f"field {path}" if path else "the record"
    old_types, new_types = _types(old, old_root), _types(new, new_root)
    if old_types != new_types:
        yield f"{where} changed its type from {' or '.join(old_types)} to {' or '.join(new_types)}"
        return
    yield from _limits(old, new, where)
    if "default" in old and old["default"] != new.get("default", old["default"]):
        yield f"{where} changed its default from {old['default']!r} to {new['default']!r}"
    for value in old.get("x-known-values", ()):
        if value not in new.get("x-known-values", ()):
            yield f"{where} lost the value {value!r}"
    yield from _fields(old, new, old_root, new_root, path, seen)
    for old_branch, new_branch in _branches(old, new, old_root, new_root):
        yield from _walk(old_branch, new_branch, old_root, new_root, path, seen)
    for keyword in ("items", "additionalProperties"):
        if isinstance(old.get(keyword), Mapping) and isinstance(new.get(keyword), Mapping):
            yield from _walk(old[keyword], new[keyword], old_root, new_root, f"{path}[]", seen)
    before, after = old.get("prefixItems", []), new.get("prefixItems", [])
    if len(before) != len(after):
        yield f"{where} has {len(after)} places instead of {len(before)}"
    for place, (one, other) in enumerate(zip(before, after, strict=False)):
        yield from _walk(one, other, old_root, new_root, f"{path}[{place}]", seen)


def _fields(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str, seen: tuple[str, ...]
) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required = set(old.get("required", ()))
    for name in new.get("required", ()):
        if name not in required:
            inner = f"{path}.{name}" if path else name
            what = "became required" if name in before else "is new and required"
            yield f"field {inner} {what}: records written before have none"
    for name, schema in before.items():
        inner = f"{path}.{name}" if path else name
        if name not in after:
            yield f"field {inner} removed"
            continue
        if name in required and name not in new.get("required", ()):
            yield f"field {inner} became optional: readers rely on it"
        yield from _walk(schema, after[name], old_root, new_root, inner, seen)
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{f'field {path}' if path else 'the record'} refuses unknown fields"


def _limits(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for keyword, lower in _BOUNDS.items():
        before, after = old.get(keyword), new.get(keyword)
        if after is not None and (before is None or (after > before if lower else after < before)):
            yield f"{where} narrowed: {keyword} {after}" + ("" if before is None else f" instead of {before}")
    for keyword in ("pattern", "format", "const", "enum"):
        before, after = old.get(keyword), new.get(keyword)
        if keyword == "enum" and before and after and set(before) <= set(after):
            continue
        if after is not None and before != after:
            yield f"{where} narrowed: {keyword} {after}"


def _branches(
    old: Schema, new: Schema, old_root: Schema, new_root: Schema
) -> Iterator[tuple[Schema, Schema]]:
    """Branches of ``anyOf`` with the same type, in pairs."""
    left = list(new.get("anyOf", ()))
    for branch in old.get("anyOf", ()):
        for other in left:
            if _types(branch, old_root) == _types(other, new_root):
                left.remove(other)
                yield branch, other
                break


def _types(schema: Schema, root: Schema) -> list[str]:
    schema = _resolved(schema, root)
    if "anyOf" in schema:
        return sorted({name for branch in schema["anyOf"] for name in _types(branch, root)})
    given = schema.get("type", "anything")
    return sorted(given) if isinstance(given, list) else [given]


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _bare(node: Any, root: Schema, seen: tuple[str, ...]) -> Any:
    """A schema with references resolved and without what only describes."""
    if isinstance(node, list):
        return [_bare(item, root, seen) for item in node]
    if not isinstance(node, Mapping):
        return node
    if "$ref" in node:
        if node["$ref"] in seen:
            return node["$ref"]
        seen = (*seen, node["$ref"])
    bare: dict[str, Any] = {}
    for key, value in _resolved(node, root).items():
        if key == "properties":
            bare[key] = {name: _bare(schema, root, seen) for name, schema in value.items()}
        elif key not in _DESCRIBING:
            bare[key] = sorted(value) if key == "required" else _bare(value, root, seen)
    return bare
