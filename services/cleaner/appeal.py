"""Appeals of the page to its reader: donations, memberships, subscriptions, newsletters, in whole paragraphs.

They read as prose and stand within or behind the article's, so neither markup nor shape gives them away. The rule
is lexical: outside quoted speech, a paragraph that speaks of you or us and holds terms of asking from two or more
different groups is an appeal; its neighbours that hold one such term belong to it, and so do the fragments (buttons,
labels) between it and the end; at the end of a text the terms of neighbours count together. English, and the usual
words of German and French ones; other languages keep their appeals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.cleaner.prose import is_label, is_prose, outside_quotes, word_count
from services.cleaner.terms import Terms

# Each group is one thing that appeals say. Two groups, not two hits: "donations" alone fills news about a campaign.
_SUPPORT = (
    r"\bsupport(?:ing)? (?:us|our|independent|open|quality|this (?:site|work|project|newsletter|podcast))\b",
    r"\byour (?:(?:generous|continued|financial|monthly) )?(?:support|contributions?|donations?|gift)\b",
    r"\bsupport (?:the )?[\w ]{0,30}\b(?:today|monthly|now)\b",
    r"\bsupport (?:the )?\w+ (?:so (?:that )?we\b|and (?:make|help)\b)",
    r"\bkeeps? (?:us|(?:the|our) (?:lights|presses|servers|doors)) (?:\w+ )?(?:going|on|turning|running|open)\b",
    r"\b(?:uns|unser\w* \w+) (?:\w+ ){0,2}unterstützen\b|\bihre[rn]? (?:spende|unterstützung)\b",
    r"\bunterstützen sie (?:uns|unser\w*)\b|\b(?:nous soutenir|soutenez[- ](?:nous|notre)|votre (?:soutien|don))\b",
)
_GIVING = (
    r"\bdonate\b|\bchip in\b|\btax-deductible\b|\bcrowdfund\w*",
    r"\bmak(?:e|ing) an? (?:[\w-]+ )?(?:donation|contribution|gift)\b",
    r"\bbecome an? (?:[\w-]+ )?(?:member|supporter|subscriber|patron|donor)\b|\bmembers? and subscribers?\b",
    r"\bbuy (?:us|me)\b|\bspare (?:an?|us|some|\w+) (?:\w+ )?(?:dollars?|pounds?|euros?)\b",
    r"\b(?:cheques?|checks?) (?:(?:can|may|should) be )?(?:made out|payable)\b",
    r"\bspenden sie\b|\bwerden sie (?:mitglied|förder\w+)\b|\b(?:faites|faire) un don\b",
)
_OPENING = (
    r"^(?:…|\.\.\.) ?\w|\bbefore you (?:go|leave|close|continue)\b|\b(?:small|quick|simple) (?:favou?r|request|ask)\b",
    r"\bas you (?:may have heard|may know|know)\b|\b(?:dear|loyal) readers?\b|\bwe have a (?:favou?r|request)\b",
    r"\bdid (?:you (?:like|enjoy)|this (?:story|article|report)|our (?:story|article|report))\b|\bin eigener sache\b",
    r"\byou(?:['’]ve| have) (?:now )?read (?:[\w ]+ )?(?:articles|stories)\b",
)
_ASKING = (
    r"\bwe (?:cannot|can't|can’t|could not) afford\b",
    r"\bfavou?r to ask\b|\b(?:need|ask(?:ing)?(?: for)?) your (?:help|support)\b",
    r"\bhelp (?:us|keep)\b|\bplease consider\b|\bconsider (?:support|donat|subscrib|becom|mak)\w*\b",
    r"\b(?:brauchen|bitten) wir\b|\bwir (?:brauchen|bitten)\b|\bnous avons besoin de vous\b",
)
_CONDITION = (r"\bif you (?:can|are able|value|enjoy|like|liked)\b",)
_AMOUNT = (
    r"\bat no (?:cost|charge) to (?:you|our readers)\b|\bfar from free\b",
    r"\bno matter how (?:small|much|big)\b|\bas little as\b|\b(?:from|for) (?:just|only) [$£€]",
    r"\b(?:monthly|every month|each month|a month|one-time|recurring)\b",
    r"\b(?:schon|bereits|ab) \w+ euro\b|\beuro (?:im|pro) monat\b|\bmonatlich\b|\beuros? par mois\b",
)
_JOURNALISM = (
    r"\b(?:independent|quality|honest|fearless|public[- ]interest|reader-funded|reader-supported|award-winning)"
    r" (?:[\w-]+ )?(?:journalism|news source|reporting|media|newsroom|voice)\b",
    r"\b(?:integrity|future|freedom|value) of (?:\w+ )?journalism\b",
    r"\b(?:unabhängige[rn]?|freie[rn]?|gute[rn]?) \w*journalismus\b|\bjournalisme (?:\w+ )?indépendant\b",
)
_OUR_WORK = (
    r"\bour (?:[\w-]+ ){0,2}(?:journalism|reporting|newsroom|mission|work|readers|journalists|coverage|reporters)\b",
    r"\b(?:readers|people|supporters|listeners) like you\b|\bwe rely on\b",
    r"\b(?:reporting|journalism|stories|work) like this\b|\bour commitment\b|\bcommitment to (?:\w+ ){0,4}reporting\b",
)
_INDEPENDENCE = (
    r"\b(?:has|have|with) no (?:[\w-]+ ){0,2}(?:owners?|shareholders?|paywall|investors?|backers?|proprietor)\b",
    r"\b(?:belongs?|answers?|answerable|accountable|funded|owned|paid for)(?: \w+){0,3} (?:by |to )?(?:its|our)"
    r" readers\b",
    r"\b(?:keep|stay|remain)s? (?:\w+ ){0,3}(?:free|open)(?: to read| to all)?(?: for (?:everyone|all))?\b",
    r"\bcosts? money\b|\badvertising alone\b|\bbillionaire owner\b|\bno billionaires?\b",
)
_EASE = (
    r"\bquick to set up\b|\btakes (?:just |only |less than )?(?:a|one) minute\b|\bcancel (?:at )?any ?time\b",
    r"\bjoin (?:the )?(?:thousands|millions|hundreds|more than|over)\b|\bstand with us\b",
)
_SILENCING = (
    r"\b(?:silenced?|silencing)\b[\w ]{0,20}\bvoices?\b|\b(?:refuse|not) to be silenced\b",
    r"\bwe (?:refuse|will not be)\b",
)
_IMPACT = (
    r"\bmak(?:e|es|ing) (?:a (?:(?:world of|big|real|huge) )?difference|(?:a significant|an) impact)\b",
)
_SUBSCRIBING = (
    r"\bsubscrib(?:e|ing)\b|\bpurchasing a subscription\b|\bsign(?:ing)? up\b|\bnewsletters?\b|\bmailing list\b",
)
_THANKS = (
    r"\bthank(?:s| you)(?: so much)?(?: for (?:your|reading|subscribing|supporting)\b|(?: kindly| again)?[.!]$)",
)


# What asks.
ASKING_GROUPS = (
    Terms.of("support|contribution|donation|gift|keep|unterstütz|ihre|souten|soutien|votre don", *_SUPPORT),
    Terms.of(
        "donat|chip in|tax-deductible|crowdfund|contribution|gift|become|subscriber|buy|spare|made out|payable"
        "|spenden sie|werden sie|un don",
        *_GIVING,
    ),
    Terms.of(
        "…|...|before you|small |quick |simple |as you|reader|we have a|did |in eigener|you've|you’ve|you have",
        *_OPENING,
    ),
    Terms.of("afford|favo|your help|your support|help |consider|brauchen|bitten|avons besoin", *_ASKING),
    Terms.of("journalis|news|reporting|media|voice", *_JOURNALISM),
    Terms.of("our |like you|like this|we rely on|commitment", *_OUR_WORK),
    Terms.of(
        "owner|shareholder|paywall|investor|backer|proprietor|readers|free|open|money|advertising alone|billionaire",
        *_INDEPENDENCE,
    ),
    Terms.of("silenc|refuse|will not be", *_SILENCING),
    Terms.of("thank", *_THANKS),
)
# These say something in an appeal, and in advice on prices and plans as well: alone they make none.
OTHER_GROUPS = (
    Terms.of("if you", *_CONDITION),
    Terms.of(
        "at no |far from free|no matter how|as little as|$|£|€|month|one-time|recurring|euro|monatlich|par mois",
        *_AMOUNT,
    ),
    Terms.of("quick to set up|minute|cancel|join|stand with us", *_EASE),
    Terms.of("difference|impact", *_IMPACT),
    Terms.of("subscri|sign|newsletter|mailing list", *_SUBSCRIBING),
)
# "Chip in from £2 a month" speaks to someone as well.
_IMPERATIVE = r"(?:^|[.!?:;] )(?:[Pp]lease )?(?:[Cc]hip in|[Pp]itch in|[Dd]onate)\b"
_READER_WORDS = """
    you your we us our readers wir uns unser unsere unseren unserem unserer unseres unsern unserm unserr unsers
    vous votre vos nous notre nos
"""
_SPEAKS_TO = frozenset(_READER_WORDS.split())
SPEAKS_FORMALLY = Terms.of(
    "sie|ihn|ihr|chip in|pitch in|donate", r"\b(?:Sie|Ihnen|Ihre?[nmrs]?)\b", _IMPERATIVE, flags=re.NOFLAG
)
_WORD = re.compile(r"\w+")
# An appeal asks for someone: advice to a reader about subscriptions and savings speaks of "you" alone.
_ASKER = re.compile(
    rf"\b(?:[Ww]e|us|[Oo]ur|I|[Mm]y|[Ww]ir|[Uu]ns|[Uu]nsere?[nmrs]?|[Nn]ous|[Nn]otre|[Nn]os)\b|\bjournalism\b|{_IMPERATIVE}"
)
_ENOUGH_GROUPS = 2
# Longer paragraphs are essays about journalism, not appeals: the longest real ones measured have about 90 words.
_LONGEST_APPEAL_WORDS = 160
# A page whose greater part would go is about appeals, or is one.
_LARGEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Said:
    """What a paragraph says in the page's own voice. ``addresses``: it speaks of you or us, and is no essay; where it
    does not, nothing else is asked. ``asking``: the numbers of the groups that ask; ``groups``: how many of all count,
    one at most without one that asks; ``asks``: for someone."""

    addresses: bool = False
    asking: frozenset[int] = frozenset()
    groups: int = 0
    asks: bool = False


def appeal_paragraphs(paragraphs: Sequence[str]) -> set[int]:
    """The indexes of the paragraphs that are an appeal or belong to one."""
    said = [_said(paragraph) for paragraph in paragraphs]
    appeal = {i for i, one in enumerate(said) if one.groups >= _ENOUGH_GROUPS and one.asks}
    appeal |= _closing(paragraphs, said)
    if sum(len(paragraphs[i]) for i in appeal) > _LARGEST_SHARE * sum(map(len, paragraphs)):
        return set()
    for i in sorted(appeal):
        for step in (-1, 1):
            neighbour = i + step
            while 0 <= neighbour < len(paragraphs) and said[neighbour].groups:
                appeal.add(neighbour)
                neighbour += step
    # One paragraph within an appeal that speaks of us or you and asks nothing: what the money is for.
    appeal |= {i + 1 for i in appeal if i + 2 in appeal and said[i + 1].addresses}
    return appeal | _fragments_to_the_end(paragraphs, appeal)


def _said(paragraph: str) -> _Said:
    own_voice = outside_quotes(paragraph)
    lowered = own_voice.lower()
    if not _addresses(own_voice, lowered) or word_count(paragraph) > _LONGEST_APPEAL_WORDS:
        return _Said()
    asking = frozenset(n for n, group in enumerate(ASKING_GROUPS) if group.stand_in(own_voice, lowered))
    other = sum(group.stand_in(own_voice, lowered) for group in OTHER_GROUPS)
    groups = len(asking) + other if asking else min(other, 1)
    return _Said(True, asking, groups, bool(asking) and _ASKER.search(own_voice) is not None)


def _addresses(own_voice: str, lowered: str) -> bool:
    """Whether it speaks of you or us."""
    return not _SPEAKS_TO.isdisjoint(_WORD.findall(lowered)) or SPEAKS_FORMALLY.stand_in(own_voice, lowered)


def _closing(paragraphs: Sequence[str], said: Sequence[_Said]) -> set[int]:
    """The paragraphs that end the text, if each asks for something and together they are an appeal: "Did you like
    this story?", and in the next one "Buy us a coffee". Buttons may stand between and behind them."""
    run: set[int] = set()
    asked: set[int] = set()
    for i in reversed(range(len(paragraphs))):
        if said[i].asks:
            run.add(i)
            asked |= said[i].asking
        elif not is_label(paragraphs[i]):
            break
    return run if len(asked) >= _ENOUGH_GROUPS and sum(is_prose(paragraphs[i]) for i in run) > 1 else set()


def _fragments_to_the_end(paragraphs: Sequence[str], appeal: set[int]) -> set[int]:
    """Buttons and labels behind the last appeal, where nothing else follows: in mid-article a fragment behind an
    appeal may be the next subheading."""
    if not appeal:
        return set()
    rest = range(max(appeal) + 1, len(paragraphs))
    return set(rest) if all(is_label(paragraphs[i]) for i in rest) else set()
