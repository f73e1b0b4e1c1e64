"""Made-up sites: templates times articles, with what makes boilerplate hard to tell from news.

Each site has appeals and notes in words of its own, some with names and numbers filled in, some on a part of the pages
only; they drift (another wording from page 16 on) and are redesigned (all new from page 31 on). Its articles are
stories, follow-ups that share a paragraph of background, agency copies under several addresses, updates of an earlier
page, and the pages of a live blog, each of which has posts of the page before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from quality.memory.prose import Prose

PAGES = 50
_DRIFT, _REDESIGN = 16, 31
_ROTATING = 0.25  # of the pages have the second appeal instead
_PLACES = (
    *("Vereda", "Osterby", "Marnfeld", "Solberg", "Kestrel", "Auburn"),
    *("Tarn", "Luscombe", "Ostrow", "Pinefold", "Quarrow", "Halden"),
)
_REPORTERS = ("Mara Holm", "Li Wei", "Jo Petrov", "Ada Quist", "Tom Okafor", "Ines Varga")

# {paper}: the site's name; {who}, {n}: what a template fills in. None of these has a word that the cleaner's own rules
# for appeals look for.
_APPEALS = (
    "Ink, coal and bread are paid for by neighbours. If the {paper} is on your table, put a coin into our tin at the"
    " door, and we will go on knocking at doors that others leave shut.",
    "You have now read {n} of our pages this winter. Nobody stands behind the {paper} but the people of these valleys,"
    " so let us know at the counter that you want it to go on.",
    "We print what we find out, and we find out what you tell us. Keep our lamp burning: a few pence a week from you"
    " are worth more to the {paper} than any patron.",
    "Our presses are older than our editors, and both of them need oil. Lend the {paper} a hand, as your grandparents"
    " did, and your name will stand on our wall.",
    "Without you there would be no {paper} at breakfast. We ask nobody else, and we ask only once in a while.",
    "The {paper} owns one bicycle, two cameras and the trust of its readers; it is yours as much as ours, so look after"
    " it when you can.",
)
_NOTES = (
    "Do you know more about this than we do? {who} is on telephone {n} and will call you back before noon.",
    "{who} writes for our desk on the coast. You will find {who} in our office on market days.",
)
_ABOUT = (
    "The {paper} was founded by typesetters in the year of the great flood and has come out on every working day since,"
    " from the same house in Rope Street.",
    "The {paper} is a venture of the Kestrel Foundation, which also runs the museum of navigation and a school for"
    " seamstresses in the lower town.",
)
_MENU = (
    "Town and country news",
    "Weather for the next days",
    "Births, weddings and deaths",
    "From the archive",
)


@dataclass(frozen=True, slots=True)
class Page:
    """``article``: the paragraphs that are the article's; ``html`` and ``text``: the page, with its boilerplate."""

    url: str
    title: str
    article: tuple[str, ...]
    html: str
    text: str


def pages(site: int) -> list[Page]:
    """The first :data:`PAGES` pages of a site, in the order in which they are seen."""
    prose = Prose(f"site {site}")
    paper = f"{_PLACES[site % len(_PLACES)]} {('Post', 'Lantern', 'Gazette')[site % 3]}"
    host = f"{paper.lower().replace(' ', '-')}.example"
    found = []
    for number, (path, title, article) in enumerate(_articles(prose), 1):
        furniture = _furniture(prose, site, number, paper)
        found.append(_page(f"https://{host}/{path}", title, article, furniture, number >= _REDESIGN))
    return found


def _articles(prose: Prose) -> Iterator[tuple[str, str, list[str]]]:
    """Path, headline and paragraphs. Of ten pages five are stories; the others are of the kinds that repeat."""
    series = prose.paragraph("Quarrow")
    wire = prose.story("Halden", 7)
    posts = [prose.paragraph("Tarn") for _ in range(60)]
    last: tuple[str, str, list[str]] = ("", "", [])
    for number in range(1, PAGES + 1):
        place = _PLACES[(number * 7) % len(_PLACES)]
        path, title = f"{number}", prose.headline(place)
        match number % 10:
            case 4 | 8:
                story = prose.story("Quarrow", prose.between(4, 9))
                title = f"Quarrow quarry: {prose.headline(place)}"
                yield path, title, [*story, series]
            case 6:
                if number % 20 == 6:
                    wire = prose.story("Halden", 7)
                yield f"region-{number}/wire", title, wire
            case 7:
                path, title, story = last
                yield path, title, [*story, prose.paragraph(place)]
            case 9:
                start = number // 10 * 5
                yield f"live-{number}", "Storm over the Tarn: what we know", posts[start : start + 14]
            case _:
                last = (path, title, prose.story(place, prose.between(3, 14)))
                yield last


def _furniture(prose: Prose, site: int, number: int, paper: str) -> list[str]:
    """What the template puts behind or into the article on this page."""
    wave = (number >= _DRIFT) + (number >= _REDESIGN)
    filled = {
        "paper": paper,
        "who": _REPORTERS[prose.between(0, len(_REPORTERS) - 1)],
        "n": prose.between(3, 900),
    }
    found = [_APPEALS[(site + 2 * wave + prose.chance(_ROTATING)) % len(_APPEALS)].format(**filled)]
    if prose.chance(0.7):
        found.append(_NOTES[(site + wave) % len(_NOTES)].format(**filled))
    if prose.chance(0.8):
        found.append(_ABOUT[(site + wave // 2) % len(_ABOUT)].format(**filled))
    return found


def _page(url: str, title: str, article: Sequence[str], furniture: Sequence[str], redesigned: bool) -> Page:
    middle = len(article) // 2 if redesigned else len(article)
    body = [*article[:middle], *furniture[:1], *article[middle:], *furniture[1:]]
    inner = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in body)
    menu = "".join(f'<li><a href="/{i}">{escape(item)}</a></li>' for i, item in enumerate(_MENU))
    main = f'<main class="story">{inner}</main>' if redesigned else f'<div id="article">{inner}</div>'
    html = (
        f'<html lang="en"><head><title>{escape(title)}</title><meta property="og:type" content="article"></head>'
        f"<body><nav><ul>{menu}</ul></nav><h1>{escape(title)}</h1>{main}<footer><p>Printed in the valleys</p></footer>"
        f"</body></html>"
    )
    return Page(url, title, tuple(article), html, "\n".join([title, *body]))
