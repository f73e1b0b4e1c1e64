"""Sentences of news that nobody wrote: grammatical, each like no other, and the same for the same seed."""

from __future__ import annotations

from random import Random

_WHO = """
    the harbour master|a spokesman for the ministry|the regional court|Councillor Anna Berg|the union of bakers
    the port authority|a report by the auditors|the minister of transport|residents of the upper town|Judge Ilan Moreau
    the company that runs the ferries|a former director|the weather service|the head of the clinic|police in Vereda
    the orchestra's new conductor|two witnesses|the committee on housing|the island's only vet|Mayor Jonas Lind
""".strip().replace("\n", "|")
_DID = """
    said on Tuesday that|has denied that|told the hearing that|expects that|wrote in a letter that|confirmed that
    could not say whether|warned last week that|found in a survey that|announced in the evening that|insisted that
""".strip().replace("\n", "|")
_WHAT = """
    the bridge over the Marn|the old customs house|the night train to Osterby|the reform of the fishing quota
    the contract for the new lighthouse|the roof of the stadium|the price of bread|the winter timetable|the dam
    the archive of the theatre|the vaccination of sheep|the second runway|the budget for schools|the tram depot
    the search for the missing trawler|the vineyard's water rights|the toll on lorries|the library's west wing
""".strip().replace("\n", "|")
_HOW = """
    would be mended before the autumn|had cost twice as much as planned|was never paid for in full|must wait
    would be handed to a foundation|had been sold without a tender|is safe for another decade|was a matter for the court
    had been closed since the storm|would be shared by both districts|had lost a third of its value|will open in stages
""".strip().replace("\n", "|")
_MORE = """
    although the figures for the year are not yet in|after three days of talks behind closed doors
    which most of those present had not expected|and called for an inquiry into the accounts
    while work on the northern shore goes on|as the opposition had demanded in the spring
    despite a petition with several thousand signatures|because the ground below it had begun to move
    and that nobody had asked the people who live there|in the presence of reporters from the mainland
""".strip().replace("\n", "|")


class Prose:
    """Draws from one seed. ``topic``: a word that a headline and its story have in common."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def _pick(self, options: str) -> str:
        return self._random.choice(options.split("|")).strip()

    def sentence(self, about: str = "") -> str:
        what = (
            f"{self._pick(_WHAT)} in {about}" if about and self._random.random() < 0.4 else self._pick(_WHAT)
        )
        number = self._random.randint(11, 9_700)
        more = self._pick(_MORE).replace("several thousand", f"{number:,}")
        text = f"{self._pick(_WHO)} {self._pick(_DID)} {what} {self._pick(_HOW)}, {more}."
        return text[0].upper() + text[1:]

    def paragraph(self, about: str = "") -> str:
        return " ".join(self.sentence(about) for _ in range(self._random.randint(1, 3)))

    def story(self, about: str, paragraphs: int) -> list[str]:
        return [self.paragraph(about) for _ in range(paragraphs)]

    def headline(self, about: str) -> str:
        what = self._pick(_WHAT).removeprefix("the ").capitalize()
        return f"{about}: {what} {self._pick(_HOW)}"

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, high)
