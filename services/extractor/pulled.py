"""Pull quotes: a paragraph that shows again, larger, what somebody says in the article.

It stands alone, with a dash and a name behind it or with nothing at all. Without a name it is told by its words: they
stand in another quotation too. What goes on over paragraphs never does that, so no pull quote is taken for the next
sentence of whoever spoke last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.extractor.attribution import Attribution
from services.extractor.clause import says
from services.extractor.marks import Paragraph, Quotation
from shared.contracts.parts import Span

_SIGNED = re.compile(
    r"(?P<dash>—|―|–|--|-)\s*(?P<name>[^\W\d_][^\n“”\"«»„:;?!]{1,80}?)(?=\s*\.?\s*$)", re.MULTILINE
)
_WORD = re.compile(r"\w+")
_LEAST = 4  # words of one without a name: fewer stand twice by chance
_MOST = 24  # paragraphs that are looked up in the others; no article has as many pull quotes


def pulled(text: str, every: Sequence[Paragraph]) -> list[tuple[Paragraph, Attribution]]:
    """The paragraphs of pull quotes with what each is: content, and where there are any, dash and name."""
    alone = [n for n, paragraph in enumerate(every) if _alone(text, paragraph)]
    found: list[tuple[Paragraph, Attribution]] = []
    unsigned = []
    for n in alone:
        quotation = every[n].quotations[0]
        signed = _signature(text, every, n)
        if signed is None:
            if not text[quotation.end : every[n].end].strip():
                unsigned.append((every[n], quotation))
            continue
        paragraph, dash, name = signed
        found.append((every[n], _attribution(quotation, (dash,), (name,))))
        if paragraph is not every[n]:
            found.append((paragraph, found[-1][1]))
    found += _said_elsewhere(text, every, unsigned)
    return found


def _said_elsewhere(
    text: str, every: Sequence[Paragraph], unsigned: Sequence[tuple[Paragraph, Quotation]]
) -> list[tuple[Paragraph, Attribution]]:
    """Those whose words another quotation has; of two alike that stand alone the later one is shown again."""
    looked_up = unsigned[:_MOST]
    if not looked_up:
        return []
    lonely = {quotation.start for _, quotation in looked_up}
    spoken = "|".join(
        _plain(text, one) for paragraph in every for one in paragraph.quotations if one.start not in lonely
    )
    plain = [_plain(text, quotation) for _, quotation in looked_up]
    found = []
    for n, (words, (paragraph, quotation)) in enumerate(zip(plain, looked_up, strict=True)):
        others = (one for m, one in enumerate(plain) if m < n or len(one) > len(words))
        if words.count(" ") > _LEAST and (words in spoken or any(words in one for one in others)):
            found.append((paragraph, _attribution(quotation, (), ())))
    return found


def _attribution(quotation: Quotation, cue: tuple[Span, ...], source: tuple[Span, ...]) -> Attribution:
    return Attribution("pulled", [(quotation.start, quotation.end)], cue, source, negated=False)


def _alone(text: str, paragraph: Paragraph) -> bool:
    """Whether the paragraph is one closed quotation, whatever a dash adds."""
    if len(paragraph.quotations) != 1 or not paragraph.quotations[0].closed:
        return False
    quotation = paragraph.quotations[0]
    behind = text[quotation.end : paragraph.end].strip()
    return not text[paragraph.start : quotation.start].strip() and (
        not behind or _SIGNED.match(behind) is not None
    )


def _signature(text: str, every: Sequence[Paragraph], n: int) -> tuple[Paragraph, Span, Span] | None:
    """Dash and name behind the quotation, or in the paragraph below it, and that paragraph."""
    end = every[n].quotations[0].end
    for paragraph in every[n : n + 2]:
        at = max(end, paragraph.start)
        at += len(text[at : paragraph.end]) - len(text[at : paragraph.end].lstrip())
        found = _SIGNED.match(text, at, paragraph.end)
        if found is not None and text[found.start("name")].isupper() and not says(found["name"]):
            return paragraph, found.span("dash"), found.span("name")
    return None


def _plain(text: str, quotation: Quotation) -> str:
    """Its words with a space on either side."""
    return " ".join(["", *_WORD.findall(text[quotation.start : quotation.end].lower()), ""])
