"""A deployment as an operator makes it: a copy of the checkout, its `.env`, and `docker compose`."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DEMO = "docker-compose.yml:deploy/compose.demo.yml"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Deployment:
    """A compose project of its own in ``folder``; ``demo`` adds the sample site and lets the fetcher read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.project = f"claimstream-test-{secrets.token_hex(3)}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLAIMSTREAM_")},
            "COMPOSE_PROJECT_NAME": self.project,
            "CLAIMSTREAM_TAG": self.project,
        }
        self._copy()

    def _copy(self) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
        shutil.copy(self.folder / ".env.example", self.folder / ".env")
        self.environment["CLAIMSTREAM_KAFKA_PORT"] = str(self.port)

    def run(self, words: Sequence[str], *, seconds: float = 900) -> str:
        """Standard output of a command in the folder; its failure says what it wrote."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=seconds
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def compose(self, *words: str) -> str:
        return self.run(["docker", "compose", *words])

    def tool(self, *words: str) -> str:
        """What a claimstream command says that runs in the tools' container."""
        return self.compose("run", "--rm", "--no-deps", "-T", "tools", *words)

    def status(self) -> dict[str, Any]:
        # Its exit status is 1 while something is unexplained; the answer is on standard output either way.
        words = ["docker", "compose", "run", "--rm", "--no-deps", "-T", "tools", "status", "--json"]
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert done.stdout.startswith("{"), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def feeds(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.tool("feeds", "list", "--json").splitlines()]

    def containers(self, service: str | None = None) -> list[dict[str, Any]]:
        """`docker inspect` of the project's containers, ended ones too."""
        names = self.compose("ps", "--all", "--quiet", *([service] if service else [])).split()
        found: list[dict[str, Any]] = json.loads(self.run(["docker", "inspect", *names])) if names else []
        return found

    def claims(self) -> list[dict[str, Any]]:
        """Every record on the topic `claims`, read on this machine through the listener on loopback."""
        words = [sys.executable, "-m", "claimstream", "tail", "claims", "--since", "all", "--idle", "4"]
        environment = {
            "PATH": os.environ["PATH"],
            "CLAIMSTREAM_KAFKA_BOOTSTRAP": f"127.0.0.1:{self.port}",
        }
        done = subprocess.run(
            [*words, "--json"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["value"] for line in done.stdout.splitlines()]

    def until(
        self, what: str, holds: Callable[[dict[str, Any]], bool], *, seconds: float = 300
    ) -> dict[str, Any]:
        """The account once it is so."""
        end = time.monotonic() + seconds
        while True:
            status = self.status()
            if holds(status):
                return status
            assert time.monotonic() < end, f"not {what} within {seconds:g} s: {json.dumps(status)}"
            time.sleep(2)

    def remove(self) -> None:
        subprocess.run(
            [
                "docker",
                "compose",
                "down",
                "--volumes",
                "--remove-orphans",
                "--rmi",
                "local",
                "--timeout",
                "30",
            ],
            cwd=self.folder,
            env=self.environment | {"COMPOSE_FILE": DEMO},
            check=False,
            capture_output=True,
        )
        images = [f"claimstream/{name}:{self.project}" for name in SERVICES + ("tools",)]
        subprocess.run(["docker", "rmi", *images], check=False, capture_output=True)


SERVICES = ("fetcher", "cleaner", "extractor", "store")  # an image each
RUNNING = (*SERVICES, "relay")  # a container each


def balanced(status: dict[str, Any]) -> bool:
    """The account's two equations."""
    submissions, fates = status["submissions"], status["fates"]
    return bool(
        submissions["opened"] == status["visits"]
        and status["visits"] == sum(fates.values()) + status["open"]
        and submissions["undecodable"] == 0
    )


def at_rest(status: dict[str, Any]) -> bool:
    return bool(
        status["open"] == 0
        and status["store"]["unsent"] == 0
        and all(stage["lag"] == 0 for stage in status["stages"])
    )
