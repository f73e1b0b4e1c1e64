"""The figures committed last, ``figures/<part>.json``: what a change is compared with."""

from __future__ import annotations

import json
from pathlib import Path

from quality.part import Measured

FOLDER = Path(__file__).parent / "figures"
_DIGITS = 4


def read(part: str) -> dict[str, float]:
    """Empty where nothing was committed yet."""
    path = FOLDER / f"{part}.json"
    figures: dict[str, float] = json.loads(path.read_text()) if path.exists() else {}
    return figures


def write(part: str, measured: Measured) -> None:
    """Figures of absent sets stay as they were."""
    figures = read(part) if measured.absent else {}
    figures |= {name: round(value, _DIGITS) for name, value in measured.figures.items()}
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{part}.json").write_text(json.dumps(dict(sorted(figures.items())), indent=1) + "\n")
    if measured.curves:
        (FOLDER / f"{part}.curves.txt").write_text("\n".join(measured.curves) + "\n")


def dropped(part: str, measured: Measured, tolerance: float) -> list[str]:
    """What lies further below the committed figure than allowed, or was measured no longer, as lines for people."""
    found = []
    for name, before in read(part).items():
        now = measured.figures.get(name)
        if now is None and not measured.absent:
            found.append(f"{name}: was {before:.4f} and is measured no longer")
        elif now is not None and round(now, _DIGITS) < round(before - tolerance, _DIGITS):
            found.append(f"{name}: was {before:.4f}, is {now:.4f}")
    return found
