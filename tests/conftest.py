"""What every test may ask for. The real parts are in `tests/real`."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.real.parts"]

# How long one example takes says how busy the machine is, not whether the code keeps its promise.
settings.register_profile("claimstream", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("claimstream")
