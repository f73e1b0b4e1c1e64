"""What a worker does with an article that has a second reader: read it and say what is to be asked, then read it again.

The answers come in between, outside of the worker; with them the second step is as pure as the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.extractor.reader import configured
from services.extractor.second_reader.corrections import Correction
from services.extractor.second_reader.identity import read_again
from services.extractor.second_reader.questions import Question, questions
from services.extractor.second_reader.reading import read_with
from services.extractor.tagged import Tagged
from services.extractor.work import about, article_of, read, result_of
from shared.contracts.canary import is_canary_article
from shared.contracts.record import Record
from shared.pipeline.results import Dead, Emit


@dataclass(frozen=True, slots=True)
class First:
    """An article's record; ``below``: the confidence under which a claim is asked about."""

    record: Record
    below: float


@dataclass(frozen=True, slots=True)
class Again:
    """The same record with what the second reader, ``model``, corrected in what was ``tagged``."""

    record: Record
    tagged: tuple[Tagged, ...]
    corrections: tuple[Correction, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An article that was read, with what is to be asked about it. ``emit``: as it goes out without any answer."""

    emit: Emit
    tagged: tuple[Tagged, ...]
    questions: tuple[Question, ...]


Task = First | Again
Outcome = Emit | Dead | Doubtful


def step(task: Task) -> Outcome:
    """One step of an article; what a worker is given. Raises :class:`~shared.errors.Undecodable`."""
    return _again(task) if isinstance(task, Again) else _first(task)


def _first(task: First) -> Outcome:
    article = article_of(task.record)
    if article is None:
        return Emit()
    found = read(article)
    result = result_of(article, configured().identity, found)
    # The canary tells the same story every minute.
    if isinstance(result, Dead) or is_canary_article(article.article_id):
        return result
    asked = questions(article.text, found, task.below)
    return Doubtful(result, found.tagged, asked) if asked else result


def _again(task: Again) -> Emit | Dead:
    article = article_of(task.record)
    if article is None:
        return Emit()
    by = configured()
    found = read_with(article.text, task.tagged, task.corrections, about(article), by.statements, task.model)
    differs = any(claim.second_reading is not None for claim in found.claims)
    return result_of(article, read_again(by.identity, task.model) if differs else by.identity, found)
