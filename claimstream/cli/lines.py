"""The bulk form: one JSON object a line in, answers in the order of the questions, over several processes."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from typing import IO, Any

from pebble import ProcessExpired, ProcessPool

from shared.errors import HandlerFailed, HandlerKilled, HandlerTimeout, UsageError

Answer = dict[str, Any]
AHEAD = 8  # questions under way a worker: enough to keep it busy, few enough to keep memory constant
MAX_LINE_BYTES = 64 * 2**20  # four times the largest page that is read, which JSON may escape
_END = object()


class Malformed(ValueError):
    """Raised for a line that is no JSON; its text is the hint."""


def add_options(parser: argparse.ArgumentParser, question: str) -> None:
    """``--jsonl`` and ``--workers``; ``question`` shows the shape of a line."""
    parser.add_argument("--jsonl", action="store_true", help=f"a line each: {question}")
    parser.add_argument(
        "--workers", type=int, default=0, help="processes for --jsonl (default: one a processor)"
    )


def called(file: str) -> str:
    """A FILE argument in a message."""
    return "standard input" if file == "-" else file


def refuse_beside(options: argparse.Namespace, *alone: str) -> None:
    """Raises UsageError for an option of one document beside ``--jsonl``: it would be dropped in silence."""
    for name in alone:
        if getattr(options, name.lstrip("-").replace("-", "_")):
            raise UsageError(
                f"{name} is for one document, --jsonl for many",
                hint="A line of --jsonl has what belongs to it beside its text; see --help.",
            )


def answer_all(file: str, answer: Callable[[str], Answer], *, workers: int, deadline: float) -> int:
    """Answer every line of a file (``-``: standard input) on standard output. Returns the exit status.

    Raises UsageError when the file cannot be read, or ``workers`` is no number of processes.
    """
    with opened(file) as stream:
        for result in answers(decoded_lines(stream), answer, workers=workers, deadline=deadline):
            write(result)
    return 0


def answers(
    lines: Iterable[str], answer: Callable[[str], Answer], *, workers: int, deadline: float
) -> Generator[Answer, None, None]:
    """Answers in the order of ``lines``. One that takes longer than ``deadline`` seconds, or whose process dies,
    is answered as rejected; the others are not touched by it. A rejected one says which line it was, from 1: its id
    may be what could not be read.

    Lines are read by a thread, so that an answer does not wait for the next question: a program may ask one, read
    the answer, and ask the next. Raises UsageError when ``workers`` is no number of processes.
    """
    if not 0 <= workers <= 256:
        raise UsageError(f"--workers {workers}", hint="A number of processes from 1 to 256.")
    count = workers or os.cpu_count() or 1
    context = get_context("forkserver")
    context.set_forkserver_preload([answer.__module__])
    pool = ProcessPool(max_workers=count, context=context)
    asked: queue.Queue[Any] = queue.Queue(maxsize=AHEAD * count)

    def ask() -> None:
        try:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    asked.put((number, line, pool.schedule(answer, args=(line,), timeout=deadline)))
        except Exception as error:
            asked.put(error)
        else:
            asked.put(_END)

    threading.Thread(target=ask, name="questions", daemon=True).start()
    try:
        while (item := asked.get()) is not _END:
            if isinstance(item, Exception):
                raise item
            number, line, future = item
            yield _placed(number, _result(line, future, deadline))
    finally:
        # Also when nobody reads on (`| head`) or Ctrl-C: what is under way is not waited for.
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _placed(number: int, answer: Answer) -> Answer:
    if "rejected" not in answer:
        return answer
    return {"id": answer["id"], "line": number} | answer


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


def parsed(line: str) -> Any:
    """The JSON value of a line. Raises Malformed, also for NaN and for what is nested too deeply to be read."""
    if len(line) >= MAX_LINE_BYTES:
        raise Malformed(f"A line may have {MAX_LINE_BYTES:,} bytes.")
    try:
        return json.loads(line, parse_constant=_no_number)
    except RecursionError:
        raise Malformed("It is nested too deeply.") from None
    except ValueError as error:
        raise Malformed(f"Each line is one JSON object: {error}") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def text_of(value: str) -> str:
    """A string as text: half a surrogate pair, which JSON can spell and no text holds, becomes U+FFFD. The number of
    characters stays."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def rejected(line: str, code: str, hint: str) -> Answer:
    """The answer to a question that cannot be answered, under its id where that can be read."""
    try:
        question = parsed(line)
        identity = question.get("id") if isinstance(question, dict) else None
    except Malformed:
        identity = None
    return {"id": identity, "rejected": {"code": code, "hint": hint}}


def write(result: Answer, out: IO[str] | None = None) -> None:
    """One JSON object on a line of its own, at once."""
    stream = out or sys.stdout
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # an id with half a surrogate pair goes back as it came
        text = json.dumps(result, separators=(",", ":"))
    stream.write(text + "\n")
    stream.flush()


@contextlib.contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The input, closed at the end; but not standard input: the thread that reads it holds its lock, and closing
    would wait for a line that may never come."""
    stream = open_input(name)
    try:
        yield stream
    finally:
        if name != "-":
            stream.close()


def open_input(name: str) -> IO[bytes]:
    """The file, or standard input for ``-``. Raises UsageError with a hint."""
    if name == "-":
        try:
            # A reader of its own: the interpreter cannot close sys.stdin while a thread waits in it.
            return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
        except (io.UnsupportedOperation, OSError):
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


def read_input(name: str, most: int) -> bytes:
    """The whole of a file or of standard input. Raises UsageError, also past ``most`` bytes: those are not read."""
    with open_input(name) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise UsageError(
            f"{name} has more than {most:,} bytes",
            code="page-too-large",
            hint="Hand in the article alone, or split it.",
        )
    return content


def write_file(name: str, content: str) -> None:
    """Raises UsageError."""
    try:
        with open(name, "w", encoding="utf-8") as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(
            f"cannot write {name}: {error.strerror}",
            code="file-unwritable",
            hint="Name a file in a folder that exists and that you may write to.",
        ) from None


def decoded_lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines as text; bytes that are not UTF-8 become U+FFFD, so that a bad line is answered, not fatal. Of a line
    that is too long only the beginning is kept, for the answer."""
    while line := stream.readline(MAX_LINE_BYTES):
        yield line.decode("utf-8", "replace")
        while len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
