"""Certificates for trials: whom they name, how long, who may read the keys, and that nothing is overwritten."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from claimstream.access import certificates
from shared.errors import UsageError
from tests.command import Call


def test_the_certificate_names_every_host_and_its_authority_is_trusted(tmp_path: Path) -> None:
    certificates.make(tmp_path, ["kafka.example", "192.0.2.7"])
    ssl.create_default_context(cafile=tmp_path / "ca.crt")  # an authority, or this would raise
    chain = x509.load_pem_x509_certificates((tmp_path / "broker.pem").read_bytes())
    names = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["kafka.example"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.7"]
    chain[0].verify_directly_issued_by(chain[1])


def test_the_lifetimes_are_those_that_are_documented(tmp_path: Path) -> None:
    certificates.make(tmp_path, ["kafka.example"])
    now = datetime.now(UTC)
    assert (certificates.expiry(tmp_path / "broker.pem") - now).days == certificates.BROKER_DAYS - 1
    assert (certificates.expiry(tmp_path / "ca.crt") - now).days == certificates.CA_DAYS - 1
    text = (Path(__file__).parents[3] / "docs" / "access.md").read_text()
    assert f"{certificates.BROKER_DAYS} days" in text
    assert f"{certificates.CA_DAYS:,} days" in text


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    certificates.make(tmp_path, ["kafka.example"])
    for name in ("ca.key", "broker.pem"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_files_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    certificates.make(tmp_path, ["kafka.example"])
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert not any(certificates.make(tmp_path, ["another.example"]).values())
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_broker_certificate_that_was_deleted_is_made_anew_by_the_same_authority(tmp_path: Path) -> None:
    certificates.make(tmp_path, ["kafka.example"])
    trusted = (tmp_path / "ca.crt").read_bytes()
    (tmp_path / "broker.pem").unlink()
    made = certificates.make(tmp_path, ["kafka.example"])
    assert made == {tmp_path / "ca.crt": False, tmp_path / "broker.pem": True}
    assert (tmp_path / "ca.crt").read_bytes() == trusted


def test_half_an_authority_is_said_and_left_alone(tmp_path: Path) -> None:
    certificates.make(tmp_path, ["kafka.example"])
    (tmp_path / "broker.pem").unlink()
    (tmp_path / "ca.key").unlink()
    with pytest.raises(UsageError) as raised:
        certificates.make(tmp_path, ["kafka.example"])
    assert raised.value.code == "certificates-incomplete"
    assert "ca.key" in raised.value.hint


@pytest.mark.parametrize("host", ["", "kafka:9092", "https://kafka", "a b", "käfka.example"])
def test_what_is_no_host_is_refused_before_anything_is_written(tmp_path: Path, host: str) -> None:
    with pytest.raises(UsageError):
        certificates.make(tmp_path / "new", [host])
    assert not (tmp_path / "new").exists()


def test_the_command_says_what_goes_where(call: Call, tmp_path: Path) -> None:
    said = call("certificates", "make", str(tmp_path / "tls"), "--host", "kafka.example")
    assert said.code == 0
    assert "made" in said.out
    assert f"CLAIMSTREAM_KAFKA_CA_FILE={tmp_path / 'tls' / 'ca.crt'}" in said.out
    assert "kept" in call("certificates", "make", str(tmp_path / "tls"), "--host", "kafka.example").out
