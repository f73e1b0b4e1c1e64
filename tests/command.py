"""How tests call the command `claimstream`: in this process, or as a program of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from claimstream.cli import main
from claimstream.sample import SampleSite

ROOT = Path(__file__).parents[1]
LOOPBACK = ("--contact", "tests@claimstream.invalid", "--allow-network", "127.0.0.0/8")


@dataclass(frozen=True)
class Said:
    """What a call of the command came to."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """``call("status", "--db", path)``: the command in this process, without this machine's settings."""
    for name in [name for name in os.environ if name.startswith("CLAIMSTREAM_")]:
        monkeypatch.delenv(name)
    # A worker costs a second and a half of a processor until it is warm; two of them are not faster with a page or two.
    monkeypatch.setenv("CLAIMSTREAM_POOL_WORKERS", "1")
    monkeypatch.setenv("CLAIMSTREAM_EXTRACTOR_MODEL", "rules")  # as in tests/conftest.py

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse, on --help and on what it cannot parse
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield run
    # The command logs to the standard error of its time, which ends with the test.
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """The command as a program: in a session of its own, so that a signal reaches it and all its workers."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("CLAIMSTREAM_")}
    environment |= {"CLAIMSTREAM_EXTRACTOR_MODEL": "rules", **options.pop("env", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "claimstream", *map(str, arguments)],
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=options.pop("stderr", subprocess.PIPE),
        text=True,
        env=environment,
        cwd=options.pop("cwd", ROOT),
        start_new_session=True,
        **options,
    )


@contextmanager
def served(**options: Any) -> Iterator[SampleSite]:
    """The sample site in a thread of its own, for a command that has this thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sample site")
    thread.start()
    site = SampleSite(**options)
    try:
        asyncio.run_coroutine_threadsafe(site.__aenter__(), loop).result(10)
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(site.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
