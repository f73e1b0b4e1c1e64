"""The account's identities, under whatever comes in whatever order."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.fetcher.account_read import balance
from services.fetcher.app import migrate
from services.fetcher.frontier.hosts import LeaseLost
from services.fetcher.frontier.tables import outcomes, submissions, visits
from services.fetcher.frontier.turn import Answer, Verdict
from shared.contracts.enums import Fate
from shared.contracts.record import Record
from shared.database import open_database
from tests.integration.fetcher.rig import Rig, fate_of, rig_on

URLS = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "ftp://c.example/", "no url"]
SAID = [fate for fate in Fate if fate is not Fate.OTHER]

submit = st.tuples(st.just("submit"), st.sampled_from(URLS), st.booleans(), st.integers(0, 9))
redeliver = st.tuples(st.just("redeliver"), st.integers(0, 99))
take = st.tuples(st.just("take"))
end = st.tuples(st.just("end"), st.sampled_from(["sent", "rejected", "unchanged", "back", "lost"]))
say = st.tuples(
    st.just("say"),
    st.integers(0, 99),
    st.sampled_from(SAID),
    st.integers(1, 3),
)
later = st.tuples(st.just("later"), st.sampled_from([1.0, 60.0, 4000.0]))
STEPS: st.SearchStrategy[list[tuple[Any, ...]]] = st.lists(
    st.one_of(submit, submit, redeliver, take, end, say, later), min_size=5, max_size=40
)


class Play:
    """Acts out steps on one fetcher and remembers what went in."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.records: list[Record] = []
        self.turns: list[Any] = []

    async def act(self, step: tuple[Any, ...]) -> None:
        name, *arguments = step
        await getattr(self, f"_{name}")(*arguments)

    async def _submit(self, url: str, force: bool, identity: int) -> None:
        headers = [("ce_id", str(identity).encode()), ("ce_source", b"//play")] if identity else []
        value = url if url == "no url" else json.dumps({"url": url, "force": force, "ref": f"r{identity}"})
        record = self.rig.submission(value, headers=headers)
        self.records.append(record)
        await self.rig.feed_in([record])

    async def _redeliver(self, which: int) -> None:
        if self.records:
            await self.rig.feed_in([self.records[which % len(self.records)]] * 2)

    async def _take(self) -> None:
        self.turns += await self.rig.frontier.turns(2, bulk=False)

    async def _end(self, how: str) -> None:
        if not self.turns:
            return
        turn = self.turns.pop(0)
        frontier, url = self.rig.frontier, turn.visit.next_url
        try:
            if how == "lost":
                self.rig.now.seconds += 60
                return
            if how == "back":
                await frontier.put_back(turn, next_url=url, wait=0, visit_wait=0, tries=0, failures=None)
                return
            seen = await frontier.observe(turn)
            answer = Answer(200, url, "0" * 64)
            if how == "sent":
                await frontier.sent(turn, seen, answer, wait=0)
            else:
                verdict = Verdict(Fate(how), "code")
                await frontier.close(turn, verdict, wait=0, failures=0, seen=seen, answer=answer)
        except LeaseLost:
            pass  # it ran out while the clock moved

    async def _say(self, which: int, fate: Fate, attempt: int) -> None:
        known = sorted(row.visit_id for row in await self.rig.rows(visits))
        if known:
            await self.rig.say(fate_of(known[which % len(known)], fate, attempt=attempt))

    async def _later(self, seconds: float) -> None:
        self.rig.now.seconds += seconds

    async def check(self) -> None:
        account = await balance(self.rig.engine)
        asked = await self.rig.rows(submissions)
        all_visits = {row.visit_id: row for row in await self.rig.rows(visits)}
        identities = {
            (record.header("ce_id"),) if record.header("ce_id") else record.offset for record in self.records
        }
        assert account.submissions == len(asked) == len(identities)
        assert account.visits == sum(account.fates.values()) + account.open == len(all_visits)
        assert account.opened == len(all_visits)  # nothing but submissions opens visits here
        assert {(row.state == "closed") is (row.fate is not None) for row in all_visits.values()} <= {True}
        answers: defaultdict[str, dict[int, Any]] = defaultdict(dict)
        for row in await self.rig.rows(outcomes):
            answers[row.visit_id][row.revision] = json.loads(row.body)
        for key, visit in all_visits.items():
            refs = sorted(row.submission_key for row in asked if row.visit_id == key)
            assert refs, "every visit was asked for by somebody"
            assert sorted(answers[key]) == list(range(1, visit.revision + 1))
            assert (visit.revision > 0) is (visit.fate is not None)
            if visit.revision:
                last = answers[key][visit.revision]
                assert (last["fate"], last["attempt"]) == (visit.fate, visit.attempt)
                assert len(last["submissions"]) == len(refs)


async def play(template: Path, steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fetcher.db"
        shutil.copy(template, path)
        engine = open_database(f"sqlite+aiosqlite:///{path}")
        try:
            async with rig_on(engine) as rig:
                game = Play(rig)
                for step in steps:
                    await game.act(step)
                await game.check()
        finally:
            await engine.dispose()


def test_the_account_balances_whatever_comes_in_whatever_order(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{template}"))

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(STEPS)
    def run(steps: list[tuple[Any, ...]]) -> None:
        asyncio.run(play(template, steps))

    run()
