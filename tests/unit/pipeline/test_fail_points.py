"""A fail point kills at its place, at its time, and is not there when nobody asks for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from shared.errors import SettingsInvalid
from shared.pipeline import fail_points
from shared.pipeline.fail_points import VARIABLE, FailPoint, parse

PASSING = """
from shared.pipeline import fail_points
for number in range(1, 6):
    fail_points.reach("store.relay.after-mark")
    print(number, flush=True)
    fail_points.reach("store.relay.after-produce")
"""


def passing(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A process of its own that passes two points five times."""
    return subprocess.run(
        [sys.executable, "-c", PASSING],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_process_is_killed_the_third_time() -> None:
    died = passing({VARIABLE: "store.relay.after-produce:3"})
    assert (died.returncode, died.stdout.split()) == (-signal.SIGKILL, ["1", "2", "3"])


def test_without_a_number_it_is_the_first_time() -> None:
    died = passing({VARIABLE: "store.relay.after-mark"})
    assert (died.returncode, died.stdout) == (-signal.SIGKILL, "")


@pytest.mark.parametrize("said", ["", "store.relay.after-mark:6", "store.other.after-mark"])
def test_no_point_or_another_one_or_a_later_time_ends_nothing(said: str) -> None:
    lived = passing({VARIABLE: said})
    assert (lived.returncode, lived.stdout.split()) == (0, ["1", "2", "3", "4", "5"])


def test_nothing_is_armed_without_the_variable() -> None:
    assert VARIABLE not in os.environ
    assert fail_points.armed is None
    assert parse({}) is None


@pytest.mark.parametrize(
    "said",
    ["relay", "store.relay", "store.relay.sometime", "store.relay.after-mark:0", "store.relay.after-mark:x"],
)
def test_what_names_no_point_is_refused_by_its_variable(said: str) -> None:
    with pytest.raises(SettingsInvalid, match=VARIABLE) as refused:
        parse({VARIABLE: said})
    assert VARIABLE in refused.value.hint


def test_another_point_does_not_count() -> None:
    point = FailPoint("store.relay.after-mark", 1)
    point.reach("store.relay.after-produce")
