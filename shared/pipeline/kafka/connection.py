"""How to reach the broker, as keyword arguments of aiokafka's clients."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any, TypeVar

from shared.errors import SettingsInvalid
from shared.settings import KafkaSettings

T = TypeVar("T")


def ssl_context(settings: KafkaSettings) -> ssl.SSLContext | None:
    """TLS as the settings say; None for plaintext. Certificates are verified, host names included."""
    if "SSL" not in settings.security:
        return None
    ca = settings.ca_file
    context = _read("CA_FILE", str(ca), lambda: ssl.create_default_context(cafile=ca))
    if (cert := settings.cert_file) and (key := settings.key_file):
        _read("CERT_FILE, _KEY_FILE", f"{cert}, {key}", lambda: context.load_cert_chain(cert, key))
    return context


def _read(setting: str, named: str, read: Callable[[], T]) -> T:
    """Raises SettingsInvalid: OpenSSL's own errors do not say which file they mean."""
    try:
        return read()
    except OSError as error:  # ssl.SSLError is one
        reason = error.reason if isinstance(error, ssl.SSLError) else error.strerror
        raise SettingsInvalid(
            f"CLAIMSTREAM_KAFKA_{setting}: {named}: {reason}",
            hint="PEM files that this process may read; `claimstream certificates make` makes some for a trial.",
        ) from None


def connection_options(settings: KafkaSettings) -> dict[str, Any]:
    """Options that consumers, producers and the admin client of aiokafka share."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap,
        "security_protocol": settings.security,
    }
    if (context := ssl_context(settings)) is not None:
        options["ssl_context"] = context
    if settings.security.startswith("SASL") and settings.password is not None:
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.username,
            "sasl_plain_password": settings.password.get_secret_value(),
        }
    return options
