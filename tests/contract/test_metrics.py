"""The file that declares the metrics, the code that moves them, and the page that explains them agree."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import metrics
from shared.metrics import document
from shared.metrics.declared import DECLARED, LABELS, Undeclared, counter, gauge, read_declarations

ROOT = Path(__file__).parents[2]
MODULES = {"shared.metrics": metrics} | {
    f"services.{path.parent.name}.metrics": importlib.import_module(f"services.{path.parent.name}.metrics")
    for path in sorted((ROOT / "services").glob("*/metrics.py"))
}
CODE = sorted(
    path for folder in ("shared", "services", "claimstream") for path in (ROOT / folder).rglob("*.py")
)


def metric_names(module: str) -> dict[str, str]:
    """The attributes of a module of metrics, with the metric that each is."""
    return {
        name: value._name
        for name, value in vars(MODULES[module]).items()
        if hasattr(value, "_name") and value._name in DECLARED
    }


def uses(path: Path) -> Iterator[tuple[int, str, int]]:
    """Where a file calls ``metrics.NAME.labels(…)``: line, name of the metric, number of labels."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {
        alias.asname or alias.name: f"{node.module}.metrics"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == "metrics" and f"{node.module}.metrics" in MODULES
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id=module), attr=name), attr="labels" | "remove"
                )
            ) if module in modules:
                assert not node.keywords, f"{path}:{node.lineno}: labels are given in their declared order"
                yield node.lineno, metric_names(modules[module])[name], len(node.args)


def test_docs_metrics_md_is_what_the_declarations_give() -> None:
    stale = document.PAGE.read_text(encoding="utf-8") != document.page()
    assert not stale, "run `make schemas` and commit docs/metrics.md"


def test_every_declared_metric_exists_and_every_metric_is_declared() -> None:
    made = {name for module in MODULES for name in metric_names(module).values()}
    assert made | {family.name for family in metrics.process.collect()} == DECLARED.keys()
    found = {family.name: family.type for family in metrics.REGISTRY.collect()}
    assert found == {name: declaration.type for name, declaration in DECLARED.items()}


def test_a_metric_that_is_not_declared_cannot_exist() -> None:
    with pytest.raises(Undeclared, match="claimstream_invented"):
        counter("claimstream_invented")
    with pytest.raises(Undeclared, match="claimstream_records_in"):
        gauge("claimstream_records_in")


def test_nobody_makes_a_metric_past_the_declarations() -> None:
    importing = [
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client")
        if {alias.name for alias in node.names} - {"CONTENT_TYPE_LATEST", "generate_latest"}
    ]
    assert set(importing) == {"shared/metrics/__init__.py", "shared/metrics/declared.py"}


def test_every_set_of_labels_in_the_code_is_the_declared_one() -> None:
    found = [(path, *use) for path in CODE for use in uses(path)]
    assert len(found) > 15
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {name} has {len(DECLARED[name].labels)} labels"
        for path, line, name, given in found
        if given != len(DECLARED[name].labels)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_label_is_explained_and_used() -> None:
    assert {label for found in DECLARED.values() for label in found.labels} == LABELS.keys()


@pytest.mark.parametrize("name", DECLARED)
def test_a_declaration_is_complete(name: str) -> None:
    found = DECLARED[name]
    assert found.help.endswith(".")
    assert found.moves.endswith((".", ")"))
    assert found.unit
    assert found.by
    assert list(found.buckets) == sorted(set(found.buckets))


def test_a_label_that_is_not_explained_is_refused() -> None:
    text = '[labels]\n[buckets]\n[x]\ntype="gauge"\nunit="1"\nby="b"\nhelp="h."\nmoves="m."\nlabels=["who"]\n'
    with pytest.raises(Undeclared, match="who"):
        read_declarations(text)
