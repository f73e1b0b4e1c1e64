"""Every reason for which a page gives no article. The codes appear in fates, outcomes and metrics.

    Rejected
    ├── EmptyPage        there is nothing in it
    ├── NotText          an image, a PDF, an archive, a program
    ├── NotAnArticle     text, but no article, and none of those below: a feed, JSON, a notice of two lines
    │   ├── IndexPage    a home page, a section, a list of links
    │   ├── LoginPage    a form for name and password
    │   ├── ErrorPage    the site says that the page is not there, or that it failed
    │   ├── VideoPage    a video with its description
    │   ├── ConsentWall  a question about cookies in the article's place
    │   └── BotWall      a test whether a person asks, in the article's place
    ├── TextTooLarge     more text than an article has and than the topic takes
    └── Unparsable       the HTML parser gave up on it

They are raised inside the cleaner only; its boundary turns them into a ``Rejection`` value.
"""

from __future__ import annotations

from services.cleaner.article import Rejection


class Rejected(Exception):
    """Base of the reasons; ``hint`` may be given for one instance."""

    code = "rejected"
    hint = ""

    def __init__(self, hint: str | None = None) -> None:
        super().__init__(hint or self.hint)
        if hint is not None:
            self.hint = hint

    def as_rejection(self) -> Rejection:
        return Rejection(self.code, self.hint)


class EmptyPage(Rejected):
    code = "empty-page"
    hint = (
        "The page has no content. If a browser shows some, it is written by a script, which is not run here."
    )


class NotText(Rejected):
    code = "not-text"
    hint = "The page is no text. Only HTML and plain text are read."


class NotAnArticle(Rejected):
    code = "not-an-article"
    hint = "The page holds no article text. Submit the article's own URL, not a list, a login or a search."


class IndexPage(NotAnArticle):
    code = "index-page"
    hint = "It is a list of links or labels. Submit the articles' own URLs, or the site's feed."


class LoginPage(NotAnArticle):
    code = "login-page"
    hint = "It is a login page. Only what is readable without an account is read."


class ErrorPage(NotAnArticle):
    code = "error-page"
    hint = "The site answers with an error page under this URL. Look at it in a browser, and submit it again later."


class VideoPage(NotAnArticle):
    code = "video-page"
    hint = "It is a video with its description. Submit the article that goes with it, if there is one."


class ConsentWall(NotAnArticle):
    code = "consent-wall"
    hint = "The site asks for consent to cookies before it shows the article, and none is given here."


class BotWall(NotAnArticle):
    code = "bot-wall"
    hint = "The site wants to see a browser with a person before it. Ask it for access, or for a feed with full text."


class TextTooLarge(Rejected):
    code = "text-too-large"
    hint = "The page holds more text than an article has. Split it, or submit its parts."


class Unparsable(Rejected):
    code = "unparsable"
    hint = "The page's HTML is so broken that the parser gave up. Try another copy of the article."
