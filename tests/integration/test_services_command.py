"""`make services`, as a developer types it: both servers up, their addresses printed, gone after Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from claimstream.devservices.process import accepts

ROOT = Path(__file__).parents[2]
LAST_LINE = "Ctrl-C stops both"


async def test_services_prints_addresses_that_answer_and_ctrl_c_stops_them() -> None:
    command = subprocess.Popen(
        ["make", "services"], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        printed = ""
        for line in command.stdout or ():
            printed += line
            if LAST_LINE in line:
                break
        assert LAST_LINE in printed

        variables = dict(re.findall(r"export (CLAIMSTREAM_\w+)=(\S+)", printed))
        admin = AIOKafkaAdminClient(bootstrap_servers=variables["CLAIMSTREAM_KAFKA_BOOTSTRAP"])
        await admin.start()
        await admin.close()
        urls = [variables["CLAIMSTREAM_FETCHER_DATABASE_URL"], variables["CLAIMSTREAM_STORE_DATABASE_URL"]]
        assert urls[0] != urls[1]
        for url in urls:
            connection = await asyncpg.connect(url.replace("+asyncpg", ""))
            assert await connection.fetchval("SELECT 1") == 1
            await connection.close()

        os.killpg(command.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
        command.communicate(timeout=60)
        ports = [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", printed)]
        assert ports
        assert not any(accepts(port) for port in ports)
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
        command.communicate()
