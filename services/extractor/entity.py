"""A source of an article, whoever names it in whichever way."""

from dataclasses import dataclass, field

from services.extractor.names import Named
from services.extractor.phrases import Phrase
from services.extractor.tagged import Spans
from shared.contracts.enums import SourceType
from shared.contracts.parts import Span


@dataclass(slots=True)
class Entity:
    """A source of the article. `text` and `spans`: the phrase that introduced it. `name` is None for one that is not
    named, then `anonymous` says whether that is anonymity or only an office ("the mayor")."""

    id: str
    text: str
    spans: Spans
    name: str | None
    role: str | None
    type: SourceType
    anonymous: bool
    closeness: str | None
    head: str
    gender: str | None = None
    plural: bool = False
    outlet: bool = False
    relayed_by: "Entity | None" = None
    nouns: set[str] = field(default_factory=set)  # by which common nouns it goes: "company", "ministry"

    @property
    def is_single_body(self) -> bool:
        """What "it" can mean."""
        return self.type is not SourceType.PERSON and not self.plural

    @property
    def is_several(self) -> bool:
        """What "they" can mean."""
        return self.plural or self.type is SourceType.ORGANISATION

    def goes_by(self, head: str) -> bool:
        """Whether a common noun can mean it: "the ambassador", "the utility"."""
        if head in {self.head, self.head.removesuffix("s")} or head in self.nouns:
            return True
        return self.role is not None and self.role.split()[-1] == head

    def told_apart_from(self, read: Phrase) -> bool:
        """ "the control group" and "the test group": both unnamed, each with what tells it from the other."""
        name, other = self.name or "", read.body_name or ""
        return " " in name and " " in other and name.islower() and other.islower() and name != other


def entity_of(id_: str, one: Named) -> Entity:
    """Of a name that the text has, where a phrase means its bearer by another word."""
    return Entity(
        id=id_,
        text=one.name,
        spans=((one.start, one.end),),
        name=one.name,
        role=one.role,
        type=one.kind or (SourceType.PERSON if " " in one.name else SourceType.ORGANISATION),
        anonymous=False,
        closeness=None,
        head=(one.role or one.name).split()[-1].lower(),
        gender=one.gender,
    )


def named_entity(id_: str, read: Phrase, span: Span, about: Named | None) -> Entity:
    """Of a phrase with a name; `about`: what the article's other mentions of the name say."""
    kind = _kind(read, about)
    role = read.role or (about.role if about is not None else None)
    return Entity(
        id=id_,
        text=read.text,
        spans=(span,),
        name=about.name if about is not None else read.name,
        role=role if kind is SourceType.PERSON else None,
        type=kind,
        anonymous=False,
        closeness=None,
        head=read.head,
        gender=read.gender or (about.gender if about is not None else None),
        nouns=set(read.nouns),
    )


def unnamed_entity(id_: str, read: Phrase, span: Span, name: str | None) -> Entity:
    """Of a phrase without one; `name`: what a body is called all the same."""
    return Entity(
        id=id_,
        text=read.text,
        spans=(span,),
        name=name,
        role=read.role if read.type is SourceType.PERSON else None,
        type=read.type,
        anonymous=read.anonymous,
        closeness=read.close,
        head=read.head,
        gender=read.gender,
        plural=read.plural,
        nouns=set(read.nouns),
    )


def _kind(read: Phrase, about: Named | None) -> SourceType:
    """The phrase knows a title or a body best; a bare name is what it is elsewhere."""
    if read.type is SourceType.DOCUMENT:
        return read.type
    if about is not None and about.kind is not None:
        return about.kind
    if about is not None and about.gender is not None:
        return SourceType.PERSON
    if about is not None and " " in about.name and read.head == about.last.casefold():
        return read.type if read.type is not SourceType.ORGANISATION or read.nouns else SourceType.PERSON
    return read.type
