"""The words of English news writing that the rules know: `lexicon.toml` as sets."""

import re
import tomllib
from importlib.resources import files
from typing import Any

RAW = files(__package__).joinpath("lexicon.toml").read_bytes()
TABLES: dict[str, Any] = tomllib.loads(RAW.decode())


def _words(name: str) -> frozenset[str]:
    listed: str = TABLES[name]
    return frozenset(listed.split())


ABBREVIATIONS = _words("abbreviations")
AUXILIARIES = _words("auxiliaries")
BE = _words("be")
HAVE = _words("have")
NEGATIONS = _words("negations")
# As alternatives of a pattern, with the pronouns that say the same. "nor" begins what is said besides.
NEGATING = (
    "|".join(sorted(map(re.escape, NEGATIONS - {"nor"}), key=len, reverse=True)) + "|no|none|nobody|nothing"
)
PRONOUNS = _words("pronouns")
OBJECT_PRONOUNS = _words("object_pronouns")
RELATIVES = _words("relatives")
DETERMINERS = _words("determiners")
POSSESSIVES = _words("possessives")
SUBORDINATORS = _words("subordinators")
PREPOSITIONS = _words("prepositions")
SOURCE_LINKS = _words("source_links")
ADVERBS = _words("adverbs")
NOT_ADVERBS = _words("not_adverbs")
TIMES = _words("times")
TIMES_OF_DAY = _words("times_of_day")
TIME_LEADS = _words("time_leads")
OPENING_CLAUSES = _words("opening_clauses")
ISSUING = _words("issuing")
CIRCUMSTANCES = _words("circumstances")
AUDIENCES = _words("audiences")
PERSON_NOUNS = _words("person_nouns")
ORGANISATION_NOUNS = _words("organisation_nouns")
DOCUMENT_NOUNS = _words("document_nouns")
BIDDING = _words("bidding")
FACT_LABELS = _words("fact_labels")
FIRMS = _words("firms")
OFFICES = _words("offices")
BODY_WORDS = _words("body_words")
GENERATIONS = _words("generations")
OUTLET_NOUNS = _words("outlet_nouns")
QUALIFIED = _words("qualified")
CIRCUMSTANTIAL = _words("circumstantial")
NO_OCCUPATIONS = _words("no_occupations")
NO_NAMES = _words("no_names")
WOMEN = _words("women")
MEN = _words("men")
EITHER = _words("either")
AGENCIES = _words("agencies")
OUTLET_WORDS = _words("outlet_words")
ANONYMOUS_NOUNS = _words("anonymous_nouns")
ANONYMOUS_WORDS = _words("anonymous_words")
TITLES = _words("titles")
TITLE_MODIFIERS = _words("title_modifiers")
HONORIFICS = _words("honorifics")
HEDGES = _words("hedges")
COMMON_NOTIONS = _words("common_notions")
COMMON_VERBS = _words("common_verbs")
# What stands before a noun or an adjective, never before a verb.
NOMINAL = DETERMINERS | POSSESSIVES
PEOPLE = PERSON_NOUNS | TITLES
GIVEN = WOMEN | MEN | EITHER
CUE_HEDGES = frozenset[str](TABLES["cue_hedges"])
