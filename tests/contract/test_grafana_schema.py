"""Dashboards, provisioning and settings hold nothing that the Grafana of docker-compose.yml does not know.

Its dashboards' types are Grafana's own (grafana-foundation-sdk, generated from its schemas, a package for each minor
release): what a type does not know is lost when it is read and written again.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog import plugins, runtime
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common, prometheus, units
from grafana_foundation_sdk.models import dashboard as grafana

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "grafana"
BOARDS: dict[str, dict[str, Any]] = {
    path.name: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((FOLDER / "dashboards").glob("*.json"))
}
UNITS = {value for name, value in vars(units).items() if isinstance(value, str) and not name.startswith("_")}
# Of files with `apiVersion: 1`, as Grafana's documentation of provisioning has them.
OF_A_DATASOURCE = {
    *("orgId", "name", "type", "access", "url", "user", "database", "uid", "isDefault", "editable"),
    *("basicAuth", "basicAuthUser", "withCredentials", "jsonData", "secureJsonData", "correlations"),
}
OF_A_PROVIDER = {
    *("orgId", "name", "type", "folder", "folderUid", "editable", "options"),
    *("disableDeletion", "allowUiUpdates", "updateIntervalSeconds"),
}
# GF_<SECTION>_<KEY>, of its configuration's documentation.
SETTINGS = {
    "GF_SECURITY_ADMIN_PASSWORD__FILE",  # of the image: read from the file
    "GF_AUTH_ANONYMOUS_ENABLED",
    "GF_USERS_ALLOW_SIGN_UP",
    "GF_ANALYTICS_REPORTING_ENABLED",
    "GF_ANALYTICS_CHECK_FOR_UPDATES",
    "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES",
    "GF_PLUGINS_PREINSTALL_DISABLED",
}
plugins.register_default_plugins()


def lost(said: Any, known: Any, place: str = "") -> Iterator[str]:
    """Where ``said`` has something that ``known`` has not, or has otherwise."""
    if isinstance(said, dict) and isinstance(known, dict):
        for key, value in said.items():
            yield from lost(value, known[key], f"{place}.{key}") if key in known else [f"{place}.{key}"]
    elif isinstance(said, list) and isinstance(known, list) and len(said) == len(known):
        for number, pair in enumerate(zip(said, known, strict=True)):
            yield from lost(*pair, f"{place}[{number}]")
    elif said != known:
        yield place


def unknown_to_grafana(board: dict[str, Any]) -> list[str]:
    """What is unknown to it: fields by their types, then words by the lists that its schema has of them."""
    read = grafana.Dashboard.from_json(board)
    found = list(lost(board, json.loads(json.dumps(read, cls=JSONEncoder))))
    for variable in board["templating"]["list"]:
        found += [] if variable["type"] in list(grafana.VariableType) else [f"variable {variable['type']}"]
    for panel in board["panels"]:
        legend = panel["options"].get("legend", {"displayMode": "list", "placement": "bottom"})
        words = {
            panel["type"]: runtime.panelcfg_config(panel["type"]) is not None,
            panel["fieldConfig"]["defaults"]["unit"]: panel["fieldConfig"]["defaults"]["unit"] in UNITS,
            legend["displayMode"]: legend["displayMode"] in list(common.LegendDisplayMode),
            legend["placement"]: legend["placement"] in list(common.LegendPlacement),
        }
        found += [f"{panel['title']}: {word}" for word, known in words.items() if not known]
    return found


def provisioned(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((FOLDER / "provisioning" / name).read_text(encoding="utf-8"))
    assert document.pop("apiVersion") == 1
    ((_, (only,)),) = document.items()
    assert isinstance(only, dict)
    return only


def service() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["grafana"]
    return found


def test_the_types_are_those_of_the_grafana_that_compose_runs() -> None:
    runs = service()["image"].rpartition(":")[2].split(".")
    assert version("grafana-foundation-sdk").rpartition("!")[2].split(".")[:2] == runs[:2]


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS.keys())
def test_grafana_knows_everything_that_a_dashboard_says(board: dict[str, Any]) -> None:
    assert unknown_to_grafana(board) == []
    # It brings older documents up to its own version, and refuses newer ones.
    assert board["schemaVersion"] <= grafana.Dashboard().schema_version
    read = grafana.Dashboard.from_json(board)
    for panel in read.panels or []:
        assert isinstance(panel, grafana.Panel)
        assert panel.targets
        assert all(isinstance(target, prometheus.Dataquery) for target in panel.targets)


def _rename(board: dict[str, Any], old: str, new: str) -> None:
    board["panels"][0][new] = board["panels"][0].pop(old)


MISTAKES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a field of the dashboard": lambda board: board.update(schemaversion=1),
    "a field of a panel": lambda board: _rename(board, "gridPos", "gridpos"),
    "a field of a query": lambda board: board["panels"][0]["targets"][0].update(legend_format="x"),
    "an option of a panel": lambda board: board["panels"][0]["options"].update(legends={}),
    "a unit": lambda board: board["panels"][0]["fieldConfig"]["defaults"].update(unit="sec"),
    "a kind of panel": lambda board: board["panels"][0].update(type="grahp"),
    "a kind of variable": lambda board: board["templating"]["list"][0].update(type="source"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_grafana_does_not_know_is_seen(mistake: str) -> None:
    board = copy.deepcopy(BOARDS["flow.json"])
    MISTAKES[mistake](board)
    assert unknown_to_grafana(board) != []


def test_what_is_provisioned_has_the_documented_fields_and_each_query_finds_its_datasource() -> None:
    source = provisioned("datasources/prometheus.yml")
    provider = provisioned("dashboards/claimstream.yml")
    assert source.keys() <= OF_A_DATASOURCE
    assert provider.keys() <= OF_A_PROVIDER
    assert provider["type"] == "file"
    assert source["access"] == "proxy"
    assert source["isDefault"] is True  # what a variable without a value chooses
    for board in BOARDS.values():
        (variable,) = board["templating"]["list"]
        assert variable["query"] == source["type"]
        asked = [panel["datasource"] for panel in board["panels"]]
        asked += [target["datasource"] for panel in board["panels"] for target in panel["targets"]]
        assert all(one == {"type": source["type"], "uid": "${" + variable["name"] + "}"} for one in asked)


def test_grafana_is_told_only_what_its_configuration_has() -> None:
    assert service()["environment"].keys() <= SETTINGS
