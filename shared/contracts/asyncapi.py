"""AsyncAPI 3.0 of all topics: channels from ``deploy/topics.toml``, messages from the registry, schemas by
reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shared.contracts import topics
from shared.contracts.page import ARCHIVE_REF, PAGE_ATTRIBUTES, ZSTD
from shared.contracts.registry import CLAIM, FATE, PAGE, THINGS, Thing, thing_of
from shared.topics_file import TopicSpec

VERSION: Final = "1.0.0"
BINDING: Final = "0.5.0"
SCHEMA_FORMAT: Final = "application/schema+json;version=draft-2020-12"
_BINARY: Final = {"type": "string", "format": "binary"}
_ID: Final = {"type": "string"}
_UUID: Final = {"type": "string", "format": "uuid"}

_COMMON: Final[dict[str, dict[str, Any]]] = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": _ID | {"description": "Derived; the same record has the same id."},
    "ce_source": {"type": "string", "format": "uri-reference"},
    "ce_type": {"type": "string"},
    "ce_time": {"type": "string", "format": "date-time"},
    "ce_subject": {"type": "string"},
    "ce_dataschema": {"type": "string", "format": "uri"},
    "content-type": {"type": "string"},
    "traceparent": {"type": "string", "description": "W3C Trace Context, passed on untouched."},
    "ce_visitid": _UUID,
    "ce_attempt": {
        "type": "string",
        "pattern": "^[1-9][0-9]*$",
        "description": "One more with each redrive.",
    },
    "ce_to": {"type": "string", "description": "Redriven for this service; the others pass it by."},
    "ce_origin": {
        "type": "string",
        "description": "topic:partition:offset where a redriven record stood first.",
    },
}
_REQUIRED: Final = ["ce_specversion", "ce_id", "ce_source", "ce_type"]
_OF_CLAIMS: Final[dict[str, dict[str, Any]]] = {
    "ce_kind": {"type": "string"},
    "ce_stance": {"type": "string"},
    "ce_lang": {"type": "string", "description": "Language of the article; absent where nobody knows it."},
    "ce_site": {"type": "string"},
    "ce_cause": {"type": "string", "description": "As in the value; on a route also left_route."},
    "ce_last": {"const": "true", "description": "The last record that one settlement writes to this topic."},
}
_REASONS: Final = (
    *("service", "stage", "code", "hint", "detail", "at"),
    *("topic", "partition", "offset", "timestamp", "null", "headers", "packed", "dropped"),
)
_OF_DEAD: Final[dict[str, dict[str, Any]]] = {f"dead_{name}": {"type": "string"} for name in _REASONS}
_KEYS: Final = {
    topics.URLS: "any; ignored",
    topics.URLS_BULK: "any; ignored",
    topics.PAGES: "url id",
    topics.ARTICLES: "article id",
    topics.EXTRACTIONS: "article id",
    topics.CLAIMS: "claim id; placed by article id",
    topics.FATES: "visit id",
    topics.OUTCOMES: "url id",
    topics.HEARTBEAT: "none",
}


def headers_schema(thing: Thing) -> dict[str, Any]:
    """The headers of a thing's records. Header values are UTF-8 text; on `urls` none is required."""
    properties = dict(_COMMON)
    required = list(_REQUIRED)
    if thing is PAGE:
        needed = {name for name, field in thing.model.model_fields.items() if field.is_required()}
        properties |= {f"ce_{attribute}": {"type": "string"} for attribute in PAGE_ATTRIBUTES.values()}
        properties[f"ce_{ARCHIVE_REF}"] = {"type": "string", "description": "Reserved."}
        required += [f"ce_{attribute}" for name, attribute in PAGE_ATTRIBUTES.items() if name in needed]
    elif thing is CLAIM:
        properties |= _OF_CLAIMS
        required += ["ce_kind", "ce_stance", "ce_site", "ce_cause"]
    elif thing is FATE:
        required.append("ce_visitid")
    return {"type": "object", "properties": properties} | ({"required": required} if thing.sources else {})


def document(specs: Mapping[str, TopicSpec]) -> dict[str, Any]:
    """The whole document; ``specs`` as of ``load_topics``."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for name in (*topics.BASE, topics.route("{route}")):
        spec = specs.get(name, specs[topics.CLAIMS])
        thing = thing_of(name)
        channel = _id(name)
        channels[channel] = _channel(name, thing, spec)
        for action, services in (("send", spec.written_by), ("receive", spec.read_by)):
            for service in services:
                operations[f"{service}.{action}.{channel}"] = _operation(action, channel, thing.name)
    channels["dead"] = _dead_channel(specs)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "claimstream",
            "version": VERSION,
            "description": "URLs go in, attributed claims come out. CloudEvents 1.0 in Kafka's binary mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {thing.name: _message(thing) for thing in THINGS} | {"dead": _dead_message()}
        },
    }


def _id(name: str) -> str:
    return name.replace("{route}", "route").replace(".", "-")


def _channel(name: str, thing: Thing, spec: TopicSpec) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": topics.full_name(topics.DEFAULT_PREFIX, name),
        "description": f"Key: {_KEYS.get(name, _KEYS[topics.CLAIMS])}.",
        "messages": {thing.name: {"$ref": f"#/components/messages/{thing.name}"}},
    }
    if "{route}" in name:
        channel["parameters"] = {"route": {"description": "A route of deploy/routes.toml."}}
    configuration: dict[str, Any] = {
        "cleanup.policy": spec.configs["cleanup.policy"].split(","),
        "retention.ms": int(spec.configs["retention.ms"]),
        "max.message.bytes": spec.max_bytes,
    }
    channel["bindings"] = {
        "kafka": {
            "partitions": spec.partitions,
            "topicConfiguration": configuration,
            "bindingVersion": BINDING,
        }
    }
    return channel


def _dead_channel(specs: Mapping[str, TopicSpec]) -> dict[str, Any]:
    letters = [name.partition("!") for name in specs if "!" in name]
    return {
        "address": topics.full_name(topics.DEFAULT_PREFIX, topics.dead("{topic}", "{service}")),
        "description": "Records that a service gave up on: original bytes, key and headers, and why.",
        "messages": {"dead": {"$ref": "#/components/messages/dead"}},
        "parameters": {
            "topic": {"enum": sorted({topic for topic, _, _ in letters})},
            "service": {"enum": sorted({service for _, _, service in letters})},
        },
    }


def _operation(action: str, channel: str, message: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"}],
    }


def _message(thing: Thing) -> dict[str, Any]:
    described: dict[str, Any] = _BINARY
    if thing is not PAGE:
        described = {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"schemas/{thing.name}.json"}}
    return {
        "name": thing.type,
        "title": thing.model.__name__,
        "summary": (thing.model.__doc__ or "").strip().partition("\n\n")[0].replace("\n    ", " "),
        "contentType": ZSTD if thing is PAGE else "application/json",
        "headers": headers_schema(thing),
        "payload": described,
    }


def _dead_message() -> dict[str, Any]:
    return {
        "name": "dead",
        "title": "Dead letter",
        "summary": "The original record, untouched, with reasons in dead_* headers beside its own.",
        "headers": {
            "type": "object",
            "properties": _OF_DEAD,
            "required": ["dead_service", "dead_code", "dead_topic"],
        },
        "payload": _BINARY,
    }
