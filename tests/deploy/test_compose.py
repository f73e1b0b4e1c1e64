"""The compose file on a real engine: up, scaled, restarted under load, killed, upgraded, down and up. In this order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.deploy.account import at_rest, balanced, latest, nothing_is_lost, revisions
from tests.deploy.deployment import RUNNING, SERVICES, Deployment

pytestmark = pytest.mark.timeout(1500)  # images are built, and brokers start and stop several times
JOBS = ("secrets", "certificates", "topics", "api-role", "cleaner-database", "migrate")
# What a question could make of the API, were it to write: with its own URL, and without what the API asks for itself.
WRITE = """
import asyncio, asyncpg, sys
async def write(statement):
    url = open("/run/claimstream/api/store-database-url").read().strip().replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    await connection.execute("SET default_transaction_read_only = off")
    print(await connection.fetchval("SELECT count(*) >= 0 FROM store_claim"))
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as error:
        print(error)
asyncio.run(write(sys.argv[1]))
"""
ROOM = """
import os, urllib.request
print(urllib.request.urlopen("http://127.0.0.1:8080/metrics").read().decode())
try:
    os.listdir("/run/postgres")
except PermissionError:
    print("closed")
"""
COPIES = 15  # of each article of the sample site: load that lasts longer than the restarts


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    made = Deployment(tmp_path_factory.mktemp("checkout"))
    try:
        yield made
    finally:
        made.remove()


def kept(status: dict[str, Any]) -> dict[str, int]:
    """What the ledger has; a canary's article is in the store for moments and never in the ledger."""
    return {name: status["store"][name] for name in ("claims", "withdrawn", "revisions", "versions")}


def test_up_returns_when_every_service_is_ready(deployment: Deployment) -> None:
    assert "all is well" in deployment.script("Deploy")
    for name in (*RUNNING, "kafka", "postgres"):
        (container,) = deployment.containers(name)
        assert container["State"]["Health"]["Status"] == "healthy", name
    for name in JOBS:
        (container,) = deployment.containers(name)
        assert container["State"]["ExitCode"] == 0, name


def test_without_a_contact_it_runs_and_says_that_it_asks_nobody(deployment: Deployment) -> None:
    assert "CLAIMSTREAM_FETCHER_CONTACT=\n" in (deployment.folder / ".env").read_text()
    assert "! fetcher   does not crawl" in deployment.tool("status")
    assert "contact-missing" in deployment.compose("logs", "fetcher")


def test_the_api_answers_those_who_have_its_token(deployment: Deployment) -> None:
    address = f"http://127.0.0.1:{deployment.api_port}/v1/claims"
    assert httpx.get(address).status_code == 401
    token = deployment.compose("exec", "-T", "api", "cat", "/run/claimstream/api/tokens").strip()
    answer = httpx.get(address, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json().keys()) == (200, {"claims", "next"})
    fate = httpx.get(
        address.replace("claims", "fates"), params={"of": "x"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert (fate.status_code, fate.json()["code"]) == (404, "url-unknown")


def test_the_api_reads_the_databases_as_a_role_that_can_write_neither(deployment: Deployment) -> None:
    for statement in (
        "DELETE FROM store_claim",
        "CREATE TABLE mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
    ):
        said = deployment.compose("exec", "-T", "api", "python", "-c", WRITE, statement)
        assert said.splitlines()[0] == "True"
        assert "permission denied" in said, statement
    (container,) = deployment.containers("api")
    volumes = [mount["Destination"] for mount in container["Mounts"] if mount["Type"] == "volume"]
    assert volumes == ["/run/claimstream/api"]
    found = json.loads(deployment.tool("doctor", "--json"))["checks"]
    assert {one["text"] for one in found if one["check"] == "roles"} == {
        f"{name}: api may read, and nothing else" for name in ("fetcher", "store")
    }


def test_the_relay_knows_what_is_free_on_the_databases_volume_and_reads_none_of_it(
    deployment: Deployment,
) -> None:
    said = deployment.compose("exec", "-T", "relay", "python", "-c", ROOM).splitlines()
    shown = dict(line.split(" ") for line in said if line.startswith("claimstream_store_database_"))
    total = float(shown["claimstream_store_database_disk_bytes"])
    assert 0 < float(shown["claimstream_store_database_disk_free_bytes"]) < total
    assert float(shown["claimstream_store_database_bytes"]) < total
    assert said[-1] == "closed"


def test_a_second_up_starts_nothing_anew(deployment: Deployment) -> None:
    running = deployment.ids(*RUNNING, "kafka", "postgres")
    deployment.compose("up", "--detach", "--wait")
    assert deployment.ids(*RUNNING, "kafka", "postgres") == running


def test_a_service_can_write_nothing_and_may_nothing(deployment: Deployment) -> None:
    for name in RUNNING:
        (container,) = deployment.containers(name)
        host = container["HostConfig"]
        assert container["Config"]["User"] == "10001:10001"
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert host["Memory"] > 0
        assert host["PidsLimit"] > 0
        assert host["RestartPolicy"]["Name"] == "unless-stopped"


def test_what_is_published_is_on_loopback_and_no_service_publishes(deployment: Deployment) -> None:
    published = {
        container["Config"]["Labels"]["com.docker.compose.service"]: [
            one["HostIp"] for bound in container["NetworkSettings"]["Ports"].values() for one in bound or ()
        ]
        for container in deployment.containers()
    }
    assert (published.pop("kafka"), published.pop("api")) == (["127.0.0.1"], ["127.0.0.1"])
    assert not any(published.values()), published


def test_no_password_is_in_an_environment_or_on_the_host(deployment: Deployment) -> None:
    drawn = deployment.compose("exec", "-T", "postgres", "sh", "-c", "cat /run/claimstream/fetcher").strip()
    assert len(drawn) == 48
    assert drawn not in json.dumps(deployment.containers())
    assert not any(
        drawn in path.read_text(errors="replace") for path in deployment.folder.rglob("*") if path.is_file()
    )


def test_what_parses_pages_has_no_way_out(deployment: Deployment) -> None:
    for name in ("cleaner", "extractor", "store", "relay", "postgres"):
        (container,) = deployment.containers(name)
        networks = list(container["NetworkSettings"]["Networks"])
        shown = json.loads(deployment.run(["docker", "network", "inspect", *networks]))
        assert [network["Internal"] for network in shown] == [True], name


def test_an_image_holds_the_pinned_packages_of_its_service_alone(deployment: Deployment) -> None:
    program = (
        "from importlib.metadata import distributions as d; print(*{x.name + '==' + x.version for x in d()})"
    )
    for name in SERVICES:
        pinned = {
            line.split()[0].lower()
            for line in (deployment.folder / "requirements" / f"{name}.txt").read_text().splitlines()
            if "==" in line
        }
        image = f"claimstream/{name}:{deployment.project}"
        installed = deployment.run(["docker", "run", "--rm", image, "python", "-c", program]).lower().split()
        ours = {one.replace("_", "-") for one in installed if not one.startswith("claimstream==")}
        # The base image's own Python may bring pip.
        assert {
            one for one in ours - pinned if not one.startswith(("pip==", "setuptools==", "wheel=="))
        } == set()


def test_scaled_restarted_and_killed_under_load_it_loses_nothing(deployment: Deployment) -> None:
    deployment.demo(copies=COPIES)
    deployment.script("Scale")
    assert [len(deployment.ids(name)) for name in ("extractor", "fetcher", "relay")] == [3, 2, 2]

    deployment.until("under way", lambda status: status["visits"] > COPIES)
    deployment.script("Back up")
    deployment.script("Restart")
    for name in RUNNING[1:]:
        deployment.compose("restart", name)
    # Every process of a container but its first dies without a word; the engine starts it again.
    for name in ("cleaner", "store", "relay"):
        deployment.compose("exec", "-T", name, "python", "-c", "import os; os.kill(-1, 9)")

    deployment.until("read", lambda status: all(feed["entries"] for feed in deployment.feeds()))
    wanted = sum(feed["entries"] for feed in deployment.feeds())
    assert wanted >= 11 * COPIES  # the twelfth entry, which is no article, stands there once
    status = deployment.until("at rest", lambda found: found["visits"] >= wanted and at_rest(found))
    claims = deployment.claims()
    nothing_is_lost(status, claims)
    assert len(claims) > 5 * COPIES
    for name in ("cleaner", "store", "relay"):
        assert any(one["RestartCount"] for one in deployment.containers(name)), f"the kill did not hit {name}"
    for name in RUNNING:
        assert not any(one["State"]["OOMKilled"] for one in deployment.containers(name)), (
            f"{name}: too little memory"
        )


def test_a_new_release_leaves_the_broker_and_the_database_alone(deployment: Deployment) -> None:
    standing, services = deployment.ids("kafka", "postgres"), deployment.ids(*RUNNING)
    with (deployment.folder / "claimstream" / "__init__.py").open("a") as file:
        file.write("# another release\n")
    deployment.run(["make", "up"])
    assert deployment.ids("kafka", "postgres") == standing
    assert not services & deployment.ids(*RUNNING)


def test_down_and_up_again_it_knows_everything_and_says_nothing_twice(deployment: Deployment) -> None:
    before, said = deployment.until("at rest", at_rest), deployment.claims()
    deployment.run(["make", "down"])
    assert deployment.containers() == []
    deployment.run(["make", "up"])
    after = deployment.until("at rest", at_rest)
    assert kept(after) == kept(before)
    assert after["fates"] == before["fates"]
    assert revisions(deployment.claims()) == revisions(said)
    nothing_is_lost(after, deployment.claims())


def test_what_was_backed_up_under_load_is_restored_and_nothing_that_came_after_is_missing(
    deployment: Deployment,
) -> None:
    before, said = deployment.until("at rest", at_rest), deployment.claims()
    deployment.script("Restore")
    after = deployment.until("at rest", lambda found: found["visits"] >= before["visits"] and at_rest(found))
    assert balanced(after)
    assert after["unexplained"] == []
    assert "dead" not in after["fates"], after
    assert kept(after)["claims"] == kept(before)["claims"]
    # A consumer that was there all the time holds what the restored ledger says, and nothing else.
    assert latest(deployment.claims()) == latest(said)
    # How much was said again, under the second epoch, depends on how far the load was when the copy was made.
    assert "CLAIMSTREAM_STORE_EPOCH=2" in (deployment.folder / ".env").read_text()
    assert {one["epoch"] for one in deployment.claims()} <= {1, 2}


def test_with_a_new_kafka_the_restored_ledger_goes_on_and_submissions_begin_anew(
    deployment: Deployment,
) -> None:
    before = deployment.until("at rest", at_rest)
    url = deployment.claims()[0]["article"]["url"]
    deployment.script("Back up")
    deployment.forget_kafka()
    refused = deployment.fails("sh", "deploy/restore.sh", "backup")
    assert "Is it a new one? Then: sh deploy/restore.sh backup --without-offsets" in refused
    deployment.script("Restore with a new Kafka")
    after = deployment.until("at rest", at_rest)
    assert kept(after) == kept(before)
    assert after["fates"] == before["fates"]
    assert deployment.claims() == []
    assert "CLAIMSTREAM_STORE_EPOCH=3" in (deployment.folder / ".env").read_text()

    deployment.tool("submit", "--force", url)
    again = deployment.until("read", lambda found: found["visits"] > after["visits"] and at_rest(found))
    assert balanced(again)
    assert again["fates"]["unchanged"] == after["fates"].get("unchanged", 0) + 1
    assert again["unexplained"] == []
    assert "all is well" in deployment.tool("doctor")


def test_down_with_its_volumes_leaves_nothing(deployment: Deployment) -> None:
    deployment.script("Stop")
    del deployment.environment["COMPOSE_FILE"]  # the demo has the fetcher on no network that leads out
    deployment.compose("down", "--volumes")
    for kind in ("volume", "network"):
        assert (
            deployment.run(["docker", kind, "ls", "--quiet", "--filter", f"name={deployment.project}"]) == ""
        )
