"""`python -m services.extractor.training --data DIR --out DIR`: from annotated articles to a model's folder.

DIR has train.jsonl.gz, dev.jsonl.gz and score.py. Out gets a checkpoint after each epoch, with which the same command
goes on, and `model`, which CLAIMSTREAM_EXTRACTOR_MODEL can name.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

import torch

from services.extractor.tagger.wordpiece import WordPiece
from services.extractor.training import start
from services.extractor.training.articles import held_out, load
from services.extractor.training.finish import averaged, finish
from services.extractor.training.network import Network
from services.extractor.training.run import Plan, Training
from services.extractor.training.scoring import Scorer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m services.extractor.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the annotated articles")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the model")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", default="1", help="of the model, as claims name it (default: 1)")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    pieces = start.vocabulary()
    vocabulary = WordPiece(pieces)
    articles = load(given.data / "train.jsonl.gz", vocabulary)
    network = Network()
    start.begin(network)
    training = Training(
        network, Plan(given.epochs, given.seed), [one for one in articles if not held_out(one)], vocabulary
    )
    kept = sorted(given.out.glob("epoch-*.pt"), key=lambda path: int(path.stem.split("-")[1]))
    if kept:
        training.resume(kept[-1])
    training.run(given.out)
    averaged(network, given.out / f"epoch-{given.epochs}.pt")
    scores = finish(
        network,
        pieces,
        [one for one in articles if held_out(one)],
        load(given.data / "dev.jsonl.gz", vocabulary),
        Scorer(given.data),
        given.out / "model",
        given.version,
    )
    print(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()
