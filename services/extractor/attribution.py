"""A quotation with its cue and its speaker, as offsets into the text."""

from dataclasses import dataclass

from services.extractor.agent import Agent
from services.extractor.cue import Cue, Reading
from shared.contracts.parts import Span

Spans = tuple[Span, ...]


@dataclass(slots=True)
class Attribution:
    """What the rules find. `rule` names how; `content` grows while quotations of the same speaker follow.

    `mixed`: the content is more than what stands in marks. `carried`: a quotation without a cue of its own
    was added. `sentence` is that of the cue.
    """

    rule: str
    content: list[Span]
    cue: Spans
    source: Spans
    relay: Spans
    sentence: Span
    lemma: str
    negated: bool
    mixed: bool
    carried: bool = False


def attribution(
    rule: str, reading: Reading, cue: Cue, agent: Agent, content: list[Span], *, mixed: bool
) -> Attribution:
    """Turn token indices of one sentence into offsets."""
    tokens = reading.tokens
    source, relay = agent
    return Attribution(
        rule=rule,
        content=content,
        cue=cue.spans(tokens),
        source=((tokens[source[0]].start, tokens[source[1] - 1].end),),
        relay=((tokens[relay[0]].start, tokens[relay[1] - 1].end),) if relay else (),
        sentence=(tokens[0].start, tokens[-1].end),
        lemma=cue.lemma,
        negated=cue.negated,
        mixed=mixed,
    )
