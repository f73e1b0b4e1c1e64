"""A MiniLM encoder as an exporter writes it, its matrices quantised by ONNX Runtime's own tool: what others run.

The weights are drawn: how long the same shapes take does not depend on them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

WIDTH, LAYERS, HEADS, INNER, POSITIONS, VOCABULARY = 384, 6, 12, 1536, 512, 30522
OPSET = 17


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._rng = np.random.default_rng(0)

    def constant(self, values: float | Sequence[float] | np.ndarray, kind: type = np.float32) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def drawn(self, *shape: int) -> str:
        return self.constant(self._rng.normal(0, 0.05, shape))

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name, **attributes))
        return name

    def linear(self, x: str, width: int, to: int) -> str:
        return self.node("Add", self.node("MatMul", x, self.drawn(width, to)), self.drawn(to))

    def norm(self, x: str) -> str:
        ones, zeros = self.constant(np.ones(WIDTH)), self.constant(np.zeros(WIDTH))
        return self.node("LayerNormalization", x, ones, zeros, axis=-1, epsilon=1e-12)

    def heads(self, x: str, order: list[int]) -> str:
        shape = self.constant([0, 0, HEADS, WIDTH // HEADS], np.int64)
        return self.node("Transpose", self.node("Reshape", self.linear(x, WIDTH, WIDTH), shape), perm=order)

    def gelu(self, x: str) -> str:
        erf = self.node("Erf", self.node("Div", x, self.constant(np.sqrt(2.0))))
        scaled = self.node("Mul", x, self.node("Add", erf, self.constant(1.0)))
        return self.node("Mul", scaled, self.constant(0.5))

    def layer(self, x: str) -> str:
        q, k, v = self.heads(x, [0, 2, 1, 3]), self.heads(x, [0, 2, 3, 1]), self.heads(x, [0, 2, 1, 3])
        scores = self.node("Div", self.node("MatMul", q, k), self.constant(np.sqrt(WIDTH / HEADS)))
        mixed = self.node("MatMul", self.node("Softmax", scores, axis=-1), v)
        flat = self.node(
            "Reshape",
            self.node("Transpose", mixed, perm=[0, 2, 1, 3]),
            self.constant([0, 0, WIDTH], np.int64),
        )
        x = self.norm(self.node("Add", self.linear(flat, WIDTH, WIDTH), x))
        inner = self.linear(self.gelu(self.linear(x, WIDTH, INNER)), INNER, WIDTH)
        return self.norm(self.node("Add", inner, x))


def quantised() -> bytes:
    """The model: `ids` (1 × length) to `vectors`."""
    g = _Graph()
    words = g.node("Gather", g.drawn(VOCABULARY, WIDTH), "ids")
    length = g.node("Shape", "ids", start=1)
    zero = g.constant([0], np.int64)
    x = g.norm(g.node("Add", words, g.node("Slice", g.drawn(POSITIONS, WIDTH), zero, length, zero)))
    for _ in range(LAYERS):
        x = g.layer(x)
    g.nodes.append(helper.make_node("Identity", [x], ["vectors"]))
    graph = helper.make_graph(
        g.nodes,
        "plain",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [1, "length", WIDTH])],
        g.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, plain)
        quantize_dynamic(plain, small, per_channel=True, weight_type=QuantType.QInt8)
        return small.read_bytes()
