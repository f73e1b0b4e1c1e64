"""A small disk of the test's own, which can be filled to the last byte and freed again."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

FILLER = "filler"
CHUNK = 2**20


class Disk:
    """A tmpfs, so only root can have one. Raises OSError where it cannot be mounted."""

    def __init__(self, megabytes: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="claimstream-disk-"))
        # Whoever a server runs as must reach it.
        options = f"size={megabytes}m,mode=1777"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            self.folder.rmdir()
            raise OSError(f"no disk of its own: {done.stderr.strip()}")

    def fill(self) -> None:
        """Not a byte is left. Whoever writes now is told so by the kernel (ENOSPC)."""
        with (self.folder / FILLER).open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(CHUNK))
        with (self.folder / FILLER).open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0")

    def free(self) -> None:
        (self.folder / FILLER).unlink(missing_ok=True)

    def close(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=False, capture_output=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    @contextlib.contextmanager
    def for_temporary_files(self) -> Iterator[None]:
        """A server that is prepared in here keeps its data on this disk."""
        before = tempfile.tempdir
        tempfile.tempdir = str(self.folder)
        try:
            yield
        finally:
            tempfile.tempdir = before
