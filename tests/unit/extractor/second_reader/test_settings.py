"""The second reader is off unless it is set, and what is set wrongly is refused at start."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.extractor.app import build
from services.extractor.settings import ExtractorSettings
from shared.errors import SettingsInvalid
from shared.settings import CommonSettings, load

URL, MODEL = "http://model.internal:8000/v1", "small-model"


def settings(**variables: str) -> ExtractorSettings:
    return load(ExtractorSettings, {}, **variables)


def test_without_a_url_there_is_none() -> None:
    assert settings().reader_url == ""
    assert settings(reader_url="", reader_model="", reader_key="").reader_key is None


def test_the_url_may_end_in_a_slash() -> None:
    assert settings(reader_url=URL + "/", reader_model=MODEL).reader_url == URL


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reader_url": URL}, "go together"),
        ({"reader_model": MODEL}, "go together"),
        ({"reader_url": "model.internal:8000", "reader_model": MODEL}, "READER_URL"),
        ({"reader_url": "file:///etc/passwd", "reader_model": MODEL}, "READER_URL"),
        ({"reader_url": "http://:8000/v1", "reader_model": MODEL}, "READER_URL"),
        ({"reader_url": "http://host:99999/v1", "reader_model": MODEL}, "READER_URL"),
        ({"reader_url": "http://key@host/v1", "reader_model": MODEL}, "reader_key"),
        ({"reader_url": "http://host/v1?key=1", "reader_model": MODEL}, "reader_key"),
        ({"reader_url": URL, "reader_model": "two words"}, "READER_MODEL"),
        ({"reader_url": URL, "reader_model": MODEL, "reader_key": "two words"}, "READER_KEY"),
    ],
)
def test_what_is_no_endpoint_is_refused_with_its_variable(wrong: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsInvalid, match=says):
        settings(**wrong)


def test_the_key_comes_from_a_file_and_shows_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-secret-1\n")
    found = load(
        ExtractorSettings,
        {"CLAIMSTREAM_EXTRACTOR_READER_KEY_FILE": str(file)},
        reader_url=URL,
        reader_model=MODEL,
    )
    assert found.reader_key is not None
    assert found.reader_key.get_secret_value() == "sk-secret-1"
    assert "sk-secret-1" not in repr(found)


def test_a_second_reader_that_may_take_longer_than_a_batch_has_is_refused() -> None:
    slow = settings(model="rules", reader_url=URL, reader_model=MODEL, reader_seconds="6")
    with pytest.raises(SettingsInvalid, match="READER_SECONDS") as refused:
        build(CommonSettings(pool_workers=1), settings=slow)
    assert "CLAIMSTREAM_BATCH_SECONDS" in refused.value.hint
