"""From the release before to this one under load, and back: the schema stays the newer one, and nothing is lost.

`upgrade-from` names the commit that operators run now; whoever releases puts the released commit there.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.account import at_rest, nothing_is_lost
from tests.deploy.deployment import CONTACT, ROOT, RUNNING, SERVICES, Deployment

pytestmark = pytest.mark.timeout(1500)  # the images of two releases are built
COPIES = 15
# So polite that the load outlasts both ways: 55 pages an outlet and 1.5 s between two of them.
CRAWL_DELAY = 1.5


def released() -> str:
    commit = (Path(__file__).parent / "upgrade-from").read_text().strip()
    known = subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True)
    if known.returncode:
        pytest.fail(f"no history: {commit} is not in this clone; `git fetch --unshallow` brings it")
    return commit


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, Deployment]]:
    older = Deployment(tmp_path_factory.mktemp("older"), commit=released())
    newer = Deployment(tmp_path_factory.mktemp("newer"), beside=older)
    try:
        for release in (older, newer):
            release.setting("CLAIMSTREAM_FETCHER_CONTACT", CONTACT)
            # The sample site is another container with each release: what it misses is asked for again soon.
            release.setting("CLAIMSTREAM_FETCHER_BACKOFF_FIRST", "2")
            release.demo(copies=COPIES, crawl_delay=CRAWL_DELAY)
            release.compose("build", "--quiet")
        yield older, newer
    finally:
        for release in (older, newer):
            release.remove()


def tags(release: Deployment, *names: str) -> set[str]:
    """The tags of the images that these services run from."""
    return {one["Config"]["Image"].rpartition(":")[2] for name in names for one in release.containers(name)}


def test_up_to_this_release_and_back_under_load_loses_nothing(
    releases: tuple[Deployment, Deployment],
) -> None:
    older, newer = releases
    older.compose("up", "--detach", "--wait")
    older.until("under way", lambda status: status["visits"] > COPIES and status["open"] > 0)

    newer.script("Upgrade")
    assert tags(newer, *RUNNING) == {newer.tag}
    moved = newer.until("under way again", lambda status: sum(status["fates"].values()) > COPIES)
    assert moved["open"] > 0, "the load ended before the way back"

    older.run(["bash", "-eu", "-c", newer.commands("Upgrade")])  # the same two, in the older checkout
    assert tags(older, *SERVICES) == {older.tag}
    wanted = sum(feed["entries"] for feed in older.feeds())
    assert wanted >= 11 * COPIES
    status = older.until("at rest", lambda found: found["visits"] >= wanted and at_rest(found))
    nothing_is_lost(status, older.claims())


def test_the_older_release_leaves_the_newer_schema_as_it_is(releases: tuple[Deployment, Deployment]) -> None:
    older, newer = releases
    before = revisions_of_the_schema(newer)
    older.tool("migrate")
    assert revisions_of_the_schema(newer) == before
    newer.tool("migrate")
    assert revisions_of_the_schema(newer) == before


def test_what_rolled_back_goes_up_again_and_knows_everything(releases: tuple[Deployment, Deployment]) -> None:
    older, newer = releases
    before = older.status()
    newer.script("Upgrade")
    after = newer.until("at rest", at_rest)
    assert after["fates"] == before["fates"]
    nothing_is_lost(after, newer.claims())


def revisions_of_the_schema(release: Deployment) -> str:
    tables = {"fetcher": "fetcher_version", "store": "store_version"}
    return "".join(
        release.compose(
            "exec",
            "-T",
            "postgres",
            "psql",
            "--username=postgres",
            f"--dbname=claimstream_{name}",
            "--no-psqlrc",
            "--tuples-only",
            f"--command=SELECT version_num FROM {table}",
        )
        for name, table in tables.items()
    )
