"""What docs/operate.md tells operators to type is typed by the tests of the deployment, section by section."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_section_with_commands_is_run_on_a_real_engine() -> None:
    text = (ROOT / "docs" / "operate.md").read_text()
    sections = {
        part.split("\n")[0] for part in text.split("\n## ")[1:] if re.search(r"^    \S", part, re.MULTILINE)
    }
    tests = "".join(path.read_text() for path in sorted((ROOT / "tests" / "deploy").glob("test_*.py")))
    assert sections == set(re.findall(r'\.(?:script|commands)\("([^"]+)"\)', tests))
