"""From the release before to this one under load, and back: the schema stays the newer one, and nothing is lost.

`upgrade-from` names the commit that operators run now; whoever releases puts the released commit there.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.account import at_rest, nothing_is_lost
from tests.deploy.deployment import CONTACT, ROOT, Deployment

pytestmark = pytest.mark.timeout(1200)  # the images of two releases are built
COPIES = 6
# Polite enough that much is open while the releases change places: 22 pages an outlet, a second between two.
CRAWL_DELAY = 1.0


def released() -> str:
    commit = (Path(__file__).parent / "upgrade-from").read_text().strip()
    known = subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True)
    if known.returncode:
        pytest.fail(f"no history: {commit} is not in this clone; `git fetch --unshallow` brings it")
    return commit


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Of this release and of the one before, images built; the files are those of the one before."""
    made = Deployment(tmp_path_factory.mktemp("deployment"))
    try:
        made.setting("CLAIMSTREAM_FETCHER_CONTACT", CONTACT)
        # The sample site is another container with each release: what it misses is asked for again soon.
        made.setting("CLAIMSTREAM_FETCHER_BACKOFF_FIRST", "2")
        made.demo(copies=COPIES, crawl_delay=CRAWL_DELAY)
        made.compose("build", "--quiet")
        made.install(released())
        made.compose("build", "--quiet")
        yield made
    finally:
        made.remove()


def upgrade(deployment: Deployment, commit: str | None) -> None:
    """As docs/operate.md of this release says it, also where the way leads back."""
    deployment.install()
    commands = deployment.commands("Upgrade")
    deployment.install(commit)
    deployment.run(["bash", "-eu", "-c", commands])
    containers = deployment.containers()
    tags = {
        one["Config"]["Image"].rpartition(":")[2]
        for one in containers
        if one["Config"]["Image"].startswith("claimstream/")
    }
    assert tags == {deployment.environment["CLAIMSTREAM_TAG"]}
    # What the release has, and nothing of the one that was there before it.
    names = {one["Config"]["Labels"]["com.docker.compose.service"] for one in containers}
    assert names == set(deployment.compose("config", "--services").split())


def schema(deployment: Deployment) -> list[str]:
    """The revisions that both databases are at."""
    ask = [
        "exec",
        "-T",
        "postgres",
        "psql",
        "--username=postgres",
        "--no-psqlrc",
        "--tuples-only",
        "--no-align",
    ]
    return [
        deployment.compose(
            *ask, f"--dbname=claimstream_{name}", f"--command=SELECT version_num FROM {name}_version"
        ).strip()
        for name in ("fetcher", "store")
    ]


def keep_busy(deployment: Deployment) -> None:
    """Have everything that was read so far read again; returns while most of it is still to be done."""
    read = sorted({one["article"]["url"] for one in deployment.until_claims(5 * COPIES)})
    for _ in range(5):
        deployment.tool("submit", "--force", *read)
        if deployment.status()["open"] > COPIES:
            return
    pytest.fail("the load ends before anybody sees it")


def test_up_to_this_release_and_back_under_load_loses_nothing(deployment: Deployment) -> None:
    deployment.compose("up", "--detach", "--wait")
    keep_busy(deployment)
    upgrade(deployment, None)
    newer = schema(deployment)

    keep_busy(deployment)
    upgrade(deployment, released())
    # The older release's job has run on the newer schema, and its code runs on it.
    assert schema(deployment) == newer
    wanted = sum(feed["entries"] for feed in deployment.feeds())
    assert wanted >= 11 * COPIES
    status = deployment.until("at rest", lambda found: found["visits"] >= wanted and at_rest(found))
    nothing_is_lost(status, deployment.claims())


def test_what_was_rolled_back_goes_up_again_and_knows_everything(deployment: Deployment) -> None:
    before = deployment.status()
    upgrade(deployment, None)
    after = deployment.until("at rest", at_rest)
    assert after["fates"] == before["fates"]
    nothing_is_lost(after, deployment.claims())
