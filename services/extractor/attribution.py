"""A quotation with its cue and its speaker, as offsets into the text."""

from dataclasses import dataclass

from services.extractor.cue import Cue, Reading
from services.extractor.phrase import Extent
from shared.contracts.parts import Span

Spans = tuple[Span, ...]


@dataclass(slots=True)
class Attribution:
    """What the rules find. `rule` names how; `content` grows while quotations of the same speaker follow.

    `carried`: a quotation without a cue of its own was added.
    """

    rule: str
    content: list[Span]
    cue: Spans
    source: Spans
    negated: bool
    carried: bool = False


def attribution(rule: str, reading: Reading, cue: Cue, source: Extent, content: list[Span]) -> Attribution:
    """Turn token indices of one sentence into offsets."""
    tokens = reading.tokens
    return Attribution(
        rule=rule,
        content=content,
        cue=cue.spans(tokens),
        source=((tokens[source[0]].start, tokens[source[1] - 1].end),),
        negated=cue.negated,
    )
