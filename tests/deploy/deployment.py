"""A deployment as an operator makes it: a copy of a release, its `.env`, and `docker compose`."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from claimstream.devservices.process import free_port
from tests.deploy.outsider import read_topic

ROOT = Path(__file__).parents[2]
DEMO = "docker-compose.yml:deploy/compose.demo.yml"
SERVICES = ("fetcher", "cleaner", "extractor", "store")  # an image each
RUNNING = (*SERVICES, "relay", "api")  # a container each
CONTACT = "tests@claimstream.invalid"
LOOK_SECONDS = 3.0  # a look is a container that starts, beside what is looked at


class Deployment:
    """A compose project of its own in ``folder``, of the working tree or of ``commit``."""

    def __init__(self, folder: Path, *, commit: str | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.api_port = free_port()
        self.project = f"claimstream-test-{secrets.token_hex(3)}"
        # The sample site's network: another one for each project, so that several stand side by side.
        self.subnet = f"198.18.{secrets.randbelow(250)}"
        self._outside: dict[str, str] = {}
        self._crawl_delay: float | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLAIMSTREAM_")},
            "COMPOSE_PROJECT_NAME": self.project,
            "CLAIMSTREAM_KAFKA_PORT": str(self.port),
            "CLAIMSTREAM_API_PORT": str(self.api_port),
        }
        self.install(commit)
        (folder / ".env").write_text((folder / ".env.example").read_text())

    def install(self, commit: str | None = None) -> None:
        """This release's files, or those of ``commit``, in place of what is there, as a checkout does."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != "backup":
                shutil.rmtree(path)
            elif path.is_file() and path.name != ".env":
                path.unlink()
        if commit:
            _unpack(commit, self.folder)
        else:
            _copy(self.folder)
        self.environment["CLAIMSTREAM_TAG"] = f"{self.project}-{commit[:12]}" if commit else self.project
        if self._crawl_delay is not None:
            self._adapt_the_demo(self._crawl_delay)

    def run(self, words: Sequence[str], *, seconds: float = 900) -> str:
        """Standard output of a command in the folder; its failure says what it wrote."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=seconds
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def fails(self, *words: str) -> str:
        """Standard error of a command that has to fail."""
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert done.returncode != 0, f"{' '.join(words)} did not fail: {done.stdout}"
        return done.stderr

    def compose(self, *words: str) -> str:
        return self.run(["docker", "compose", *words])

    def commands(self, section: str) -> str:
        """What a section of docs/operate.md tells people to type."""
        text = (
            (self.folder / "docs" / "operate.md").read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
        )
        return "\n".join(line.strip() for line in text.splitlines() if line.startswith("    "))

    def script(self, section: str) -> str:
        """Types it."""
        return self.run(["bash", "-eu", "-o", "pipefail", "-c", self.commands(section)])

    def setting(self, name: str, value: str) -> None:
        """A setting in `.env`, as an operator writes it there."""
        path = self.folder / ".env"
        others = [line for line in path.read_text().splitlines() if not line.startswith(f"{name}=")]
        path.write_text("\n".join([*others, f"{name}={value}", ""]))

    def demo(self, *, copies: int, crawl_delay: float = 0.05) -> None:
        """From the next `up` on with the sample site, each of its articles there so often."""
        self.environment |= {"COMPOSE_FILE": DEMO, "CLAIMSTREAM_DEMO_COPIES": str(copies)}
        self._crawl_delay = crawl_delay
        self._adapt_the_demo(crawl_delay)

    def _adapt_the_demo(self, crawl_delay: float) -> None:
        for name in ("compose.demo.yml", "demo-feeds.toml"):
            path = self.folder / "deploy" / name
            # 172.31.250 in the release before: one of the networks that Docker hands out itself.
            text = re.sub(r"(198\.18|172\.31)\.250", self.subnet, path.read_text())
            path.write_text(text.replace('CRAWL_DELAY: "0.05"', f'CRAWL_DELAY: "{crawl_delay}"'))

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

    def ids(self, *services: str) -> set[str]:
        return {one["Id"] for name in services for one in self.containers(name)}

    def claims(self) -> list[dict[str, Any]]:
        """Every record on the topic `claims`, as somebody on this machine reads it, with no code of ours."""
        return read_topic("claimstream.claims.v1", self.outside())

    def until_claims(self, number: int, *, seconds: float = 200) -> list[dict[str, Any]]:
        """The records on `claims` once there are so many."""
        end = time.monotonic() + seconds
        while len(found := self.claims()) < number:
            assert time.monotonic() < end, f"{len(found)} claims within {seconds:g} s"
        return found

    def outside(self) -> dict[str, str]:
        """How a user outside, whose role is downstream, reaches Kafka; in librdkafka's words."""
        if not self._outside:
            said = self.tool("users", "add", "outsider", "--role", "downstream", "--new-password")
            self._outside = {
                "bootstrap.servers": f"127.0.0.1:{self.port}",
                "security.protocol": "SASL_SSL",
                "ssl.ca.pem": self.compose("exec", "-T", "kafka", "cat", "/etc/kafka/tls/ca.crt"),
                "sasl.mechanisms": "SCRAM-SHA-512",
                "sasl.username": "outsider",
                "sasl.password": said.split("password: ")[1].split()[0],
            }
        return self._outside

    def forget_kafka(self) -> None:
        """Kafka is gone with its volumes: the next one knows neither topics nor users nor its certificate. What spoke
        to it is stopped before, which takes a minute and a half without a broker."""
        self.compose("stop", *RUNNING, "kafka")
        self.compose("rm", "--force", "--stop", "kafka", "topics", "certificates")
        volumes = (f"{self.project}_{name}" for name in ("kafka", "kafka-tls", "kafka-authority"))
        self.run(["docker", "volume", "rm", *volumes])
        self._outside = {}

    def until(
        self, what: str, holds: Callable[[dict[str, Any]], bool], *, seconds: float = 400
    ) -> dict[str, Any]:
        """The account once it is so."""
        end = time.monotonic() + seconds
        while True:
            status = self.status()
            if holds(status):
                return status
            assert time.monotonic() < end, f"not {what} within {seconds:g} s: {json.dumps(status)}"
            time.sleep(LOOK_SECONDS)

    def remove(self) -> None:
        """All of it by the project's label, whichever files and profiles brought it: `down` knows those of now."""
        kinds = (
            (["docker", "ps", "--all"], ["docker", "rm", "--force", "--volumes"]),
            (["docker", "network", "ls"], ["docker", "network", "rm"]),
            (["docker", "volume", "ls"], ["docker", "volume", "rm"]),
            (["docker", "images", "--all"], ["docker", "rmi", "--force"]),
        )
        mine = f"label=com.docker.compose.project={self.project}"
        for find, remove in kinds:
            found = self.run([*find, "--quiet", "--filter", mine]).split()
            if found:
                self.run([*remove, *dict.fromkeys(found)])


def _copy(folder: Path) -> None:
    """What git would commit of the working tree."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)


def _unpack(commit: str, folder: Path) -> None:
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
