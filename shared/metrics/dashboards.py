"""``python -m shared.metrics.dashboards`` (part of ``make schemas``): Grafana's dashboards, from deploy/grafana/panels.

A panel is a title, a unit, a sentence and its queries; where it stands and how it looks is the same for all. The JSON
files are committed, since Grafana reads them; a contract test compares them with what this gives.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "grafana"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# Grafana's grid has 24 columns; two panels a row.
WIDTH, HEIGHT = 12, 8
SCHEMA_VERSION = 39  # of Grafana 11


def generated() -> dict[str, str]:
    """Every dashboard by its file's name. The same panels give the same bytes."""
    return {
        f"{path.stem}.json": json.dumps(
            dashboard(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))), indent=1
        )
        + "\n"
        for path in sorted((FOLDER / "panels").glob("*.toml"))
    }


def dashboard(name: str, declared: dict[str, Any]) -> dict[str, Any]:
    """The document that Grafana imports; ``name`` is its uid, so that links to it stay."""
    return {
        "uid": f"claimstream-{name}",
        "title": declared["title"],
        "description": declared["description"],
        "tags": ["claimstream"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [
                {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
            ]
        },
        "panels": [_panel(number, panel) for number, panel in enumerate(declared["panels"])],
    }


def _panel(number: int, declared: dict[str, Any]) -> dict[str, Any]:
    kind = declared.get("type", "timeseries")
    return {
        "id": number + 1,
        "type": kind,
        "title": declared["title"],
        "description": declared["description"],
        "datasource": DATASOURCE,
        "gridPos": {"h": HEIGHT, "w": WIDTH, "x": WIDTH * (number % 2), "y": HEIGHT * (number // 2)},
        "fieldConfig": {"defaults": {"unit": declared["unit"]}, "overrides": []},
        "options": {} if kind == "stat" else {"legend": {"displayMode": "list", "placement": "bottom"}},
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": DATASOURCE,
                "expr": query,
                "legendFormat": legend,
            }
            for place, (legend, query) in enumerate(declared["queries"].items())
        ],
    }


def write() -> list[str]:
    """Write what differs, remove what is no more; returns the names that changed."""
    files, folder = generated(), FOLDER / "dashboards"
    folder.mkdir(exist_ok=True)
    there = {path.name: path for path in folder.glob("*.json")}
    changed = list(there.keys() - files.keys())
    for name in changed:
        there[name].unlink()
    for name, text in files.items():
        if name not in there or there[name].read_text(encoding="utf-8") != text:
            (folder / name).write_text(text, encoding="utf-8")
            changed.append(name)
    return sorted(changed)


if __name__ == "__main__":
    print(
        "\n".join(f"wrote deploy/grafana/dashboards/{name}" for name in write())
        or "dashboards are up to date"
    )
