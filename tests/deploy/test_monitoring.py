"""The profile `monitoring` on a real engine: Prometheus on loopback, and every container of a scaled service found."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claimstream.devservices.process import free_port
from tests.deploy.deployment import Deployment

FOUND_SECONDS = 180.0
# What stands in for a service: something that answers on its port, in its network, under its name.
STAND_IN = (
    "import http.server as h\n"
    "class A(h.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(200); self.send_header('Content-Type', 'text/plain'); self.end_headers()\n"
    "        self.wfile.write(b'claimstream_ready{service=\"fetcher\"} 1\\n')\n"
    "h.HTTPServer(('', 8080), A).serve_forever()\n"
)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    made = Deployment(tmp_path_factory.mktemp("monitored"))
    made.environment |= {
        "COMPOSE_PROFILES": "monitoring",
        "CLAIMSTREAM_PROMETHEUS_PORT": str(free_port()),
    }
    try:
        # Grafana is left out: its image is not to be had everywhere that these tests run.
        made.compose("up", "--detach", "--wait", "prometheus")
        yield made
    finally:
        made.remove()


def ask(deployment: Deployment, path: str, **words: str) -> Any:
    port = deployment.environment["CLAIMSTREAM_PROMETHEUS_PORT"]
    url = f"http://127.0.0.1:{port}{path}?{urllib.parse.urlencode(words)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + FOUND_SECONDS
    while not holds():
        assert time.monotonic() < ends
        time.sleep(2)


def test_prometheus_is_on_loopback_and_may_write_nothing_but_its_volume(deployment: Deployment) -> None:
    (container,) = deployment.containers("prometheus")
    bound = [one["HostIp"] for ports in container["NetworkSettings"]["Ports"].values() for one in ports or ()]
    assert bound == ["127.0.0.1"]
    assert container["HostConfig"]["ReadonlyRootfs"]
    assert container["HostConfig"]["CapDrop"] == ["ALL"]
    assert [mount["Destination"] for mount in container["Mounts"] if mount["RW"]] == ["/prometheus"]


def test_it_has_loaded_every_rule(deployment: Deployment) -> None:
    groups = ask(deployment, "/api/v1/rules")["groups"]
    files = {group["file"].rpartition("/")[2] for group in groups}
    assert files == {path.name for path in (deployment.folder / "deploy/prometheus/rules").glob("*.yml")}


def test_every_container_of_a_scaled_service_is_found_by_its_name(deployment: Deployment) -> None:
    def up() -> int:
        return len(ask(deployment, "/api/v1/query", query='up{job="fetcher"} == 1')["result"])

    names = [f"{deployment.project}-stand-in-{number}" for number in range(3)]
    network = ["--network", f"{deployment.project}_inside", "--network-alias", "fetcher"]
    program = ["python:3.13-slim-trixie", "python3", "-c", STAND_IN]
    try:
        for name in names:
            deployment.run(["docker", "run", "--detach", "--rm", "--name", name, *network, *program])
        until(lambda: up() == len(names))
        deployment.run(["docker", "rm", "--force", names.pop()])
        until(
            lambda: len(ask(deployment, "/api/v1/query", query='up{job="fetcher"}')["result"]) == len(names)
        )
    finally:
        deployment.run(["docker", "rm", "--force", *names])


def test_the_password_of_grafana_is_drawn_once_and_is_in_no_environment(deployment: Deployment) -> None:
    def drawn() -> str:
        deployment.compose("run", "--rm", "-T", "grafana-password")
        words = [
            "run",
            "--rm",
            "--no-deps",
            "-T",
            "--entrypoint",
            "cat",
            "grafana-password",
            "/secrets/admin",
        ]
        return deployment.compose(*words)

    password = drawn()
    assert len(password) == 48
    assert drawn() == password
    assert password not in deployment.compose("config")
