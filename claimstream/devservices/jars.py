"""Fetches Kafka's jars once into the user's cache."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from shared.errors import UsageError

KAFKA_VERSION = "4.1.1"
# The version of Log4j that this Kafka is built with; without the binding its log says nothing.
COORDINATES = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",
)
# A mirror that answers 502 for a moment is common; six tries are about half a minute a file.
TRIES = 6
TIMEOUT_SECONDS = 60

T = TypeVar("T")


def cache_directory() -> Path:
    """CLAIMSTREAM_DEVSERVICES_CACHE, or a folder under XDG_CACHE_HOME, or under ~/.cache."""
    if chosen := os.environ.get("CLAIMSTREAM_DEVSERVICES_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "claimstream" / "devservices"


def kafka_jars() -> list[Path]:
    """Kafka's jars, fetched if the cache has none. Raises UsageError when they cannot be had.

    The folder appears by one rename when all are there: an interrupted run leaves no half of a jar behind
    that a later one would take for whole. A lock keeps two runs at the same time from fetching twice.
    """
    cache = cache_directory()
    folder = cache / f"kafka-{KAFKA_VERSION}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                _fetch(folder)
    return sorted(folder.glob("*.jar"))


def _fetch(folder: Path) -> None:
    print(f"Fetching Kafka {KAFKA_VERSION} into {folder} (once) ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder.parent) as scratch:
        try:
            from jgo.constants import MAVEN_CENTRAL_URL
            from jgo.maven import MavenContext
        except ImportError:
            raise UsageError(
                "the package jgo, which fetches Kafka's jars, is not installed",
                code="devservice-not-installed",
                hint="`make setup` installs what the tests need.",
            ) from None
        context = MavenContext(
            repo_cache=Path(scratch) / "m2",
            remote_repos={"central": MAVEN_CENTRAL_URL},
            timeout=TIMEOUT_SECONDS,
        )
        needed: dict[tuple[str, str], Any] = {}
        # One after the other: together, the second's bill of materials would set the version of kafka-clients.
        for coordinate in COORDINATES:
            wanted = context.create_dependency(coordinate)
            wanted.scope = "compile"
            inputs, transitive = _patiently(
                f"the jars of {coordinate}", functools.partial(context.resolver.resolve, [wanted])
            )
            for one in [*inputs, *(one for one in transitive if one.scope in ("compile", "runtime"))]:
                needed.setdefault((one.groupId, one.artifactId), one.artifact)
        whole = Path(scratch) / "whole"
        whole.mkdir()
        for artifact in needed.values():
            jar = _patiently(artifact.filename, functools.partial(_download, artifact))
            shutil.move(jar, whole / artifact.filename)
        whole.rename(folder)


def _download(artifact: Any) -> Path:
    """One jar, its SHA-1 checked by the resolver; half a jar of an earlier try is removed first."""
    artifact.cached_path.unlink(missing_ok=True)
    return Path(artifact.context.resolver.download(artifact))


def _patiently(what: str, fetch: Callable[[], T]) -> T:
    """Tries again with growing pauses; the network is somebody else's."""
    for attempt in range(1, TRIES + 1):
        try:
            return fetch()
        except Exception as problem:  # the resolver raises whatever its HTTP client or its XML parser does
            if attempt == TRIES:
                raise UsageError(
                    f"Kafka {KAFKA_VERSION} could not be fetched: {what}: {problem}",
                    code="devservice-fetch",
                    hint="It comes from Maven's central repository: check the network and the proxy, then try again.",
                ) from problem
            time.sleep(min(2 ** (attempt - 1), 15))
    raise AssertionError("unreachable")
