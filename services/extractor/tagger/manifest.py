"""A model's folder: its files, and the manifest that says which bytes they must be.

A model is a dependency with a contract. What reads an article is named in each claim by the manifest's digest,
and a file that is not what the manifest says is refused before the first article.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import ModelInvalid

MANIFEST = "manifest.json"
ENCODER, PAIR, VOCABULARY = "encoder.onnx", "pair.onnx", "vocab.txt"
FILES = (ENCODER, PAIR, VOCABULARY)
# Of what this release decodes: another layout of inputs, labels or evidence is another format.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`digest`: SHA-256 of the manifest itself, which holds those of all files. `constants` and `confidence`: what
    was fitted with the weights."""

    folder: Path
    version: str
    digest: str
    constants: dict[str, float]
    confidence: dict[str, Any]

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


def verified(folder: Path) -> Manifest:
    """The manifest of a folder whose files are what it says.

    Raises :class:`~shared.errors.ModelInvalid` and names the file.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
        told = json.loads(raw)
        if told["format"] != FORMAT:
            raise ModelInvalid(f"{folder}: its format is {told['format']}, this release reads {FORMAT}")
        manifest = Manifest(
            folder,
            str(told["version"]),
            hashlib.sha256(raw).hexdigest(),
            dict(told["constants"]),
            dict(told["confidence"]),
        )
        for name in FILES:
            if hashlib.sha256(manifest.read(name)).hexdigest() != told["files"][name]:
                raise ModelInvalid(
                    f"{folder / name} is not the file that {MANIFEST} names: its SHA-256 differs"
                )
    except OSError as error:
        raise ModelInvalid(f"{error.filename} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ModelInvalid(f"{folder / MANIFEST} is no manifest of a model: {error!r}") from None
    return manifest
