"""The bulk form: one JSON object a line in, answers in the order of the questions, over several processes."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from typing import IO, Any

from pebble import ProcessExpired, ProcessPool

from shared.errors import HandlerFailed, HandlerKilled, HandlerTimeout, UsageError

Answer = dict[str, Any]
AHEAD = 8  # questions under way a worker: enough to keep it busy, few enough to keep memory constant


def answers(
    lines: Iterable[str], answer: Callable[[str], Answer], *, workers: int, deadline: float
) -> Iterator[Answer]:
    """Answers in the order of ``lines``. One that takes longer than ``deadline`` seconds, or whose process dies,
    is answered as rejected; the others are not touched by it."""
    count = workers or os.cpu_count() or 1
    with ProcessPool(max_workers=count, context=get_context("forkserver")) as pool:
        waiting: deque[tuple[str, Any]] = deque()
        for line in lines:
            if not line.strip():
                continue
            waiting.append((line, pool.schedule(answer, args=(line,), timeout=deadline)))
            if len(waiting) >= AHEAD * count:
                yield _result(*waiting.popleft(), deadline)
        while waiting:
            yield _result(*waiting.popleft(), deadline)


def _result(line: str, future: Any, deadline: float) -> Answer:
    try:
        result: Answer = future.result()
    except FutureTimeout:
        return rejected(line, HandlerTimeout.code, f"No answer within {deadline:g} s; its process was ended.")
    except ProcessExpired as error:
        return rejected(
            line, HandlerKilled.code, f"Its process died with {error.exitcode}; look at its memory."
        )
    except Exception as error:
        return rejected(line, HandlerFailed.code, f"A defect of claimstream, please report it: {error!r}")
    return result


def rejected(line: str, code: str, hint: str) -> Answer:
    """The answer to a question that cannot be answered, under its id where that can be read."""
    try:
        question = json.loads(line)
        identity = question.get("id") if isinstance(question, dict) else None
    except ValueError:
        identity = None
    return {"id": identity, "rejected": {"code": code, "hint": hint}}


def write(result: Answer, out: IO[str] | None = None) -> None:
    """One JSON object on a line of its own."""
    stream = out or sys.stdout
    stream.write(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n")


def open_input(name: str) -> IO[bytes]:
    """The file, or standard input for ``-``. Raises UsageError with a hint."""
    if name == "-":
        return sys.stdin.buffer
    try:
        return open(name, "rb")
    except FileNotFoundError:
        raise UsageError(
            f"no file {name}", code="file-missing", hint="Check the name; - reads standard input."
        ) from None
    except OSError as error:
        raise UsageError(
            f"cannot read {name}: {error.strerror}",
            code="file-unreadable",
            hint="Check what it is and its permissions.",
        ) from None


def decoded_lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines as text; bytes that are not UTF-8 become U+FFFD, so that a bad line is answered, not fatal."""
    for line in stream:
        yield line.decode("utf-8", "replace")
