from __future__ import annotations

from pathlib import Path

import pytest

from shared.contracts import topics
from shared.errors import SettingsInvalid
from shared.topics_file import DEFAULT_PATH, load_topics, max_bytes_of

DAY = 86_400_000
# topic: partitions, retention in days, services that read it (CONTRACTS, Topics)
TABLE = {
    "urls": (32, 7, ("fetcher",)),
    "urls.bulk": (32, 7, ("fetcher",)),
    "pages": (32, 7, ("cleaner",)),
    "articles": (32, 7, ("extractor", "store")),
    "extractions": (32, 7, ("store",)),
    "claims": (32, 90, ()),
    "fates": (32, 7, ("fetcher",)),
    "outcomes": (32, 30, ("store",)),
    "heartbeat": (1, 7, ()),
}


def _file(tmp_path: Path, old: str = "", new: str = "") -> Path:
    """The shipped file with one piece replaced."""
    text = DEFAULT_PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "topics.toml"
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    return path


def test_the_shipped_file_says_what_the_contracts_say() -> None:
    specs = load_topics()
    assert set(TABLE) == set(topics.BASE) == {name for name in specs if "!" not in name}
    for name, (partitions, days, readers) in TABLE.items():
        assert specs[name].partitions == partitions, name
        assert specs[name].configs["retention.ms"] == str(days * DAY), name
        assert specs[name].read_by == readers, name
        assert specs[name].configs["max.message.bytes"] == str(specs[name].max_bytes), name


def test_claims_keep_every_revision_for_a_week_and_the_latest_for_ninety_days() -> None:
    configs = load_topics()["claims"].configs
    assert configs["cleanup.policy"] == "compact,delete"
    assert configs["min.compaction.lag.ms"] == str(7 * DAY)
    assert int(configs["segment.ms"]) <= DAY


def test_pages_are_not_compressed_a_second_time() -> None:
    assert load_topics()["pages"].configs["compression.type"] == "uncompressed"


def test_articles_and_extractions_take_four_mebibytes_and_pages_fit_a_brokers_default() -> None:
    specs = load_topics()
    assert specs["articles"].max_bytes == specs["extractions"].max_bytes == 4 * 2**20
    assert specs["pages"].max_bytes == 1_048_588


def test_every_consumer_has_dead_letters_that_hold_the_original_and_the_reason() -> None:
    specs = load_topics()
    letters = {name: spec for name, spec in specs.items() if "!" in name}
    assert set(letters) == {topics.dead(name, service) for name in TABLE for service in TABLE[name][2]}
    for name, spec in letters.items():
        source, _, service = name.partition("!")
        assert spec.partitions == 1
        assert spec.max_bytes == specs[source].max_bytes + 65_536
        assert spec.configs["max.message.bytes"] == str(spec.max_bytes)
        assert spec.configs["retention.ms"] == str(28 * DAY)
        assert spec.configs["cleanup.policy"] == "delete"
        assert spec.written_by == (service,)


def test_a_routes_topic_is_as_claims_unless_it_has_a_table_of_its_own(tmp_path: Path) -> None:
    path = _file(
        tmp_path, new='\n[topics."claims.wide"]\npartitions = 64\nconfigs = { "retention.ms" = 1_000 }\n'
    )
    specs = load_topics(path, routes=["conflict", "wide"])
    assert specs["claims.conflict"].configs == specs["claims"].configs
    assert specs["claims.conflict"].partitions == 32
    assert specs["claims.wide"].partitions == 64
    assert specs["claims.wide"].configs["retention.ms"] == "1000"
    assert specs["claims.wide"].configs["cleanup.policy"] == "compact,delete"
    assert specs["claims"].configs["retention.ms"] == str(90 * DAY)


def test_the_transports_learn_each_limit_by_short_name() -> None:
    limit = max_bytes_of(load_topics())
    assert limit("urls") == 65_536
    assert limit("urls!fetcher") == 131_072
    assert limit("claims.any-route") == limit("claims")
    with pytest.raises(KeyError):
        limit("nonsense")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[topics.fates]", "[topics.fate]", "fates"),
        ("[topics.urls]", "[topics.url]\n[topics.urls]", "url is no topic"),
        ("partitions = 32", "partitions = 0", "defaults.partitions"),
        ("partitions = 32", 'partitions = "32"', "defaults.partitions"),
        ("partitions = 32", "partitons = 32", "defaults.partit"),
        ("max_bytes = 65_536", "max_bytes = 900_000_000", "topics.urls.max_bytes"),
        ('"retention.ms" = 604_800_000', '"retention.ms" = [7]', "defaults.configs"),
        ("[defaults]", "[defaults", "topics.toml"),
        ("[dead]\npartitions = 1", "[dead]\npartitions = 3", "dead.partitions"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load_topics(_file(tmp_path, old, new))
    assert named in refused.value.message
    assert "topics.toml" in refused.value.hint


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"nowhere\.toml"):
        load_topics(tmp_path / "nowhere.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsInvalid, match=r"binary\.toml"):
        load_topics(tmp_path / "binary.toml")
