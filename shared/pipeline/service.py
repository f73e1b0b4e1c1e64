"""A service as the transports see it: its stages, its sources, and what to open before and close after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from shared.pipeline.source import Source
from shared.pipeline.stage import Stage


@dataclass
class Service:
    """What a service's ``app.py`` builds. ``resources`` is closed after every stage and source has ended.

    ``ready`` are named checks for readiness: each raises a :class:`~shared.errors.ClaimstreamError` when it fails.
    """

    name: str
    stages: Sequence[Stage[Any]] = ()
    sources: Sequence[Source] = ()
    resources: AsyncExitStack = field(default_factory=AsyncExitStack)
    ready: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
