"""The real parts behave as the tests that stand on them expect: data survives, ports stay, nothing is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.jars import KAFKA_VERSION
from claimstream.devservices.postgres import copy_binaries, installed_binaries
from claimstream.devservices.process import PORTS, ServerProcess, free_port
from shared.errors import UsageError


async def create_topic(kafka: Kafka, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(kafka: Kafka, topic: str, values: list[bytes]) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap, compression_type="zstd", enable_idempotence=True
    ) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, key=b"k", headers=[("ce_id", b"1")])


async def read(kafka: Kafka, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest", group_id=f"{topic}.reader"
    ) as consumer:
        return [(await asyncio.wait_for(consumer.getone(), 30)).value for _ in range(count)]


async def test_kafka_keeps_zstd_records_over_a_restart_on_the_same_port(
    kafka: Kafka, topic_prefix: str
) -> None:
    topic = f"{topic_prefix}.pages.v1"
    await create_topic(kafka, topic)
    values = [b"a" * 20_000, b"b"]
    await send(kafka, topic, values)
    before = kafka.bootstrap

    await asyncio.to_thread(kafka.restart)

    assert kafka.bootstrap == before
    assert await read(kafka, topic, 2) == values


async def test_a_killed_kafka_comes_back_with_its_records(kafka: Kafka, topic_prefix: str) -> None:
    topic = f"{topic_prefix}.urls.v1"
    await create_topic(kafka, topic)
    await send(kafka, topic, [b"kept"])

    await asyncio.to_thread(kafka.kill)
    await asyncio.to_thread(kafka.start)

    assert await read(kafka, topic, 1) == [b"kept"]


async def test_kafka_creates_no_topic_by_itself(kafka: Kafka, topic_prefix: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, request_timeout_ms=2_000) as producer:
        with pytest.raises(Exception, match=r"(?i)partition|topic|timeout"):
            await producer.send_and_wait(f"{topic_prefix}.never-created.v1", b"x")


async def test_postgres_keeps_rows_over_a_restart_on_the_same_port(postgres: Postgres, database: str) -> None:
    url = database.replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT 1") == 1
    assert await connection.fetchval("SHOW server_encoding") == "UTF8"
    started = await connection.fetchval("SELECT pg_postmaster_start_time()")
    await connection.execute("CREATE TABLE kept (n int)")
    await connection.execute("INSERT INTO kept VALUES (7)")

    await asyncio.to_thread(postgres.restart)

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("SELECT 1")
    connection.terminate()
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT n FROM kept") == 7
    assert await connection.fetchval("SELECT pg_postmaster_start_time()") > started
    await connection.close()


async def test_a_stopped_postgres_refuses_connections_until_it_is_started(
    postgres: Postgres, database: str
) -> None:
    postgres.stop()
    try:
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await asyncpg.connect(database.replace("+asyncpg", ""))
    finally:
        postgres.start()
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    await connection.close()


def test_every_new_database_is_another_one_and_is_gone_once_dropped(postgres: Postgres) -> None:
    first, second = postgres.new_database(), postgres.new_database()
    assert first != second
    postgres.drop_database(first)
    postgres.drop_database(second)
    left = postgres.sql("SELECT datname FROM pg_database WHERE datname LIKE 'test_%'").splitlines()
    assert not {first.rsplit("/", 1)[1], second.rsplit("/", 1)[1]} & set(left)


def test_postgres_runs_from_a_copy_when_the_checkout_lies_in_a_private_home(tmp_path: Path) -> None:
    copied = copy_binaries(installed_binaries(), tmp_path)
    for program in ("initdb", "postgres"):  # both need the libraries beside the package
        said = subprocess.run(
            [copied / program, "--version"], capture_output=True, text=True, check=True
        ).stdout
        assert "PostgreSQL" in said


def test_a_port_is_never_one_that_a_client_could_be_given_for_itself() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert PORTS.stop <= lowest
    assert all(free_port() in PORTS for _ in range(20))


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    process = ServerProcess(
        "Echo", [sys.executable, "-c", "print('no disk left'); raise SystemExit(3)"], tmp_path / "log"
    )
    with pytest.raises(UsageError, match=r"Echo ended with status 3 [\s\S]*no disk left") as caught:
        process.wait_until(lambda: False, 20)
    assert caught.value.code == "devservice-not-ready"


def test_a_server_that_is_never_ready_is_killed_and_said_so(tmp_path: Path) -> None:
    process = ServerProcess(
        "Sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], tmp_path / "log"
    )
    with pytest.raises(UsageError, match="not ready after 0 seconds"):
        process.wait_until(lambda: False, 0.3)
    assert not process.running


def test_servers_end_when_the_run_that_started_them_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    server = f"import os, pathlib, time; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(600)"
    run = (
        "import sys, time; from pathlib import Path; from claimstream.devservices.process import ServerProcess\n"
        f"ServerProcess('x', [sys.executable, '-c', {server!r}], Path({str(tmp_path / 'log')!r})); time.sleep(600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", run], cwd=Path(__file__).parents[2])
    try:
        wait_for(lambda: pid_file.exists() and pid_file.read_text() != "")
    finally:
        starter.send_signal(signal.SIGKILL)
        starter.wait()
    pid = int(pid_file.read_text())
    wait_for(lambda: not alive(pid))


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether that process runs; one that waits to be reaped does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def run_without_kafka(tmp_path: Path, ci: str, *options: str) -> subprocess.CompletedProcess[str]:
    """One test of this file, in a run whose cache holds a Kafka without a single jar."""
    (tmp_path / f"kafka-{KAFKA_VERSION}").mkdir()
    chosen = f"{__file__}::test_kafka_creates_no_topic_by_itself"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, chosen],
        env={**os.environ, "CI": ci, "CLAIMSTREAM_DEVSERVICES_CACHE": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_in_ci_a_missing_part_fails_the_run(tmp_path: Path) -> None:
    done = run_without_kafka(tmp_path, ci="true")
    assert done.returncode == 1
    assert "1 error" in done.stdout


@pytest.mark.parametrize("options", [(), ("--numprocesses=1",)], ids=["one process", "several"])
def test_elsewhere_a_run_says_at_its_end_what_it_could_not_do(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = run_without_kafka(tmp_path, "", *options)
    assert done.returncode == 0
    assert (
        "could not do: 1 tests with a real kafka, because Kafka's storage could not be formatted"
        in done.stdout
    )
