"""Page furniture that text extractors keep: buttons, labels, photo credits, newsletter and follow-us lines.

Each pattern must match a whole paragraph, and each paragraph is short: a sentence of the article that contains
such words stays. What they remove is measured on the evaluation set beside the checkout, not guessed.
"""

from __future__ import annotations

import re

from services.cleaner.prose import CAPITAL_NAME, outside_quotes, word_count
from services.cleaner.terms import Terms

_WIDGETS = (
    # onward links
    r"(?:read|see|show|view|load|learn) (?:more|next|also|all|full (?:article|story))(?: here| now)?",
    r"(?:read|see) (?:more|also|next)(?: on this(?: story)?)?:.{0,160}|also read:?.{0,160}|related:.{0,160}",
    r"read (?:our )?full .{0,60}",
    r"(?:more|related) (?:on this(?: story| topic)?|articles?|stories|posts?|content|topics?|news|coverage|reading)",
    r"you (?:may|might) (?:also|be interested in).{0,40}|recommended(?: (?:for you|reading|stories|articles))?",
    r"trending(?: (?:now|news|stories))?|most (?:read|popular|viewed)|latest (?:news|stories)|top stories",
    r"editor'?s? picks?|about the author|via \w+|tags?:.{0,120}|topics?:.{0,120}|filed under:?.{0,80}",
    # buttons
    r"share(?: (?:this|via|on)\b.{0,40})?|tweet|copy link|(?:print|email)(?: this)?(?: article| page)?",
    r"(?:\d+ )?comments?(?: \(\d+\))?|leave a (?:comment|reply)|no comments(?: yet)?|what do you think\?.{0,60}",
    r"(?:view|post|add|show) (?:a )?comments?|(?:\d[\d.,]*k? )?(?:shares?|views?|likes?)",
    r"remind me (?:later|tomorrow|next time|in .{0,20})|not now|no,? thanks|maybe later|close|dismiss|cancel",
    r"got it|ok(?:ay)?|not ready to \w+.{0,30}\?|accept(?: all)?(?: cookies)?|(?:manage|cookie) (?:settings|cookies)",
    r"loading(?:\.\.\.|…)?|play(?: video)?|watch(?: now)?|listen to (?:this )?(?:article|story)",
    r"click here(?: (?:to|for) .{0,80})?|(?:download|get) (?:our|the) .{0,30}\bapp!?",
    # advertisements and jumps
    r"advert(?:isement)?s?|ad|sponsored(?: (?:content|by .{0,40}))?|promoted(?: content)?|(?:paid|partner) content",
    r"(?:article|story) continues (?:below|after).{0,40}|continue reading.{0,40}|back to top",
    r"scroll (?:down )?(?:to|for) .{0,30}|skip (?:to|advert|ad|past).{0,40}|jump to .{0,30}",
    r"(?:table of )?contents|in this (?:article|story|post)|\d+ ?min(?:ute)?s?(?: to)? read",
    r"(?:estimated )?(?:reading|read) time:?.{0,20}",
    # accounts and money
    r"sign (?:in|up)(?: (?:now|here|today|for free))?|log ?in|register(?: now)?|create (?:an )?account",
    r"already (?:a|have) .{0,40}\?.{0,20}|subscribe(?: (?:now|here|today|to our .{0,40}))?",
    r"donate(?: (?:now|here|today))?|join (?:us|now|today)|contribute(?: now)?|pa[iy]e?ments? (?:methods?|options?)",
    r"follow (?:us|me)(?: on .{0,80})?|find us on .{0,60}|stay (?:connected|tuned|up to date)",
    r"your e-?mail(?: address)?|e-?mail address|sign me up|buy (?:us|me) a (?:coffee|beer|tea)",
    r"by (?:signing up|subscribing|registering|continuing|clicking\b.{0,40}?),? you agree\b.{0,160}",
    # the printed page and the post
    r"printer[- ]friendly(?: (?:version|page))?|(?:e-?)?mail this(?: \w+)? to a (?:friend|colleague)",
    # German
    r"(?:lesen sie|lies) (?:auch|dazu|hierzu|mehr)\b.{0,160}|weiterlesen|mehr zum thema\b.{0,60}|anzeige|werbung",
    r"(?:artikel )?teilen|(?:jetzt )?(?:kostenlos )?(?:anmelden|abonnieren|registrieren|spenden)|nein,? danke",
    r"(?:vielleicht |jetzt nicht, )?später(?: erinnern)?|das könnte sie auch interessieren|zum seitenanfang",
    # French
    r"(?:à )?lire (?:aussi|également)\b.{0,160}|publicité|partager(?: (?:l['’]article|sur .{0,20}))?|s['’]abonner",
    r"je m['’]abonne|s['’]inscrire|non,? merci|plus tard|lire la suite|sur le même (?:sujet|thème)",
)
_WIDGET = re.compile(rf"(?:{'|'.join(_WIDGETS)})\W*", re.I)
_WIDGET_WORDS = 30

# An exclamation that asks, as banners do: "Support The Daily Example!"
_BANNER = re.compile(
    r"(?:please )?(?:support|donate to|subscribe to|join|follow|become|help|back) [^.?!]{2,60}!", re.I
)
_BANNER_WORDS = 8

_AGENCIES = (
    "AP(?: Photo)?|AFP|Reuters|REUTERS|TASS|EPA(?:-EFE)?|EFE|dpa|DPA|PA(?: Wire| Media| Images)?|RIA Novosti|Sputnik",
    "Xinhua|Bloomberg|Getty(?: Images)?|Shutterstock|iStock(?:photo)?|Alamy(?: Stock Photo)?|ANSA|Kyodo(?: News)?",
    "NurPhoto|ZUMA(?: Press| Wire)?|UPI|Imago|IMAGO|Anadolu(?: Agency)?|PTI|ANI|Unsplash|Pexels|Pixabay|Flickr",
    "Wikimedia(?: Commons)?|Depositphotos|Adobe Stock|Magnum(?: Photos)?|Rex",
)
_AGENCY = f"(?:{'|'.join(_AGENCIES)})"
_NAME = r"(?:[^\W\d_][\w.'’\-]*+|@\w+|&)"
_SIGNATURE = rf"{CAPITAL_NAME}(?:,? (?:{CAPITAL_NAME}|for|of|the|and|de|van|von|&|[/|])){{0,8}}"
_NAMES = f"{_NAME}(?: {_NAME}){{0,4}}"
# Case counts here: it tells a name from a word. "Jane Doe / AP / TASS", "AP / Jane Doe", "Credit: Jane Doe, AFP"; also
# a paper's own: "Gazette photo / Jane Doe", "Credit: Jane Doe for The Gazette".
_SIGNED_CREDIT = re.compile(
    rf"\W*(?:(?:{_NAMES} ?[/|] ?){{1,3}}{_AGENCY}|{_AGENCY}(?: ?[/|] ?{_NAMES}){{1,3}}"
    rf"|(?i:credit|source|courtesy)s?(?: of)?: ?.{{0,60}}\b{_AGENCY}\b.{{0,20}}"
    rf"|(?i:credits?|crédits?) ?: ?{_SIGNATURE}"
    rf"|(?:{CAPITAL_NAME} ){{1,3}}(?i:photo)s?(?: ?[/|©:] ?| by | courtesy of ){_SIGNATURE})\W*"
)
_PICTURE = (
    r"(?:file )?(?:photo|photograph|image|picture|pic|video|illustration|graphic|screenshot|cover|featured"
    r"|(?:archiv|symbol)?(?:foto|bild)|grafik)s?"
)
_LABELLED_CREDIT = re.compile(
    rf"\W*(?:{_PICTURE}(?: (?:image|photo))?(?: credits?| source| courtesy(?: of)?| by)? ?[:©/|].{{1,100}}"
    rf"|{_PICTURE} (?:by|courtesy(?: of)?|via|from|credit) .{{1,80}})\W*",
    re.I,
)
_CREDIT_WORDS = 18

_INVITING = (
    r"sign up|subscribe|join|follow|download|click|tap|get|receive|like|check out|stay|catch up|keep up",
    r"want (?:more|to)|for more|to (?:get|receive|stay|subscribe|sign up)",
)
_CHANNELS = (
    r"newsletters?|inbox|e-?mails?|mailing list|notifications?|alerts|app|channel|podcast",
    r"telegram|whatsapp|facebook|twitter|instagram|tiktok|linkedin|youtube|bluesky",
)
_INVITATION = re.compile(
    rf"\W*(?:please )?(?:{'|'.join(_INVITING)})\b.*\b(?:{'|'.join(_CHANNELS)})\b.*", re.I | re.S
)
# What a newsletter promises, in the page's own voice: "headlines in your inbox each morning", "delivered on Sundays".
_DAY = r"(?:day|weekday|morning|evening|week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_OFTEN = rf"(?:each|every) {_DAY}|daily|weekly|monthly|free"
PROMISE = Terms.of(
    "your |our |delivered|sent|unser|ihnen|in ihr|votre bo|notre ",
    rf"(?=.*\b(?:{_OFTEN})\b).*\b(?:in|into|to) your (?:inbox|mailbox)\b.*"
    rf"|.*\bour (?:free )?(?:daily|weekly|monthly|{_DAY}) (?:newsletter|e-?mail|briefing|digest)\b.*\byou.*"
    rf"|.*, (?:delivered|sent) (?:every|each) {_DAY}\b.{{0,50}}"
    r"|.*\bunser(?:en?|em)? (?:[\w-]+ )?newsletter\b.*\b(?:sie|ihnen|ihr)\b.*|.*\bihnen\b.*\bins postfach\b.*"
    r"|.*\bin ihr(?:em)? (?:e-?mail-?)?postfach\b.*|.*\bdans votre boîte (?:e-?mail|mail|de réception)\b.*"
    r"|.*\bnotre (?:newsletter|infolettre|lettre d['’]information)\b.*\bvous\b.*",
    flags=re.I | re.S,
)
_PROMISE_WORDS = 30

NOTICE = Terms.of(
    "©|(c)|copyright|all rights reserved|affiliate",
    r"\W*(?:(?:©|\(c\)|copyright\b).{0,160}|.{0,160}\ball rights reserved\b.{0,160}"
    r"|(?:we|this (?:article|post|site|page|story)) (?:also )?(?:may|might|contains?) .{0,40}\baffiliate\b.{0,200})",
)

# Who worked on it, as agencies end their reports. With a verb it is a sentence: "Reporting by the Post showed".
_WORK = r"(?i:(?:additional |with )?(?:reporting|writing|editing|compiled))"
_SIGN_OFF = re.compile(
    rf"\W*{_WORK} by (?:{CAPITAL_NAME}|in|and|for|with|by|de|van|von|of|the|additional|reporting|writing|editing"
    r"|[,;&.]| )+\W*"
)
# No furniture is longer, and no pattern should meet a line of a megabyte.
_MOST_WORDS = 45
_LONGEST = 400  # characters


def is_credit(text: str) -> bool:
    """A photo credit as a paragraph of its own."""
    return len(text) <= _LONGEST and word_count(text) <= _CREDIT_WORDS and _credits(text)


def is_promise(text: str) -> bool:
    """A paragraph that says what one gets with a newsletter."""
    return len(text) <= _LONGEST and word_count(text) <= _PROMISE_WORDS and PROMISE.are(outside_quotes(text))


def is_furniture(text: str) -> bool:
    """A paragraph that belongs to the page, not to the article."""
    if len(text) > _LONGEST:
        return False
    words = word_count(text)
    if words > _MOST_WORDS:
        return False
    own_voice = outside_quotes(text)
    return bool(
        (words <= _WIDGET_WORDS and _is_widget(text))
        or (words <= _BANNER_WORDS and _BANNER.fullmatch(text))
        or (words <= _CREDIT_WORDS and _credits(text))
        or _INVITATION.fullmatch(own_voice)
        or (words <= _PROMISE_WORDS and PROMISE.are(own_voice))
        or NOTICE.are(text)
        or _SIGN_OFF.fullmatch(text)
    )


def _credits(text: str) -> bool:
    return bool(_SIGNED_CREDIT.fullmatch(text) or _LABELLED_CREDIT.fullmatch(text))


def _is_widget(text: str) -> bool:
    """One, or several in a line: "Print | Mail this to a friend"."""
    return all(_WIDGET.fullmatch(part.strip()) for part in text.split(" | "))
