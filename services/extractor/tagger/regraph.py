"""A model's graphs, rewritten when they are loaded: the same weights, run as this release runs them fastest.

A file holds the weights in the graph that they were trained in. How that is run is the business of the release and
of the runtime it comes with: the pair head links all cues of a window in one call, where its file has one context a
call, and attention is the standard's operator, which takes four fifths of the time of the runtime's own at 100 pieces
and the same at 220 (ONNX Runtime 1.32).
"""

from __future__ import annotations

from typing import NamedTuple

from services.extractor.tagger.protobuf import Bytes, field, fields, header, number
from shared.errors import ModelInvalid

# Of onnx.proto, the numbers of the fields that are touched: of a model, a graph, a node, an attribute, an import.
_GRAPH, _IMPORT = 7, 8
_NODE, _INPUT = 1, 11
_READS, _WRITES, _NAME, _KIND, _ATTRIBUTE, _DOMAIN = 1, 2, 3, 4, 5, 7
_NAMED, _WHOLE, _TYPE = 1, 3, 20
_VERSION = 2
_INT64, _BOOL = 7, 9  # of TensorProto.DataType
_OF_WHOLE = 2  # of AttributeProto.AttributeType

_OPSET = 23  # the first that has attention


class _Node(NamedTuple):
    reads: list[str]
    writes: list[str]
    kind: str
    rest: bytes  # its other fields as they stand
    heads: int  # of attention


def for_windows(encoder: bytes) -> bytes:
    """The encoder's bytes. Raises :class:`~shared.errors.ModelInvalid` for what the training did not write."""
    return _rewritten(encoder, contexts=False)


def for_contexts(pair: bytes) -> bytes:
    """The pair head's bytes with two more inputs: `at` (cues × length), the pieces of the window that are a cue's
    context, and `counts` (cues × 1 × length × length), which of them each of them may look at.

    Raises :class:`~shared.errors.ModelInvalid` for what the training did not write.
    """
    return _rewritten(pair, contexts=True)


def _rewritten(model: bytes, *, contexts: bool) -> bytes:
    found: list[Bytes] = []
    graphs = 0
    try:
        for one in fields(model):
            if one.number == _GRAPH:
                graphs += 1
                parts = _graph(one.content, contexts)
                found += [header(_GRAPH, sum(map(len, parts))), *parts]
            elif one.number == _IMPORT and not any(part.content for part in fields(one.content)):
                found.append(field(_IMPORT, number(_VERSION, _OPSET)))  # of the standard, which has no name
            else:
                found.append(one.whole)
        if graphs != 1:
            raise ValueError(f"{graphs} graphs")
    except (ValueError, IndexError, StopIteration) as e:
        raise ModelInvalid(f"a graph that this release does not know ({e})") from e
    return b"".join(found)


def _graph(graph: Bytes, contexts: bool) -> list[Bytes]:
    found: list[Bytes] = []
    mapped = "vectors"  # until they are spread over the cues
    spread = layers = 0
    for one in fields(graph):
        if one.number != _NODE:
            found.append(one.whole)
            continue
        node = _node(one.content)
        whole: Bytes = one.whole
        if node.kind == "MultiHeadAttention":
            layers += 1
            whole = _attention(node, contexts)
        elif node.kind == "Split":
            whole = _written(
                node.reads, node.writes, "Split", node.rest + _attribute("num_outputs", len(node.writes))
            )
        elif contexts and mapped in node.reads and node.kind == "Unsqueeze":
            spread += 1
            whole = _written([mapped, "at"], node.writes, "Gather", node.rest)
        elif contexts and mapped in node.reads:
            (mapped,) = node.writes
        found.append(whole)
    if not layers or spread != contexts:
        raise ValueError(f"{layers} layers, {spread} contexts")
    if contexts:
        found += [
            _input("at", _INT64, ("cues", "length")),
            _input("counts", _BOOL, ("cues", 1, "length", "length")),
        ]
    return found


def _attention(node: _Node, contexts: bool) -> bytes:
    heads = _attribute("q_num_heads", node.heads) + _attribute("kv_num_heads", node.heads)
    name = field(_NAME, node.writes[0])
    return _written([*node.reads, *(["counts"] if contexts else [])], node.writes, "Attention", name + heads)


def _node(node: Bytes) -> _Node:
    parts = list(fields(node))
    heads = 0
    for attribute in (list(fields(one.content)) for one in parts if one.number == _ATTRIBUTE):
        if any(one.number == _NAMED and one.content == b"num_heads" for one in attribute):
            heads = next(one.value for one in attribute if one.number == _WHOLE)
    return _Node(
        [str(one.content, "utf-8") for one in parts if one.number == _READS],
        [str(one.content, "utf-8") for one in parts if one.number == _WRITES],
        next(str(one.content, "utf-8") for one in parts if one.number == _KIND),
        b"".join(one.whole for one in parts if one.number not in (_READS, _WRITES, _KIND)),
        heads,
    )


def _written(reads: list[str], writes: list[str], kind: str, rest: bytes) -> bytes:
    links = [field(_READS, name) for name in reads] + [field(_WRITES, name) for name in writes]
    return field(_NODE, b"".join(links) + field(_KIND, kind) + rest)


def _attribute(name: str, value: int) -> bytes:
    return field(_ATTRIBUTE, field(_NAMED, name) + number(_WHOLE, value) + number(_TYPE, _OF_WHOLE))


def _input(name: str, kind: int, sides: tuple[str | int, ...]) -> bytes:
    """A ValueInfoProto with its type and shape."""
    shape = b"".join(field(1, number(1, s) if isinstance(s, int) else field(2, s)) for s in sides)
    return field(_INPUT, field(1, name) + field(2, field(1, number(1, kind) + field(2, shape))))
