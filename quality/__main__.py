"""``python -m quality [--part claims]``: prints every figure, and fails where one dropped or a set is missing in CI.

A part is a module with a ``PART`` (:class:`quality.part.Part`), listed in :data:`PARTS`. After a change that raises a
figure, or lowers one for a reason, ``--write`` commits the new ones to ``quality/figures``.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from quality import committed
from quality.part import INSIST, Measured, Part

PARTS = {name: f"quality.{name}.part" for name in ("claims", "cleaner", "memory", "metadata")}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__)
    parser.add_argument(
        "--part", choices=sorted(PARTS), action="append", help="only this one; may be repeated"
    )
    parser.add_argument("--write", action="store_true", help="make today's figures the committed ones")
    options = parser.parse_args(argv)
    kept = [judged(name, write=options.write) for name in options.part or sorted(PARTS)]
    return 0 if all(kept) else 1


def judged(name: str, *, write: bool) -> bool:
    """Measure one part and say what came out; whether nothing dropped and nothing was missing that has to be there."""
    part: Part = importlib.import_module(PARTS[name]).PART
    measured = part.measure()
    _print(name, measured)
    for reason in measured.absent:
        print(f"! not measured: {reason}")
    if INSIST and measured.absent:
        return False
    if write:
        committed.write(name, measured)
        return True
    drops = committed.dropped(name, measured, part.tolerance)
    for line in drops:
        print(f"! dropped by more than {part.tolerance}: {line}")
    return not drops


def _print(name: str, measured: Measured) -> None:
    before = committed.read(name)
    width = max((len(figure) for figure in measured.figures), default=0)
    print(f"== {name}: {'figure':{width}} now    committed")
    for figure, value in measured.figures.items():
        was = f"{before[figure]:.4f}" if figure in before else "-"
        print(
            f"{figure:{width + len(name) + 5}} {value:.4f} {was}  {measured.counts.get(figure, '')}".rstrip()
        )
    for line in (*measured.notes, *measured.curves):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
