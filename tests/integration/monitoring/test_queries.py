"""Every query of rules and dashboards is run against a Prometheus that watched a real run, and finds something."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.process import free_port
from claimstream.sample import SampleSite
from shared.contracts.record import Outgoing
from shared.pipeline.kafka.sender import KafkaSender
from shared.topics_file import load_topics, max_bytes_of
from tests.command import ROOT, served, start
from tests.integration.monitoring.deployed import Prometheus, prometheus, services
from tests.integration.monitoring.prometheus import CONFIGURATION

# Everything within it, the starts of five processes on a busy machine included.
FOUND_SECONDS = 200.0
SELECTOR = re.compile(r"\b(?:up|(?:[a-z]+:)?claimstream[a-z_]*(?::[a-z_0-9]+)*)(?:\{[^}]*\})?")


def rules(kind: str) -> dict[str, str]:
    """Name and expression of each rule of that kind, ``record`` or ``alert``."""
    return {
        rule[kind]: rule["expr"]
        for path in sorted((CONFIGURATION / "rules").glob("*.yml"))
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
        if kind in rule
    }


def questions() -> dict[str, str]:
    """Whatever must find something: recorded series, panels, and what the alerts look at."""
    asked = {name: name for name in rules("record")}
    for path in sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel["targets"]:
                asked[f"{path.stem}: {panel['title']} {target['refId']}"] = target["expr"]
    for name, expression in rules("alert").items():
        for selector in SELECTOR.findall(expression):
            asked[f"{name}: {selector}"] = selector
    return asked


@pytest.fixture
def environment(
    kafka: Kafka, postgres: Postgres, topic_prefix: str, tmp_path: Path
) -> Iterator[dict[str, str]]:
    topics = tmp_path / "topics.toml"
    topics.write_text(
        (ROOT / "deploy" / "topics.toml").read_text().replace("partitions = 32", "partitions = 2")
    )
    databases = [postgres.new_database(), postgres.new_database()]
    yield {
        "CLAIMSTREAM_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "CLAIMSTREAM_PREFIX": topic_prefix,
        "CLAIMSTREAM_TOPICS_FILE": str(topics),
        "CLAIMSTREAM_FETCHER_DATABASE_URL": databases[0],
        "CLAIMSTREAM_STORE_DATABASE_URL": databases[1],
        "CLAIMSTREAM_STORE_RELAY": "false",
        "CLAIMSTREAM_STORE_DATABASE_FOLDER": str(tmp_path),
        "CLAIMSTREAM_API_PORT": str(free_port()),
        "CLAIMSTREAM_FETCHER_CONTACT": "tests@claimstream.invalid",
        "CLAIMSTREAM_FETCHER_ALLOW_NETWORKS": "127.0.0.0/8",
        "CLAIMSTREAM_FETCHER_CRAWL_DELAY": "0.05",
        "CLAIMSTREAM_FETCHER_CANARY_EVERY": "3",
        "CLAIMSTREAM_FETCHER_HEARTBEAT_INTERVAL": "3",
        "CLAIMSTREAM_POOL_WORKERS": "1",
        "CLAIMSTREAM_LOG_LEVEL": "WARNING",
    }
    for url in databases:
        postgres.drop_database(url)


def command(*words: str, env: dict[str, str]) -> None:
    process = start(*words, env=env)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err


def submit(environment: dict[str, str], *values: bytes) -> None:
    """Onto `urls`, as an upstream feed would: also what is no submission."""

    async def send() -> None:
        sender = KafkaSender(
            {"bootstrap_servers": environment["CLAIMSTREAM_KAFKA_BOOTSTRAP"]},
            prefix=environment["CLAIMSTREAM_PREFIX"],
            max_bytes=max_bytes_of(load_topics()),
        )
        try:
            await sender.send([Outgoing("urls", None, value) for value in values])
        finally:
            await sender.close()

    asyncio.run(send())


def some_of_everything(environment: dict[str, str], site: SampleSite) -> None:
    """Articles by feed and by URL, a page that is none, one that is gone, no web page, and no submission."""
    command("feeds", "add", *site.feed_urls.values(), env=environment)
    wanted = [site.url("courier", path) for path in ("/", "/nowhere")]
    submit(environment, b"\xff\xfe", b"ftp://news.example/a", *(url.encode() for url in wanted))


@pytest.mark.timeout(600)
def test_every_query_finds_something_in_a_real_run(environment: dict[str, str], tmp_path: Path) -> None:
    names = [
        job["job_name"]
        for job in yaml.safe_load((CONFIGURATION / "prometheus.yml").read_text())["scrape_configs"]
    ]
    command("topics", "apply", env=environment)
    command("migrate", env=environment)
    with (
        served() as site,
        services(names, environment, tmp_path) as ports,
        prometheus(ports, tmp_path) as server,
    ):
        until_up(server, names)
        some_of_everything(environment, site)
        missing = until_found(server, questions(), environment["CLAIMSTREAM_API_PORT"])
        logs = {name: (tmp_path / f"{name}.log").read_text()[-1500:] for name in names}
        assert not missing, f"{json.dumps(missing, indent=1)}\n{json.dumps(logs, indent=1)}"
        healthy(server)


def until_up(server: Prometheus, names: list[str]) -> None:
    ends = time.monotonic() + FOUND_SECONDS
    while server.ask("sum(up)") != [float(len(names))] or server.ask("min(claimstream_ready)") != [1.0]:
        assert time.monotonic() < ends, server.get("/api/v1/targets")
        time.sleep(0.5)


def ask_the_api(port: str) -> None:
    """A question and one that is refused, each time: a share of nothing is no number."""
    for path, status in (("/v1/claims", 200), ("/nothing", 404)):
        assert httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30).status_code == status


def until_found(server: Prometheus, asked: dict[str, str], api_port: str) -> dict[str, str]:
    """What of ``asked`` has found nothing when the time is over."""
    ends = time.monotonic() + FOUND_SECONDS
    ask_the_api(api_port)
    while asked := {name: expression for name, expression in asked.items() if not server.ask(expression)}:
        if time.monotonic() > ends:
            break
        ask_the_api(api_port)
        time.sleep(1)
    return asked


def healthy(server: Prometheus) -> None:
    """No rule fails in itself, and of the alerts only what this run did on purpose is there."""
    groups = server.get("/api/v1/rules")["groups"]
    assert {rule["name"] for group in groups for rule in group["rules"]} == {
        *rules("record"),
        *rules("alert"),
    }
    assert not [rule for group in groups for rule in group["rules"] if rule["health"] != "ok"]
    firing = {alert["labels"]["alertname"] for alert in server.get("/api/v1/alerts")["alerts"]}
    assert "ClaimstreamDeadLetters" in firing
    critical = {
        alert["labels"]["alertname"]
        for alert in server.get("/api/v1/alerts")["alerts"]
        if alert["labels"]["severity"] == "critical" and alert["state"] == "firing"
    }
    assert critical <= {"ClaimstreamBrokerDiskFull", "ClaimstreamDatabaseDiskFull"}  # this machine's own disk
