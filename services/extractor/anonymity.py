"""Whether a source is unnamed, in which of the ways that news has for it, and how close it is said to be."""

import re

from services.extractor.lexicon import ANONYMOUS_WORDS

UNNAMED = "unnamed"
CLOSE_TO = "close-to"
OFFICIALS = "officials"
FAMILIAR = "familiar"
GROUP = "group"
WITHHELD = "withheld"

# How near a source is to the matter, before what it is near to.
NEAR = (
    r"(?:close to|familiar with|briefed on|privy to|involved in"
    r"|with (?:direct |first-?hand |intimate )?knowledge of)"
)
_CLOSENESS = re.compile(rf"\b{NEAR}\s[^,;.]+")
_WITHHELD = re.compile(
    r"\b(?:condition of anonymity|(?:name|identity) (?:was|is|has been) withheld"
    r"|not (?:be|to be|want to be) (?:named|identified)"
    r"|not (?:his|her|their) real name|without being named|not authori[sz]ed to|not (?:been )?allowed to (?:speak|talk)"
    r"|(?:asked|wanted|preferred|wished|chose) (?:not to be|to remain|to stay) (?:named|identified|anonymous|unnamed)"
    r"|(?:declined|refused) to (?:be named|give (?:his|her|their) name)|fear(?:ed|s|ing)? for (?:his|her|their))\b",
    re.IGNORECASE,
)
_FAMILIAR = re.compile(r"\b(?:familiar with|briefed on|privy to|knowledge of)\b", re.IGNORECASE)
_OFFICIALS = re.compile(r"\b(?:officials?|diplomats?|civil servants?|aides?)\b", re.IGNORECASE)
_ONE = re.compile(r"^(?:an?|another|one|the|his|her|its|their)\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:people|men|women|police|staff|[a-z]{3,}s)$", re.IGNORECASE)
_TAIL = re.compile(r"\s(?:at|close|familiar|for|from|in|of|on|to|who|with|,)\b.*|,.*", re.IGNORECASE)


def closeness(text: str, start: int, end: int) -> str | None:
    """The words that say how near the source is to the matter: "close to the Defense Ministry"."""
    found = _CLOSENESS.search(text, start, end)
    return found[0].strip() if found else None


def anonymity(phrase: str) -> str:
    """The kind of anonymity of an unnamed source, from the phrase that introduces it."""
    if _WITHHELD.search(phrase):
        return WITHHELD
    if _FAMILIAR.search(phrase):
        return FAMILIAR
    if "close to" in phrase:
        return CLOSE_TO
    if any(word in ANONYMOUS_WORDS for word in re.findall(r"[a-z]+", phrase.lower())):
        return UNNAMED
    head = _TAIL.sub("", phrase).strip()
    if _OFFICIALS.search(head):
        return OFFICIALS
    if _PLURAL.search(head) and not _ONE.match(phrase) and not re.search(r"\bsources?$", head):
        return GROUP
    return UNNAMED
