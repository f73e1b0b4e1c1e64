"""Who is who within an article: a surname, a role, a pronoun or "the outlet" is the one introduced before."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.extractor.entity import Entity, entity_of, named_entity, unnamed_entity
from services.extractor.mentions import MEMORY, Mentions
from services.extractor.name_forms import folded, same_words
from services.extractor.names import Named, gender_of
from services.extractor.naming import Naming, publishes
from services.extractor.phrases import Phrase, kind_of_noun, phrase
from services.extractor.sentence import (
    first_phrase,
    is_quoted,
    noun_phrase_before,
    opens_clause,
    sentence_start,
)
from services.extractor.tagged import Spans
from shared.contracts.enums import SourceType
from shared.contracts.parts import Span

_INTRODUCED = 1500  # characters in which a body's fuller name is looked for
_NEAR = 400  # characters: a pronoun means nobody who was last named further back


class Entities:
    """The sources of one article, resolved in the order of the text. What is asked must come in that order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._naming = Naming(text)
        self._known: list[Entity] = []
        self._by_word: dict[str, list[Entity]] = {}  # named ones, by each word of the name
        self._mentions = Mentions()

    @property
    def known(self) -> Sequence[Entity]:
        return self._known

    def resolve(
        self,
        span: Span,
        *,
        outlet: bool = False,
        relay: Entity | None = None,
        said: Spans = (),
        apart: Entity | None = None,
        publisher: str | None = None,
    ) -> Entity:
        """The entity that the phrase at `span` means. `outlet`: it publishes; `relay`: who quotes it; `said`: what
        it is a source of, whose names are no candidates; `apart`: who it is not."""
        read = phrase(self._text, *span)
        if read.text.lower() in _RELATIVES:
            antecedent = self._antecedent(span)
            if isinstance(antecedent, Entity):
                return antecedent
            if antecedent is not None:
                span = antecedent
                read = phrase(self._text, *span)
        if read.name is not None and self._naming.only_opens(read.name, span):
            read = replace(read, name=None, role=None, type=kind_of_noun(read.head), anonymous=True)
        if read.text == _ANSWER:
            read = self._answering(read)
        if read.pronoun == "we" and publisher is not None and not is_quoted(self._text, span[0]):
            read = replace(read, name=publisher, type=SourceType.ORGANISATION, pronoun=None)
        if publisher is not None and _OWN.search(read.text):
            read = replace(read, name=publisher, type=SourceType.DOCUMENT, anonymous=False)
        found = self._find(read, span, relay, said, apart)
        if found is None:
            found = self._new(read, span)
        found.outlet = found.outlet or outlet or read.is_outlet
        if read.role and found.name and (found.role is None or found.role in read.role):
            found.role = read.role if found.type is SourceType.PERSON else None
        if relay is not None and found.relayed_by is None:
            found.relayed_by = relay
        if found.gender is None and read.pronoun:
            found.gender = gender_of(read.pronoun)
        self._mentions.add(span, found)
        return found

    def _antecedent(self, span: Span) -> Entity | Span | None:
        """Whom "who" means: the source within whose words it stands, or the phrase that ends before it."""
        around = self._mentions.around(span)
        if around is not None:
            return around
        end = span[0]
        while end and self._text[end - 1] in " ,":
            end -= 1
        if self._text[span[0] : span[1]].lower() in _WHO:
            return self._naming.person_before(span[0]) or noun_phrase_before(self._text, end)
        return self._naming.ending_at(end) or noun_phrase_before(self._text, end)

    def outlets(self, before: int) -> list[Entity]:
        """The outlets that were sources or relays before an offset, the latest first."""
        return self._mentions.outlets(before)

    def _answering(self, read: Phrase) -> Phrase:
        """Of "A:" in an interview: whoever is named first."""
        first = self._naming.first_person()
        if first is None:
            return read
        return replace(read, name=first.name, type=SourceType.PERSON, role=first.role, anonymous=False)

    def _find(
        self, read: Phrase, span: Span, relay: Entity | None, said: Spans = (), apart: Entity | None = None
    ) -> Entity | None:
        if read.pronoun:
            return self._by_pronoun(read, span, said, apart)
        if read.is_generic_outlet:
            outlets = self.outlets(span[0])
            if outlets:
                return outlets[0]
        if read.name is not None and read.type is not SourceType.DOCUMENT:
            return self._by_name(read.name)
        if read.head in _SOURCES and read.definite and not read.is_other and read.close is None:
            return self._introduced_source(read, relay)
        if read.close is not None and not read.plural and not read.is_other:
            for one in self._known[-MEMORY:]:
                like = one.head == read.head or "source" in {one.head, read.head}
                if (
                    like
                    and one.anonymous
                    and one.closeness is not None
                    and same_words(one.closeness, read.close)
                ):
                    return one
            return None
        if read.definite and not read.is_other:
            return self._by_role(read, span)
        return None

    def _by_pronoun(self, read: Phrase, span: Span, said: Spans, apart: Entity | None) -> Entity | None:
        if read.pronoun in _FACE_TO_FACE:
            return apart if read.pronoun == "i" else None
        if read.pronoun == "it":
            body = self._body(span)
            return body or self._mentions.last(span[0], lambda one: one.is_single_body)
        if read.pronoun == "they":
            return self._mentions.last(span[0], lambda one: one.is_several)
        wanted = gender_of(read.pronoun or "")

        def fits(one: Entity) -> bool:
            return (
                one.type is SourceType.PERSON
                and one is not apart
                and not one.plural
                and (wanted is None or one.gender in {wanted, None})
            )

        source = self._mentions.latest(span[0], fits)
        person = self._person(span, wanted, source[0] if source else -1, said, apart)
        if person is not None:
            return person
        return source[1] if source else None

    def _person(
        self, span: Span, gender: str | None, after: int, said: Spans, apart: Entity | None
    ) -> Entity | None:
        """A person named as the subject of a sentence later than the latest source."""
        begin = sentence_start(self._text, span[0])
        likely: Named | None = None  # of this sentence, with a first name that tells; rather its subject
        for one in self._naming.backwards(span[0] - _NEAR, span[0]):
            full = self._naming.about(one.name) or one
            opens = opens_clause(self._text, one.start) and self._naming.may_act(one)
            sure = one.start >= begin and gender is not None and full.gender == gender
            if likely is not None and one.start < begin:
                break
            if one.start <= after or not (sure or opens):
                continue
            if any(start <= one.start < end for start, end in said):
                continue
            if full.kind is SourceType.ORGANISATION or (gender and full.gender and full.gender != gender):
                continue
            first, *more = full.name.split()
            person = full.kind is SourceType.PERSON or (more and not first.isupper())  # not "NBC Select"
            if not person or (apart is not None and apart.name == full.name):
                continue
            if opens:
                return self._named(full)
            likely = likely or full
        return self._named(likely) if likely is not None else None

    def _body(self, span: Span) -> Entity | None:
        """For "it": the subject of the sentence before, if it is a body."""
        start = max(self._text.rfind(mark, 0, max(0, span[0] - 2)) for mark in (". ", "\n", "” ", '" ')) + 1
        opening = self._text[start : span[0]].lstrip()
        begin = span[0] - len(opening)
        read = phrase(self._text, begin, begin + first_phrase(opening))
        heard = read.name is None or self._naming.about(read.name) or self._by_name(read.name)
        if read.head and read.definite_body and heard:  # no word that only opens a sentence
            at = (begin, begin + first_phrase(opening))
            return self._find(read, at, None) or self._new(read, at)
        return None

    def _by_name(self, name: str) -> Entity | None:
        words = folded(name)
        near = [one for word in (words[:1] + words[-1:]) for one in self._by_word.get(word, ())[:MEMORY]]
        near += self._by_word.get("", ()) if len(words) == 1 else []
        return next((one for one in near if one.name and self._naming.stands(words, folded(one.name))), None)

    def _introduced_source(self, read: Phrase, relay: Entity | None) -> Entity | None:
        """ "its source", "the Defense Ministry source": the one whom the outlet introduced."""
        candidates = [one for one in self._known[-MEMORY:] if one.anonymous and one.plural == read.plural]
        if read.modifiers:
            for one in candidates:
                words = (one.closeness or one.text).lower()
                if all(word in words for word in read.modifiers):
                    return one
        if read.possessive:
            relayed = [one for one in candidates if one.relayed_by is not None]
            return next((one for one in relayed if relay is None or one.relayed_by is relay), None)
        return None

    def _by_role(self, read: Phrase, span: Span) -> Entity | None:
        """ "the ambassador", "the director", "the utility": by the noun, rather before than behind."""
        for one in self._mentions.backwards():
            if (
                one.type is SourceType.DOCUMENT
                and read.type is not SourceType.DOCUMENT
                and one.name is not None
            ):
                if read.head in one.nouns:
                    return self._body_of(one)
                continue
            if one.type is SourceType.PERSON and one.plural is not read.plural:
                continue
            if one.goes_by(read.head) and one.type is read.type and not one.told_apart_from(read):
                return one
            firm = one.name and one.type is SourceType.ORGANISATION and not publishes(one.name)
            if read.is_firm and not read.modifiers and firm:
                return one
            if read.head in _PAPERS and one.head in _PAPERS and one.type is SourceType.DOCUMENT:
                return one
        if read.is_firm:
            named = None if read.modifiers else self._naming.firm(span[0])
            return self._named(named) if named is not None else None
        named = None
        if read.type is SourceType.ORGANISATION and not read.modifiers and not read.possessive:
            named = self._naming.office(read.head, span[0])
        if named is None and not read.plural:
            named = self._naming.in_role(read.head, span[0])
        return self._named(named) if named is not None else None

    def _body_of(self, document: Entity) -> Entity:
        """The issuer of a document, named by the noun that stands there: "a survey by the institute Publimetra"."""
        issuer = replace(document, id=self._next(), type=SourceType.ORGANISATION, nouns=set(document.nouns))
        return self._add(issuer)

    def _named(self, one: Named) -> Entity:
        known = self._by_name(one.name)
        if known is not None:
            return known
        return self._add(entity_of(self._next(), one))

    def _add(self, entity: Entity) -> Entity:
        self._known.append(entity)
        if entity.name is not None:
            words = folded(entity.name)
            for word in {words[0], words[-1], *([""] if len(words) > 2 else [])} if words else ():
                self._by_word.setdefault(word, []).append(entity)
        return entity

    def _new(self, read: Phrase, span: Span) -> Entity:
        if read.name is not None:
            entity = named_entity(self._next(), read, span, self._naming.about(read.name))
            person = entity.type is SourceType.PERSON and not entity.role and not entity.gender
            if person and self._naming.is_made_of_words(read.name):
                entity.type = SourceType.ORGANISATION
            return self._add(entity)
        name = self._fuller(read, span) if read.body_name else None
        return self._add(unnamed_entity(self._next(), read, span, name))

    def _fuller(self, read: Phrase, span: Span) -> str | None:
        """ "the ministry", introduced as "the health ministry" in the article's own words."""
        if not read.definite or read.body_name is None or read.body_name.lower() != read.head:
            return read.body_name
        before = self._text[max(0, span[0] - _INTRODUCED) : span[0]]
        found = re.search(rf"\b[Tt]he ((?:[a-z]+ ){{1,2}}{re.escape(read.head)})\b", before)
        return found[1] if found else read.body_name

    def _next(self) -> str:
        return f"e{len(self._known) + 1}"


_ANSWER = "A"
_RELATIVES = frozenset({"who", "whom", "which", "that"})
_WHO = frozenset({"who", "whom"})
_FACE_TO_FACE = frozenset({"i", "we", "you"})  # mean nobody whom the text has named, but for who is quoted
_OWN = re.compile(
    r"^(?:(?:an? |the )?(?:earlier |previous |original )?version of )?this (?:article|story|report)$",
    re.IGNORECASE,
)
_PAPERS = frozenset(
    {"survey", "poll", "study", "report", "letter", "memo", "filing", "statement", "document"}
)
_SOURCES = frozenset({"source", "sources", "engineer", "person", "official", "informant"})
