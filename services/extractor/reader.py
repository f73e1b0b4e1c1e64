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
    """`identity` is what the extractions are stored under; `statements` the least confidence of the article's own."""

    identity: ExtractorIdentity
    tagger: Tagger | None
    statements: float | None = None


_chosen: tuple[str, float | None] | None = None


def choose(model: str, statements: float | None = None) -> None:
    """What a new worker does before its first article: it reads with its service's model. The environment of a worker
    is that of the first one of the process, whatever was set since."""
    global _chosen
    _chosen = model, statements
    configured()


def configured() -> Reader:
    """The reader of this process: what was chosen, or else what `CLAIMSTREAM_EXTRACTOR_…` say.

    Raises :class:`~shared.errors.ModelInvalid`.
    """
    if _chosen is not None:
        return reader_of(*_chosen)
    settings = load(ExtractorSettings)
    return reader_of(settings.model, settings.statements)


@cache
def reader_of(model: str, statements: float | None = None) -> Reader:
    """The reader with a model, made once in each process.

    The imports are here because numpy and ONNX Runtime take longer to start than most commands run.
    """
    manifest = verified(model)
    if manifest is None:
        return Reader(_with_statements(IDENTITY, statements), None, statements)
    from services.extractor.tagger.loading import tagger_of

    return Reader(_with_statements(identity_of(manifest), statements), tagger_of(manifest), statements)


def _with_statements(identity: ExtractorIdentity, least: float | None) -> ExtractorIdentity:
    """Who also reads statements is another extractor, and the newer one."""
    if least is None:
        return identity
    version = f"{identity.version}+statements.{least:g}"
    return identity.model_copy(update={"version": version, "sequence": identity.sequence + 2})


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
