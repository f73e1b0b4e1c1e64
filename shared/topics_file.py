"""``deploy/topics.toml``: how many partitions, how large, how long. What an operator may change of the topics."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.topics import BASE, CLAIMS, dead, route
from shared.errors import SettingsInvalid

DEFAULT_PATH: Final = Path(__file__).resolve().parents[1] / "deploy" / "topics.toml"
# The broker counts a whole batch against max.message.bytes, `Outgoing.size` one record, rounded up: the same number
# serves both, as a record that is nearly too large travels in a batch of its own.
MAX_MESSAGE_BYTES: Final = "max.message.bytes"


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic. ``name`` is short (``pages``, ``pages!cleaner`` for its dead letters), ``max_bytes`` what
    ``Outgoing.size`` may reach, ``configs`` Kafka's topic configs as it takes them (text)."""

    name: str
    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 1_048_588
    written_by: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()


_Partitions = Annotated[int, Field(ge=1, le=10_000)]
_Bytes = Annotated[int, Field(ge=1024, le=64 * 2**20)]  # more than 64 MiB no consumer fetches in one piece
_Configs = dict[str, str | int | bool]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Defaults(_Strict):
    partitions: _Partitions
    max_bytes: _Bytes
    configs: _Configs = {}


class _Dead(_Strict):
    # One, so that an offset names a letter and a marker of a redrive stands behind what it marks.
    partitions: Annotated[int, Field(ge=1, le=1)]
    extra_bytes: _Bytes
    configs: _Configs = {}


class _Topic(_Strict):
    partitions: _Partitions | None = None
    max_bytes: _Bytes | None = None
    configs: _Configs = {}
    written_by: list[str] = []
    read_by: list[str] = []


class _File(_Strict):
    defaults: _Defaults
    dead: _Dead
    topics: dict[str, _Topic]


def load_topics(path: Path | None = None, *, routes: Iterable[str] = ()) -> dict[str, TopicSpec]:
    """All topics by short name: those of the file, those of ``routes`` (names without ``claims.``) and the
    dead-letter topics of every reader. Raises :class:`~shared.errors.SettingsInvalid`."""
    path = path or DEFAULT_PATH
    parsed = _read(path)
    if missing := [name for name in BASE if name not in parsed.topics]:
        raise SettingsInvalid(f"{path}: no table for {', '.join(missing)}", hint=_HINT)
    if unknown := [name for name in parsed.topics if name not in BASE and not name.startswith(CLAIMS + ".")]:
        raise SettingsInvalid(f"{path}: {', '.join(unknown)} is no topic of claimstream", hint=_HINT)
    tables = dict(parsed.topics)
    for name in routes:
        tables.setdefault(route(name), tables[CLAIMS])
    specs: dict[str, TopicSpec] = {}
    for name, table in tables.items():
        if name.startswith(CLAIMS + ".") and table is not tables[CLAIMS]:
            table = _under(table, tables[CLAIMS])
        spec = _spec(name, table, parsed.defaults)
        specs[name] = spec
        for service in spec.read_by:
            letters = dead(name, service)
            specs[letters] = _dead_spec(letters, spec, service, parsed.dead)
    return specs


def max_bytes_of(specs: Mapping[str, TopicSpec]) -> Callable[[str], int]:
    """What the transports ask: the size limit of a topic by short name; a route without a table is as `claims`."""

    def max_bytes(name: str) -> int:
        spec = specs.get(name) or (specs[CLAIMS] if name.startswith(CLAIMS + ".") else specs[name])
        return spec.max_bytes

    return max_bytes


_HINT = "Correct deploy/topics.toml (or the file that CLAIMSTREAM_TOPICS_FILE names)."


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsInvalid(f"{path}: {error.strerror}", hint=_HINT) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{path}: {error}", hint=_HINT) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise SettingsInvalid(f"{path}: {where}: {first['msg']}", hint=_HINT) from None


def _under(table: _Topic, claims: _Topic) -> _Topic:
    """A route's own table over that of `claims`."""
    given: dict[str, Any] = table.model_dump(exclude_unset=True)
    return _Topic.model_validate(
        {**claims.model_dump(), **given, "configs": {**claims.configs, **table.configs}}
    )


def _spec(name: str, table: _Topic, defaults: _Defaults) -> TopicSpec:
    max_bytes = table.max_bytes or defaults.max_bytes
    return TopicSpec(
        name=name,
        partitions=table.partitions or defaults.partitions,
        configs=_text({**defaults.configs, **table.configs, MAX_MESSAGE_BYTES: max_bytes}),
        max_bytes=max_bytes,
        written_by=tuple(table.written_by),
        read_by=tuple(table.read_by),
    )


def _dead_spec(name: str, source: TopicSpec, service: str, letters: _Dead) -> TopicSpec:
    max_bytes = source.max_bytes + letters.extra_bytes
    return TopicSpec(
        name=name,
        partitions=letters.partitions,
        configs=_text({**letters.configs, MAX_MESSAGE_BYTES: max_bytes}),
        max_bytes=max_bytes,
        written_by=(service,),
        read_by=("cli",),
    )


def _text(configs: _Configs) -> dict[str, str]:
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in configs.items()
    }
