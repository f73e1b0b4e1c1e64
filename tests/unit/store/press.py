"""Articles and extractions for tests, made from sentences such as ``“The bridge is safe.” said the mayor.``"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from shared.contracts.enums import ArticleState, Kind, Stance
from shared.contracts.events import ArticleCleaned, ClaimsExtracted, ExtractedClaim
from shared.contracts.ids import article_id, url_id, version_of, visit_id
from shared.contracts.parts import Content, ExtractedRelation, ExtractorIdentity, Part, Source

URL = "https://news.example/bridge"


def at(minute: int) -> str:
    """A time on the day of these tests."""
    return f"2026-03-01T{minute // 60:02d}:{minute % 60:02d}:00.000000Z"


def visit(number: int, url: str = URL) -> str:
    return visit_id(url_id(url), 1, number)


def said(content: str, source: str = "the mayor") -> str:
    """A sentence with a quotation, as :func:`extraction` reads it."""
    return f"“{content}” said {source}."


def page(
    text: str | Sequence[str],
    minute: int,
    *,
    url: str = URL,
    final_url: str | None = None,
    number: int | None = None,
    title: str = "The bridge",
    language: str | None = "en",
    labels: dict[str, str] | None = None,
) -> ArticleCleaned:
    """The page of visit ``number`` (default: the minute). ``final_url``: where it really stood."""
    body = text if isinstance(text, str) else "\n\n".join(text)
    return ArticleCleaned(
        article_id=article_id(url),
        version=version_of(body),
        visit_id=visit(minute if number is None else number, final_url or url),
        url_id=url_id(final_url or url),
        observed_at=at(minute),
        url=url,
        submitted_url=final_url or url,
        final_url=final_url or url,
        site="news.example",
        title=title,
        language=language,
        page_sha256=hashlib.sha256(f"{minute} {body}".encode()).hexdigest(),
        labels=labels or {},
        text=body,
    )


def gone(minute: int, *, url: str = URL, final_url: str | None = None) -> ArticleCleaned:
    """The confirmed 404 at ``minute``."""
    return page("", minute, url=url, final_url=final_url).model_copy(
        update={"state": ArticleState.GONE, "version": "", "title": None}
    )


def extraction(
    article: ArticleCleaned,
    *,
    sequence: int = 1,
    confidence: float = 0.9,
    stance: Stance = Stance.ASSERTS,
    denials: Sequence[tuple[int, int]] = (),
    title: bool = False,
) -> ClaimsExtracted:
    """What our extractor of tests finds: each ``“…” said ….``. ``denials``: pairs of n, the first denies the second.
    ``title``: the headline is a claim too."""
    claims: list[ExtractedClaim] = []
    if title and article.title:
        part = Content(text=article.title, spans=((0, len(article.title)),), in_="title")
        claims.append(ExtractedClaim(n=1, kind=Kind.STATEMENT, content=part, confidence=confidence))
    start = 0
    while (begin := article.text.find("“", start)) >= 0:
        end = article.text.index("”", begin)
        stop = article.text.index(".", end)
        name = article.text[end + 7 : stop]
        claims.append(
            ExtractedClaim(
                n=len(claims) + 1,
                kind=Kind.QUOTE,
                stance=stance,
                confidence=confidence,
                content=Content(text=article.text[begin + 1 : end], spans=((begin + 1, end),)),
                cue=Part(text="said", spans=((end + 2, end + 6),)),
                source=Source(text=name, spans=((end + 7, stop),)),
                relations=tuple(
                    ExtractedRelation.model_validate({"type": "denies", "to": to})
                    for by, to in denials
                    if by == len(claims) + 1
                ),
            )
        )
        start = stop
    return ClaimsExtracted(
        article_id=article.article_id,
        version=article.version,
        visit_id=article.visit_id,
        observed_at=article.observed_at,
        language=article.language,
        extractor=ExtractorIdentity(name="quotes", version=f"0.{sequence}", sequence=sequence),
        claims=tuple(claims),
    )
