"""Reading the command line: what cannot be read is said like any other error, with what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from claimstream.words import here
from shared.errors import UsageError

# As argparse words them, in every Python from 3.11 on.
_NO_SUCH_CHOICE = re.compile(r"argument (\S+): invalid choice: '([^']*)'")
_UNKNOWN = "unrecognized arguments: "
_MISSING = "the following arguments are required: "


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises UsageError where its base prints its usage and ends the process."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As the base does, but what is unknown is reported here, by the command that it was typed behind."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(_UNKNOWN + " ".join(unknown))
        return options, unknown

    def error(self, message: str) -> NoReturn:
        """Never returns. The hint names what is nearest to what was typed, and how to see what there is."""
        _, *command = self.prog.split()
        asked = "".join(f"{word} " for word in command)
        see = f"`{here()} {asked}--help` lists what there is."
        if choice := _NO_SUCH_CHOICE.match(message):
            hint = _meant(choice[2], self._choices()) + see
            raise UsageError(f"{asked}{choice[2]}: there is no such {choice[1].lower()}", hint=hint)
        if message.startswith(_UNKNOWN):
            typed = message.removeprefix(_UNKNOWN)
            hint = _meant(typed.split()[0].split("=")[0], self._option_string_actions) + see
            raise UsageError(f"{asked}{typed}: not understood", hint=hint)
        if message.startswith(_MISSING):
            hint = f"Type {' '.join(self.format_usage().split()[1:])}. {see}"
            raise UsageError(f"{asked}{message.removeprefix(_MISSING)} is missing", hint=hint)
        raise UsageError(f"{asked}{message}", hint=see)

    def _choices(self) -> Iterable[str]:
        return [str(choice) for action in self._actions for choice in action.choices or ()]


def at_least(least: int, kind: type[int] | type[float] = int) -> Callable[[str], float]:
    """The ``type=`` of an option that takes a number, in words that a person understands."""

    def number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise argparse.ArgumentTypeError(f"{text!r} is no number")
        if value < least:
            raise argparse.ArgumentTypeError(f"{text} is less than {least}")
        return value

    return number


def _meant(typed: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(typed, list(known), n=1, cutoff=0.5)
    return f"Did you mean {near[0]}? " if near else ""
