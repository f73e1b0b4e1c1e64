"""What every test may ask for. The real parts are in `tests/real`."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

import shared.telemetry  # noqa: F401  (importing it sets up the log that every test begins with)

pytest_plugins = ["tests.real.parts"]

# How long one example takes says how busy the machine is, not whether the code keeps its promise.
settings.register_profile("claimstream", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("claimstream")

LOG = structlog.get_config()


@pytest.fixture(autouse=True)
def log_as_at_import() -> Iterator[None]:
    """A command that a test runs sets up the log for itself; the next test must not hear less for it."""
    structlog.configure(**LOG)
    yield
    structlog.configure(**LOG)
