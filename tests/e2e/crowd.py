"""Many small pages on two outlets, with one quotation each, in as many editions as a test likes."""

from __future__ import annotations

from tests.e2e.proof import check_claims, check_nothing_twice
from tests.e2e.site import Article, ScenarioSite
from tests.e2e.world import World

FILLER = (
    "The road along the estuary carries more lorries than it was built for, and its bridges are inspected in turn.",
    "The county's engineers publish what they find on the first Monday of the month, and the council debates it.",
)


class Crowd:
    """``size`` articles, every other one on the second outlet."""

    def __init__(self, world: World, site: ScenarioSite, size: int) -> None:
        self._world, self._site = world, site
        self.paths = [f"{'ledger:' if number % 2 else ''}/bridge-{number}" for number in range(size)]
        self._editions = 0

    async def publish(self) -> None:
        """The next edition of every article: published, and submitted."""
        self._editions += 1
        for number, path in enumerate(self.paths):
            self._site.publish(path, self._article(number))
        await self._world.submit(*map(self._site.url, self.paths), force=self._editions > 1)

    def _article(self, number: int) -> Article:
        weeks = 10 * self._editions + number % 7
        quote = f"“Bridge number {number} will have to be closed to all lorries for {weeks} weeks,” said Lena Fisk."
        return Article(f"Bridge Number {number} to Be Closed", [quote])

    async def check(self) -> int:
        """Every visit was stored, nothing is there twice, and each claim was revised once an edition.

        How many records on `claims` were repeats.
        """
        account = await self._world.account()
        assert account.fates == {"stored": len(self.paths) * self._editions}
        assert account.open == 0
        assert account.balances
        assert await self._world.letters() == []
        repeats = await check_claims(self._world)
        revisions = await self._world.revisions()
        assert len(revisions) == len(self.paths)
        assert {len(each) for each in revisions.values()} == {self._editions}
        await check_nothing_twice(
            self._world, articles=len(self.paths), versions=len(self.paths) * self._editions
        )
        return repeats
