"""The trained network as two ONNX files: the encoder with the tagger, and the pair head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto

from services.extractor.tagger.manifest import ENCODER, PAIR
from services.extractor.tagger.windows import LIMIT
from services.extractor.training.graph import Graph, Shape
from services.extractor.training.network import Block, Encoder, Network, PairHead

_MARKS = 2  # start and end, around each window


def export(network: Network, out: Path, *, int8: bool = True) -> None:
    """Write both files into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name, model in (
        (ENCODER, _encoder(network.encoder, int8=int8)),
        (PAIR, _pair(network.pair, int8=int8)),
    ):
        onnx.checker.check_model(model, full_check=False)
        (out / name).write_bytes(model.SerializeToString(deterministic=True))


def _encoder(encoder: Encoder, *, int8: bool) -> onnx.ModelProto:
    """One window: ids and features, 1 × length, to vectors (length × width) and tag scores (length × 7)."""
    g = Graph(int8=int8)
    positions = g.weight(encoder.position.weight[: LIMIT + _MARKS])
    length = g.node("Shape", "ids", start=1)
    zero, axis = g.weight(np.zeros(1, np.int64)), g.weight(np.zeros(1, np.int64))
    x = g.sum(
        g.embedding("ids", encoder.word.weight),
        g.node("Slice", positions, zero, length, axis),
        *(g.embedding(name, getattr(encoder, name).weight) for name in ("case", "quote", "boundary")),
    )
    x = g.norm(x, encoder.norm)
    for block in encoder.blocks:
        x = _after(g, x, block)
    flat = g.node("Squeeze", x, axis)
    inputs: dict[str, tuple[int, Shape]] = {
        name: (TensorProto.INT64, [1, "length"]) for name in ("ids", "case", "quote", "boundary")
    }
    outputs: dict[str, tuple[str, Shape]] = {
        "vectors": (flat, ["length", encoder.word.embedding_dim]),
        "tags": (g.linear(flat, encoder.tagger, int8=False), ["length", encoder.tagger.out_features]),
    }
    return g.model("encoder", inputs, outputs)


def _after(g: Graph, x: str, block: Block) -> str:
    """A layer that normalises behind each part."""
    mixed = g.attention(g.linear(x, block.qkv), block.heads)
    x = g.norm(g.sum(g.linear(mixed, block.out), x), block.norm1)
    up = g.node("Gelu", g.linear(x, block.up), fused=True)
    return g.norm(g.sum(g.linear(up, block.down), x), block.norm2)


def _pair(pair: PairHead, *, int8: bool) -> onnx.ModelProto:
    """Some cues with one context; `tagger/regraph.py` gives each a context of its own when the file is loaded."""
    g = Graph(int8=int8)
    one = g.weight(np.array([1], np.int64))
    first = g.weight(np.array([0], np.int64))
    added = g.node("Split", g.node("Unsqueeze", g.linear("cues", pair.of_cue), one), outputs=2, axis=-1)
    piece = g.node(
        "Split", g.node("Unsqueeze", g.linear("vectors", pair.of_piece), first), outputs=2, axis=-1
    )
    z = g.sum(
        g.node("Mul", f"{added}.1", f"{piece}.1"),
        added,
        piece,
        g.embedding("distance", pair.distance.weight),
        g.embedding("sentence", pair.sentence.weight),
    )
    for block in pair.blocks:
        z = _before(g, z, block)
    z = g.norm(z, pair.norm)
    on_cue = g.node("Unsqueeze", "on_cue", one)
    pooled = g.node("Squeeze", g.node("MatMul", on_cue, z), one)
    labels = g.linear(g.node("Gelu", z, fused=True), pair.label, int8=False)
    valid = g.node("Squeeze", g.linear(pooled, pair.valid, int8=False), one)
    grid: Shape = ["cues", "length"]
    width = pair.of_piece.in_features
    inputs: dict[str, tuple[int, Shape]] = {
        "vectors": (TensorProto.FLOAT, ["length", width]),
        "cues": (TensorProto.FLOAT, ["cues", 3 * width]),
        "distance": (TensorProto.INT64, grid),
        "sentence": (TensorProto.INT64, grid),
        "on_cue": (TensorProto.FLOAT, grid),
    }
    outputs: dict[str, tuple[str, Shape]] = {
        "labels": (labels, [*grid, pair.label.out_features]),
        "valid": (valid, ["cues"]),
    }
    return g.model("pair", inputs, outputs)


def _before(g: Graph, z: str, block: Block) -> str:
    """A layer that normalises before each part."""
    mixed = g.attention(g.linear(g.norm(z, block.norm1), block.qkv), block.heads)
    z = g.sum(z, g.linear(mixed, block.out))
    up = g.node("Gelu", g.linear(g.norm(z, block.norm2), block.up), fused=True)
    return g.sum(z, g.linear(up, block.down))
