"""What every test may ask for. The real parts are in `tests/real`."""

pytest_plugins = ["tests.real.parts"]
