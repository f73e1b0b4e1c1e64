"""The training loop: two threads, a checkpoint after every epoch, from which it goes on after a kill."""

from __future__ import annotations

import logging
import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training.articles import Article
from services.extractor.training.batches import MICRO_BATCHES, MicroBatch, epoch
from services.extractor.training.loss import loss
from services.extractor.training.network import Network

ENCODER_RATE, HEAD_RATE = 2e-4, 1e-3
DECAY, CLIP, WARM_UP = 0.01, 1.0, 0.06
# Of the running mean of the weights, which is what is kept: it holds about the last two epochs. The first steps
# count less, so that the random start is forgotten.
AVERAGED = 0.998
LOG_EVERY = 20  # steps

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """`threads`: each works on a micro-batch of its own with one core; no result depends on their number."""

    epochs: int
    seed: int
    threads: int = 2


class Training:
    """The network, its running mean, the optimizer and how far they are."""

    def __init__(self, network: Network, plan: Plan, articles: list[Article], vocabulary: WordPiece) -> None:
        self.network, self.plan, self.articles, self.vocabulary = network, plan, articles, vocabulary
        self.weights = [p for p in network.parameters() if p.requires_grad]
        self.mean = [p.detach().clone() for p in self.weights]
        heads = {id(p) for p in (*network.pair.parameters(), *network.encoder.tagger.parameters())}
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self.weights if id(p) not in heads], "lr": ENCODER_RATE},
                {"params": [p for p in self.weights if id(p) in heads], "lr": HEAD_RATE},
            ],
            weight_decay=DECAY,
            fused=True,
        )
        self.rates = [float(group["lr"]) for group in self.optimizer.param_groups]
        self.finished = 0  # epochs
        self.step = 0

    def run(self, out: Path) -> None:
        """Train the epochs that are left; `out` gets `epoch-N.pt` after each."""
        torch.set_num_threads(1)
        with ThreadPoolExecutor(self.plan.threads, initializer=lambda: torch.set_num_threads(1)) as threads:
            while self.finished < self.plan.epochs:
                self._epoch(threads)
                self.finished += 1
                self.save(out / f"epoch-{self.finished}.pt")

    def save(self, path: Path) -> None:
        """All that going on needs. Written beside and renamed: a kill leaves no half checkpoint."""
        beside = path.with_suffix(".part")
        mean = dict(zip(self._names(), self.mean, strict=True))
        state = {
            "network": {k: v for k, v in self.network.state_dict().items() if k != "encoder.word.weight"},
            "mean": mean,
            "optimizer": self.optimizer.state_dict(),
            "finished": self.finished,
            "step": self.step,
        }
        torch.save(state, beside)
        beside.rename(path)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same plan."""
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"], strict=False)
        self.mean = [state["mean"][name] for name in self._names()]
        self.optimizer.load_state_dict(state["optimizer"])
        self.finished, self.step = state["finished"], state["step"]

    def _names(self) -> list[str]:
        return [name for name, p in self.network.named_parameters() if p.requires_grad]

    def _epoch(self, threads: ThreadPoolExecutor) -> None:
        rng = np.random.Generator(np.random.SFC64([self.plan.seed, self.finished]))
        steps = epoch(self.articles, rng)
        total = len(steps) * (self.plan.epochs - self.finished) + self.step
        began, sums = time.monotonic(), np.zeros(3)
        for n, micro in enumerate(steps, 1):
            sums += self._step(micro, threads, total)
            if n % LOG_EVERY == 0 or n == len(steps):
                took = (time.monotonic() - began) / n
                parts = sums / n
                log.info(
                    "epoch %d step %d of %d: tags %.4f pairs %.4f cues %.4f; %.2f s a step",
                    *(self.finished + 1, n, len(steps), *parts, took),
                )

    def _step(self, micro: list[MicroBatch], threads: ThreadPoolExecutor, total: int) -> np.ndarray:
        rate = _rate(self.step, total)
        for group, full in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = full * rate
        results = list(threads.map(self._gradient, micro, range(len(micro))))
        for n, weight in enumerate(self.weights):
            weight.grad = sum((grads[n] for grads, _ in results), torch.zeros(())) / MICRO_BATCHES
        torch.nn.utils.clip_grad_norm_(self.weights, CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad()
        with torch.no_grad():
            kept = min(AVERAGED, (self.step + 1) / (self.step + 10))
            torch._foreach_lerp_(self.mean, self.weights, 1 - kept)
        self.step += 1
        return np.mean([parts for _, parts in results], axis=0)

    def _gradient(self, micro: MicroBatch, n: int) -> tuple[list[Tensor], list[float]]:
        cost, parts = loss(self.network, micro, self.vocabulary, [self.plan.seed, self.step, n])
        grads = torch.autograd.grad(cost, self.weights, allow_unused=True)
        return [torch.zeros(()) if g is None else g for g in grads], parts


def _rate(step: int, total: int) -> float:
    """The learning rate's share: up to 1 over the first 6 % of the steps, then linearly to 0."""
    warm = max(1, math.ceil(WARM_UP * total))
    if step < warm:
        return (step + 1) / warm
    return max(0.0, (total - step) / max(1, total - warm))
