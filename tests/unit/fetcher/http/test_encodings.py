"""Encodings of a body: those that were asked for, and others."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
import zstandard

from services.fetcher.http import (
    Code,
    Page,
    Refused,
)
from tests.unit.fetcher.http.site import PAGE, Get, Serve, http


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", lambda body: gzip.compress(body[:100]) + gzip.compress(body[100:])),
        ("gzip", lambda body: gzip.compress(body) + b"\0" * 9),
        ("deflate", zlib.compress),
        ("deflate", _raw_deflate),
        ("zstd", zstandard.compress),
        ("zstd", lambda body: zstandard.compress(body[:100]) + zstandard.compress(body[100:])),
        ("identity", bytes),
        ("", bytes),
    ],
)
async def test_every_encoding_that_is_asked_for_is_undone(
    serve: Serve, get: Get, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    site = await serve(http(pack(PAGE), content_encoding=encoding))
    outcome = await get(site.url())
    assert isinstance(outcome, Page)
    assert outcome.body == PAGE
    assert outcome.raw_bytes == len(pack(PAGE))


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "compress", "deflate, br", "x" * 5000])
async def test_an_encoding_nobody_asked_for_is_refused(serve: Serve, get: Get, encoding: str) -> None:
    outcome = await get((await serve(http(content_encoding=encoding))).url())
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.UNSUPPORTED_ENCODING
