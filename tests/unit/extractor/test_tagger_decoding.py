"""From the heads' scores to spans: which rows of labels there can be, and what becomes of them."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.tagger.context import ROWS_AT_ONCE, Contexts, contexts
from services.extractor.tagger.decoding import Constants
from services.extractor.tagger.distance import DISTANCES, SENTENCES, distances, sentence_differences
from services.extractor.tagger.heads import Linked, Seen, cue_vectors, log_softmax
from services.extractor.tagger.labels import B_CUE, PAIRS, TAGS
from services.extractor.tagger.pieces import Ints, read
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
    rows = np.array([[0, 3, 4, 3, 0, 4, 1, 2], [4, 0, 0, 0, 0, 0, 3, 3]])
    assert runs(rows, 3) == [[(1, 2), (3, 3), (5, 5)], [(0, 0), (6, 6), (7, 7)]]
    assert runs(rows, 1) == [[(6, 7)], []]
    assert runs(rows[:, :0], 1) == [[], []]


def test_distances_count_from_the_nearest_edge_of_the_cue() -> None:
    bucket = distances(np.array(3), np.array(4), np.arange(300))
    middle = DISTANCES // 2
    assert bucket[[2, 3, 4, 5, 6]].tolist() == [middle - 1, middle, middle, middle + 1, middle + 2]
    assert bucket[-1] == DISTANCES - 1
    assert bucket.min() >= 0
    assert distances(np.array([[3], [299]]), np.array([[4], [299]]), np.arange(300))[1, 0] == 0
    sentence = sentence_differences(np.array(4), np.array([0, 3, 4, 5, 9]))
    assert sentence.tolist() == [0, 1, 2, 3, SENTENCES - 1]


def test_each_cue_of_a_window_has_a_context_of_its_own() -> None:
    pieces = read("The mayor said. Nobody knew.\nNobody said it:\nIt rains.", WordPiece(WORDS))
    (asked,) = contexts(pieces, (1, len(pieces)), [(1, 1), (7, 8)])
    # Windows begin at their second piece here; the longer context is the one of the paragraph that ends with a colon.
    assert asked.at.tolist() == [[0, 1, 2, 3, 4, 5, 1], [6, 7, 8, 9, 10, 11, 12]]
    assert asked.counts.tolist() == [[True] * 6 + [False], [True] * 7]
    assert asked.on_cue.tolist() == [[0, 1, 0, 0, 0, 0, 0], [0, 0.5, 0.5, 0, 0, 0, 0]]
    assert asked.sentence[0].tolist() == [2, 2, 2, 3, 3, 3, 2]
    assert asked.distance[0].tolist() == [14, 15, 16, 17, 18, 19, 15]


def test_a_cue_is_its_first_its_last_and_its_mean_piece() -> None:
    vectors = np.arange(10, dtype=np.float32)[:, None]
    assert cue_vectors(vectors, [(1, 1), (2, 5)]).tolist() == [[1, 1, 1], [2, 5, 3.5]]


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

    def link(self, vectors: Floats, contexts: Contexts) -> Linked:
        labels = np.zeros((*contexts.at.shape, PAIRS), dtype=np.float32)
        labels[:, :, 0] = 5
        for n, ((first, _), at) in enumerate(zip(contexts.cues, contexts.at, strict=True)):
            here = first - int(at[0])
            if here > 4:
                labels[n, here - 2, 1] = labels[n, here - 1, 2] = 9
                labels[n, 0, 3] = labels[n, 1, 4] = 9
        labels[~contexts.counts] = np.eye(PAIRS, dtype=np.float32)[3] * 99
        return Linked(log_softmax(labels), np.full(len(contexts.cues), 2.0, dtype=np.float32))


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
        def link(self, vectors: Floats, contexts: Contexts) -> Linked:
            assert contexts.at.size <= ROWS_AT_ONCE
            return super().link(vectors, contexts)

    found = Tagger(Counting(), WordPiece(WORDS), Constants(), Confidence()).tag(said)
    assert len(found) > 50


def test_the_end_of_a_very_long_text_is_left_to_the_rules() -> None:
    heads = Foretold()
    text = "\n\n".join([TEXT] * 4_000)
    found = Tagger(heads, WordPiece(WORDS), Constants(), Confidence()).tag(text)
    assert 20_000 < sum(heads.windows) < 26_000
    assert found[-1].content[0][1] < len(text)
