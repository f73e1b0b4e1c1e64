"""Content-Encoding undone with a bound.

httpx's decoders give back whatever a chunk expands to: 64 KiB of zstd are 2 GiB of zeros. Here what exists
at any moment is bounded by the limit (for zstd, the limit and 8 MiB). Brotli is not among the encodings: it
is not asked for (`ACCEPTED`), so a host that sends it all the same is refused by code.
"""

from __future__ import annotations

import zlib

import zstandard

ACCEPTED = "gzip, deflate, zstd"

# HTML deflates to a fifth or a tenth, a log of one repeated line to a fiftieth. Past that, somebody meant it.
BOMB_RATIO = 100
# RFC 1952 allows members in a row (RFC 8878 frames); servers that flush each part of a template make a
# handful. Each costs a copy of what is left of its chunk, so thousands of empty ones would be another bomb.
MAX_MEMBERS = 64
MAX_ZSTD_WINDOW = 8 * 2**20  # RFC 9659: what a decoder of Content-Encoding zstd must take, and no more
_CHUNK = 64 * 1024
# A zstd block is at least 4 bytes and at most 128 KiB (RFC 8878): one slice gives at most 8 MiB.
_ZSTD_SLICE = 256
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class UnsupportedEncoding(Exception):
    """The body is in an encoding, or in several layers of encodings, that we did not ask for."""


class BrokenEncoding(Exception):
    """The bytes are not what their Content-Encoding says, or they end too soon."""


class ExpandsTooFar(Exception):
    """The decompressed body is over the limit. ``bomb`` if also out of proportion to its bytes."""

    def __init__(self, limit: int, *, bomb: bool) -> None:
        super().__init__(f"more than {limit} bytes once decompressed")
        self.bomb = bomb


def sole_encoding(content_encoding: str) -> str:
    """The one encoding that a Content-Encoding header names: "identity", "gzip", "deflate" or "zstd".

    UnsupportedEncoding for anything else, and for several layers: each layer multiplies what a bomb can do,
    and no server needs two.
    """
    layers = [layer.strip().lower() for layer in content_encoding.split(",")]
    layers = [layer.removeprefix("x-") for layer in layers if layer not in ("", "identity")]
    if not layers:
        return "identity"
    if len(layers) > 1 or layers[0] not in ("gzip", "deflate", "zstd"):
        raise UnsupportedEncoding(content_encoding[:100])
    return layers[0]


def decompress(raw: bytes, encoding: str, limit: int) -> bytes:
    """``raw`` without its ``encoding`` (from `sole_encoding`), of at most ``limit`` bytes.

    Raises BrokenEncoding or ExpandsTooFar.
    """
    if encoding == "identity" or not raw:
        if len(raw) > limit:
            raise ExpandsTooFar(limit, bomb=False)
        return raw
    try:
        if encoding == "zstd":
            return _zstd(raw, limit)
        return _zlib(raw, limit, gzip=encoding == "gzip")
    except (zlib.error, zstandard.ZstdError) as failure:
        raise BrokenEncoding(f"{encoding}: {failure}") from failure


def _zlib(raw: bytes, limit: int, *, gzip: bool) -> bytes:
    window = zlib.MAX_WBITS | 16 if gzip else _deflate_window(raw)
    inflater = zlib.decompressobj(window)
    out = bytearray()
    members = 1
    for start in range(0, len(raw), _CHUNK):
        chunk = raw[start : start + _CHUNK]
        while chunk:
            if inflater.eof:
                # After a member come another, zero padding, or garbage that browsers pass over.
                if not gzip or not chunk.startswith(b"\x1f\x8b"):
                    return bytes(out)
                members += 1
                if members > MAX_MEMBERS:
                    raise BrokenEncoding(f"gzip: more than {MAX_MEMBERS} members")
                inflater = zlib.decompressobj(window)
            out += inflater.decompress(chunk, limit - len(out) + 1)
            if len(out) > limit:
                raise ExpandsTooFar(limit, bomb=_is_bomb(start + len(chunk), len(out)))
            chunk = inflater.unused_data
    if not inflater.eof:
        raise BrokenEncoding("it ends in the middle of the compressed data")
    return bytes(out)


def _deflate_window(raw: bytes) -> int:
    """RFC 9110 means zlib's format (RFC 1950) by "deflate"; old servers send the bare one (RFC 1951)."""
    is_zlib = len(raw) >= 2 and raw[0] & 0x0F == 8 and int.from_bytes(raw[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _zstd(raw: bytes, limit: int) -> bytes:
    # zstandard's reader would be bounded by itself, but it takes a body that ends too soon for a whole one.
    # Its decompressobj knows the end and has no bound; a small enough slice of input is one.
    zstd = zstandard.ZstdDecompressor(max_window_size=MAX_ZSTD_WINDOW)
    inflater = zstd.decompressobj()
    out = bytearray()
    members = 1
    for start in range(0, len(raw), _ZSTD_SLICE):
        chunk = raw[start : start + _ZSTD_SLICE]
        while chunk:
            if inflater.eof:
                if not chunk.startswith(_ZSTD_MAGIC):
                    return bytes(out)
                members += 1
                if members > MAX_MEMBERS:
                    raise BrokenEncoding(f"zstd: more than {MAX_MEMBERS} frames")
                inflater = zstd.decompressobj()
            out += inflater.decompress(chunk)
            if len(out) > limit:
                raise ExpandsTooFar(limit, bomb=_is_bomb(start + len(chunk), len(out)))
            chunk = inflater.unused_data
    if not inflater.eof:
        raise BrokenEncoding("it ends in the middle of the compressed data")
    return bytes(out)


def _is_bomb(raw_bytes: int, expanded_bytes: int) -> bool:
    return expanded_bytes > BOMB_RATIO * raw_bytes
