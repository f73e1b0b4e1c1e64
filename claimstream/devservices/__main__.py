"""`make services`: Kafka and PostgreSQL until Ctrl-C. `fetch` only fills the cache.

python -m claimstream.devservices up | fetch
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType

from claimstream.devservices import Kafka, Postgres
from claimstream.devservices.jars import kafka_jars
from claimstream.devservices.java import find_java
from claimstream.devservices.postgres import installed_binaries
from shared.errors import UsageError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m claimstream.devservices", description=__doc__)
    parser.add_argument("action", choices=["up", "fetch"])
    action = parser.parse_args(arguments).action
    try:
        return up() if action == "up" else fetch()
    except UsageError as error:
        print(f"{error.code}: {error.message}\n  {error.hint}", file=sys.stderr)
        return 1


def fetch() -> int:
    """Everything that the two need, on this machine, before a run without a network."""
    print(f"Kafka: {len(kafka_jars())} jars in {kafka_jars()[0].parent}")
    print(f"Java: {find_java()}")
    print(f"PostgreSQL: {installed_binaries()}")
    return 0


def up() -> int:
    """Both in the foreground; ends in order on Ctrl-C and SIGTERM."""
    done = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        done.set()

    print("Starting Kafka and PostgreSQL ...", file=sys.stderr, flush=True)
    with Postgres() as postgres, Kafka() as kafka:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        fetcher, store = postgres.new_database(), postgres.new_database()
        print(
            f"Kafka       {kafka.bootstrap}   log: {kafka.log}\n"
            f"            {kafka.secure_bootstrap}   TLS and SCRAM, for users of `claimstream users`;"
            f" CA: {kafka.ca_file}\n"
            f"PostgreSQL  {postgres.url()}   log: {postgres.log}\n\n"
            "For another terminal:\n\n"
            f"  export CLAIMSTREAM_KAFKA_BOOTSTRAP={kafka.bootstrap}\n"
            f"  export CLAIMSTREAM_FETCHER_DATABASE_URL={fetcher}\n"
            f"  export CLAIMSTREAM_STORE_DATABASE_URL={store}\n\n"
            "Ctrl-C stops both; their data goes with them.",
            flush=True,
        )
        done.wait()
        print("Stopping ...", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
