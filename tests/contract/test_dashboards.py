"""Grafana's dashboards as files: whole, fresh, and asking only for what is declared.

Whether their queries find anything is asked of a real Prometheus in tests/integration/monitoring.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.metrics import dashboards
from shared.metrics.declared import DECLARED

ROOT = Path(__file__).parents[2]
FILES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((dashboards.FOLDER / "dashboards").glob("*.json"))
}
BOARDS: dict[str, dict[str, Any]] = {name: json.loads(text) for name, text in FILES.items()}
PANELS = [
    pytest.param(panel, id=f"{name}:{panel['title']}")
    for name, board in BOARDS.items()
    for panel in board["panels"]
]
RULES = [
    rule
    for path in sorted((ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))
    for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
EXPRESSIONS = sorted(
    {rule["expr"] for rule in RULES}
    | {
        target["expr"]
        for board in BOARDS.values()
        for panel in board["panels"]
        for target in panel["targets"]
    }
)
SERIES = {series: found for found in DECLARED.values() for series in found.series}
RECORDED = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}
# What Prometheus itself puts on every series.
OF_PROMETHEUS = {"job", "instance", "le"}
NAME = re.compile(r"\b(?:[a-z]+:)?claimstream[a-z_]*(?::[a-z_0-9]+)*")


def labels_of(expression: str) -> set[str]:
    """The labels that series of this expression can have before it is aggregated."""
    found = set(OF_PROMETHEUS)
    for name in NAME.findall(expression):
        found |= labels_of(RECORDED[name]) if name in RECORDED else set(SERIES[name].labels)
    return found


def test_the_dashboards_are_what_their_panels_give() -> None:
    fresh = dashboards.generated()
    stale = sorted(name for name in FILES.keys() | fresh.keys() if FILES.get(name) != fresh.get(name))
    assert not stale, f"run `make schemas` and commit deploy/grafana/dashboards: {', '.join(stale)}"


def test_there_is_a_dashboard_for_each_question_of_an_operator() -> None:
    titles = {board["title"] for board in BOARDS.values()}
    assert titles == {"Flow", "Account", "Kafka lag", "Feeds and hosts", "Quality", "API"}


def test_every_dashboard_has_a_uid_of_its_own_and_chooses_its_datasource() -> None:
    uids = [board["uid"] for board in BOARDS.values()]
    assert len(set(uids)) == len(uids)
    for name, board in BOARDS.items():
        assert re.fullmatch(r"claimstream-[a-z-]{1,28}", board["uid"]), name  # 40 characters at most
        (variable,) = board["templating"]["list"]
        assert (variable["name"], variable["type"], variable["query"]) == (
            "datasource",
            "datasource",
            "prometheus",
        )
        ids = [panel["id"] for panel in board["panels"]]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_says_what_it_shows_in_which_unit(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"]["uid"] == "${datasource}"
    assert panel["targets"]
    references = [target["refId"] for target in panel["targets"]]
    assert len(set(references)) == len(references)
    for target in panel["targets"]:
        assert target["expr"]
        assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels_of(target["expr"])


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS.keys())
def test_panels_lie_beside_each_other_within_the_grid(board: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_rules_and_dashboards_ask_only_for_declared_metrics_and_labels(expression: str) -> None:
    names = set(NAME.findall(expression))
    assert names <= SERIES.keys() | RECORDED.keys()
    asked = {
        label.strip() for group in re.findall(r"\bby \(([^)]*)\)", expression) for label in group.split(",")
    } | set(re.findall(r"[{,]\s*(\w+)\s*(?:=|!=|=~|!~)\"", expression))
    assert asked <= labels_of(expression)


def test_grafana_is_provisioned_with_the_datasource_and_the_folder_of_the_dashboards() -> None:
    provisioning = dashboards.FOLDER / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "claimstream.yml").read_text())["providers"]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    mounted = {
        volume.split(":")[1]: volume.split(":")[0]
        for volume in compose["grafana"]["volumes"]
        if volume.startswith("./")
    }
    assert mounted[provider["options"]["path"]] == "./deploy/grafana/dashboards"
    assert mounted["/etc/grafana/provisioning"] == "./deploy/grafana/provisioning"
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in compose


def test_what_is_monitored_is_what_compose_runs() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    # A service of ours that serves /metrics is one that is restarted and built here, or runs another's image.
    ours = {
        name
        for name, service in compose.items()
        if str(service["image"]).startswith("claimstream/") and service.get("restart") == "unless-stopped"
    }
    text = (ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text()
    jobs = {job["job_name"]: job["dns_sd_configs"] for job in yaml.safe_load(text)["scrape_configs"]}
    assert jobs.keys() == ours
    for name, (discovery,) in jobs.items():
        assert (discovery["names"], discovery["type"], discovery["port"]) == ([name], "A", 8080)
    (down,) = [rule for rule in RULES if rule.get("alert") == "ClaimstreamServiceDown"]
    assert set(re.findall(r'absent\(up\{job="(\w+)"\}\)', down["expr"])) == ours
    assert set(re.findall(r'job=~"([^"]*)"', down["expr"])[0].split("|")) == ours


def test_prometheus_and_grafana_are_on_loopback_and_grafana_asks_for_a_password() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name in ("prometheus", "grafana"):
        assert compose[name]["profiles"] == ["monitoring"]
        assert all(port.startswith("127.0.0.1:") for port in compose[name]["ports"])
    environment = compose["grafana"]["environment"]
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert environment["GF_SECURITY_ADMIN_PASSWORD__FILE"].startswith("/run/claimstream/")
