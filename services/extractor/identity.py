"""Who extracts: the name, version and word tables under which an extraction is stored."""

import hashlib

from services.extractor import lexicon, likeness
from services.extractor.figures import conventions
from shared.contracts.parts import ExtractorIdentity

NAME = "claimstream-rules"
VERSION = "0.1.0"
# Raised with each release whose output differs: it orders the extractions of one version. Eight for each
# release: alone, with a tagger, and both with statements (reader.py); each also with a second reader (second_reader).
SEQUENCE = 8

# The "model" of a rule-based extractor is its tables: two releases with the same digest know the same words.
IDENTITY = ExtractorIdentity(
    name=NAME,
    version=VERSION,
    sequence=SEQUENCE,
    model="sha256:"
    + hashlib.sha256((lexicon.RAW + conventions.RAW + likeness.RAW).replace(b"\r\n", b"\n")).hexdigest(),
)
