"""Routes: topics of their own for a part of the claims, by `deploy/routes.toml`.

    [[route]]
    name = "denials"            # the topic is claims.denials
    stance = ["denies"]
    language = ["en", "de"]

Every condition given must hold; of a condition's values one is enough. A route that a claim has left gets its
revision once more, so that the reader can drop it. Applies to later records; nothing is sent anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from shared.contracts import topics
from shared.contracts.enums import Kind, Stance
from shared.contracts.events import ClaimChanged
from shared.contracts.ids import normal_text
from shared.errors import SettingsInvalid

DEFAULT_PATH = Path(__file__).resolve().parents[3] / "deploy" / "routes.toml"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SITE = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_KNOWN = {
    "kind": {kind.value for kind in Kind} - {"other"},
    "stance": {stance.value for stance in Stance} - {"other"},
}
_CONDITIONS = ("kind", "stance", "language", "site", "source", "words")
_HINT = "Correct it (CLAIMSTREAM_STORE_ROUTES_FILE names it); the comments of deploy/routes.toml describe each key."


@dataclass(frozen=True)
class Route:
    """One `[[route]]`. ``site``: as the record has it, or ``*.host`` for it and what lies below. ``language``: ``en``
    holds for ``en-GB`` too. ``source``: words in the source's text or name, or in the name of any link of the chain.
    ``words``: in the content. Both as whole words, without regard to case and typography."""

    name: str
    kind: frozenset[str] = field(default=frozenset())
    stance: frozenset[str] = field(default=frozenset())
    language: frozenset[str] = field(default=frozenset())
    site: frozenset[str] = field(default=frozenset())
    source: frozenset[str] = field(default=frozenset())
    words: frozenset[str] = field(default=frozenset())

    @property
    def topic(self) -> str:
        return topics.route(self.name)

    def matches(self, claim: ClaimChanged) -> bool:
        """Whether the claim, as it is now, belongs on this route. A withdrawn one belongs where it was."""
        return (
            (not self.kind or claim.kind.value in self.kind)
            and (not self.stance or claim.stance.value in self.stance)
            and (not self.language or _speaks(claim.article.language, self.language))
            and (not self.site or _lies_on(claim.article.site, self.site))
            and (not self.source or any(_says(text, self.source) for text in _source_texts(claim)))
            and (not self.words or _says(claim.content.text, self.words))
        )


@dataclass(frozen=True)
class Routing:
    """Where one revision of a claim goes beside ``claims``: ``now`` holds it, ``left`` held it until now.
    ``remembered`` is what the claim's row keeps, also routes that are not configured at present."""

    now: tuple[Route, ...]
    left: tuple[Route, ...]
    remembered: tuple[str, ...]


def routing(routes: Sequence[Route], claim: ClaimChanged, before: Sequence[str]) -> Routing:
    """``before``: the routes that held the claim's last revision, as remembered."""
    now = tuple(route for route in routes if route.matches(claim))
    left = tuple(route for route in routes if route.name in before and route not in now)
    kept = set(before) - {route.name for route in left} | {route.name for route in now}
    return Routing(now, left, tuple(sorted(kept)))


def load_routes(path: Path | None = None) -> tuple[Route, ...]:
    """The routes of a file. No path means `deploy/routes.toml`, and no routes where that was not shipped.

    Raises :class:`SettingsInvalid`, naming the route and the key.
    """
    if path is None:
        path = DEFAULT_PATH
        if not path.exists():
            return ()
    try:
        return parse_routes(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{path}: cannot be read: {error}", hint=_HINT) from error


def parse_routes(text: str, where: str = "routes.toml") -> tuple[Route, ...]:
    """``where`` names the text in errors."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{where}: {error}", hint=_HINT) from error
    entries = document.pop("route", [])
    if document or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SettingsInvalid(f"{where}: holds something else than [[route]] tables", hint=_HINT)
    routes = tuple(_route(entry, f"{where}: route {number}") for number, entry in enumerate(entries, 1))
    names = [route.name for route in routes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SettingsInvalid(f"{where}: several routes are called {', '.join(twice)}", hint=_HINT)
    return routes


def _route(entry: dict[str, object], where: str) -> Route:
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsInvalid(
            f"{where}: name {name!r} is not of lower-case letters, digits and hyphens (40 at most)",
            hint=_HINT,
        )
    if unknown := sorted(set(entry) - {"name", *_CONDITIONS}):
        raise SettingsInvalid(f"{where} ({name}): unknown key {', '.join(unknown)}", hint=_HINT)
    conditions = {key: _values(entry[key], key, f"{where} ({name})") for key in _CONDITIONS if key in entry}
    if not conditions:
        raise SettingsInvalid(f"{where} ({name}): has no condition; all claims are on `claims`", hint=_HINT)
    return Route(name, **conditions)


def _values(given: object, key: str, where: str) -> frozenset[str]:
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
        raise SettingsInvalid(f"{where}: {key} is not a text or a list of texts", hint=_HINT)
    for value in values:
        if key in _KNOWN and value not in _KNOWN[key]:
            known = ", ".join(sorted(_KNOWN[key]))
            raise SettingsInvalid(f"{where}: {key} {value!r} is none of {known}", hint=_HINT)
        if key == "language" and not _LANGUAGE.fullmatch(value):
            raise SettingsInvalid(f"{where}: language {value!r} is no language tag such as en", hint=_HINT)
        if key == "site" and not _SITE.fullmatch(value):
            raise SettingsInvalid(f"{where}: site {value!r} is no host such as *.example.org", hint=_HINT)
        if key in ("source", "words") and not normal_text(value):
            raise SettingsInvalid(f"{where}: {key} {value!r} holds no word", hint=_HINT)
    return frozenset(values)


def _speaks(language: str | None, wanted: frozenset[str]) -> bool:
    return language is not None and any(
        language.lower() == tag.lower() or language.lower().startswith(tag.lower() + "-") for tag in wanted
    )


def _lies_on(site: str, wanted: frozenset[str]) -> bool:
    return any(
        site == host or (host.startswith("*.") and (site == host[2:] or site.endswith(host[1:])))
        for host in wanted
    )


def _source_texts(claim: ClaimChanged) -> list[str]:
    source = [] if claim.source is None else [claim.source.text, claim.source.name]
    return [text for text in (*source, *(link.name for link in claim.chain)) if text]


def _says(text: str, phrases: frozenset[str]) -> bool:
    return _pattern(phrases).search(normal_text(text)) is not None


@lru_cache(maxsize=256)
def _pattern(phrases: frozenset[str]) -> re.Pattern[str]:
    alternatives = "|".join(sorted(re.escape(normal_text(phrase)) for phrase in phrases))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
