"""HTTP as a guest: one hop at a time, to checked addresses, with a bound on everything.

async with Fetcher(contact="crawl@news.example") as fetcher:
    outcome = await fetcher.get(FetchRequest("https://news.example/a"))
"""

from services.fetcher.http.agent import PRODUCT, user_agent
from services.fetcher.http.fetcher import Fetcher, FetchRequest
from services.fetcher.http.limits import FetchLimits, Kind
from services.fetcher.http.network import NetworkProbe, WitnessProbe
from services.fetcher.http.outcomes import (
    HINTS,
    Code,
    FetchOutcome,
    HttpError,
    NotModified,
    Page,
    Redirect,
    Refused,
    Unreachable,
)
from services.fetcher.http.resolver import NameNotFound, NameServerSilent, Resolver, SystemResolver

__all__ = [
    "HINTS",
    "PRODUCT",
    "Code",
    "FetchLimits",
    "FetchOutcome",
    "FetchRequest",
    "Fetcher",
    "HttpError",
    "Kind",
    "NameNotFound",
    "NameServerSilent",
    "NetworkProbe",
    "NotModified",
    "Page",
    "Redirect",
    "Refused",
    "Resolver",
    "SystemResolver",
    "Unreachable",
    "WitnessProbe",
    "user_agent",
]
