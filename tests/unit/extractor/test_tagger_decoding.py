"""From the heads' scores to spans: which rows of labels there can be, and what becomes of them."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.tagger.decoding import Constants
from services.extractor.tagger.distance import DISTANCES, SENTENCES, distances, sentence_differences
from services.extractor.tagger.heads import Linked, Seen, log_softmax
from services.extractor.tagger.labels import B_CUE, PAIRS, TAGS
from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.tagger import Confidence, Tagger
from services.extractor.tagger.viterbi import Floats, best_rows, runs
from services.extractor.tagger.wordpiece import WordPiece

WORDS = [
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "the",
    "mayor",
    "said",
    "it",
    "rains",
    ".",
    ",",
    "nobody",
    "knew",
]
TEXT = "It rains, the mayor said. Nobody knew."


def allowed(row: tuple[int, ...]) -> bool:
    return all(
        label % 2 == 1 or label == 0 or (i and row[i - 1] in (label, label - 1))
        for i, label in enumerate(row)
    )


@given(st.lists(st.lists(st.floats(-4, 4), min_size=5, max_size=5), min_size=1, max_size=5))
def test_the_best_row_is_the_best_of_all_that_are_allowed(given_: list[list[float]]) -> None:
    scores = np.array(given_, dtype=np.float32)
    rows = [row for row in product(range(5), repeat=len(scores)) if allowed(row)]
    totals = [sum(float(scores[i, label]) for i, label in enumerate(row)) for row in rows]
    found = tuple(best_rows(scores[None])[0].tolist())
    assert allowed(found)
    assert abs(sum(float(scores[i, label]) for i, label in enumerate(found)) - max(totals)) < 1e-3


def test_a_new_beginning_ends_a_run() -> None:
    assert runs(np.array([0, 3, 4, 3, 0, 4, 1, 2]), 3) == [(1, 2), (3, 3), (5, 5)]
    assert runs(np.array([0, 3, 4, 3, 0, 4, 1, 2]), 1) == [(6, 7)]
    assert runs(np.array([0, 0]), 1) == []


def test_distances_count_from_the_nearest_edge_of_the_cue() -> None:
    bucket = distances(np.array([3]), np.array([4]), np.arange(300))[0]
    middle = DISTANCES // 2
    assert bucket[[2, 3, 4, 5, 6]].tolist() == [middle - 1, middle, middle, middle + 1, middle + 2]
    assert bucket[-1] == DISTANCES - 1
    assert bucket.min() >= 0
    sentence = sentence_differences(np.array([4]), np.array([0, 3, 4, 5, 9]))[0]
    assert sentence.tolist() == [0, 1, 2, 3, SENTENCES - 1]


class Foretold:
    """Heads that find "said" as a cue, what stands before it in a sentence as content, and "the mayor" as source."""

    def __init__(self) -> None:
        self.windows: list[int] = []

    def see(self, ids: Ints, case: Ints, quote: Ints, boundary: Ints) -> Seen:
        assert ids[0] == 1
        assert ids[-1] == 2
        self.windows.append(len(ids))
        tags = np.zeros((len(ids) - 2, TAGS), dtype=np.float32)
        tags[:, 0] = 5
        tags[ids[1:-1] == WORDS.index("said"), B_CUE] = 9
        return Seen(ids[1:-1, None].astype(np.float32), log_softmax(tags))

    def link(self, vectors: Floats, cues: list[tuple[int, int]], distance: Ints, sentence: Ints) -> Linked:
        labels = np.zeros((len(cues), len(vectors), PAIRS), dtype=np.float32)
        labels[:, :, 0] = 5
        for n, (first, _) in enumerate(cues):
            if first > 4:
                labels[n, first - 2, 1] = labels[n, first - 1, 2] = 9
                labels[n, 0, 3] = labels[n, 1, 4] = 9
        return Linked(log_softmax(labels), np.full(len(cues), 2.0, dtype=np.float32))


def tagger(**fitted: float) -> Tagger:
    return Tagger(Foretold(), WordPiece(WORDS), Constants(), Confidence(**fitted))  # type: ignore[arg-type]


def test_spans_are_whole_words_of_the_text() -> None:
    (one,) = tagger().tag(TEXT)
    assert [TEXT[a:b] for a, b in one.content] == ["It rains"]
    assert [TEXT[a:b] for a, b in one.cue] == ["said"]
    assert [TEXT[a:b] for a, b in one.source] == ["the mayor"]
    assert one.confidence == 0.5


def test_a_cue_without_content_is_nothing() -> None:
    assert tagger().tag("The mayor said.") == []
    assert tagger().tag("") == []


def test_what_is_too_doubtful_is_held_back() -> None:
    assert tagger(bias=-3.0, least=0.3).tag(TEXT) == []
    assert len(tagger(bias=3.0, least=0.3).tag(TEXT)) == 1


def test_what_is_found_in_a_paragraph_does_not_depend_on_the_others() -> None:
    alone = tagger().tag(TEXT)
    among = tagger().tag("\n\n".join([TEXT] * 40))
    assert len(among) == 40
    shift = (len(TEXT) + 2) * 39
    assert [(a - shift, b - shift) for a, b in among[-1].content] == list(alone[0].content)


def test_a_paragraph_of_nothing_but_cues_is_linked_in_small_portions() -> None:
    said = "said. " * 100

    class Counting(Foretold):
        def link(
            self, vectors: Floats, cues: list[tuple[int, int]], distance: Ints, sentence: Ints
        ) -> Linked:
            assert len(cues) <= 32
            return super().link(vectors, cues, distance, sentence)

    found = Tagger(Counting(), WordPiece(WORDS), Constants(), Confidence()).tag(said)
    assert len(found) > 50


def test_the_end_of_a_very_long_text_is_left_to_the_rules() -> None:
    heads = Foretold()
    text = "\n\n".join([TEXT] * 4_000)
    found = Tagger(heads, WordPiece(WORDS), Constants(), Confidence()).tag(text)
    assert 20_000 < sum(heads.windows) < 26_000
    assert found[-1].content[0][1] < len(text)
