"""Runs one command and takes it down when the process that asked for it is gone, however that went.

Started as a script by `process.py`, with nothing but the standard library. A test run that is killed must not
leave a broker behind. The kernel's own means (PR_SET_PDEATHSIG) is bound to the *thread* that started the child:
a broker restarted from a worker thread would die with that thread. So this small parent stands between the two.

    python leash.py PARENT_PID USER STOP_SIGNAL COMMAND...      USER is "-" for nobody else
    SIGTERM: asks the command to stop, with STOP_SIGNAL.        SIGUSR1: kills it.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time

POLL_SECONDS = 0.05
STOP_SECONDS = 10.0  # how long an orphan gets for an orderly end
PR_SET_PDEATHSIG = 1


def die_with_leash() -> None:
    """In the child, after its change of user (which would clear it): SIGKILL when the leash itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> int:
    parent, user, stop_signal, command = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGUSR1):
        signal.signal(number, lambda received, _frame: asked.append(received))
    account = None if user == "-" else pwd.getpwnam(user)
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=die_with_leash,
    )
    orphaned_at: float | None = None
    while child.poll() is None:
        while asked:
            child.send_signal(signal.SIGKILL if asked.pop(0) == signal.SIGUSR1 else stop_signal)
        if orphaned_at is None and os.getppid() != parent:
            orphaned_at = time.monotonic()
            child.send_signal(stop_signal)
        if orphaned_at is not None and time.monotonic() - orphaned_at > STOP_SECONDS:
            child.kill()
        time.sleep(POLL_SECONDS)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


if __name__ == "__main__":
    sys.exit(main())
