"""Who reads the articles of this process: the rules alone, or the rules and a tagger."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from services.extractor.identity import IDENTITY
from services.extractor.settings import BUILTIN, RULES, ExtractorSettings
from shared.contracts.parts import ExtractorIdentity
from shared.settings import load

if TYPE_CHECKING:
    from services.extractor.tagger.manifest import Manifest
    from services.extractor.tagger.tagger import Tagger

_BUILTIN_FOLDER = Path(__file__).parent / "model"


class Reader(NamedTuple):
    """`identity` is what the extractions are stored under."""

    identity: ExtractorIdentity
    tagger: Tagger | None


_chosen: str | None = None


def choose(model: str) -> None:
    """What a new worker does before its first article: it reads with its service's model. The environment of a worker
    is that of the first one of the process, whatever was set since."""
    global _chosen
    _chosen = model
    configured()


def configured() -> Reader:
    """The reader of this process: what was chosen, or else what `CLAIMSTREAM_EXTRACTOR_MODEL` says.

    Raises :class:`~shared.errors.ModelInvalid`.
    """
    return reader_of(_chosen or load(ExtractorSettings).model)


@cache
def reader_of(model: str) -> Reader:
    """The reader with a model, made once in each process.

    The imports are here because numpy and ONNX Runtime take longer to start than most commands run.
    """
    manifest = verified(model)
    if manifest is None:
        return Reader(IDENTITY, None)
    from services.extractor.tagger.loading import tagger_of

    return Reader(identity_of(manifest), tagger_of(manifest))


def verified(model: str) -> Manifest | None:
    """The model's manifest once its files were compared with it; None for the rules alone.

    Raises :class:`~shared.errors.ModelInvalid`.
    """
    if model == RULES:
        return None
    from services.extractor.tagger.manifest import verified as verified_folder

    return verified_folder(_BUILTIN_FOLDER if model == BUILTIN else Path(model))


def identity_of(manifest: Manifest) -> ExtractorIdentity:
    """Both the rules' tables and the weights decide what is found, so both are in the digest.

    The sequence stands above that of the same release without a tagger: what the tagger read is the newer reading.
    """
    both = hashlib.sha256(f"{IDENTITY.model} {manifest.digest}".encode()).hexdigest()
    return ExtractorIdentity(
        name="claimstream-tagger",
        version=f"{IDENTITY.version}+model.{manifest.version}",
        sequence=IDENTITY.sequence + 1,
        model=f"sha256:{both}",
    )
