"""From a model's folder to a tagger."""

import ctypes

from services.extractor.tagger.decoding import Constants
from services.extractor.tagger.manifest import ENCODER, PAIR, VOCABULARY, Manifest
from services.extractor.tagger.sessions import OnnxHeads
from services.extractor.tagger.tagger import Confidence, Tagger
from services.extractor.tagger.wordpiece import WordPiece


def tagger_of(manifest: Manifest) -> Tagger:
    """The tagger of a verified model. Some 80 MB of this process from here on."""
    tagger = Tagger(
        OnnxHeads(manifest.read(ENCODER), manifest.read(PAIR)),
        WordPiece(manifest.read(VOCABULARY).decode().split("\n")),
        Constants(**manifest.constants),
        Confidence(**manifest.confidence),
    )
    _return_memory()
    return tagger


def _return_memory() -> None:
    """What reading the files took, three times their size, to the system: the GNU allocator would keep it for good."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
