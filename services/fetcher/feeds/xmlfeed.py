"""RSS, RDF and Atom: lxml makes the document safe, feedparser reads it.

feedparser alone is not for strangers' bytes: its prolog pattern takes 52 s for 100 kB of newlines, a megabyte
of attributes or namespaces takes minutes, and what is not well-formed goes through a parser of regular
expressions. So it is given a small tree of the parts that are read here, taken from what libxml2 made of the
document (in linear time, at most 256 deep), without DOCTYPE and so without entities.
"""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import feedparser
from lxml import etree

from services.fetcher.feeds.links import page_url
from services.fetcher.feeds.model import (
    MAX_ENTRIES,
    MAX_ID_CHARS,
    MAX_TITLE_CHARS,
    Feed,
    FeedBroken,
    FeedEntry,
)
from services.fetcher.feeds.references import with_sound_references

_ENTRY_NAMES = frozenset({"item", "entry"})
# Contents are not among them: nobody here reads those, and they are nine tenths of a feed's bytes.
_READ_NAMES = frozenset(
    {"title", "link", "guid", "id", "pubdate", "published", "updated", "modified", "issued", "date"}
)
_XML, _RDF = "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_READ_ATTRIBUTES = (
    "version", "rel", "href", "type", "isPermaLink", f"{{{_XML}}}base", f"{{{_RDF}}}about"
)  # fmt: skip
MAX_NAMESPACES = 50
MAX_PARTS = 40  # of an entry; podcasts have a dozen links and dates
MAX_PIECES = 500  # runs of text in a part, between elements
MAX_PART_CHARS = 4_096
_NAMESPACE = re.compile(r"[\w:/.#?=&;,%+~@-]{1,200}", re.ASCII)
_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_BLANK = re.compile("[\ufeff\\s]*")
_PAGE = re.compile(r"<(!doctype\s{1,9})?html\b", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
# XML 1.0 has no place for these, also not as references; libxml2 stops at the first.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def parse_xml_feed(text: str, url: str) -> Feed | FeedBroken:
    """The feed in ``text``, its relative links resolved against ``url``."""
    document = _without_prolog(_NO_XML.sub("", text))
    if _PAGE.match(document):
        return FeedBroken("feed-is-html", "a page's DOCTYPE or root element")
    root, complaint = _read(document)
    if root is None:
        return FeedBroken("feed-malformed", complaint or "no element at all")
    name = _local(root)
    if name == "html":
        return FeedBroken("feed-is-html", "the root element is html")
    if name not in _ROOTS:
        return FeedBroken("feed-unknown-format", f"the root element is {name[:40]}")
    try:
        small, dropped = _extract(root)
    except ValueError as failure:  # lxml: a name that libxml2's recovery made up
        return FeedBroken("feed-malformed", str(failure)[:200])
    safe = etree.tostring(small, encoding="utf-8", xml_declaration=True)
    try:
        parsed = feedparser.parse(
            io.BytesIO(safe),  # a stream: a string might be taken for a URL or a file's name
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            resolve_relative_uris=False,  # inside contents; those of links are resolved all the same
            sanitize_html=False,
        )
    except Exception as failure:  # it raises what its text handling raises: OverflowError on &#99999999999;
        return FeedBroken("feed-malformed", f"{type(failure).__name__}: {failure}"[:200])
    entries, skipped = _entries(parsed["entries"], url)
    fault = FeedBroken("feed-malformed", complaint) if complaint else None
    if fault is not None and not entries:
        return fault
    if not parsed["version"] and not entries:
        return FeedBroken("feed-unknown-format", f"a root element {name}, and nothing of a feed in it")
    title = str(parsed["feed"].get("title") or "")[:MAX_TITLE_CHARS]
    return Feed(parsed["version"] or "unknown", title, tuple(entries), skipped, dropped, fault)


def _without_prolog(text: str) -> str:
    """``text`` from its root element on: XML declaration, instructions, comments and DOCTYPE are cut off.

    A page's DOCTYPE stays, as the sign of a page. Linear in the length: each step starts where the last ended.
    """
    at, doctypes = 0, 0
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty string, too
        if text.startswith("<?", at):
            end = text.find("?>", at) + 2
        elif text.startswith("<!--", at):
            end = text.find("-->", at) + 3
        elif doctypes == 0 and text[at : at + 9].lower() == "<!doctype" and not _PAGE.match(text, at):
            doctypes, end = 1, _doctype_end(text, at)
        else:
            return text[at:]
        if end <= at:  # the end was not found: find gave -1
            return text[at:]
        at = end


def _doctype_end(text: str, at: int) -> int:
    close, subset = text.find(">", at), text.find("[", at)
    if subset == -1 or close < subset:
        return close + 1
    end = _SUBSET_END.search(text, subset)
    return end.end() if end else -1


def _read(document: str) -> tuple[Any, str]:
    """The root element (None if there is none), and what libxml2 complained of ("" if nothing)."""
    try:
        return etree.fromstring(document.encode("utf-8"), _parser(recover=False)), ""
    except etree.XMLSyntaxError as failure:
        complaint = str(failure)[:200]
    repaired = _NO_XML.sub("", with_sound_references(document)).encode("utf-8")
    for recover in (False, True):
        try:
            return etree.fromstring(repaired, _parser(recover=recover)), complaint
        except etree.XMLSyntaxError:
            continue
    return None, complaint


def _parser(*, recover: bool) -> Any:
    return etree.XMLParser(
        recover=recover,
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,  # libxml2's own limits: depth 256, 10 MB a text
        remove_comments=True,
        remove_pis=True,
    )


def _extract(root: Any) -> tuple[Any, int]:
    """A small tree with what is read of ``root``'s, and how many entries were too many.

    Its size is bounded whatever ``root`` is: entries, parts of an entry, attributes and lengths all are.
    """
    declared = islice(root.nsmap.items(), MAX_NAMESPACES)
    namespaces = {prefix: uri for prefix, uri in declared if _NAMESPACE.fullmatch(uri)}
    small = etree.Element(_tag(root), _attributes(root), nsmap=namespaces)
    channel = next((child for child in root.iterchildren("*") if _local(child) == "channel"), None)
    entries_go_to = small
    if channel is not None:
        entries_go_to = etree.SubElement(small, _tag(channel))
        _copy_parts(channel, entries_go_to)
    else:
        _copy_parts(root, small)
    number = 0
    for number, entry in enumerate(_elements(root, _ENTRY_NAMES), start=1):
        if number <= MAX_ENTRIES:
            _copy_parts(entry, etree.SubElement(entries_go_to, _tag(entry), _attributes(entry)))
    return small, max(0, number - MAX_ENTRIES)


def _elements(root: Any, names: frozenset[str]) -> Iterator[Any]:
    return (element for element in root.iter("*") if _local(element) in names)


def _copy_parts(source: Any, target: Any) -> None:
    """Copy the children that are read: titles, links, ids, times."""
    read = (child for child in source.iterchildren("*") if _local(child) in _READ_NAMES)
    for child in islice(read, MAX_PARTS):
        part = etree.SubElement(target, _tag(child), _attributes(child))
        part.text = "".join(islice(child.itertext(), MAX_PIECES))[:MAX_PART_CHARS]


def _attributes(element: Any) -> dict[str, str]:
    return {
        name: value
        for name in _READ_ATTRIBUTES
        if (value := element.get(name)) and len(value) < MAX_PART_CHARS
    }


def _tag(element: Any) -> str:
    """Its name for a new element; without a namespace that is none and a prefix that is declared nowhere.

    libxml2 reads such names, and lxml raises ValueError when it is to write them.
    """
    namespace, _, name = str(element.tag).rpartition("}")
    local = name.rpartition(":")[2]
    return f"{namespace}}}{local}" if _NAMESPACE.fullmatch(namespace[1:]) else local


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _entries(parsed: list[Any], base: str) -> tuple[list[FeedEntry], int]:
    entries: dict[str, FeedEntry] = {}
    skipped = 0
    for entry in parsed:
        url = page_url(entry.get("link"), base)
        if url is None:
            skipped += 1
            continue
        identity = str(entry.get("id") or url)[:MAX_ID_CHARS]
        published = entry.get("published_parsed")
        # Past feedparser's own get(): without an updated time it would warn and give the published one.
        updated = dict.get(entry, "updated_parsed")
        title = str(entry.get("title") or "").strip()[:MAX_TITLE_CHARS]
        entries.setdefault(identity, FeedEntry(identity, url, _moment(published), _moment(updated), title))
    return list(entries.values()), skipped


def _moment(parsed: time.struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
