"""What a check found: one line for a person, one object for a program."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from shared.errors import ClaimstreamError

NOT_LOOKED_AT = "not-looked-at"


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` and ``hint`` are set when it is not ok."""

    check: str
    ok: bool
    text: str
    code: str | None = None
    hint: str | None = None

    def line(self) -> str:
        if self.ok:
            return f"ok    {self.check:13} {self.text}"
        return f"FAIL  {self.check:13} {self.text} [{self.code}]\n      {'':13} {self.hint}"

    def as_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "ok": self.ok,
            "text": self.text,
            "code": self.code,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """``needs``: checks that must have been ok, for otherwise this one could only repeat what they said."""

    name: str
    look: Callable[[], Awaitable[list[Finding]]]
    needs: tuple[str, ...] = ()


async def examine(checks: list[Check]) -> AsyncIterator[Finding]:
    """The findings, one after the other as they are made. An error of ours is a finding as well."""
    ill: set[str] = set()
    for check in checks:
        found: list[Finding]
        if waits_for := [need for need in check.needs if need in ill]:
            hint = f"Put {' and '.join(waits_for)} right first, then run this again."
            found = [Finding(check.name, False, "not looked at", NOT_LOOKED_AT, hint)]
        else:
            try:
                found = await check.look()
            except ClaimstreamError as error:
                found = [Finding(check.name, False, error.message, error.code, error.hint)]
        for finding in found:
            if not finding.ok:
                ill.add(check.name)
            yield finding
