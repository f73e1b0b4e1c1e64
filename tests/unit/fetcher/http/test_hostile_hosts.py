"""Hosts that send too much, too slowly, or what is not HTTP. Each ends with one code, and nothing stays open."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib

import pytest
import zstandard

from services.fetcher.http import Code, FetchLimits, FetchRequest, Page, Refused, Unreachable
from services.fetcher.http.decompression import ExpandsTooFar, decompress
from tests.unit.fetcher.http.site import Get, MakeFetcher, Serve, Site, http

MIB = 2**20


async def _until_closed(site: Site) -> None:
    async with asyncio.timeout(2):
        while site.open_connections:
            await asyncio.sleep(0.01)


async def test_a_page_over_the_limit_is_refused_without_reading_it(serve: Serve, get: Get) -> None:
    site = await serve(http(b"<p>", content_length=str(50 * MIB)))
    outcome = await get(site.url())
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.PAGE_TOO_LARGE
    await _until_closed(site)


@pytest.mark.parametrize(
    "head",
    [
        http(b"", content_length=str(50 * MIB)),
        http(b"", content_length="100", content_type="image/png"),
        http(b"", content_length="100", content_encoding="br"),
        http(b"", "302 Found", content_length="100", location="/elsewhere"),
        http(b"", "500 Oops", content_length="100"),
    ],
    ids=["too-large", "not-text", "encoding", "redirect", "error"],
)
async def test_a_body_that_is_not_wanted_has_its_connection_closed(
    serve: Serve, get: Get, head: bytes
) -> None:
    async def until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await reader.read()  # ends when the other side closes

    site = await serve(until_closed)
    kept = await get(site.url())  # while the outcome is alive, nothing may hang on it
    await _until_closed(site)
    assert kept.code


async def test_a_page_of_50_mb_that_does_not_say_so_is_left_at_the_limit(serve: Serve, get: Get) -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(http(b"", content_length=""))
        for _ in range(50):
            writer.write(b"x" * MIB)
            await writer.drain()
            sent += MIB

    site = await serve(talk)
    outcome = await get(site.url())
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.PAGE_TOO_LARGE
    await _until_closed(site)
    assert sent < 30 * MIB  # 8 MiB are read, the rest lies in the kernel's buffers


def _zstd_of_zeros(size: int) -> bytes:
    packer = zstandard.ZstdCompressor(level=1).compressobj()
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(bytes(64 * MIB), 1)),
        ("deflate", zlib.compress(bytes(64 * MIB), 1)),
        ("zstd", _zstd_of_zeros(1024 * MIB)),
    ],
    ids=["gzip", "deflate", "zstd"],
)
async def test_a_decompression_bomb_stops_at_the_limit(
    serve: Serve, get: Get, encoding: str, body: bytes
) -> None:
    site = await serve(http(body, content_encoding=encoding))
    outcome = await get(site.url())
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.DECOMPRESSION_BOMB


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_bomb_never_takes_more_memory_than_a_few_limits(encoding: str) -> None:
    """64 KiB of zstd are 2 GiB to a decoder that gives back what a chunk expands to, of gzip 64 MiB."""
    body = _zstd_of_zeros(512 * MIB) if encoding == "zstd" else gzip.compress(bytes(128 * MIB), 9)
    tracemalloc.start()
    try:
        with pytest.raises(ExpandsTooFar):
            decompress(body, encoding, 8 * MIB)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * MIB


async def test_a_page_that_is_large_once_decompressed_is_no_bomb(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    words = " ".join(str(number) for number in range(3000)).encode()
    site = await serve(http(gzip.compress(words), content_encoding="gzip"))
    outcome = await fetcher_for(limits=FetchLimits(page_bytes=len(words) - 1)).get(FetchRequest(site.url()))
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.PAGE_TOO_LARGE


async def test_raw_bytes_have_a_limit_of_their_own(serve: Serve, fetcher_for: MakeFetcher) -> None:
    body = gzip.compress(b"<p>short</p>")
    site = await serve(http(body, content_encoding="gzip", content_length=""))
    outcome = await fetcher_for(limits=FetchLimits(raw_bytes=len(body) - 1)).get(FetchRequest(site.url()))
    assert isinstance(outcome, Refused)
    assert outcome.code == Code.PAGE_TOO_LARGE


async def test_thousands_of_empty_gzip_members_are_not_worked_through(serve: Serve, get: Get) -> None:
    site = await serve(http(gzip.compress(b"") * 100_000, content_encoding="gzip"))
    outcome = await get(site.url())
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.ENCODING_BROKEN


_PACKED = {
    "gzip": gzip.compress(b"<p>" * 99),
    "deflate": zlib.compress(b"<p>" * 99),
    "zstd": zstandard.compress(b"<p>" * 99),
}


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("cut", [5, -3])
async def test_a_body_cut_inside_its_compression_is_not_taken_for_a_page(
    serve: Serve, get: Get, encoding: str, cut: int
) -> None:
    packed = _PACKED[encoding]
    outcome = await get((await serve(http(packed[:cut], content_encoding=encoding))).url())
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.ENCODING_BROKEN


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
async def test_a_body_that_is_not_compressed_although_it_says_so(
    serve: Serve, get: Get, encoding: str
) -> None:
    outcome = await get((await serve(http(b"<html>plain</html>", content_encoding=encoding))).url())
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.ENCODING_BROKEN


async def test_an_endless_trickle_ends_at_the_deadline(serve: Serve, fetcher_for: MakeFetcher) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"", content_length=""))
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    site = await serve(trickle)
    started = time.monotonic()
    outcome = await fetcher_for(limits=FetchLimits(deadline=0.3, read=0.2)).get(FetchRequest(site.url()))
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.retryable) == (Code.DEADLINE, True)
    assert time.monotonic() - started < 2
    await _until_closed(site)


async def test_headers_without_end_end_at_the_deadline_or_their_limit(
    serve: Serve, fetcher_for: MakeFetcher
) -> None:
    async def informational(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    slow = await serve(informational)
    outcome = await fetcher_for(limits=FetchLimits(deadline=0.3)).get(FetchRequest(slow.url()))
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.DEADLINE


async def test_silence_after_the_request_is_a_read_timeout(serve: Serve, fetcher_for: MakeFetcher) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    site = await serve(silent)
    outcome = await fetcher_for(limits=FetchLimits(deadline=5, read=0.1)).get(FetchRequest(site.url()))
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.READ_TIMEOUT


FLOOD = (
    b"HTTP/1.1 200 OK\r\n"
    + b"".join(b"X-%d: %s\r\n" % (number, b"y" * 100) for number in range(5000))
    + b"\r\n"
)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"\x00\x01\x02 this is no status line\r\n\r\n", Code.HTTP_MALFORMED),
        (b"SSH-2.0-OpenSSH_9.9\r\n", Code.HTTP_MALFORMED),
        (b"HTTP/1.1 abc OK\r\n\r\n", Code.HTTP_MALFORMED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", Code.HTTP_MALFORMED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", Code.HTTP_MALFORMED),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", Code.HTTP_MALFORMED),
        (FLOOD, Code.HTTP_MALFORMED),
        (b"", Code.HTTP_MALFORMED),
        (http(b"<p>short", content_length="100"), Code.BODY_TRUNCATED),
        (http(b"zz\r\nnot a chunk", content_length="", transfer_encoding="chunked"), Code.BODY_TRUNCATED),
        (http(b"5\r\nhel", content_length="", transfer_encoding="chunked"), Code.BODY_TRUNCATED),
    ],
)
async def test_what_is_not_http_has_a_code_and_is_worth_a_retry(
    serve: Serve, get: Get, answer: bytes, code: Code
) -> None:
    site = await serve(answer)
    outcome = await get(site.url())
    assert isinstance(outcome, Unreachable)
    assert (outcome.code, outcome.retryable) == (code, True)
    assert outcome.hint
    await _until_closed(site)


async def test_more_body_than_announced_is_cut_at_the_announced_length(serve: Serve, get: Get) -> None:
    outcome = await get((await serve(http(b"<p>page</p>HTTP/1.1 200 injected", content_length="11"))).url())
    assert isinstance(outcome, Page)
    assert outcome.body == b"<p>page</p>"


async def test_a_reset_in_the_middle_of_the_body_is_no_page(serve: Serve, get: Get) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"<p>half", content_length="100"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    outcome = await get((await serve(reset)).url())
    assert isinstance(outcome, Unreachable)
    assert outcome.code == Code.BODY_TRUNCATED


@pytest.mark.parametrize("where", ["headers", "body"])
async def test_cancelling_a_fetch_closes_its_connection(
    serve: Serve, fetcher_for: MakeFetcher, where: str
) -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if where == "body":
            writer.write(http(b"<p>", content_length="100"))
        await reader.read()  # until the other side closes

    site = await serve(stall)
    fetch = asyncio.create_task(fetcher_for().get(FetchRequest(site.url())))
    async with asyncio.timeout(2):
        while not site.requests:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    fetch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetch
    await _until_closed(site)


async def test_every_fetch_closes_its_connection(serve: Serve, get: Get) -> None:
    site = await serve(http())
    for _ in range(3):
        assert isinstance(await get(site.url()), Page)
    await _until_closed(site)
    assert site.header("connection") == "close"
