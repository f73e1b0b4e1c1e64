"""A server process: started on a leash, waited for, stopped, killed; its log's end shown when it fails."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from claimstream.devservices import leash
from shared.errors import UsageError

LOG_LINES = 25
POLL_SECONDS = 0.05
# Below every system's range of ephemeral ports. Inside it, a client that reconnects to a stopped server can be
# given that very port as its own, connect to itself, and keep the server from ever coming back.
PORTS = range(15_000, 32_000)


def free_port() -> int:
    """A loopback TCP port that nobody listens on now, and that no outgoing connection will be given."""
    for _ in range(200):
        port = random.choice(PORTS)
        with socket.socket() as probe:
            # Servers set it too: without it a port is refused that an earlier server's connections wait out on.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise UsageError(
        f"no free port between {PORTS.start} and {PORTS.stop} on 127.0.0.1",
        code="devservice-no-port",
        hint="Something holds all of them, or loopback is not to be used here.",
    )


def accepts(port: int) -> bool:
    """Whether something accepts connections on that loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class ServerProcess:
    """One run of one server. A restart is a new object."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._log_start = log.stat().st_size if log.exists() else 0
        with log.open("ab") as sink:
            self._leash = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    leash.__file__,
                    str(os.getpid()),
                    user or "-",
                    str(int(stop_signal)),
                    *command,
                ],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                env={**os.environ, **(environment or {})},
                start_new_session=True,  # Ctrl-C in the terminal is for us, who then stop it in order
            )

    @property
    def running(self) -> bool:
        return self._leash.poll() is None

    def said(self) -> str:
        """What it has written to its log since this run began."""
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            return file.read().decode(errors="replace")

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Blocks until `ready()`. Raises UsageError with the end of the log when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise self._failed(f"ended with status {self._leash.returncode} before it was ready")
            if time.monotonic() > deadline:
                self.kill()
                raise self._failed(f"was not ready after {seconds:.0f} seconds")
            time.sleep(POLL_SECONDS)

    def stop(self, seconds: float = 30) -> None:
        """An orderly end; kills it if it takes longer than that."""
        if not self.running:
            return
        self._leash.terminate()
        try:
            self._leash.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, as a power cut would; returns when it is gone and its port is free."""
        if not self.running:
            return
        self._leash.send_signal(signal.SIGUSR1)
        try:
            self._leash.wait(10)
        except subprocess.TimeoutExpired:  # the leash is stuck; its child dies with it
            self._leash.kill()
            self._leash.wait()

    def _failed(self, what: str) -> UsageError:
        lines = self.said().splitlines()[-LOG_LINES:]
        return UsageError(
            "\n".join([f"{self.name} {what}. The end of its log:", *(f"    {line}" for line in lines)]),
            code="devservice-not-ready",
            hint=f"The whole log is in {self.log}.",
        )
