"""A model is read only if its files are what its manifest says, and every claim names what was read with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from services.extractor import app, reader
from services.extractor.identity import IDENTITY
from services.extractor.tagger.manifest import FILES, FORMAT, MANIFEST, verified
from shared.errors import ModelInvalid
from shared.settings import CommonSettings


def written(folder: Path, **changed: Any) -> Path:
    """A folder with three small files and a manifest that fits them, but for what is changed."""
    for name in FILES:
        (folder / name).write_bytes(name.encode())
    told = {
        "format": FORMAT,
        "version": "7",
        "files": {name: hashlib.sha256(name.encode()).hexdigest() for name in FILES},
        "constants": {"cue": 0.5},
        "confidence": {"bias": 0.0},
    }
    (folder / MANIFEST).write_text(json.dumps(told | changed))
    return folder


def test_a_folder_that_fits_its_manifest_is_taken(tmp_path: Path) -> None:
    manifest = verified(written(tmp_path))
    assert (manifest.version, manifest.constants) == ("7", {"cue": 0.5})
    assert manifest.digest == hashlib.sha256((tmp_path / MANIFEST).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_another_byte_is_refused_by_name(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    (tmp_path / name).write_bytes(b"another")
    with pytest.raises(ModelInvalid, match=name) as caught:
        verified(tmp_path)
    assert caught.value.code == "model-invalid"
    assert "CLAIMSTREAM_EXTRACTOR_MODEL" in caught.value.hint


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelInvalid, match=name):
        verified(tmp_path)


@pytest.mark.parametrize("changed", [{"format": FORMAT + 1}, {"files": {}}, {"constants": 3}])
def test_another_manifest_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(ModelInvalid, match=r"format|manifest"):
        verified(written(tmp_path, **changed))


def test_the_rules_need_no_model() -> None:
    assert reader.reader_of("rules") == (IDENTITY, None, None)


def test_a_worker_reads_with_its_services_model_whatever_its_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLAIMSTREAM_EXTRACTOR_MODEL", str(tmp_path))
    monkeypatch.setattr(reader, "_chosen", None)
    with pytest.raises(ModelInvalid):
        reader.configured()
    reader.choose("rules")
    assert reader.configured() == (IDENTITY, None, None)


async def test_a_service_with_a_wrong_model_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMSTREAM_EXTRACTOR_MODEL", str(tmp_path))
    with pytest.raises(ModelInvalid, match=MANIFEST):
        app.build(CommonSettings())


def test_another_model_is_another_extractor_above_the_rules(tmp_path: Path) -> None:
    one = reader.identity_of(verified(written(tmp_path)))
    other = reader.identity_of(verified(written(tmp_path, version="8")))
    assert one.sequence == other.sequence == IDENTITY.sequence + 1
    assert len({one.model, other.model, IDENTITY.model}) == 3
    assert one.version.endswith("+model.7")
