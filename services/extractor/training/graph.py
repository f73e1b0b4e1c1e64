"""An ONNX graph, node by node, with int8 matrices and those of ONNX Runtime's fused operators that are fast.

Built by hand because not all are: its SkipLayerNormalization and BiasGelu, into which it turns what an exporter writes,
take several times as long as their parts one after the other (1.32, measured on the encoder's shapes).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

Shape = list[str | int]

FUSED = "com.microsoft"
OPSET = 17
# Weights in 7 bits: on processors without VNNI the runtime adds two products of 8 bits in 16, which overflow.
LARGEST = 63


class Graph:
    """Collects nodes and weights; every method returns the name of what it computes."""

    def __init__(self, *, int8: bool) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._int8 = int8

    def weight(self, value: np.ndarray | Tensor) -> str:
        array = value.detach().numpy() if isinstance(value, Tensor) else value
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, *inputs: str, outputs: int = 1, fused: bool = False, **attributes: Any) -> str:
        """One node; of several outputs the names are `name`, `name.1` and so on."""
        name = f"n{len(self._nodes)}"
        names = [name, *(f"{name}.{i}" for i in range(1, outputs))]
        domain = FUSED if fused else ""
        self._nodes.append(helper.make_node(kind, list(inputs), names, name, domain=domain, **attributes))
        return name

    def linear(self, x: str, layer: nn.Linear, *, int8: bool = True) -> str:
        """x · W + b. The matrix is symmetric about 0 and has a scale a column."""
        matrix = layer.weight.detach().numpy().T
        bias = self.weight(layer.bias)
        if not (self._int8 and int8):
            return self.node("Add", self.node("MatMul", x, self.weight(matrix)), bias)
        scale = np.maximum(np.abs(matrix).max(0), 1e-8) / LARGEST
        rounded = np.clip(np.round(matrix / scale), -LARGEST, LARGEST).astype(np.int8)
        scales = self.weight(scale.astype(np.float32))
        return self.node("DynamicQuantizeMatMul", x, self.weight(rounded), scales, "", bias, fused=True)

    def embedding(self, ids: str, table: Tensor) -> str:
        """Rows of a table; large tables in 8 bits with a scale a row."""
        values = table.detach().numpy()
        if not self._int8 or len(values) < 1000:
            return self.node("Gather", self.weight(values), ids)
        scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-8) / 127
        rounded = np.round(values / scale).astype(np.int8)
        rows = self.node("Cast", self.node("Gather", self.weight(rounded), ids), to=TensorProto.FLOAT)
        return self.node("Mul", rows, self.node("Gather", self.weight(scale.astype(np.float32)), ids))

    def sum(self, first: str, *others: str) -> str:
        for other in others:
            first = self.node("Add", first, other)
        return first

    def norm(self, x: str, layer: nn.LayerNorm) -> str:
        scale, shift = self.weight(layer.weight), self.weight(layer.bias)
        return self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=layer.eps)

    def attention(self, qkv: str, heads: int) -> str:
        """Every piece looks at every piece; rows × length × 3 width to rows × length × width."""
        q = self.node("Split", qkv, outputs=3, axis=-1)
        return self.node("MultiHeadAttention", q, f"{q}.1", f"{q}.2", fused=True, num_heads=heads)

    def model(
        self, name: str, inputs: dict[str, tuple[int, Shape]], outputs: dict[str, tuple[str, Shape]]
    ) -> onnx.ModelProto:
        """The graph with named inputs (type, shape) and outputs (what computes them, shape)."""
        for told, (own, _) in outputs.items():
            self._nodes.append(helper.make_node("Identity", [own], [told]))
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(n, kind, shape) for n, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, (_, shape) in outputs.items()],
            self._weights,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="claimstream")
