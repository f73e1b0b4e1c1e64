"""How to reach the broker, as keyword arguments of aiokafka's clients."""

from __future__ import annotations

import ssl
from typing import Any

from shared.settings import KafkaSettings


def ssl_context(settings: KafkaSettings) -> ssl.SSLContext | None:
    """TLS as the settings say; None for plaintext. Certificates are verified, host names included."""
    if "SSL" not in settings.security:
        return None
    context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
    if settings.cert_file and settings.key_file:
        context.load_cert_chain(str(settings.cert_file), str(settings.key_file))
    return context


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
