"""The text that a claim's spans slice. A headline's claim carries it; an article's text is asked of the API."""

import json
import os
from typing import Any
from urllib.request import Request, urlopen

from spans import slices

API = os.environ.get("CLAIMSTREAM_API")  # http://127.0.0.1:8000; without it, no article's text
TOKEN = os.environ.get("CLAIMSTREAM_API_TOKEN")


def slices_of(claim: dict[str, Any]) -> list[str] | None:
    """What the claim's content is in its article, cut out anew. None: there is no text to cut it out of."""
    text = text_of(claim)
    return None if text is None else slices(text, claim["content"]["spans"])


def text_of(claim: dict[str, Any]) -> str | None:
    """None: not to be had here, or spans into something that a later release added, which nobody slices."""
    where, article = claim["content"].get("in", "text"), claim["article"]
    if where == "title":
        return article["title"]
    if where != "text" or API is None:
        return None
    address = f"{API}/v1/articles/{article['id']}/versions/{article['version']}"
    headers = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
    with urlopen(Request(address, headers=headers), timeout=30) as answer:
        return json.load(answer)["text"]
