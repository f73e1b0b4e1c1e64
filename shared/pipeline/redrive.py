"""The way back from the dead letters: the original bytes to the source topic, once more, for the one service.

A redrive writes a marker behind the letters, so that a second redrive of the same finds nothing; both transports
keep letters and markers in one order. Headers that a redriven record gets beside its own:

    ce_attempt   one more than before
    ce_to        the service that gave up; the other readers of the topic pass it by
    ce_origin    where it stood first, ``topic:partition:offset``: the identity of a submission without one of its own
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from shared.contracts import envelope
from shared.contracts.record import Outgoing, Record
from shared.pipeline.dead_letters import original, reasons_of

# A record that failed three times fails for a reason that no further try removes: the loop guard.
LAST_ATTEMPT = 3
MARKER = "redriven_offset"
_REPLACED = ("ce_attempt", "ce_to", "ce_origin")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. ``record.topic`` is the short name of its topic, ``record.offset`` its place there."""

    record: Record
    reasons: dict[str, str]
    attempt: int
    redriven: bool

    @property
    def name(self) -> str:
        """What a person calls it: ``pages!cleaner:17``."""
        return f"{self.record.topic}:{self.record.offset}"

    @property
    def code(self) -> str:
        return self.reasons.get("code", "unknown")

    @property
    def service(self) -> str:
        return self.reasons.get("service", "") or self.record.topic.partition("!")[2]

    @property
    def refusal(self) -> str | None:
        """Why it cannot be redriven at all; None: it can."""
        if self.attempt >= LAST_ATTEMPT:
            return "redrive-limit"
        try:
            original(self.record)
        except ValueError:
            return "original-lost"
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a redrive does: ``chosen`` go back, ``refused`` (with a code each) stay."""

    chosen: tuple[Letter, ...] = ()
    refused: tuple[tuple[Letter, str], ...] = field(default=())


def letters_of(records: Iterable[Record]) -> list[Letter]:
    """The letters among the records of dead-letter topics, in their order, each knowing whether it was redriven."""
    records = list(records)
    marked = {
        (record.topic, int(value))
        for record in records
        if (value := _marked_offset(record)) is not None and value.isdigit()
    }
    return [
        Letter(
            record,
            reasons_of(record),
            envelope.parse(record.headers).attempt,
            (record.topic, record.offset) in marked,
        )
        for record in records
        if _marked_offset(record) is None
    ]


def _marked_offset(record: Record) -> bytes | None:
    """The offset that a marker names. A letter is none, whatever headers its original brought along."""
    return record.header(MARKER) if len(record.headers) == 1 else None


def plan(
    letters: Sequence[Letter],
    *,
    max_bytes: Callable[[str], int] | None = None,
    code: str | None = None,
    limit: int | None = None,
) -> Plan:
    """Choose what goes back: not redriven yet, of that ``code``, at most ``limit``, oldest first.

    ``max_bytes`` is the size limit of a topic: an original that a compressing producer got past it cannot go back
    as it is, and must not stand in the way of the others.
    """

    def refusal(letter: Letter) -> str | None:
        if (reason := letter.refusal) is not None or max_bytes is None:
            return reason
        back = redriven(letter)
        return "original-too-large" if back.size > max_bytes(back.topic) else None

    waiting = [letter for letter in letters if not letter.redriven and code in (None, letter.code)]
    verdicts = [(letter, refusal(letter)) for letter in waiting]
    refused = [(letter, reason) for letter, reason in verdicts if reason is not None]
    chosen = [letter for letter, reason in verdicts if reason is None]
    return Plan(tuple(chosen if limit is None else chosen[:limit]), tuple(refused))


def redriven(letter: Letter) -> Outgoing:
    """The record for the source topic: the original's bytes, addressed to the service that gave up."""
    back = original(letter.record)
    before = envelope.parse(back.headers)
    reasons = letter.reasons
    origin = before.origin or f"{reasons['topic']}:{reasons['partition']}:{reasons['offset']}"
    added = {"ce_attempt": str(letter.attempt + 1), "ce_to": letter.service, "ce_origin": origin}
    headers = [(name, value) for name, value in back.headers if name not in _REPLACED]
    headers += [(name, text.encode()) for name, text in added.items()]
    return Outgoing(back.topic, back.key, back.value, headers)


def marker(letter: Letter) -> Outgoing:
    """What says, in the letter's own topic, that it was redriven."""
    return Outgoing(letter.record.topic, b"redriven", b"", [(MARKER, str(letter.record.offset).encode())])
