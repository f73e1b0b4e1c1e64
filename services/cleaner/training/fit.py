"""Lexicon and two stages of trees, in folds: whatever a stage learns from must come from what has not seen the
block's site. So the lexicon that measures a site, and the first stage whose opinion the second hears, are learned
from the other folds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import lightgbm
import numpy as np
from numpy.typing import NDArray

from services.cleaner.blocks.columns import Floats
from services.cleaner.blocks.forest import Forest, chance
from services.cleaner.blocks.model import TwoStages, with_opinions
from services.cleaner.training.corpus import FOLDS
from services.cleaner.training.odds import SiteWords, learn, site_words
from services.cleaner.training.samples import Sample
from services.cleaner.training.trees import forest_of

DEPTH = 6
_COMMON = {
    "objective": "binary",
    "max_depth": DEPTH,
    "num_leaves": 40,
    "min_data_in_leaf": 40,
    "min_sum_hessian_in_leaf": 1.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "seed": 7,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
_ROUNDS = (80, 140)
_RATES = (0.12, 0.09)
# Whose opinion the second stage learns from has seen the other sites: halves, as a stage on half of the pages is
# nearly as good as one on four fifths, and two are trained instead of five.
_HALVES = ((0, 1, 2), (3, 4))
# Of the blocks far from the article most are menus, which are learned from a few: a third of them, each for three.
_FAR = 8
_THIRD = 3


def train(samples: Sequence[Sample]) -> TwoStages:
    """All that is learned, from these samples; their folds divide them within."""
    samples = [sample for sample in samples if len(sample.rows)]
    sites = _sites(samples)
    measured: list[Floats] = [np.zeros(0, np.float32)] * len(samples)
    for fold in range(FOLDS):
        lexicon = learn([site for site in sites if site.fold != fold])
        for i in _of(samples, fold):
            measured[i] = samples[i].with_lexicon(lexicon)
    opinion: list[Floats] = [np.zeros(0, np.float32)] * len(samples)
    for half in _HALVES:
        held = [i for i, sample in enumerate(samples) if sample.fold in half]
        rest = [i for i, sample in enumerate(samples) if sample.fold not in half]
        if held and rest:
            stage = _boost([measured[i] for i in rest], [samples[i] for i in rest], stage=0)
            for i in held:
                opinion[i] = chance(stage.logits(measured[i]))
    first = _boost(measured, samples, stage=0)
    looked = [with_opinions(m, o, s.groups) for m, o, s in zip(measured, opinion, samples, strict=True)]
    return TwoStages(learn(sites), first, _boost(looked, samples, stage=1))


def _of(samples: Sequence[Sample], fold: int) -> list[int]:
    return [i for i, sample in enumerate(samples) if sample.fold == fold]


def _sites(samples: Sequence[Sample]) -> list[SiteWords]:
    hosts: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        hosts[sample.host].append(sample)
    return [
        site_words([(page.hashes, page.counts, page.label) for page in pages], pages[0].fold)
        for pages in hosts.values()
    ]


def _boost(rows: Sequence[Floats], samples: Sequence[Sample], *, stage: int) -> Forest:
    kept = [_kept(sample.label) for sample in samples]
    booster = lightgbm.train(
        {**_COMMON, "learning_rate": _RATES[stage]},
        lightgbm.Dataset(
            np.concatenate([part[keep > 0] for part, keep in zip(rows, kept, strict=True)]),
            np.concatenate([s.label[keep > 0] for s, keep in zip(samples, kept, strict=True)]).astype(
                np.int8
            ),
            weight=np.concatenate(
                [(s.weight * keep)[keep > 0] for s, keep in zip(samples, kept, strict=True)]
            ),
        ),
        num_boost_round=_ROUNDS[stage],
    )
    return forest_of(booster.dump_model(), DEPTH)


def _kept(label: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How often each block counts: near the article once, elsewhere every third thrice."""
    close = np.convolve(label, np.ones(2 * _FAR + 1))[_FAR : _FAR + len(label)] > 0
    return np.where(close, 1, np.where(np.arange(len(label)) % _THIRD == 0, _THIRD, 0))
