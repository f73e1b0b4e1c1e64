"""The network as the product's decoding sees it, in 32 bits: what the exported files are compared with."""

from __future__ import annotations

import torch

from services.extractor.tagger.context import Contexts
from services.extractor.tagger.heads import Linked, Seen, cue_vectors, log_softmax
from services.extractor.tagger.pieces import Ints
from services.extractor.tagger.viterbi import Floats
from services.extractor.training.network import Network


class TorchHeads:
    """:class:`~services.extractor.tagger.heads.Heads` by torch."""

    def __init__(self, network: Network) -> None:
        self._network = network.eval()

    @torch.inference_mode()
    def see(self, ids: Ints, case: Ints, quote: Ints, boundary: Ints) -> Seen:
        columns = (torch.from_numpy(column)[None] for column in (ids, case, quote, boundary))
        vectors, tags = self._network.encoder(*columns)
        return Seen(vectors[0, 1:-1].numpy(), log_softmax(tags[0, 1:-1].numpy()))

    @torch.inference_mode()
    def link(self, vectors: Floats, contexts: Contexts) -> Linked:
        pair = self._network.pair
        at = torch.from_numpy(contexts.at)
        piece, product = pair.of_piece(torch.from_numpy(vectors))[at].chunk(2, -1)
        labels, valid = pair(
            torch.from_numpy(cue_vectors(vectors, contexts.cues)),
            piece,
            product,
            torch.from_numpy(contexts.distance),
            torch.from_numpy(contexts.sentence),
            torch.from_numpy(contexts.on_cue),
            torch.from_numpy(contexts.counts),
        )
        return Linked(log_softmax(labels.numpy()), valid.numpy())
