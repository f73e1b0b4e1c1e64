"""What the second reader answers, by a strict schema: anything else is no answer."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Words = Annotated[str, Field(min_length=1, max_length=4_000)]


class Answer(BaseModel):
    """``attributed``: whether the passage has somebody say this at all. The others are None where the reading was
    right, otherwise the right words as the passage has them; ``origin`` None where nobody stands behind the source."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    attributed: bool
    source: Words | None
    content: Annotated[tuple[Words, ...], Field(min_length=1, max_length=4, strict=False)] | None
    origin: Words | None


# The same for the endpoint; without the limits, which not every endpoint takes.
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "attributed": {"type": "boolean"},
        "source": {"type": ["string", "null"]},
        "content": {"type": ["array", "null"], "items": {"type": "string"}},
        "origin": {"type": ["string", "null"]},
    },
    "required": ["attributed", "source", "content", "origin"],
    "additionalProperties": False,
}


class Unanswered(Exception):
    """A question has no answer. ``code`` says why, and is the metric's label. ``retry_after``: seconds that the
    endpoint asked for. ``blames_endpoint``: whether it counts towards opening the circuit."""

    def __init__(self, code: str, *, retry_after: float = 0.0, blames_endpoint: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.blames_endpoint = blames_endpoint


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]


def answer_of(body: bytes) -> Answer:
    """The answer in the body of a chat completion.

    Raises :class:`Unanswered`: `nonsense` for a body of another protocol; `unreadable` for words that are not what was
    asked for. A page can talk a model into those, so they say nothing about the endpoint, and no page can take the
    second reader from all others.
    """
    try:
        words = _Completion.model_validate_json(body).choices[0].message.content
    except ValidationError:
        raise Unanswered("nonsense") from None
    try:
        return Answer.model_validate_json(words)
    except ValidationError:
        raise Unanswered("unreadable", blames_endpoint=False) from None
