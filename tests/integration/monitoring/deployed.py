"""Every service as a process of its own, on real parts, with the sample site before them and Prometheus beside them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from claimstream.devservices.process import free_port
from tests.command import start
from tests.integration.monitoring.prometheus import CONFIGURATION, program

END_SECONDS = 60.0
# A service is settled within seconds of this run; in a deployment it is a quarter of a minute.
SCRAPE_SECONDS = 1


class Prometheus:
    """A running server; ``ask`` gives what an expression finds now."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str, **words: str) -> Any:
        with urllib.request.urlopen(
            f"{self.url}{path}?{urllib.parse.urlencode(words)}", timeout=10
        ) as answer:
            return json.load(answer)["data"]

    def ask(self, expression: str) -> list[float]:
        """The values of the series found, those that are no number left out."""
        found = self.get("/api/v1/query", query=expression)["result"]
        values = [float(series["value"][1]) for series in found]
        return [value for value in values if value == value]


@contextmanager
def services(names: list[str], environment: Mapping[str, str], folder: Path) -> Iterator[dict[str, int]]:
    """`claimstream run NAME` for each; gives the ports of their metrics. They end in order."""
    ports = {name: free_port() for name in names}
    running: list[subprocess.Popen[str]] = []
    with ExitStack() as stack:
        try:
            for name, port in ports.items():
                log = stack.enter_context((folder / f"{name}.log").open("w"))
                settings = {**environment, "CLAIMSTREAM_HEALTH_PORT": str(port)}
                running.append(start("run", name, env=settings, stdout=log, stderr=subprocess.STDOUT))
            yield ports
        finally:
            for process in running:
                process.terminate()
            for process in running:
                _end(process)


@contextmanager
def prometheus(ports: Mapping[str, int], folder: Path) -> Iterator[Prometheus]:
    """Debian's server with the committed configuration, but for where the services are and how often it asks."""
    configuration = yaml.safe_load((CONFIGURATION / "prometheus.yml").read_text(encoding="utf-8"))
    for interval in ("scrape_interval", "evaluation_interval"):
        configuration["global"][interval] = f"{SCRAPE_SECONDS}s"
    configuration["rule_files"] = [str(CONFIGURATION / pattern) for pattern in configuration["rule_files"]]
    for job in configuration["scrape_configs"]:
        del job["dns_sd_configs"]
        job["static_configs"] = [{"targets": [f"127.0.0.1:{ports[job['job_name']]}"]}]
    written = folder / "prometheus.yml"
    written.write_text(yaml.safe_dump(configuration))
    port = free_port()
    with (folder / "prometheus.log").open("w") as log:
        server = subprocess.Popen(
            [
                program("prometheus"),
                f"--config.file={written}",
                f"--storage.tsdb.path={folder / 'prometheus'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            found = Prometheus(port)
            _until_ready(found, server, folder / "prometheus.log")
            yield found
        finally:
            server.terminate()
            server.wait(END_SECONDS)


def _until_ready(server: Prometheus, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + END_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{server.url}/-/ready", timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.2)


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
