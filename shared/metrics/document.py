"""``python -m shared.metrics.document`` (part of ``make schemas``): docs/metrics.md, written from the declarations.

The page is committed; a contract test compares it with what this gives.
"""

from __future__ import annotations

from pathlib import Path

from shared.metrics.declared import DECLARED, LABELS, Declaration

PAGE = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"
TITLES = {"": "Every service"} | {
    owner: owner.capitalize() for owner in ("fetcher", "cleaner", "extractor", "store", "relay", "api")
}
HEAD = """# Metrics

Written from [shared/metrics/metrics.toml](../shared/metrics/metrics.toml) by `make schemas`; change them there.

Each service serves them at `/metrics`, for Prometheus. A counter is asked for with the suffix `_total`, a histogram
with `_bucket`, `_sum` and `_count`. Of a gauge that one process of several writes, the others show 0 or what they
wrote last: take that of the process whose heartbeat is the latest.
"""


def page() -> str:
    """The whole page. The same declarations give the same text."""
    parts = [HEAD]
    for owner, title in TITLES.items():
        if found := [declaration for declaration in DECLARED.values() if owner_of(declaration) == owner]:
            parts.append(
                f"\n## {title}\n\n| name | type, unit, labels | what | when it moves |\n|---|---|---|---|\n"
            )
            parts += [_row(declaration) for declaration in found]
    parts.append("\n## Labels\n\n| label | holds |\n|---|---|\n")
    parts += [f"| `{label}` | {holds} |\n" for label, holds in LABELS.items()]
    return "".join(parts)


def owner_of(declaration: Declaration) -> str:
    """The service whose own metric it is, by its name; empty for those that all have."""
    owner = declaration.name.split("_")[1]
    return owner if owner in TITLES else ""


def _row(found: Declaration) -> str:
    labels = f"; {', '.join(f'`{label}`' for label in found.labels)}" if found.labels else ""
    return f"| `{found.name}` | {found.type}, {found.unit}{labels} | {found.help} By: {found.by}. | {found.moves} |\n"


def write() -> bool:
    """Write the page where it differs; returns whether it did."""
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return False
    PAGE.write_text(page(), encoding="utf-8")
    return True


if __name__ == "__main__":
    print("wrote docs/metrics.md" if write() else "docs/metrics.md is up to date")
