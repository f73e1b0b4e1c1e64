"""One process that is cut off goes on at its next start where it was, wherever that is."""

from __future__ import annotations

from pathlib import Path

from claimstream.sample import SampleSite
from tests.e2e.crowd import FILLER, Crowd
from tests.e2e.one_process_world import OneProcessWorld
from tests.e2e.proof import check_claims, check_nothing_twice
from tests.e2e.site import ScenarioSite

SIZE = 2
# A stage has a batch in hand, or a source has sent and not yet noted it.
CUTS = (
    "cleaner.pages",
    "extractor.articles",
    "store.articles",
    "store.extractions",
    "store.relay",
    "fetcher.fates",
    "fetcher.outcomes",
)


def write_notes(folder: Path, number: int) -> Path:
    """A text file with one quotation."""
    file = folder / f"notes-{number}.txt"
    quote = f"“It is as we wrote it down in book {number},” said Ruth Amsel, a clerk."
    file.write_text("\n\n".join((FILLER[0], quote, FILLER[1])), encoding="utf-8")
    return file


async def test_a_process_that_is_cut_off_at_every_point_loses_nothing(
    served: SampleSite, tmp_path: Path
) -> None:
    async with OneProcessWorld(tmp_path / "one.db") as world:
        crowd = Crowd(world, ScenarioSite(served, FILLER), SIZE)
        for number, cut in enumerate(CUTS):
            world.board.hold(cut)
            await crowd.publish()
            file = write_notes(tmp_path, number)
            await world.process.read_file(file, file.read_bytes(), url=None, content_type="text/plain")
            await world.board.until_held(cut)
            await world.until_fetched()
            await world.cut_off()
            await world.start()
            await world.quiet()

        account = await world.account()
        pages, files = SIZE * len(CUTS), len(CUTS)
        assert account.fates == {"stored": pages + files}
        assert account.open == 0
        assert account.balances
        assert await world.letters() == []
        assert await check_claims(world) > 0, "the relay was cut off before it noted what it had sent"
        revisions = sorted(len(each) for each in (await world.revisions()).values())
        assert revisions == [1] * files + [len(CUTS)] * SIZE
        await check_nothing_twice(world, articles=SIZE + files, versions=pages + files)
