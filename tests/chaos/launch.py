"""The first moments of a service's process in a chaos run, before it becomes ``claimstream run SERVICE``.

It dies with the test that started it. It may stand in a network namespace of its own, where each server that it
knows is a listening socket whose other end the test holds: so a cut is between this process and one server, and no
address differs from what the servers advertise. Its clock may be stepped while it runs. A member that was killed is
mourned by its group for a shorter time than in production, or a walk over all fail points would take half an hour.

    python launch.py '{"command": ["run", "store"], "doors": [["127.0.0.1", 5432]], "control": 3,
                       "clock": "/…/clock", "session_ms": 6000, "broken": false}'
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import mmap
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from shared.pipeline.service import Service

PR_SET_PDEATHSIG = 1
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
BACKLOG = 100


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def enter_a_network_of_its_own() -> None:
    """A namespace with nothing but loopback. Raises OSError where the kernel does not let us."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace of its own")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack("16xh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, name))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def hand_over_doors(doors: Sequence[tuple[str, int]], control: int) -> None:
    """Listen where the servers would, and give the sockets to the test, which stands in the outer network."""
    listening = [socket.create_server((address, port), backlog=BACKLOG) for address, port in doors]
    with socket.socket(fileno=control) as channel:
        socket.send_fds(channel, [b"doors"], [door.fileno() for door in listening])
    for door in listening:
        door.close()


def let_the_clock_be_stepped(path: str) -> None:
    """Seconds to add to the time of day stand in a file of eight bytes, which the test writes at any time."""
    from shared.clock import SystemClock

    file = os.open(path, os.O_RDONLY)
    page = mmap.mmap(file, 8, prot=mmap.PROT_READ)
    os.close(file)
    real_now, real_time = SystemClock.now, time.time

    def offset() -> float:
        seconds: float = struct.unpack("d", page[:8])[0]
        return seconds

    def stepped_time() -> float:
        return real_time() + offset()

    SystemClock.now = lambda self: real_now(self) + timedelta(seconds=offset())  # type: ignore[method-assign]
    time.time = stepped_time


def break_every_handler() -> None:
    """The service as a release that lacks what it needs: each of its stages fails on whatever comes."""
    from claimstream import compose

    real = compose.build_service

    async def fails(_batch: object) -> NoReturn:
        raise ImportError("no module named numpy")

    def build(*arguments: Any, **named: Any) -> Service:
        service = real(*arguments, **named)
        return replace(service, stages=tuple(replace(stage, handle=fails) for stage in service.stages))

    compose.build_service = build


def main() -> int:
    said = json.loads(sys.argv[1])
    die_with_parent()
    if said["doors"]:
        enter_a_network_of_its_own()
        hand_over_doors([(address, port) for address, port in said["doors"]], said["control"])
    if said["clock"]:
        let_the_clock_be_stepped(said["clock"])
    if said["session_ms"]:
        from shared.pipeline.kafka import subscriber

        subscriber.SESSION_MS = said["session_ms"]
    if said["broken"]:
        break_every_handler()
    from claimstream.cli import main as claimstream

    run: Callable[[Sequence[str]], int] = claimstream
    return run(said["command"])


if __name__ == "__main__":
    sys.exit(main())
