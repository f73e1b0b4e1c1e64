"""A short report with three claims, as the rules read it, and what a second reader may say of each."""

from __future__ import annotations

import json

from services.extractor.handler import Extraction, about_of, extract
from services.extractor.second_reader.answers import Answer
from services.extractor.second_reader.questions import Question, questions
from shared.contracts.parts import Span

TEXT = """\
The port of Aldmoor closed its northern quay on Monday after a crane fell into the harbour.

Harbour master Lise Brandt said the quay would stay closed until the ice has gone, and no ship was damaged.

The Aldmoor Gazette said an official at the transport ministry had warned that three other cranes were unsafe.

“We are counting every bolt,” Brandt told reporters."""
PUBLISHER = "Coast News"
ABOUT = about_of(None, PUBLISHER, None)
MASTER, GAZETTE, QUOTE = 0, 1, 2  # the claims, by their place
BELOW = 0.7


def read() -> Extraction:
    return extract(TEXT, language="en", publisher=PUBLISHER)


def asked(below: float = BELOW) -> dict[int, Question]:
    """The questions by claim."""
    return {question.at: question for question in questions(TEXT, read(), below)}


def span(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def says(
    attributed: bool = True,
    source: str | None = None,
    content: tuple[str, ...] | None = None,
    origin: str | None = None,
) -> Answer:
    return Answer(attributed=attributed, source=source, content=content, origin=origin)


def completion(answer: Answer | str) -> bytes:
    """What an endpoint sends whose model answers so."""
    words = answer if isinstance(answer, str) else answer.model_dump_json()
    return json.dumps({"choices": [{"message": {"content": words}}]}).encode()


async def agree(_body: bytes) -> bytes:
    """An endpoint whose model finds nothing wrong."""
    return completion(says())
