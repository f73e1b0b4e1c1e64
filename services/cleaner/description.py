"""What is known of an article beside its text: each field with its origin, and with its confidence where one was
measured. What only the text itself says (``text``) comes last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.cleaner.article import Metadata
from services.cleaner.blocks import model
from services.cleaner.confidence import confidence_of
from services.cleaner.language import code_of, language_of
from services.cleaner.metadata.above import Above
from services.cleaner.metadata.authors import split_authors
from services.cleaner.metadata.byline import byline
from services.cleaner.metadata.dates import parse_date
from services.cleaner.metadata.evidence import Answer, support
from services.cleaner.metadata.images import Pictured
from services.cleaner.metadata.read import Stated
from services.cleaner.metadata.standfirst import standfirst
from services.cleaner.reading import Reading


def describe(reading: Reading, text: str, feed: str | None, observed: datetime | None) -> Metadata:
    """``text``: the article's, of this reading. ``feed``: the date that its feed gave it, ``observed``: when it was
    fetched."""
    found = answers(reading, text, feed, observed)
    pictured = reading.stated.image() if reading.stated else None
    provenance = {name: answer.origin for name, answer in found.items()} | _of_picture(pictured)
    measured = {name: answer.confidence(name) for name, answer in found.items()}
    confidence = {name: chance for name, chance in measured.items() if chance is not None}
    provenance["text"] = reading.found.by
    if reading.found.signs is not None:
        confidence["text"] = confidence_of(reading.found.signs, model.load().confidence)
        provenance["text_confidence"] = f"{confidence['text']:.2f}"
    return Metadata(
        **{name: answer.value for name, answer in found.items()},
        image=pictured.image if pictured else None,
        provenance=provenance,
        confidence=confidence,
    )


def answers(
    reading: Reading, text: str, feed: str | None, observed: datetime | None
) -> dict[str, Answer[Any]]:
    """The fields that are known, by their names in :class:`~services.cleaner.article.Metadata`."""
    stated, headline, signed = reading.stated, reading.front.headline, reading.front.byline
    if stated is None:
        found: dict[str, Answer[Any] | None] = {
            "authors": _of_text(split_authors([signed]) if signed else ()),
            "language": _language(text, None),
            "published_at": _of_feed(feed, observed),
        }
    else:
        published, others = stated.published_at(feed), stated.not_people()
        said = split_authors([signed], others) if signed else ()
        blocks = reading.blocks
        above = Above.of(reading.found.judged, blocks, stated.title_forms())
        declared = _declared(stated)
        found = {
            "title": stated.title(headline),
            "authors": stated.authors(byline(above, others), said),
            "publisher": stated.publisher(),
            "section": stated.section(),
            "language": _language(text, declared),
            "language_declared": declared,
            "published_at": published,
            "modified_at": stated.modified_at(published.value if published else None),
            "standfirst": standfirst(above, [block.text for block in blocks], stated.descriptions()),
            "tags": stated.tags(),
            "paywall": stated.paywall(),
        }
    found["title"] = found.get("title") or _of_text(headline)
    return {name: answer for name, answer in found.items() if answer is not None}


def _of_text(value: Any) -> Answer[Any] | None:
    return Answer(value, "text") if value else None


def _of_feed(feed: str | None, observed: datetime | None) -> Answer[Any] | None:
    date = parse_date(feed, "feed", observed)
    return Answer(date, date.from_) if date else None


def _of_picture(pictured: Pictured | None) -> dict[str, str]:
    if pictured is None:
        return {}
    credit = {"image_credit": pictured.credit_origin} if pictured.credit_origin else {}
    return {"image": pictured.origin} | credit


def _declared(stated: Stated) -> Answer[str] | None:
    """What the page declares, where it is a language's code."""
    declared = stated.declared_language()
    code = code_of(declared.value) if declared else None
    return Answer(code, declared.origin) if declared and code else None


def _language(text: str, declared: Answer[str] | None) -> Answer[str] | None:
    found = language_of(text, declared.value if declared else None)
    if found is None:
        return None
    language, origin = found
    if declared and origin != "detected":
        return declared
    return Answer(language, origin, support(language, [declared.value] if declared else [], str.__eq__))
