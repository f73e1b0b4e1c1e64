"""Which service is built how. The one place that knows all four; it imports one only when it is asked for."""

from __future__ import annotations

import importlib

from shared.pipeline.service import Service
from shared.settings import CommonSettings

SERVICES = ("fetcher", "cleaner", "extractor", "store")


def build_service(name: str, common: CommonSettings) -> Service:
    """The service of that name from its settings in the environment. Raises SettingsInvalid."""
    build = importlib.import_module(f"services.{name}.app").build
    service: Service = build(common)
    return service
