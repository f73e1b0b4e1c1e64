"""The tagger that needs no weights: quotations with their speakers, reported speech and turns, by rules alone."""

from services.extractor.attribution import Attribution
from services.extractor.discourse import attributions
from services.extractor.tagged import Tagged

# Share of each rule's attributions that were right (content and source) on 840 annotated news articles.
_PRECISION = {
    "behind": 0.93,
    "behind-lead": 0.8,
    "behind-open": 0.8,
    "behind-open-lead": 0.7,
    "trailed": 0.94,
    "before-direct": 0.83,
    "before-mixed": 0.86,
    "describes": 0.75,
    "announced": 0.95,
    "reported": 0.95,
    "indirect": 0.65,
    "indirect-left": 0.62,
    "according": 0.67,
    "labelled": 0.95,
    "coloned": 0.72,
    "put-at": 0.7,
    "named-behind": 0.6,
    "pulled": 0.95,
    "words-of": 0.8,  # too rare to be counted: not one of those articles has it
}
_CARRIED = 0.95  # a further quotation without a cue of its own was given to the same speaker
_NEGATED = 0.9


def tag(text: str, publisher: str | None = None) -> list[Tagged]:
    """The attributions of a cleaned text, by content. `publisher`: whose questions in an interview are no claims."""
    return sorted((tagged_by(one) for one in attributions(text, publisher)), key=lambda one: one.key)


def tagged_by(found: Attribution) -> Tagged:
    """What a rule found, with the confidence that its like has earned."""
    confidence = _PRECISION[found.rule]
    confidence *= (_CARRIED if found.carried else 1.0) * (_NEGATED if found.negated else 1.0)
    return Tagged(tuple(found.content), found.cue, found.source, round(confidence, 3), f"rule {found.rule}")
