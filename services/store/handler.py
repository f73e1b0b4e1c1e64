"""What the two stages do with a batch: check each record, shelve what is good, settle every article that it touches.

Pure: the shelf is behind a protocol. A record that cannot be proved or ordered later is refused here, where its
bytes still are the topic's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shared.contracts.enums import ArticleState
from shared.contracts.events import ArticleCleaned, ClaimsExtracted
from shared.contracts.ids import version_of
from shared.contracts.text import is_normal
from shared.errors import DependencyAway, DeployBroken
from shared.pipeline.results import Dead, Emit
from shared.pipeline.stage import Batch, Handler

T = TypeVar("T", ArticleCleaned, ClaimsExtracted)

# Articles settled in one transaction: past a dozen, the statements cost little beside what an article itself needs,
# and locks are held the longer.
TOGETHER = 16

# `shared.clock.iso`; times are compared as text, so another form would be sorted wrongly.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
# Ids are keys here, and go into every record that the store writes.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERSION = re.compile(r"sha256:[0-9a-f]{64}")
_CLEANER_HINT = (
    "A defect of the cleaner that wrote it, or a foreign producer on `articles`. Mend it, then redrive."
)
_EXTRACTOR_HINT = (
    "A defect of the extractor that wrote it, or a foreign producer on `extractions`. Mend it, redrive."
)
_UPGRADE_HINT = "A newer release wrote it. Upgrade the store, then `claimstream dead redrive`."


@dataclass(frozen=True, slots=True)
class Received(Generic[T]):
    """A record with what its envelope says of its way here."""

    value: T
    attempt: int = 1
    traceparent: str | None = None


class Shelf(Protocol):
    """Where records are kept. Every method may raise :class:`~shared.errors.DependencyAway`."""

    async def shelve_articles(self, received: Sequence[Received[ArticleCleaned]]) -> None:
        """Keep them; each more often than once is the same as once."""

    async def shelve_extractions(self, received: Sequence[Received[ClaimsExtracted]]) -> None:
        """Likewise."""

    async def settle(self, article_ids: Sequence[str]) -> None:
        """Move each article's ledger to where it should stand, under the article's lock: all of them or none."""


def article_fault(article: ArticleCleaned) -> Dead | None:
    """Why this record cannot be kept; None: it can."""
    if article.state is ArticleState.OTHER:
        return Dead("unknown-state", _UPGRADE_HINT, "the article's state is not known to this release")
    if (wrong := _wrong_id(article.article_id, article.visit_id, article.url_id)) is not None:
        return Dead("bad-id", _CLEANER_HINT, f"no id: {wrong[:60]!r}")
    if not _TIME.fullmatch(article.observed_at):
        return Dead("bad-time", _CLEANER_HINT, f"observed_at {article.observed_at[:60]!r}")
    if article.state is ArticleState.GONE:
        if article.text or article.version:
            return Dead("gone-with-text", _CLEANER_HINT, "a gone article has neither text nor version")
        return None
    if article.version != version_of(article.text):
        return Dead("version-mismatch", _CLEANER_HINT, f"the text is not that of {article.version[:80]}")
    if not article.text or not is_normal(article.text):
        return Dead("text-not-normal", _CLEANER_HINT, "offsets into this text cannot be trusted")
    return None


def extraction_fault(extraction: ClaimsExtracted) -> Dead | None:
    """Likewise. Whether its spans show what it says is checked when the text is there."""
    if (wrong := _wrong_id(extraction.article_id, extraction.visit_id)) is not None:
        return Dead("bad-id", _EXTRACTOR_HINT, f"no id: {wrong[:60]!r}")
    if not _TIME.fullmatch(extraction.observed_at):
        return Dead("bad-time", _EXTRACTOR_HINT, f"observed_at {extraction.observed_at[:60]!r}")
    if not _VERSION.fullmatch(extraction.version):
        return Dead("version-mismatch", _EXTRACTOR_HINT, f"no version: {extraction.version[:80]!r}")
    numbers = [claim.n for claim in extraction.claims]
    if len(set(numbers)) != len(numbers):
        return Dead("claims-misnumbered", _EXTRACTOR_HINT, "two claims have the same n")
    return None


def _wrong_id(*ids: str) -> str | None:
    return next((one for one in ids if not _ID.fullmatch(one)), None)


def handle_articles(shelf: Shelf, *, parallel: int = 1) -> Handler[ArticleCleaned]:
    """The handler of the stage on `articles`; ``parallel`` articles are settled at a time."""
    return _handler(article_fault, shelf.shelve_articles, shelf.settle, parallel)


def handle_extractions(shelf: Shelf, *, parallel: int = 1) -> Handler[ClaimsExtracted]:
    """The handler of the stage on `extractions`."""
    return _handler(extraction_fault, shelf.shelve_extractions, shelf.settle, parallel)


def _handler(
    fault: Callable[[T], Dead | None],
    shelve: Callable[[Sequence[Received[T]]], Awaitable[None]],
    settle: Callable[[Sequence[str]], Awaitable[None]],
    parallel: int,
) -> Handler[T]:
    async def handle(batch: Batch[T]) -> None:
        good: dict[str, list[int]] = {}
        for index in batch.unsettled():
            value = batch.items[index].value
            if (dead := fault(value)) is not None:
                batch.settle(index, dead)
            else:
                good.setdefault(value.article_id, []).append(index)
        indices = [index for group in good.values() for index in group]
        if not indices:
            return
        items = [batch.items[index] for index in indices]
        await shelve([Received(i.value, i.envelope.attempt, i.envelope.traceparent) for i in items])
        gate = asyncio.Semaphore(parallel)

        async def settle_these(article_ids: Sequence[str]) -> None:
            async with gate:
                await settle(article_ids)
            for article_id in article_ids:
                for index in good[article_id]:
                    batch.settle(index, Emit())

        ordered = sorted(good)
        groups = [ordered[start : start + TOGETHER] for start in range(0, len(ordered), TOGETHER)]
        failures = await _each(settle_these, groups)
        errors = [error for group, error in failures if len(group) == 1 or _blameless(error)]
        # One of a group is to blame: the others must not suffer for it.
        doubtful = [group for group, error in failures if len(group) > 1 and not _blameless(error)]
        alone = [[article_id] for group in doubtful for article_id in group]
        errors += [error for _, error in await _each(settle_these, alone)]
        if errors:
            # What no record is to blame for goes first: then the whole batch waits.
            raise min(errors, key=lambda error: not _blameless(error))

    return handle


async def _each(
    settle: Callable[[Sequence[str]], Awaitable[None]], groups: Sequence[Sequence[str]]
) -> list[tuple[Sequence[str], BaseException]]:
    """Settle every group; those that failed, and how."""
    outcomes = await asyncio.gather(*map(settle, groups), return_exceptions=True)
    return [
        (group, outcome)
        for group, outcome in zip(groups, outcomes, strict=True)
        if isinstance(outcome, BaseException)
    ]


def _blameless(error: BaseException) -> bool:
    return isinstance(error, (DependencyAway, DeployBroken))
