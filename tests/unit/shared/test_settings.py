"""Settings are checked at start, and a refusal names the variable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.errors import SettingsInvalid
from shared.pipeline.kafka.connection import connection_options
from shared.settings import CommonSettings, KafkaSettings, load

KAFKA = "CLAIMSTREAM_KAFKA_"


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:

    for name in list(os.environ):
        if name.startswith("CLAIMSTREAM_"):
            monkeypatch.delenv(name)


def test_without_any_variable_the_defaults_hold() -> None:
    assert load(CommonSettings).prefix == "claimstream"
    assert connection_options(load(KafkaSettings)) == {
        "bootstrap_servers": "127.0.0.1:9092",
        "security_protocol": "PLAINTEXT",
    }


@pytest.mark.parametrize(
    ("kind", "variable", "value"),
    [
        (CommonSettings, "CLAIMSTREAM_PREFIX", "with.dot"),
        (CommonSettings, "CLAIMSTREAM_PREFIX", ""),
        (CommonSettings, "CLAIMSTREAM_LOG_LEVEL", "LOUD"),
        (CommonSettings, "CLAIMSTREAM_HEALTH_PORT", "70000"),
        (CommonSettings, "CLAIMSTREAM_BATCH_SECONDS", "soon"),
        (CommonSettings, "CLAIMSTREAM_BATCH_SECONDS", "3600"),
        (CommonSettings, "CLAIMSTREAM_POOL_WORKERS", "-1"),
        (KafkaSettings, KAFKA + "BOOTSTRAP", ""),
        (KafkaSettings, KAFKA + "BOOTSTRAP", "kafka"),
        (KafkaSettings, KAFKA + "BOOTSTRAP", ":9092"),
        (KafkaSettings, KAFKA + "BOOTSTRAP", "kafka:port"),
        (KafkaSettings, KAFKA + "BOOTSTRAP", "kafka:70000"),
        (KafkaSettings, KAFKA + "BOOTSTRAP", "kafka:9092,"),
        (KafkaSettings, KAFKA + "BOOTSTRAP", "kafka://kafka:9092"),
        (KafkaSettings, KAFKA + "SECURITY", "PLAIN"),
        (KafkaSettings, KAFKA + "SASL_MECHANISM", "GSSAPI"),
        (KafkaSettings, KAFKA + "SEND_SECONDS", "0"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch,
    kind: type[CommonSettings] | type[KafkaSettings],
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsInvalid, match=variable) as refused:
        load(kind)
    assert refused.value.code == "settings-invalid"
    assert refused.value.hint
    assert "Value error" not in refused.value.message


@pytest.mark.parametrize(
    "bootstrap", ["kafka:9092", "10.0.0.1:9092,10.0.0.2:9093", "[::1]:9092", "a-b.example:1"]
)
def test_a_brokers_address_has_a_port(monkeypatch: pytest.MonkeyPatch, bootstrap: str) -> None:
    monkeypatch.setenv(KAFKA + "BOOTSTRAP", bootstrap)
    assert load(KafkaSettings).bootstrap == bootstrap


def test_a_record_deadline_must_lie_within_the_batchs_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMSTREAM_POOL_DEADLINE", "20")
    with pytest.raises(SettingsInvalid, match="pool_deadline"):
        load(CommonSettings)


@pytest.mark.parametrize(
    "given",
    [
        {"SECURITY": "SASL_SSL"},
        {"SECURITY": "SASL_SSL", "USERNAME": "u"},
        {"SECURITY": "SASL_PLAINTEXT", "PASSWORD": "p"},
        {"SECURITY": "SSL", "CERT_FILE": "/c.pem"},
        {"SECURITY": "SSL", "KEY_FILE": "/k.pem"},
    ],
)
def test_half_a_credential_is_refused(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(KAFKA + name, value)
    with pytest.raises(SettingsInvalid, match=KAFKA):
        load(KafkaSettings)


def test_a_secret_comes_from_a_file_without_its_last_newline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret \n")
    for name, value in {"SECURITY": "SASL_PLAINTEXT", "USERNAME": "u", "PASSWORD_FILE": str(secret)}.items():
        monkeypatch.setenv(KAFKA + name, value)
    settings = load(KafkaSettings)
    options = connection_options(settings)
    assert options["sasl_plain_password"] == "s3cret "
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert "s3cret" not in repr(settings)


def test_a_secret_given_twice_or_in_a_file_that_cannot_be_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(KAFKA + "PASSWORD_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsInvalid, match=KAFKA + "PASSWORD_FILE"):
        load(KafkaSettings)
    monkeypatch.setenv(KAFKA + "PASSWORD", "p")
    with pytest.raises(SettingsInvalid, match="both set"):
        load(KafkaSettings)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"CA_FILE": "none.pem"}, "CA_FILE"),
        ({"CA_FILE": "note.pem"}, "CA_FILE"),
        ({"CERT_FILE": "none.pem", "KEY_FILE": "note.pem"}, "CERT_FILE"),
        ({"CERT_FILE": "note.pem", "KEY_FILE": "note.pem"}, "CERT_FILE"),
    ],
)
def test_a_certificate_that_cannot_be_read_is_a_setting_to_correct(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: dict[str, str], named: str
) -> None:
    (tmp_path / "note.pem").write_text("not a certificate, a note")
    monkeypatch.setenv(KAFKA + "SECURITY", "SSL")
    for name, file in given.items():
        monkeypatch.setenv(KAFKA + name, str(tmp_path / file))
    with pytest.raises(SettingsInvalid, match=KAFKA + named) as refused:
        connection_options(load(KafkaSettings))
    assert given[named] in refused.value.message
