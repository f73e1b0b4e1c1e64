"""What every server of ours does alike: it keeps its port and data over stops and starts, and leaves nothing behind."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from claimstream.devservices.process import ServerProcess


class Startable:
    """What `with` starts and closes, also when the start fails halfway."""

    def start(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Server(Startable):
    """Prepared and started by `start` (or `with`); stopped and deleted by `close`.

    `stop`, `kill`, `start` and `restart` keep the port and the data, so that a client can live through it.
    """

    name: str

    def __init__(self) -> None:
        self._directory: Path | None = None
        self._process: ServerProcess | None = None

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._home() / "server.log"

    def start(self) -> None:
        """Returns when the server answers. Raises UsageError with the end of its log if it does not."""
        if self._process is not None and self._process.running:
            return
        if self._directory is None:
            self._prepare()
        self._run()

    def stop(self) -> None:
        """An orderly end, as an operator's restart does it; connections are closed under their clients."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """SIGKILL: what a power cut does."""
        if self._process is not None:
            self._process.kill()

    def restart(self) -> None:
        """Away and back, on the same port with the same data."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Ends it and deletes its data."""
        self._end()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def _home(self) -> Path:
        if self._directory is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._directory

    def _prepare(self) -> None:
        """Make the directory, the port and whatever a first start needs."""
        raise NotImplementedError

    def _run(self) -> None:
        """Start a process and wait until it answers."""
        raise NotImplementedError

    def _end(self) -> None:
        """How it ends when its data goes."""
        self.stop()
