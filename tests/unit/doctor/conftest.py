"""The command, called in this process."""

from tests.command import call

__all__ = ["call"]
