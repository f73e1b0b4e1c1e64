"""What is known of an article beside its text: each field with its origin, and with its confidence where one was
measured. What only the text itself says (``text``) comes last."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from services.cleaner.article import Metadata
from services.cleaner.blocks import model
from services.cleaner.confidence import confidence_of
from services.cleaner.language import code_of, language_of
from services.cleaner.metadata.authors import split_authors
from services.cleaner.metadata.dates import parse_date
from services.cleaner.metadata.evidence import Answer, support
from services.cleaner.metadata.read import Stated
from services.cleaner.metadata.standfirst import standfirst
from services.cleaner.reading import Reading
from shared.contracts.parts import Dated

T = TypeVar("T")


def describe(reading: Reading, text: str, feed: str | None, observed: datetime | None) -> Metadata:
    """``text``: the article's, of this reading. ``feed``: the date that its feed gave it, ``observed``: when it was
    fetched."""
    stated, front = reading.stated, reading.front
    shown = Answer(front.headline, "text") if front.headline else None
    publisher = stated.publisher() if stated else None
    byline = split_authors([front.byline], [_value(publisher)]) if front.byline else ()
    by_line = Answer(byline, "text") if byline else None
    title = (stated.title(front.headline) if stated else None) or shown
    authors = stated.authors(byline) if stated else by_line
    section = stated.section() if stated else None
    declared = _declared(stated)
    language = _language(text, declared)
    published = stated.published_at(feed) if stated else _of_feed(feed, observed)
    modified = stated.modified_at(_value(published)) if stated else None
    under = _standfirst(reading, stated) if stated else None
    tags = stated.tags() if stated else None
    pictured = stated.image() if stated else None
    image = Answer(pictured.image, pictured.origin) if pictured else None
    paywall = stated.paywall() if stated else None
    fields = {
        "title": title,
        "authors": authors,
        "publisher": publisher,
        "section": section,
        "language": language,
        "language_declared": declared,
        "published_at": published,
        "modified_at": modified,
        "standfirst": under,
        "tags": tags,
        "image": image,
        "paywall": paywall,
    }
    provenance = {name: answer.origin for name, answer in fields.items() if answer}
    if pictured and pictured.credit_origin:
        provenance["image_credit"] = pictured.credit_origin
    measured = {name: answer.confidence(name) for name, answer in fields.items() if answer}
    confidence = {name: chance for name, chance in measured.items() if chance is not None}
    provenance["text"] = reading.found.by
    if reading.found.signs is not None:
        confidence["text"] = confidence_of(reading.found.signs, model.load().confidence)
        provenance["text_confidence"] = f"{confidence['text']:.2f}"
    return Metadata(
        title=_value(title),
        authors=_value(authors) or (),
        publisher=_value(publisher),
        section=_value(section),
        language=_value(language),
        language_declared=_value(declared),
        published_at=_value(published),
        modified_at=_value(modified),
        standfirst=_value(under),
        tags=_value(tags) or (),
        image=_value(image),
        paywall=_value(paywall),
        provenance=provenance,
        confidence=confidence,
    )


def _value(answer: Answer[T] | None) -> T | None:
    return answer.value if answer else None


def _declared(stated: Stated | None) -> Answer[str] | None:
    """What the page declares, where it is a language's code."""
    declared = stated.declared_language() if stated else None
    code = code_of(declared.value) if declared else None
    return Answer(code, declared.origin) if declared and code else None


def _language(text: str, declared: Answer[str] | None) -> Answer[str] | None:
    found = language_of(text, _value(declared))
    if found is None:
        return None
    language, origin = found
    if declared and origin != "detected":
        return declared
    return Answer(language, origin, support(language, [declared.value] if declared else [], str.__eq__))


def _of_feed(feed: str | None, observed: datetime | None) -> Answer[Dated] | None:
    date = parse_date(feed, "feed", observed)
    return Answer(date, date.from_) if date else None


def _standfirst(reading: Reading, stated: Stated) -> Answer[str] | None:
    """Of what stands above the text; None where nobody knows where in the page that begins (another extractor's)."""
    paragraphs = reading.blocks
    first = min((block.index for block in paragraphs if block.index >= 0), default=0)
    beginning = [block.text for block in paragraphs[:3]]
    return standfirst(reading.found.judged, first, stated.title_forms(), beginning, stated.descriptions())
