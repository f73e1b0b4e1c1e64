"""Which labels before a colon are somebody's who speaks: "HOLM: The quay is shut", and not "PRICE: $35"."""

import re
from collections import Counter
from collections.abc import Sequence

from services.extractor.lexicon import FACT_LABELS, GIVEN, HONORIFICS, PEOPLE, RELATIVES
from services.extractor.name_forms import folded
from services.extractor.names import Named, named
from services.extractor.sentence import is_value
from shared.contracts.enums import SourceType

Row = tuple[str, int, str]  # label, where it stands, what is said

ASKERS = frozenset({"q", "question", "interviewer"})
_CALLED = PEOPLE | {"announcer", "audience", "court", "crowd", "narrator", "operator"}
# What ends so is a quality or a deed, as in rows on flexibility and insulation.
_ABSTRACT = re.compile(r".{2,}(?:tion|sion|ity|ness|ment|ments|ance|ence|ability)")
_FIRST = GIVEN | {honorific.rstrip(".") for honorific in HONORIFICS}
_I_AND_YOU = re.compile(r"\b(?:I|[Yy]ou|[Ww]e|[Mm]y|[Mm]e|[Yy]our|us|our)\b")
# In a label of several words they address who reads: "Did You Know", "Our Tip".
_WHO_READS = frozenset({"i", "my", "our", "us", "we", "you", "your"})
_SMALL = re.compile(r"\b[a-z][a-z'’-]+\b")
_CLOSING = " \n\"'”’»)]"
_ENDS = (".", "?", "!", "…")


def speakers_of(text: str, rows: Sequence[Row]) -> set[str]:
    """The labels of somebody: named in the text or with a first name, called what people are called, saying "I" or
    "you", or speaking in turn with another.

    What heads a row of facts is nobody's: "PRICE: $35", "WHERE: the quay", "Pros: it is light".
    """
    spoken = _by_what_is_said(text, rows)
    full = [one for one in named(text) if " " in one.name]
    surnames = {words[-1] for one in full if (words := folded(one.name))[0] in _FIRST}
    parts = _parts_of_names([one for one in full if one.start not in {at for _, at, _ in rows}])
    found: set[str] = set()
    for label in sorted({label for label, _, _ in rows}, key=lambda label: (-len(label), label)):
        words = folded(label)
        if len(words) > 1 and not _WHO_READS.isdisjoint(words):
            continue
        if any(map(_is_fact, words)) and surnames.union(_FIRST, _CALLED).isdisjoint(words):
            continue
        if (
            len(label) == 1
            or label.lower() in ASKERS
            or words[0] in _FIRST
            or not _CALLED.isdisjoint(words)
            or (parts.issuperset(words) and RELATIVES.isdisjoint(words))
            or label in spoken
        ):
            found.add(label)
            parts.update(words if len(words) > 1 else ())
    return found


def is_entry(said: str) -> bool:
    """Whether this is a table's, a form's or a programme's: "24.2MP APS-C", "$299", "June 15, 2026 | Oster",
    "text/html"."""
    return is_value(said) or (_has_digit(said) and (not _SMALL.search(said) or _is_list(said)))


def _is_list(said: str) -> bool:
    """Whether these are things and their numbers, each with its capital: "Rating 4.6, Plan name Coast, Price $8"."""
    parts = said.split(", ")
    return (
        len(parts) > 2 and not any(part[:1].islower() for part in parts) and sum(map(_has_digit, parts)) > 1
    )


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_fact(word: str) -> bool:
    return word in FACT_LABELS or _ABSTRACT.fullmatch(word) is not None


def _parts_of_names(full: Sequence[Named]) -> set[str]:
    """The words of people's full names."""
    bodies = {part for one in full if one.kind is SourceType.ORGANISATION for part in folded(one.name)}
    return {part for one in full for part in folded(one.name)} - bodies


def _by_what_is_said(text: str, rows: Sequence[Row]) -> set[str]:
    """Labels, no words of the text, under which somebody speaks to another, or in whole sentences in turn with one."""
    small = set(_SMALL.findall(text))
    counted = Counter(label for label, _, _ in rows if label.lower() not in small)
    addressing = Counter(label for label, _, said in rows if _addresses(said))
    stating = Counter(label for label, _, said in rows if said.rstrip(_CLOSING).endswith(_ENDS))
    spoken = {label for label, n in counted.items() if 2 * addressing[label] > n}
    if len({folded(label)[-1] for label in spoken}) == sum(counted[label] for label in spoken):
        # Each once: nobody answers anybody, unless these are names.
        spoken = {label for label in spoken if len(folded(label)) > 1 and small.isdisjoint(folded(label))}
        if _of_one_make(spoken):
            spoken = set()
    answering = {label for label, n in counted.items() if stating[label] == n > 1}
    return spoken | answering if len(answering) > 1 else spoken


def _of_one_make(labels: set[str]) -> bool:
    """Whether these are products: numbered, or two that begin with one word that is no first name."""
    begins = Counter(folded(label)[0] for label in labels)
    twice = {word for word, n in begins.items() if n > 1}
    return not twice <= _FIRST | _CALLED or any(map(_has_digit, labels))


def _addresses(said: str) -> bool:
    """Whether somebody speaks of himself, to somebody, or asks."""
    return _I_AND_YOU.search(said) is not None or said.rstrip(_CLOSING).endswith("?")
