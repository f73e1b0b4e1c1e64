"""Capacity is arithmetic on measured figures, and the page says what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench import capacity as written
from bench.load import capacity, figures
from bench.load.figures import Figures
from bench.load.real_pages import PageCost
from shared.topics_file import TopicSpec, load_topics

SAMPLE = PageCost(10, 6_000, 2_000, 1_000, 5, 8, 2)
TOPICS = {
    "pages": TopicSpec("pages", 32, {"retention.ms": str(7 * 86_400_000)}),
    "articles": TopicSpec("articles", 32, {"retention.ms": str(86_400_000)}),
}
MEASURED = Figures(
    measured="2026-01-01",
    machine="2 cores",
    versions={},
    pages=100,
    claims=5.0,
    rate=30.0,
    cpu_ms={"fetcher": 12, "cleaner": 6, "extractor": 3, "store": 9, "broker": 6, "database": 24},
    rate_alone={"fetcher": 60, "cleaner": 200, "extractor": 400, "store": 100},
    memory_mib={"fetcher": 100, "cleaner": 300, "extractor": 200, "store": 100},
    topic_bytes={"pages": 2_500, "articles": 1_000},
    table_bytes={"fetcher_visits": 800, "store_article_version": 400, "store_outbox": 5_000},
    sample=SAMPLE,
    real=None,
    strangers=0.0,
)
REAL = replace(SAMPLE, packed_bytes=22_000, text_chars=10_000, clean_ms=48, extract_ms=6)


def test_the_peak_is_four_times_the_mean_of_a_day() -> None:
    assert capacity.peak_rate(864_000) == pytest.approx(40)


def test_cores_are_the_peak_s_work_at_six_tenths_of_a_core() -> None:
    need = capacity.need(MEASURED, TOPICS, 864_000)
    assert need.cores["fetcher"] == pytest.approx(40 * 0.012 / 0.6)
    assert need.cores["database"] == pytest.approx(40 * 0.024 / 0.6)
    assert need.replicas == {"fetcher": 1, "cleaner": 1, "extractor": 1, "store": 1}
    assert capacity.need(MEASURED, TOPICS, 8_640_000).replicas["fetcher"] == 8


def test_memory_grows_with_the_replicas() -> None:
    small, large = (capacity.need(MEASURED, TOPICS, n).memory_mib["fetcher"] for n in (864_000, 8_640_000))
    assert (small, large) == (125, 8 * 125)


def test_the_broker_keeps_each_topic_for_its_own_retention() -> None:
    assert capacity.broker_bytes(MEASURED, TOPICS, 100) == 100 * (2_500 * 7 + 1_000 * 1)


def test_the_database_keeps_a_month_of_rows_but_no_outbox() -> None:
    assert capacity.need(MEASURED, TOPICS, 100).database_month_bytes == 100 * 30 * 1_200


@pytest.mark.parametrize(("most", "partitions"), [(1, 32), (16, 32), (17, 64), (40, 128)])
def test_each_replica_has_at_least_two_partitions(most: int, partitions: int) -> None:
    assert capacity.partitions({"fetcher": most, "store": 1}) == partitions


def test_real_pages_cost_what_they_are_larger() -> None:
    real = replace(MEASURED, real=REAL)
    assert capacity.page_cpu_ms(real) == MEASURED.cpu_ms | {"cleaner": 36, "extractor": 9}
    assert capacity.page_topic_bytes(real) == {"pages": 22_500, "articles": 10_000}
    assert capacity.page_table_bytes(real) == {"fetcher_visits": 800, "store_article_version": 4_000}


def test_a_topic_keeps_its_records_for_the_days_of_the_topics_file() -> None:
    assert {
        name: capacity.retention_days(load_topics()[name]) for name in ("pages", "claims", "outcomes")
    } == {
        "pages": 7,
        "claims": 90,
        "outcomes": 30,
    }


def test_the_page_is_what_the_committed_figures_say() -> None:
    generated = written.tables(figures.read(), load_topics())
    page = written.PAGE.read_text(encoding="utf-8")
    assert written.page(page, generated) == page, "run `make capacity` and commit docs/capacity.md"


def test_a_page_without_its_marks_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="lost the marks"):
        written.page("# Capacity\n", "tables")
