"""Which tests share a process where they run in several (`make test-all JOBS=2`): those of a folder.

They share a deployment, a demo that ran, or whatever else takes half a minute to make; quick ones share a file. The
mark `xdist_group` would say so too, but pytest 9.2 does not let xdist 3.8 read it (pytest-xdist, issue 1386).
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

QUICK = ("contract", "unit")


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        """The folder below tests, or below tests/integration; of quick tests the file."""
        file = nodeid.partition("::")[0]
        parts = file.split("/")[1:]
        if parts[0] in QUICK:
            return file
        return "/".join(parts[: 2 if parts[0] == "integration" else 1])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFolder | None:
    return ByFolder(config, log) if config.getvalue("dist") == "loadscope" else None
