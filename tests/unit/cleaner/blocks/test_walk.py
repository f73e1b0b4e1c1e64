"""A tree cut into blocks: what stands on a line of its own, and where it stands."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from services.cleaner.blocks.keywords import GROUPS, groups_of
from services.cleaner.blocks.walk import Walked, walk


def walked(body: str) -> Walked:
    return walk(document_fromstring(f"<html><body>{body}</body></html>"))


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>One <b>bold</b>, <a href=x>linked</a>.</p><p>Two</p>", ["One bold, linked.", "Two"]),
        ("before<div>inside</div>behind", ["before", "inside", "behind"]),
        ("one<br>two<br><br>three", ["one", "two", "three"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a | b", "c"]),
        ("<table><tr><td><p>long</p></td><td>b</td></tr></table>", ["long", "b"]),
        ("<script>no</script><style>no</style><noscript>no</noscript>yes<template>no</template>", ["yes"]),
        ("a<!-- no -->b<?no?>c", ["abc"]),
        (
            "<p>Of <span class='rollover-person'><a>Ola</a><span class='rollover-block'>Ola<a>All of Ola</a></span>"
            "</span>, <span class='tooltip'>hover<span class='tooltiptext'>no</span></span> it.</p>",
            ["Of Ola, hover it."],
        ),
        ("<x-story>custom</x-story> text", ["custom", "text"]),
        ("<p> \u00a0\n </p><p>\tspaced\n  out </p>", ["spaced out"]),
    ],
)
def test_what_a_browser_sets_on_lines_of_its_own_is_a_block(body: str, texts: list[str]) -> None:
    assert [block.text for block in walked(body).blocks] == texts


def test_each_element_knows_the_span_of_blocks_in_it() -> None:
    page = walked("<p>a</p><div id=d><p>b</p>c<ul><li>d</li><li>e</li></ul></div><p>f</p>")
    spans = {
        holder.element.get("id") or holder.tag: [
            block.text for block in page.blocks[holder.first : holder.end]
        ]
        for holder in page.holders
    }
    assert spans["d"] == ["b", "c", "d", "e"]
    assert spans["ul"] == ["d", "e"]
    assert spans["body"] == list("abcdef")


def test_links_and_bold_are_counted_in_characters() -> None:
    block = walked("<p>ab <a href=x>cde <b>fg</b></a></p>").blocks[0]
    assert (block.linked, block.links, block.bold) == (6, 1, 2)


def test_elements_of_one_template_have_one_sign() -> None:
    page = walked("<div class=a><p>1</p></div><div class=a><p>2</p></div><div class=b><p>3</p></div>")
    signs = [page.holders[block.holder].sign for block in page.blocks]
    assert signs[0] == signs[1] != signs[2]


def test_thousands_of_nested_elements_are_walked() -> None:
    page = walked("<div>" * 200 + "deep" + "</div>" * 200 + "<span>" * 200 + "wide")
    assert [block.text for block in page.blocks] == ["deep", "wide"]


@pytest.mark.parametrize("names", ["article-body", "articleBody", "ARTICLE_BODY", "x articlebody"])
def test_a_name_says_the_same_however_it_is_written(names: str) -> None:
    assert {"article", "content"} <= {GROUPS[group] for group in groups_of("div", names)}


def test_names_and_tags_are_groups_and_a_hidden_element_is_hidden() -> None:
    found = {GROUPS[group] for group in groups_of("aside", "related-posts", hidden=True)}
    assert {"<aside>", "related", "post", "hidden"} <= found
    assert groups_of("span", "css-1x2y3z") == ()
