"""A news site of three fictional outlets on loopback: what the demo ingests and what tests crawl.

Text, people, places and companies are invented. The pages are built the way real ones are, with
navigation, cookie banners, appeals and payment widgets in the middle of the text, so that a cleaner
has something to remove, and `truth.json` says what must be left and who is quoted in it.
"""

from claimstream.sample.exchange import Request, RequestRecord, Responder, respond
from claimstream.sample.site import SampleSite
from claimstream.sample.truth import ArticleTruth, Part, Quotation, load_truth

__all__ = [
    "ArticleTruth",
    "Part",
    "Quotation",
    "Request",
    "RequestRecord",
    "Responder",
    "SampleSite",
    "load_truth",
    "respond",
]
