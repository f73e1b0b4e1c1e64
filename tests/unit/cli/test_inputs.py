"""What a person may name, and what is said of the rest, before anything is done."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from claimstream.inputs import sort_inputs
from shared.errors import UsageError

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><guid>1</guid><link>https://news.example/1</link></item>
<item><guid>2</guid><link>https://news.example/2</link></item></channel></rss>"""


def test_files_urls_and_feeds_are_told_apart(tmp_path: Path) -> None:
    page, text, feed = tmp_path / "a.html", tmp_path / "b.txt", tmp_path / "feed.xml"
    page.write_text("<p>page")
    text.write_text("text")
    feed.write_text(RSS)
    names = [str(page), str(text), str(feed), "https://news.example/a", "HTTPS://news.example/rss.xml"]
    found = sort_inputs(names, url=None, feeds=False)
    assert found.files == [(page, b"<p>page", "text/html"), (text, b"text", "text/plain")]
    assert found.urls == ["https://news.example/1", "https://news.example/2", "https://news.example/a"]
    assert found.feeds == ["HTTPS://news.example/rss.xml"]


@pytest.mark.parametrize(
    "path", ["/feed", "/feed/", "/rss", "/atom.xml", "/news.rss", "/a.rdf", "/x/FEED", "/feed.json"]
)
def test_a_path_that_feeds_have_is_a_feed(path: str) -> None:
    assert sort_inputs([f"https://news.example{path}"], url=None, feeds=False).feeds


def test_feed_says_that_urls_are_feeds() -> None:
    assert sort_inputs(["https://news.example/x"], url=None, feeds=True).feeds == ["https://news.example/x"]
    assert sort_inputs(["https://news.example/feeding"], url=None, feeds=False).feeds == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://news.example/", "url-scheme"),
        ("file:///etc/hosts", "url-scheme"),
        ("https://u:p@news.example/", "url-credentials"),
        ("https://news.example/\x01", "url-control-character"),
        ("https://news.example/" + "a" * 10_000, "url-too-long"),
    ],
)
def test_a_url_that_no_page_has(url: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        sort_inputs([url], url=None, feeds=False)
    assert refused.value.code == code


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    empty, blank, folder = tmp_path / "empty.html", tmp_path / "blank.txt", tmp_path / "folder"
    empty.touch()
    blank.write_text(" \n\t\n")
    folder.mkdir()
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, code in (
        (tmp_path / "missing.html", "file-missing"),
        (empty, "file-empty"),
        (blank, "file-empty"),
        (folder, "file-unreadable"),
        (loop, "file-unreadable"),
    ):
        with pytest.raises(UsageError) as refused:
            sort_inputs([str(path)], url=None, feeds=False)
        assert refused.value.code == code
        assert str(path) in refused.value.message
        assert refused.value.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("-", "`clean -`"),
        ("news.example/story", "type https://news.example/story"),
        ("www.news.example", "type https://www.news.example"),
        ("notes.txt", "Check the name."),
    ],
)
def test_what_was_probably_meant_by_a_name_that_no_file_has(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        sort_inputs([name], url=None, feeds=False)
    assert hint in refused.value.hint


def test_fifty_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    with pytest.raises(UsageError) as refused:
        sort_inputs([str(path)], url=None, feeds=False)
    assert refused.value.code == "page-too-large"


def test_what_stays_too_large_when_compressed_is_refused_before_its_visit_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "noise.html"
    path.write_bytes(random.Random(1).randbytes(2**20))
    with pytest.raises(UsageError, match="even when compressed") as refused:
        sort_inputs([str(path)], url=None, feeds=False)
    assert refused.value.code == "page-too-large"


@pytest.mark.parametrize("content", ["<html><body>a page", "not xml", "<rss>"])
def test_a_feed_file_that_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"feed\.xml is no feed") as refused:
        sort_inputs([str(path)], url=None, feeds=False)
    assert refused.value.code.startswith("feed-")


def test_url_is_for_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("page")
    assert sort_inputs([str(path)], url="https://news.example/a", feeds=False).files
    for names, url in (
        ([str(path), str(path)], "https://news.example/a"),
        (["https://news.example/b"], "https://news.example/a"),
        ([str(path)], "urn:isbn:1"),
    ):
        with pytest.raises(UsageError):
            sort_inputs(names, url=url, feeds=False)


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"<p>page")
    os.close(writer)
    try:
        found = sort_inputs([f"/dev/fd/{reader}"], url=None, feeds=False)
    finally:
        os.close(reader)
    assert found.files[0][1] == b"<p>page"
