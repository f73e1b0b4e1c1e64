"""The pair head in one call a window says what it says in one call a context, as its file has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from services.extractor import reader
from services.extractor.tagger.context import Contexts, contexts
from services.extractor.tagger.heads import Linked, cue_vectors, log_softmax
from services.extractor.tagger.manifest import ENCODER, PAIR, VOCABULARY
from services.extractor.tagger.pieces import read
from services.extractor.tagger.protobuf import field, fields, number
from services.extractor.tagger.regraph import for_contexts, for_windows
from services.extractor.tagger.sessions import OnnxHeads, session
from services.extractor.tagger.viterbi import Floats
from services.extractor.tagger.wordpiece import WordPiece
from shared.errors import ModelInvalid

FOLDER = Path(reader.__file__).parent / "model"
TEXT = "The harbour is shut, said Ida Lund.\nShe added that it had been known for years and that nobody wanted to pay."
CUES = [(4, 4), (9, 10), (14, 14)]
# Of probabilities. Both sides are quantised, each with the range of what is in its call.
NEAR = 0.05


def as_in_the_file(pair: bytes, vectors: Floats, asked: Contexts) -> list[Linked]:
    """One call for each cue, by the graph that the file holds."""
    whole = session(pair)
    found = []
    for n, counts in enumerate(asked.counts):
        labels, valid = whole.run(
            ["labels", "valid"],
            {
                "vectors": vectors[asked.at[n][counts]],
                "cues": cue_vectors(vectors, asked.cues[n : n + 1]),
                "distance": asked.distance[n : n + 1, counts],
                "sentence": asked.sentence[n : n + 1, counts],
                "on_cue": asked.on_cue[n : n + 1, counts],
            },
        )
        found.append(Linked(log_softmax(labels), valid))
    return found


def test_all_cues_of_a_window_at_once_are_linked_as_each_alone() -> None:
    encoder, pair = ((FOLDER / name).read_bytes() for name in (ENCODER, PAIR))
    heads = OnnxHeads(encoder, pair)
    pieces = read(TEXT, WordPiece((FOLDER / VOCABULARY).read_text(encoding="utf-8").split("\n")))
    marked = (np.pad(row, 1) for row in (pieces.ids, pieces.case, pieces.quote, pieces.boundary))
    vectors = heads.see(*marked).vectors
    (asked,) = contexts(pieces, (0, len(pieces)), CUES)
    together = heads.link(vectors, asked)
    assert len({int(counts.sum()) for counts in asked.counts}) == 2
    for n, alone in enumerate(as_in_the_file(pair, vectors, asked)):
        own = together.labels[n][asked.counts[n]]
        assert np.abs(np.exp(own) - np.exp(alone.labels[0])).max() < NEAR
        assert abs(together.valid[n] - alone.valid[0]) < 2 * NEAR


@pytest.mark.parametrize(("rewrite", "name"), [(for_windows, ENCODER), (for_contexts, PAIR)])
def test_only_nodes_and_inputs_are_rewritten(rewrite: Callable[[bytes], bytes], name: str) -> None:
    raw = (FOLDER / name).read_bytes()
    before, after = onnx.load_from_string(raw), onnx.load_from_string(rewrite(raw))
    onnx.checker.check_model(after)
    assert before.graph.initializer == after.graph.initializer
    assert before.graph.output == after.graph.output
    assert [node.name for node in before.graph.node] == [node.name for node in after.graph.node]


@pytest.mark.parametrize("damaged", [b"", b"\x3a\x05ab", b"\x0f", field(7, b""), b"\x80"])
def test_what_is_no_graph_of_ours_is_refused(damaged: bytes) -> None:
    with pytest.raises(ModelInvalid, match="does not know") as caught:
        for_contexts(damaged)
    assert "CLAIMSTREAM_EXTRACTOR_MODEL" in caught.value.hint


def test_a_message_is_its_fields() -> None:
    message = (
        number(1, 0) + number(200, 2**40) + field(3, "é") + b"\x25abcd" + b"\x21abcdefgh" + field(5, b"")
    )
    found = list(fields(message))
    assert b"".join(one.whole for one in found) == message
    assert [one.number for one in found] == [1, 200, 3, 4, 4, 5]
    assert [one.value for one in found][:2] == [0, 2**40]
    assert [str(one.content, "utf-8") for one in found][2:] == ["é", "", "", ""]
