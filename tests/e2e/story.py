"""A scenario file: its steps are done to a world, and what is seen after each is told in the file's own words.

Ids differ between runs (the site's port is part of every URL), so a claim is named by its article's path and by
when it was first seen there: ``/mill#2``. A record under the name of an earlier one has that one's claim id.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from shared.contracts import topics
from shared.contracts.events import ArticleCleaned, ClaimChanged, UrlOutcome
from shared.contracts.record import Outgoing, Record
from shared.pipeline.redrive import Letter
from tests.e2e.site import Article, ScenarioSite, articles_of
from tests.e2e.switchboard import fails_on
from tests.e2e.world import ToldFate, World, again, decoded

T = TypeVar("T")
Told = dict[str, list[str]]
SEEN = (topics.ARTICLES, topics.EXTRACTIONS, topics.CLAIMS, topics.OUTCOMES)
KINDS = ("fates", "claims", "outcomes", "letters", "skipped", "hints")


@dataclass(frozen=True)
class Step:
    """``do``: one action a table, the first key says which. ``then``: what is seen after it, by kind."""

    name: str
    do: Sequence[Mapping[str, Any]]
    then: Told


@dataclass(frozen=True)
class Scenario:
    filler: Sequence[str]
    articles: Mapping[str, Article]
    steps: Sequence[Step]
    account: Mapping[str, Any]


def load_scenario(path: Path) -> Scenario:
    parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    return Scenario(
        filler=parsed["articles"]["filler"]["paragraphs"],
        articles=articles_of(parsed["articles"]),
        steps=[
            Step(step["name"], step["do"], {kind: step.get(kind, []) for kind in KINDS})
            for step in parsed["steps"]
        ],
        account=parsed["account"],
    )


@dataclass
class Teller:
    """Does the steps of a scenario and tells what is seen; ``published`` claims in the order of their partition."""

    world: World
    site: ScenarioSite
    scenario: Scenario
    published: list[ClaimChanged] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    async def play(self, step: Step) -> Told:
        before = self.world.board.counts()
        for action in step.do:
            await self._do(action, before)
        await self.world.quiet()
        return await self._tell()

    # -- actions --------------------------------------------------------------------------------------------------

    async def _do(self, action: Mapping[str, Any], before: Counter[str]) -> None:
        board = self.world.board
        match action:
            case {"publish": path, "article": name}:
                self.site.publish(path, self.scenario.articles[name])
            case {"take_down": path}:
                self.site.take_down(path)
            case {"submit": path}:
                await self.world.submit(
                    self.site.url(path), ref=action.get("ref"), force=action.get("force", False)
                )
            case {"write": value, "to": topic}:
                await self.world.produce(Outgoing(topic, None, value.encode()))
            case {"produce_page_again": path, "visit": number}:
                await self.world.produce(again(self._page(path, number), attempt=2, to="cleaner"))
            case {"hold": stage}:
                board.hold(stage)
            case {"release": stage}:
                board.release(stage)
            case {"await_held": stage}:
                await board.until_held(stage)
            case {"await_handled": stage}:
                await board.until_handled(stage, before[stage] + action.get("count", 1))
            case {"break": stage, "on": marker}:
                board.break_(stage, fails_on(marker))
            case {"repair": stage}:
                board.repair(stage)
            case {"redrive": topic}:
                assert await self.world.redrive(topic) == action["letters"]
            case _:
                raise ValueError(f"no such action: {action}")

    def _page(self, path: str, number: int) -> Record:
        """The record of `pages` of a path's visit, counted from 1 over those that reached `pages`."""
        url = self.site.url(path)
        records = [r for r in self.world.records[topics.PAGES] if (r.header("ce_url") or b"").decode() == url]
        return records[number - 1]

    # -- what is seen ---------------------------------------------------------------------------------------------

    async def _tell(self) -> Told:
        new = {topic: [decoded(r) for r in self._since(topic, self.world.records[topic])] for topic in SEEN}
        articles: list[ArticleCleaned] = new[topics.ARTICLES]
        self._paths |= {article.article_id: self.site.path(article.url) for article in articles}
        # Articles may lie in any partition: only within one is there an order.
        claims: list[ClaimChanged] = sorted(
            new[topics.CLAIMS], key=lambda claim: self.site.path(claim.article.url)
        )
        self.published += claims
        return {
            "fates": sorted(self._fate(told) for told in await self.world.told()),
            "claims": [self._claim(claim) for claim in claims],
            "outcomes": sorted(self._outcome(outcome) for outcome in new[topics.OUTCOMES]),
            "letters": sorted(map(_letter, self._since("letters", await self.world.letters()))),
            "skipped": sorted(
                f"{self._paths[one.article_id]}: {one.skipped.code}"
                for one in new[topics.EXTRACTIONS]
                if one.skipped is not None
            ),
            "hints": sorted(
                f"{self.site.path(one.url)} names {self.site.path(one.canonical_hint)}"
                for one in articles
                if one.canonical_hint is not None
            ),
        }

    def _since(self, kind: str, records: Sequence[T]) -> Sequence[T]:
        """What came since the last look."""
        before = self._seen.get(kind, 0)
        self._seen[kind] = len(records)
        return records[before:]

    def _fate(self, told: ToldFate) -> str:
        code = f" ({told.code})" if told.code else ""
        attempt = f", attempt {told.attempt}" if told.attempt > 1 else ""
        late = "" if told.counts else ", which counts for nothing"
        return f"{self.site.path(told.url)} visit {told.visit}: {told.fate}{code}{attempt}{late}"

    def _claim(self, claim: ClaimChanged) -> str:
        name = self._name(claim.claim_id, self.site.path(claim.article.url))
        why = claim.cause.value
        if claim.changed:
            why += f", {' and '.join(claim.changed)}"
        for way, other in (("replaces", claim.replaces), ("replaced by", claim.replaced_by)):
            if other is not None:
                why += f", {way} {self._names.get(other, 'another')}"
        return f"{name} r{claim.revision} {claim.change.value} ({why}): {claim.content.text}"

    def _name(self, claim_id: str, path: str) -> str:
        if claim_id not in self._names:
            number = sum(name.startswith(f"{path}#") for name in self._names.values()) + 1
            self._names[claim_id] = f"{path}#{number}"
        return self._names[claim_id]

    def _outcome(self, outcome: UrlOutcome) -> str:
        code = f" ({outcome.code})" if outcome.code else ""
        claims = "" if outcome.claims is None else f" {outcome.claims} claims"
        refs = ", ".join(sorted(one.ref or "no ref" for one in outcome.submissions))
        return (
            f"{self.site.path(outcome.url)} r{outcome.revision} {outcome.fate.value}{code}{claims}, to {refs}"
        )


def _letter(letter: Letter) -> str:
    attempt = f", attempt {letter.attempt}" if letter.attempt > 1 else ""
    return f"{letter.reasons['topic']} at {letter.service}: {letter.code}{attempt}"
