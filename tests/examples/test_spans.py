"""Each language cuts the same pieces out of the same texts, in its own characters."""

from __future__ import annotations

import json
from pathlib import Path

from tests.examples.languages import VECTORS, Language, spans_tested


def test_the_languages_own_test_reads_every_vector(tested_language: Language, folder: Path) -> None:
    said = spans_tested(tested_language, folder)
    passed = {"node": "# pass {}\n# fail 0", "go": "PASS"}[tested_language.name]
    number = len(json.loads(VECTORS.read_text(encoding="utf-8")))
    assert passed.split("{}")[0] in said
    assert said.count("--- PASS: TestSpans/") == number or f"# pass {number}\n" in said
