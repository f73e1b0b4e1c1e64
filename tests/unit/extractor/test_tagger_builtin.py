"""The tagger of this release: small enough for a repository, the same answer whoever asks, and more than quotations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from claimstream.cli.extract import claims_of
from services.extractor import reader
from services.extractor.handler import extract
from services.extractor.tagged import Tagged
from services.extractor.tagger.loading import tagger_of
from services.extractor.tagger.manifest import verified
from services.extractor.tagger.tagger import Tagger
from shared.contracts.enums import Kind

FOLDER = Path(reader.__file__).parent / "model"
LARGEST = 30 * 2**20
TEXT = (
    "Harbour officials in Oster said the ferry would stay closed until the inspectors had finished their work.\n\n"
    "“We found eleven cracks in the hull,” said Ida Lund, who heads the inspection. The operator has denied that it "
    "knew of any damage.\n\nThe weather was fine on Tuesday, and the queue at the quay was short."
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return tagger_of(verified(FOLDER))


def said(tagged: list[Tagged]) -> set[tuple[str, str]]:
    """Source and content of each attribution, as words."""
    return {
        tuple(" ".join(TEXT[a:b] for a, b in part) for part in (one.source, one.content))  # type: ignore[misc]
        for one in tagged
    }


def test_it_is_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LARGEST


def test_reported_and_quoted_speech_is_found_and_the_articles_own_voice_is_not(tagger: Tagger) -> None:
    assert said(tagger.tag(TEXT)) == {
        (
            "Harbour officials in Oster",
            "the ferry would stay closed until the inspectors had finished their work",
        ),
        ("Ida Lund, who heads the inspection", "“We found eleven cracks in the hull,”"),
        ("The operator", "that it knew of any damage"),
    }


def test_paraphrases_are_claims_of_their_own_kind(tagger: Tagger) -> None:
    kinds = [claim.kind for claim in extract(TEXT, language="en", tagger=tagger).claims]
    assert kinds == [Kind.PARAPHRASE, Kind.QUOTE, Kind.PARAPHRASE]


def test_the_command_reads_with_it_where_nothing_else_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIMSTREAM_EXTRACTOR_MODEL", raising=False)
    monkeypatch.setattr(reader, "_chosen", None)
    assert [claim["kind"] for claim in claims_of({"text": TEXT})["claims"]] == [
        "paraphrase",
        "quote",
        "paraphrase",
    ]
    assert reader.configured().identity.name == "claimstream-tagger"


def test_a_language_that_it_does_not_know_is_not_read(tagger: Tagger) -> None:
    found = extract(TEXT, language="de", tagger=tagger)
    assert found.claims == ()
    assert found.skipped is not None


def test_the_answer_does_not_depend_on_what_was_read_before_nor_on_the_process(tagger: Tagger) -> None:
    alone = tagger.tag(TEXT)
    tagger.tag(TEXT.replace("ferry", "bridge") * 3)
    assert tagger.tag(TEXT) == alone
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from services.extractor.tagger.loading import tagger_of\n"
        "from services.extractor.tagger.manifest import verified\n"
        "print(tagger_of(verified(Path(sys.argv[1]))).tag(sys.argv[2]))"
    )
    asked = [sys.executable, "-c", script, str(FOLDER), TEXT]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == str(alone)


def test_commands_that_extract_nothing_do_not_load_it() -> None:
    script = (
        "import sys, claimstream.cli, services.extractor.work\n"
        "print('onnxruntime' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
