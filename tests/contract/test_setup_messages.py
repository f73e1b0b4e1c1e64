"""What `make` says to somebody whose machine lacks what it needs: what happened, and what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make_setup(tmp_path: Path, python: str) -> subprocess.CompletedProcess[str]:
    """`make setup` into an environment of its own, which these runs never get to fill."""
    return subprocess.run(
        ["make", "setup", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def stand_in(tmp_path: Path, script: str) -> str:
    path = tmp_path / "python3"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_without_any_recent_python_it_says_what_to_install(tmp_path: Path) -> None:
    done = make_setup(tmp_path, "")
    assert done.returncode != 0
    assert "no Python 3.11 or later found" in done.stderr
    assert "apt install python3" in done.stderr


def test_an_old_python_is_named_and_refused(tmp_path: Path) -> None:
    python = stand_in(tmp_path, "exit 1")
    done = make_setup(tmp_path, python)
    assert done.returncode != 0
    assert f"{python} is older than Python 3.11" in done.stderr


def test_a_python_without_venv_is_told_apart_and_leaves_no_half_environment(tmp_path: Path) -> None:
    python = stand_in(tmp_path, f'[ "$1" = -m ] && mkdir -p {tmp_path / "venv"} && exit 1; exit 0')
    done = make_setup(tmp_path, python)
    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()
