"""Settings that every service has, from ``CLAIMSTREAM_…`` variables; checked at start, refused with a hint.

A secret can come from a file: ``CLAIMSTREAM_KAFKA_PASSWORD_FILE=/run/secrets/kafka`` (its content without the
last newline). Both at once is an error, as is an unreadable file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import SettingsInvalid

S = TypeVar("S", bound=BaseSettings)
# A client that is given anything else looks up a host of that name, or ends with a traceback.
_ADDRESS = re.compile(r"\s*(?:[^\s:/\[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})\s*")


class CommonSettings(BaseSettings):
    """``CLAIMSTREAM_PREFIX``, ``_LOG_LEVEL``, ``_LOG_JSON``, ``_HEALTH_PORT`` and the limits of the pipeline."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_", extra="ignore")

    prefix: str = Field(default="claimstream", pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]{0,60}$")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_json: bool = True
    health_host: str = "127.0.0.1"
    health_port: int = Field(default=0, ge=0, le=65535)
    topics_file: Path | None = None
    batch_seconds: float = Field(
        default=20, gt=0, le=50, description="a batch's time budget; a rebalance waits for it"
    )
    pool_workers: int = Field(default=0, ge=0, le=256, description="0: one for each processor")
    pool_deadline: float = Field(
        default=15, gt=0, description="seconds a record may take; must be below batch_seconds"
    )

    trace_endpoint: str = Field(
        default="", description="OTLP/HTTP, http://collector:4318/v1/traces; empty: nothing is traced"
    )
    trace_ratio: float = Field(
        default=0.0, ge=0, le=1, description="of the visits that nobody asked to trace or not to trace"
    )

    @model_validator(mode="after")
    def _a_ratio_needs_an_endpoint(self) -> CommonSettings:
        if self.trace_ratio and not self.trace_endpoint:
            raise ValueError("trace_ratio needs trace_endpoint, where the traces are sent to")
        return self

    @model_validator(mode="after")
    def _deadline_fits_the_batch(self) -> CommonSettings:
        if self.pool_deadline >= self.batch_seconds:
            raise ValueError(
                "pool_deadline must be below batch_seconds, or a slow record would never be given up"
            )
        return self


class KafkaSettings(BaseSettings):
    """``CLAIMSTREAM_KAFKA_…``: where the broker is and how to speak to it."""

    model_config = SettingsConfigDict(env_prefix="CLAIMSTREAM_KAFKA_", extra="ignore")

    bootstrap: str = "127.0.0.1:9092"
    security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    send_seconds: float = Field(
        default=30, gt=0, description="until an unacknowledged record counts as broker away"
    )

    @field_validator("bootstrap")
    @classmethod
    def _names_hosts_with_ports(cls, bootstrap: str) -> str:
        for address in bootstrap.split(","):
            match = _ADDRESS.fullmatch(address)
            if match is None or int(match[1]) > 65535:
                raise ValueError(f"{address!r} is not HOST:PORT; several are separated by commas")
        return bootstrap

    @model_validator(mode="after")
    def _credentials_are_complete(self) -> KafkaSettings:
        if self.security.startswith("SASL") and not (self.username and self.password):
            raise ValueError(f"security {self.security} needs username and password")
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file go together")
        return self


def load(kind: type[S], environ: Mapping[str, str] | None = None, **overrides: Any) -> S:
    """Read ``kind`` from the environment, ``_FILE`` variants included. Raises SettingsInvalid, naming the variable."""
    values = dict(_from_files(kind, os.environ if environ is None else environ)) | overrides
    try:
        return kind(**values)
    except ValidationError as error:
        prefix = str(kind.model_config.get("env_prefix", ""))
        problems = "; ".join(
            f"{prefix + '_'.join(str(p).upper() for p in item['loc']) if item['loc'] else prefix + '*'}:"
            f" {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        )
        raise SettingsInvalid(problems) from None


def _from_files(kind: type[BaseSettings], environ: Mapping[str, str]) -> Mapping[str, str]:
    prefix = str(kind.model_config.get("env_prefix", ""))
    found: dict[str, str] = {}
    for name in kind.model_fields:
        variable = f"{prefix}{name}".upper()
        path = environ.get(f"{variable}_FILE")
        if path is None:
            continue
        if variable in environ:
            raise SettingsInvalid(f"{variable} and {variable}_FILE are both set", hint="Keep one of the two.")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").removesuffix("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsInvalid(f"{variable}_FILE: cannot read {path}: {error}") from None
    return found
