"""The heads as ONNX Runtime runs them: one thread, one window a call."""

from __future__ import annotations

import numpy as np
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from services.extractor.tagger.context import Contexts
from services.extractor.tagger.heads import Linked, Seen, cue_vectors, log_softmax
from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.regraph import for_contexts, for_windows
from services.extractor.tagger.viterbi import Floats


def session(model: bytes) -> InferenceSession:
    """One thread, that of the caller: workers are processes, and a result must not depend on how many threads add."""
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # No fusions: the file holds those that help, and the others cost (services/extractor/training/graph.py).
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = (
        3  # errors; what it warns of is nothing that an operator can do anything about
    )
    # Lengths differ from call to call: an arena would grow to the largest of each and keep it.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


class OnnxHeads:
    """Both heads from the bytes of their files. It cannot be pickled: each process makes its own."""

    def __init__(self, encoder: bytes, pair: bytes) -> None:
        self._encoder, self._pair = session(for_windows(encoder)), session(for_contexts(pair))

    def see(self, ids: Ints, case: Ints, quote: Ints, boundary: Ints) -> Seen:
        given = {"ids": ids, "case": case, "quote": quote, "boundary": boundary}
        vectors, tags = self._encoder.run(
            ["vectors", "tags"], {name: column[None] for name, column in given.items()}
        )
        return Seen(vectors[1:-1], log_softmax(tags[1:-1]))

    def link(self, vectors: Floats, contexts: Contexts) -> Linked:
        labels, valid = self._pair.run(
            ["labels", "valid"],
            {
                "vectors": vectors,
                "cues": cue_vectors(vectors, contexts.cues),
                "at": contexts.at,
                "counts": np.repeat(contexts.counts[:, None, None], contexts.at.shape[1], axis=2),
                "distance": contexts.distance,
                "sentence": contexts.sentence,
                "on_cue": contexts.on_cue,
            },
        )
        return Linked(log_softmax(labels), valid)
