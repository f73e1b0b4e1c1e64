"""The network: a MiniLM encoder with word features, a tagger, and a head that reads each cue's surroundings."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from services.extractor.tagger.distance import DISTANCES, SENTENCES
from services.extractor.tagger.features import BOUNDARIES, CASES, QUOTES
from services.extractor.tagger.labels import PAIRS, TAGS

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 384, 6, 12, 1536, 512
PAIR_WIDTH, PAIR_HEADS, PAIR_LAYERS, PAIR_INNER = 192, 6, 2, 384
FEATURE_SPREAD = 0.01  # small beside the word embeddings, so that training starts where pretraining ended
DROPOUT = 0.1


class Dropout(nn.Module):
    """Dropout whose draws belong to a micro-batch: threads that run side by side give the same result."""

    def __init__(self) -> None:
        super().__init__()
        self.keep = 1.0 - DROPOUT

    def forward(self, x: Tensor, rng: np.random.Generator | None) -> Tensor:
        if rng is None:
            return x
        drawn = torch.from_numpy(np.frombuffer(rng.bytes(x.numel()), dtype=np.uint8).copy()).view(x.shape)
        return x * (drawn < round(256 * self.keep)).to(x.dtype) * (1.0 / self.keep)


class Block(nn.Module):
    """A transformer layer. The encoder's normalises behind each part, the pair head's before it."""

    def __init__(self, width: int, heads: int, inner: int, *, before: bool) -> None:
        super().__init__()
        self.heads, self.before = heads, before
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.dropout = Dropout()

    def forward(self, x: Tensor, mask: Tensor | None, rng: np.random.Generator | None) -> Tensor:
        if self.before:
            x = x + self.dropout(self.attend(self.norm1(x), mask), rng)
            return x + self.dropout(self.down(functional.gelu(self.up(self.norm2(x)))), rng)
        x = self.norm1(x + self.dropout(self.attend(x, mask), rng))
        return self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x))), rng))

    def attend(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, width = x.shape
        q, k, v = self.qkv(x).view(rows, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) * (1.0 / math.sqrt(width // self.heads))
        if mask is not None:
            scores = scores + mask
        mixed = scores.softmax(-1).to(v.dtype) @ v
        return self.out(mixed.transpose(1, 2).reshape(rows, length, width))


class Encoder(nn.Module):
    """Pieces with their features to vectors, and the tagger on top. The word embeddings are not trained."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(30522, WIDTH)
        self.word.weight.requires_grad_(False)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.case, self.quote, self.boundary = (nn.Embedding(n, WIDTH) for n in (CASES, QUOTES, BOUNDARIES))
        for feature in (self.case, self.quote, self.boundary):
            nn.init.normal_(feature.weight, std=FEATURE_SPREAD)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.blocks = nn.ModuleList(Block(WIDTH, HEADS, INNER, before=False) for _ in range(LAYERS))
        self.tagger = nn.Linear(WIDTH, TAGS)
        self.dropout = Dropout()

    def forward(
        self,
        ids: Tensor,
        case: Tensor,
        quote: Tensor,
        boundary: Tensor,
        mask: Tensor | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Vectors and tag scores, rows × length. `mask` is True where there is a piece; None: everywhere."""
        x = self.word(ids) + self.position.weight[: ids.shape[1]]
        x = x + self.case(case) + self.quote(quote) + self.boundary(boundary)
        x = self.dropout(self.norm(x), rng)
        away = None if mask is None else torch.where(mask, 0.0, -1e4)[:, None, None, :]
        for block in self.blocks:
            x = block(x, away, rng)
        return x, self.tagger(self.dropout(x, rng))


class PairHead(nn.Module):
    """Each piece as seen from one cue: a bilinear form, distances, and two small layers over the context.

    The layers let the pieces of a context agree on where a content begins and ends; they cost a tenth of a
    second pass of the encoder with the cue marked.
    """

    def __init__(self) -> None:
        super().__init__()
        self.of_cue = nn.Linear(3 * WIDTH, 2 * PAIR_WIDTH)
        self.of_piece = nn.Linear(WIDTH, 2 * PAIR_WIDTH)
        self.distance = nn.Embedding(DISTANCES, PAIR_WIDTH)
        self.sentence = nn.Embedding(SENTENCES, PAIR_WIDTH)
        for table in (self.distance, self.sentence):
            nn.init.normal_(table.weight, std=0.3)
        self.blocks = nn.ModuleList(
            Block(PAIR_WIDTH, PAIR_HEADS, PAIR_INNER, before=True) for _ in range(PAIR_LAYERS)
        )
        self.norm = nn.LayerNorm(PAIR_WIDTH, eps=1e-12)
        self.label = nn.Linear(PAIR_WIDTH, PAIRS)
        self.valid = nn.Linear(PAIR_WIDTH, 1)
        self.dropout = Dropout()

    def forward(
        self,
        cue: Tensor,
        piece: Tensor,
        product: Tensor,
        distance: Tensor,
        sentence: Tensor,
        on_cue: Tensor,
        mask: Tensor | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Label scores (K × L × 5) and whether the cue is one (K).

        `cue`: K × 3 WIDTH; `piece`, `product`: K × L × PAIR_WIDTH, or 1 × L × PAIR_WIDTH where all share a
        context; `on_cue`: K × L, weights over the cue's own pieces that sum to 1.
        """
        added, factor = self.of_cue(cue)[:, None, :].chunk(2, -1)
        z = added + piece + factor * product + self.distance(distance) + self.sentence(sentence)
        z = self.dropout(z, rng)
        away = None if mask is None else torch.where(mask, 0.0, -1e4)[:, None, None, :]
        for block in self.blocks:
            z = block(z, away, rng)
        z = self.norm(z)
        valid = self.valid((on_cue[:, None, :].to(z.dtype) @ z)[:, 0, :])[:, 0]
        return self.label(self.dropout(functional.gelu(z), rng)), valid


class Network(nn.Module):
    """Both, as they are trained together."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.pair = PairHead()
