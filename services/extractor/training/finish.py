"""From a checkpoint to a model's folder: the files, the fitted constants, the manifest, and what it scores on dev."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from services.extractor.tagger.decoding import Constants
from services.extractor.tagger.heads import Heads
from services.extractor.tagger.manifest import ENCODER, FILES, FORMAT, MANIFEST, PAIR, VOCABULARY
from services.extractor.tagger.sessions import OnnxHeads
from services.extractor.tagger.tagger import Confidence, Tagger
from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training.articles import Article
from services.extractor.training.export import export
from services.extractor.training.fitting import fit
from services.extractor.training.network import Network
from services.extractor.training.reading import TorchHeads
from services.extractor.training.scoring import Scorer

REPORTED = ("exact", "overlap", "content", "direct.overlap", "indirect.overlap", "token.source", "token.cue")


def averaged(network: Network, checkpoint: Path) -> None:
    """Put the running mean of a checkpoint into the network."""
    state = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(state["mean"], strict=False)


def finish(
    network: Network,
    pieces: list[str],
    held_out: list[Article],
    dev: list[Article],
    scorer: Scorer,
    folder: Path,
    version: str,
) -> dict[str, Any]:
    """Write the folder and return what both precisions score on dev."""
    vocabulary = WordPiece(pieces)
    export(network, folder)
    (folder / VOCABULARY).write_text("\n".join(pieces), encoding="utf-8")
    int8 = OnnxHeads((folder / ENCODER).read_bytes(), (folder / PAIR).read_bytes())
    constants, confidence, on_held_out = fit(int8, vocabulary, held_out, scorer)
    manifest = {
        "format": FORMAT,
        "version": version,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
        "constants": asdict(constants),
        "confidence": asdict(confidence),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    precisions: dict[str, Heads] = {"int8": int8, "fp32": TorchHeads(network)}
    return {
        "held_out_overlap": round(on_held_out, 4),
        **{
            name: _scores(heads, vocabulary, constants, confidence, dev, scorer)
            for name, heads in precisions.items()
        },
    }


def _scores(
    heads: Heads,
    vocabulary: WordPiece,
    constants: Constants,
    confidence: Confidence,
    articles: list[Article],
    scorer: Scorer,
) -> dict[str, float]:
    tagger = Tagger(heads, vocabulary, constants, confidence)
    f1 = scorer.f1([scorer.counts(article, tagger.tag(article.text)) for article in articles])
    return {name: round(f1[name], 4) for name in REPORTED}
