"""What the articles of these tests say, and how what became of them is read."""

from __future__ import annotations

from shared.contracts.events import ArticleCleaned, ClaimChanged, ClaimsExtracted, VisitFate
from tests.unit.store.press import page, said

SAFE = said("The bridge is safe for all cars and lorries.")


SAFER = said("The bridge is safe for all cars.")


OPEN = said("It opens on Monday at nine.", "a spokeswoman")


OTHER = said("Schools stay closed until the end of the week.", "the school board")


def summary(claims: list[ClaimChanged]) -> list[tuple[str, str, int, str]]:
    return [(c.change.value, c.cause.value, c.revision, c.content.text) for c in claims]


def fates(told: list[VisitFate]) -> list[tuple[str, str]]:
    return [(one.visit_id, one.fate.value) for one in told]


def under(record: ArticleCleaned | ClaimsExtracted, url: str) -> ArticleCleaned | ClaimsExtracted:
    model = page("x", 1, url=url)
    update = {"article_id": model.article_id}
    if isinstance(record, ArticleCleaned):
        update |= {"url": url, "final_url": url}
    return record.model_copy(update=update)
