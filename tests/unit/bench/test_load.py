"""What the load's figures are made of."""

from __future__ import annotations

import math

import pytest

from bench.load import press
from bench.load.backlog import memory_of
from bench.load.latency import quantile
from bench.load.meter import Reading, Spent, between
from bench.load.scaling import Scaled


def spent(busy: float, fetcher: float, alone: float, database: float = 0.1) -> Spent:
    return Spent(
        10.0, {"fetcher": fetcher, "database": database}, {"fetcher": alone, "database": 0.1}, busy, 2
    )


def test_a_machine_whose_cores_are_busy_is_limited_by_cpu_and_says_whose() -> None:
    assert spent(1.9, 1.2, 0.9, 0.6).limit() == "CPU: 1.90 of 2 cores busy (fetcher 63%, database 32%)"


def test_work_of_strangers_is_named_for_the_figures_are_not_ours_then() -> None:
    assert "strangers 58%: not a quiet machine" in spent(1.9, 0.7, 0.7).limit()


def test_a_process_that_has_its_core_is_the_limit_where_the_machine_is_not() -> None:
    assert spent(1.2, 1.0, 0.97).limit() == "one process: fetcher uses 0.97 of one core; run more of it"


def test_a_system_in_which_nobody_is_busy_waits() -> None:
    assert spent(0.8, 0.5, 0.5).limit().startswith("waiting: 0.80 of 2 cores busy")


def test_what_was_spent_lies_between_two_readings() -> None:
    first = Reading(100.0, {"store": 5.0}, {"store": 4.0}, 50.0)
    second = Reading(110.0, {"store": 12.0}, {"store": 9.0}, 65.0)
    found = between(first, second)
    assert (found.seconds, found.cpu, found.alone, found.busy) == (10.0, {"store": 0.7}, {"store": 0.5}, 1.5)


def test_memory_that_grows_over_a_backlog_is_not_constant() -> None:
    assert memory_of([100.0 + step for step in range(100)]).constant is False
    assert memory_of([100.0] * 5 + [140.0] + [101.0] * 50).constant is True
    assert memory_of([100.0, 140.0, 101.0]).peak == 140.0


@pytest.mark.parametrize(("part", "value"), [(0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_quantile_is_a_value_at_or_below_which_its_part_lies(part: float, value: int) -> None:
    assert quantile(range(1, 101), part) == value


def test_the_only_value_is_every_quantile_and_of_none_there_is_none() -> None:
    assert quantile([3.0], 0.99) == 3.0
    assert math.isnan(quantile([], 0.5))


def test_scaling_is_told_as_a_part_of_linear() -> None:
    assert Scaled({1: 50.0, 2: 90.0, 4: 200.0}).of_linear(2) == pytest.approx(0.9)


def test_every_page_of_the_site_is_another_one_and_is_its_own_canonical() -> None:
    known = press.templates()
    asked = press.urls(8080, 3, 25)
    assert len(set(asked)) == 25
    bodies = set()
    for url in asked:
        host, _, path = url.removeprefix("http://").partition("/")
        status, body, content_type = press.answer(known, "/" + path, host)
        assert (status, content_type.startswith("text/html")) == (200, True)
        assert url.encode() in body
        assert press.ADDRESS.encode() not in body
        bodies.add(body)
    assert len(bodies) == 25


def test_the_site_has_nothing_else_but_a_robots_txt_that_lets_everybody_in() -> None:
    assert press.answer([], "/robots.txt", "127.0.0.1:1")[:2] == (200, press.ROBOTS)
    assert press.answer(press.templates(), "/news/nothing", "127.0.0.1:1")[0] == 404
