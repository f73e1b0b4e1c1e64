"""What a site shows in an article's place: a test for persons, a question about cookies, an error, a login.

Each is known by what it says, and only where little else is said: an article about captchas has more to tell than a
page that is one. The words are those of the sites' own templates and of the products that make such pages for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.cleaner.prose import outside_quotes, word_count
from services.cleaner.rejections import BotWall, ConsentWall, ErrorPage, LoginPage, NotAnArticle

_WALL_WORDS = 200  # the longest of these pages have about a hundred
_ERROR_WORDS = 150
_LOGIN_WORDS = 150
_LOGIN_WORDS_UNNAMED = 60  # of a page that only its title calls a login
_CONSENT_WORDS = 900  # some list every purpose
_CONSENT_GROUPS = 4
_CONSENT_SHARE = 0.6
_CONSENT_SHARE_OF_ARTICLE = 0.9  # where the page says that it is an article: nothing else is there

_BOT_TITLE = re.compile(
    r"just a moment\b.{0,3}|attention required!?.*|access (?:to this page has been )?denied"
    r"|security (?:check|challenge)"
    r"|(?:please )?(?:verify|confirm) (?:that )?you are (?:a )?human.*|are you a (?:human|robot)\??|robot check"
    r"|(?:human|bot) verification|pardon our interruption.*|ddos-guard|one moment,? please.*|checking your browser.*"
    r"|validate(?:.user)?|captcha|you have been blocked|bot detection",
    re.I,
)
_BOT_SAYS = re.compile(
    r"checking (?:if the site connection is secure|your browser before)|enable javascript and cookies to continue"
    r"|(?:verify|verifying|confirm|make sure|check) (?:that )?you(?: are|'re|’re) (?:a |not a )?(?:human|robot|bot)"
    r"|unusual (?:traffic|activity) (?:from|on|in) your|complete the (?:captcha|security check)|press (?:&|and) hold"
    r"|incapsula incident|performance & security by cloudflare"
    r"|your (?:browser|request|ip)[\w ]{0,30} (?:was|has been) blocked"
    r"|automated (?:access|queries|requests|tools?)|you don't have permission to access|reference #\d+\.[0-9a-f]"
    r"|something about your browser made us think you (?:were|are|might be) a bot|you have been blocked",
    re.I,
)
_ERROR_TITLE = re.compile(
    r"\W*(?:(?:error|http|code)\W*[45]\d\d\b.{0,60}|(?:oops|uh-oh|whoops)\b.{0,30}"
    r"|(?:404|410|403|500|502|503|504)\W*(?:(?:error|(?:page )?not found|forbidden|gone|bad gateway|service unavailable"
    r"|internal server error|gateway time-?out)\b.{0,60})?"
    r"|.{0,40}\b(?:page|article|story|content|file|url)(?: was| is|’s|'s)? (?:not|no longer) "
    r"(?:found|available|here|exist\w*).{0,40}"
    r"|.{0,30}(?:not found|page (?:does not|doesn’t|doesn't) exist|something went wrong|page unavailable).{0,30}"
    r"|(?:internal )?server error|service (?:temporarily )?unavailable|bad gateway|gateway time-?out|forbidden"
    r"|(?:seite|artikel) nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina niet gevonden"
    r"|pagina non trovata|página não encontrada)\W*",
    re.I,
)
_LOGIN_TITLE = re.compile(
    r"\W*(?:(?:please )?(?:log|sign) ?in(?: to .{1,60})?|login|member login|anmelden|einloggen|connexion|se connecter"
    r"|iniciar sesión|inloggen|accedi|entrar)(?:\W.*)?",
    re.I,
)
_LOGIN_SAYS = re.compile(
    r"\b(?:pass ?words?|log ?in|sign ?in|log ?on|accounts?|register|subscri\w+|passwort|anmeld\w+|mot de passe"
    r"|connexion|contraseña|cuenta|senha|wachtwoord)\b",
    re.I,
)
# Each is one thing that such a question says; English, German, French, Spanish, Dutch and Italian.
_CONSENT = tuple(
    re.compile(words, re.I)
    for words in (
        r"\bcookies?\b|\btraceurs\b",
        r"\bpartners?\b|\bthird[- ]part(?:y|ies)\b|\bvendors?\b|\bpartnern?\b|\bpartenaires\b"
        r"|\bsocios\b|\bderden\b|\bterzi\b",
        r"\bconsent\w*|\beinwillig\w*|\bzustimm\w*|\bconsent[ei]ment\w*|\bconsentimiento\b|\btoestemming\b|\bconsenso\b",
        r"\b(?:accept|agree|reject|manage|alle? akzeptieren|ablehnen|accepter|refuser|aceptar"
        r"|rechazar|accepteren|accetta\w*)\b",
        r"\bpersonal data\b|\bpersonenbezogen\w*|\bdonn[ée]es personnelles\b|\bdatos personales\b|\bpersoonsgegevens\b"
        r"|\blegitimate interest\b|\bberechtigte\w* interesse\w*|\bdati personali\b",
        r"\bprivacy\b|\bdatenschutz\w*|\bvie privée\b|\bprivacidad\b|\bconfidentialité\b",
        r"\bpersonali[sz]\w+|\badvertising\b|\bwerbung\b|\bpublicit\w+|\badvertenties\b|\bpubblicit\w+",
        r"\bbefore you continue\b|\b(?:settings|preferences|choices)\b|\beinstellungen\b|\bpréférences\b"
        r"|\binstellingen\b",
    )
)
_NAMES_THEM = ("cookie", "Cookie", "COOKIE", "traceurs", "Traceurs")  # most pages end here
# It speaks to its reader; news about such questions speaks of others.
_ADDRESSES = re.compile(
    r"\b(?:we|us|our|you|your|wir|uns|unser\w*|sie|ihr\w*|nous|nos|vous|votre|vos|nosotros|nuestr\w+|usted|tu|wij|onze?|je"
    r"|u|uw|noi|nostri|tuo)\b",
    re.I,
)


def wall_of(
    titles: Sequence[str], paragraphs: Sequence[str], words: int, *, says_article: bool, password_fields: int
) -> type[NotAnArticle] | None:
    """What stands in an article's place, or None. ``titles``: the page's title and first heading; ``paragraphs``: what
    was taken for the article, or all of a page in which none was found; ``words``: how many that are."""
    if _is_consent(paragraphs, words, says_article=says_article):
        return ConsentWall
    if says_article:
        return None
    if words < _WALL_WORDS and (
        any(map(_BOT_TITLE.fullmatch, titles)) or any(map(_BOT_SAYS.search, paragraphs))
    ):
        return BotWall
    if words < _ERROR_WORDS and any(map(_ERROR_TITLE.fullmatch, [*titles, *paragraphs[:1]])):
        return ErrorPage
    most = _LOGIN_WORDS if password_fields else _LOGIN_WORDS_UNNAMED
    if words < most and any(map(_LOGIN_TITLE.fullmatch, titles)):
        return LoginPage
    # A form for readers stands in the head of many a page; this text speaks of it.
    if password_fields and words < _LOGIN_WORDS and any(map(_LOGIN_SAYS.search, paragraphs)):
        return LoginPage
    return None


def _is_consent(paragraphs: Sequence[str], words: int, *, says_article: bool) -> bool:
    if not 0 < words < _CONSENT_WORDS or not any(
        name in paragraph for paragraph in paragraphs for name in _NAMES_THEM
    ):
        return False
    said: set[int] = set()
    asking = 0
    for paragraph in paragraphs:
        own = outside_quotes(paragraph)
        groups = {i for i, group in enumerate(_CONSENT) if group.search(own)}
        said |= groups
        if groups and _ADDRESSES.search(own):
            asking += word_count(paragraph)
    share = _CONSENT_SHARE_OF_ARTICLE if says_article else _CONSENT_SHARE
    return len(said) >= _CONSENT_GROUPS and asking >= share * words
