"""What every test may ask for. The real parts are in `tests/real`."""

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

import shared.telemetry  # noqa: F401  (importing it sets up the log that every test begins with)

pytest_plugins = ["tests.real.parts", "tests.by_folder"]

# How long one example takes says how busy the machine is, not whether the code keeps its promise.
settings.register_profile("claimstream", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("claimstream")

LOG = structlog.get_config()

# What a pipeline's test proves it proves with any extractor, and a process without weights starts in a third of the
# time. The tests of the tagger name it, and so does the demo's.
os.environ.setdefault("CLAIMSTREAM_EXTRACTOR_MODEL", "rules")


@pytest.fixture(autouse=True)
def log_as_at_import() -> Iterator[None]:
    """A command that a test runs sets up the log for itself; the next test must not hear less for it."""
    structlog.configure(**LOG)
    yield
    structlog.configure(**LOG)
