"""`python -m services.extractor.training --data DIR --out DIR`: from annotated articles to weights."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import torch

from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training import start
from services.extractor.training.articles import held_out, load
from services.extractor.training.network import Network
from services.extractor.training.run import Plan, Training


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m services.extractor.training", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with train.jsonl.gz and dev.jsonl.gz"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the model")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    vocabulary = WordPiece(start.vocabulary())
    articles = [one for one in load(given.data / "train.jsonl.gz", vocabulary) if not held_out(one)]
    network = Network()
    start.begin(network)
    training = Training(network, Plan(given.epochs, given.seed), articles, vocabulary)
    kept = sorted(given.out.glob("epoch-*.pt"), key=lambda path: int(path.stem.split("-")[1]))
    if kept:
        training.resume(kept[-1])
    training.run(given.out)


if __name__ == "__main__":
    main()
