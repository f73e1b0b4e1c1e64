"""What a micro-batch costs: the tagger's labels, the pair head's labels, and whether a cue is one."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from services.extractor.tagger.distance import distances, sentence_differences
from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training.batches import MicroBatch
from services.extractor.training.candidates import draw, groups
from services.extractor.training.inputs import IGNORE, Candidate, encoded
from services.extractor.training.network import Network

VALID_WEIGHT = 0.3


def loss(
    network: Network, micro: MicroBatch, vocabulary: WordPiece, seed: list[int]
) -> tuple[Tensor, list[float]]:
    """The loss and its three parts, for the log. All that is drawn comes from `seed`."""
    rng = np.random.Generator(np.random.SFC64(seed))
    rows = encoded(micro, vocabulary, rng)
    # Without its cache, which threads would share.
    with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
        vectors, scores = network.encoder(
            *(torch.from_numpy(a) for a in (rows.ids, rows.case, rows.quote, rows.boundary)),
            torch.from_numpy(rows.mask),
            rng,
        )
        scores = scores.float()
        tagging = functional.cross_entropy(
            scores.flatten(0, 1), torch.from_numpy(rows.tags).flatten(), ignore_index=IGNORE
        )
        found = draw(micro, scores.detach().softmax(-1).numpy(), rng)
        linking, judging = _pairs(network, micro, vectors, found, rng)
    total = tagging + linking + VALID_WEIGHT * judging
    return total, [float(part.detach()) for part in (tagging, linking, judging)]


def _pairs(
    network: Network, micro: MicroBatch, vectors: Tensor, found: list[Candidate], rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Mean over the pieces seen from true cues, and mean over all cues."""
    length = vectors.shape[1]
    flat = vectors.flatten(0, 1)
    mapped = network.pair.of_piece(flat)
    linking, judging, pieces = vectors.new_zeros(()), vectors.new_zeros(()), 0
    for group in groups(found):
        at, mask, labels, distance, sentence = _grid(group, micro, length)
        cue, on_cue = _cues(group, flat, length, at.shape[1])
        piece, product = mapped.index_select(0, at.flatten()).view(*at.shape, -1).chunk(2, -1)
        scores, valid = network.pair(cue, piece, product, distance, sentence, on_cue, mask, rng)
        linking = linking + functional.cross_entropy(
            scores.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORE, reduction="sum"
        )
        truth = torch.tensor([float(one.valid) for one in group])
        judging = judging + functional.binary_cross_entropy_with_logits(valid.float(), truth, reduction="sum")
        pieces += int((labels != IGNORE).sum())
    return linking / max(pieces, 1), judging / max(len(found), 1)


def _grid(group: list[Candidate], micro: MicroBatch, length: int) -> tuple[Tensor, ...]:
    """Flat positions of the contexts, which of them count, their labels, distances and sentences."""
    shape = (len(group), max(one.hi - one.lo for one in group))
    at, labels = np.zeros(shape, dtype=np.int64), np.full(shape, IGNORE, dtype=np.int64)
    distance, sentence = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    mask = np.zeros(shape, dtype=bool)
    for k, one in enumerate(group):
        size = one.hi - one.lo
        inside = np.arange(one.lo, one.hi)
        at[k, :size] = one.window * length + inside
        mask[k, :size] = True
        if one.valid:
            labels[k, :size] = one.labels
        window = micro[one.window]
        numbers = window.article.pieces.sentence
        shift = window.lo - 1
        distance[k, :size] = distances(np.array(one.first), np.array(one.last), inside)
        sentence[k, :size] = sentence_differences(numbers[one.first + shift], numbers[inside + shift])
    return tuple(torch.from_numpy(a) for a in (at, mask, labels, distance, sentence))


def _cues(group: list[Candidate], flat: Tensor, length: int, width: int) -> tuple[Tensor, Tensor]:
    """First, last and mean vector of each cue; and where in its context it stands."""
    on_cue = np.zeros((len(group), width), dtype=np.float32)
    places: list[int] = []
    shares = np.zeros((len(group), sum(one.last - one.first + 1 for one in group)), dtype=np.float32)
    for k, one in enumerate(group):
        size = one.last - one.first + 1
        on_cue[k, one.first - one.lo : one.last - one.lo + 1] = 1 / size
        shares[k, len(places) : len(places) + size] = 1 / size
        places += range(one.window * length + one.first, one.window * length + one.last + 1)
    base = [one.window * length for one in group]
    first = flat.index_select(0, torch.tensor([b + one.first for b, one in zip(base, group, strict=True)]))
    last = flat.index_select(0, torch.tensor([b + one.last for b, one in zip(base, group, strict=True)]))
    mean = torch.from_numpy(shares) @ flat.index_select(0, torch.tensor(places))
    return torch.cat([first, last, mean], -1), torch.from_numpy(on_cue)
