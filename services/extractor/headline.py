"""Claims of the headline: "Dozens Missing, Rescuers Say", "Poll: Most Want Tram", "Mayor Denies Knowing of Sale"."""

import re

from services.extractor.frame import words
from services.extractor.lexicon import DOCUMENT_NOUNS, ORGANISATION_NOUNS, OUTLET_NOUNS, PEOPLE
from services.extractor.tagged import Tagged
from services.extractor.verbs import FORMS, HEADLINE, PHRASES

_MAX_SOURCE = 5  # words; more is a clause of its own
_CONFIDENCE = 0.9
_NAMED = PEOPLE | ORGANISATION_NOUNS | OUTLET_NOUNS | DOCUMENT_NOUNS
_BEHIND = re.compile(r"^(?P<content>.+?),? (?P<source>[^,:;]+?) (?P<cue>[^\W\d]+)$")
_COLON = re.compile(r"^(?P<source>[^:,]+)(?P<cue>:) (?P<content>.+)$")
# What kind of piece it is, which says nothing.
_GENRES = frozenset(
    [
        "analysis",
        "audio",
        "column",
        "comment",
        "correction",
        "editorial",
        "gallery",
        "interview",
        "live",
        "obituary",
        "opinion",
        "photos",
        "podcast",
        "profile",
        "q&a",
        "quiz",
        "recap",
        "review",
        "transcript",
        "update",
        "updated",
        "video",
        "watch",
    ]
)


def headline(title: str) -> Tagged | None:
    """The attribution that the title makes, with offsets into the title."""
    return _behind(title) or _colon(title) or _before(title)


def _behind(title: str) -> Tagged | None:
    found = _BEHIND.match(title)
    if found is None or "," not in title[: found.start("source")][-2:]:
        return None
    verb = FORMS.get(found["cue"].lower())
    if (
        verb is None
        or (not verb.speaks and found["cue"].lower() not in _HEARD)
        or len(found["source"].split()) > _MAX_SOURCE
    ):
        return None
    return _tagged(found)


_HEARD = frozenset({"told", "hears", "heard", "finds", "shows"})


def _colon(title: str) -> Tagged | None:
    found = _COLON.match(title)
    if found is None or len(found["source"].split()) > _MAX_SOURCE:
        return None
    last = found["source"].split()[-1].lower()
    if last in _GENRES:
        return None
    return _tagged(found) if last in _NAMED or last.rstrip("s") in _NAMED else None


def _before(title: str) -> Tagged | None:
    """Subject, verb, content; the source may be what it will."""
    tokens = words(title, 0, len(title))
    for i, token in enumerate(tokens[: _MAX_SOURCE + 1]):
        if i == 0 or not token.is_word:
            continue
        stop = next(
            (
                i + 1 + len(rest)
                for rest, lemma in PHRASES.get(token.low, ())
                if _follows(tokens, i, rest) and lemma in _TAKEN
            ),
            None,
        )
        verb = FORMS.get(token.low)
        if (
            stop is None
            and verb is not None
            and verb.form in {"third", "past", "base"}
            and verb.lemma in HEADLINE
        ):
            stop = i + 1
            if stop < len(tokens) and tokens[stop].low in {"of", "that", "for"}:
                stop += 1
        if stop is None or stop >= len(tokens) - 1:
            continue
        last = tokens[stop - 1]
        end = last.end if last.low != "that" else tokens[stop - 2].end
        return Tagged(
            content=((tokens[stop].start, len(title)),),
            cue=((token.start, end),),
            source=((tokens[0].start, tokens[i - 1].end),),
            confidence=_CONFIDENCE,
        )
    return None


_TAKEN = frozenset({"deny", "demand", "urge"})


def _follows(tokens: list, i: int, rest: tuple[str, ...]) -> bool:  # type: ignore[type-arg]
    return tuple(token.low for token in tokens[i + 1 : i + 1 + len(rest)]) == rest


def _tagged(found: re.Match[str]) -> Tagged:
    return Tagged((found.span("content"),), (found.span("cue"),), (found.span("source"),), _CONFIDENCE)
