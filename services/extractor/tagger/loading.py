"""From a model's folder to a tagger."""

from services.extractor.tagger.decoding import Constants
from services.extractor.tagger.manifest import ENCODER, PAIR, VOCABULARY, Manifest
from services.extractor.tagger.sessions import OnnxHeads
from services.extractor.tagger.tagger import Confidence, Tagger
from services.extractor.tagger.wordpiece import WordPiece


def tagger_of(manifest: Manifest) -> Tagger:
    """The tagger of a verified model. Some 60 MB of this process from here on."""
    return Tagger(
        OnnxHeads(manifest.read(ENCODER), manifest.read(PAIR)),
        WordPiece(manifest.read(VOCABULARY).decode().split("\n")),
        Constants(**manifest.constants),
        Confidence(**manifest.confidence),
    )
