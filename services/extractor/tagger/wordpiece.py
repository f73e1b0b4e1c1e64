"""Words to the pieces of the encoder's vocabulary (WordPiece, BERT uncased).

Written here because the `tokenizers` package installs a model hub's client and its HTTP stack with it, which
an image that downloads nothing has no use for. A word is looked up once: news repeats its words.
"""

import unicodedata
from collections.abc import Iterable

UNKNOWN = "[UNK]"
START = "[CLS]"
END = "[SEP]"
MASK = "[MASK]"
_MAX_WORD = 100  # characters; longer "words" are no words, and the search below is quadratic in them
_REMEMBERED = 50_000  # words; forgotten all at once when they are more, so that a worker's memory is bounded


class WordPiece:
    """The vocabulary, one piece a line; its number is the line's, from 0."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._number = {piece: n for n, piece in enumerate(vocabulary)}
        self._known: dict[str, tuple[int, ...]] = {}
        self.unknown = self._number[UNKNOWN]
        self.start = self._number[START]
        self.end = self._number[END]
        self.mask = self._number[MASK]

    def pieces(self, word: str) -> tuple[int, ...]:
        """The pieces' numbers, at least one: what is not in the vocabulary is `[UNK]`."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._split(_plain(word))
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        """The longest piece first, then the longest that goes on from it."""
        if not 0 < len(word) <= _MAX_WORD:
            return (self.unknown,)
        found: list[int] = []
        at = 0
        while at < len(word):
            prefix = "##" if at else ""
            for stop in range(len(word), at, -1):
                number = self._number.get(prefix + word[at:stop])
                if number is not None:
                    found.append(number)
                    at = stop
                    break
            else:
                return (self.unknown,)
        return tuple(found)


def _plain(word: str) -> str:
    """Lower case without accents, as the encoder was pretrained."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
