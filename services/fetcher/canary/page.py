"""The canary's page: an article as a news site would serve it, made here, so that no host is asked. Pure."""

from __future__ import annotations

import hashlib
from string import Template

from shared.contracts.canary import canary_url
from shared.contracts.events import PageFetched
from shared.contracts.ids import url_id
from shared.contracts.page import compress_page

# The run's id stands in the text: so each run is a version of its own, as a new article is.
_PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The canary of $at</title>
<meta property="og:type" content="article"></head><body><article>
<h1>The canary of $at</h1>
<p>This article is synthetic. It was written by the pipeline that reads it, to see whether an article still comes
through, and nobody receives what it claims.</p>
<p>“Everything that goes in comes out at the other end,” said Anna Berg, the keeper of the lighthouse, when the run
$run began on its way through the harbour office this morning.</p>
<p>The keeper of the pier, Jonas Lind, denied that anything had been lost on the way. “Every ship that left the
harbour was counted twice,” Lind said, and he pointed to the book in which the arrivals are written down.</p>
<p>The ferry between the two islands runs every minute of the day, in summer as in winter, and it has done so ever
since the harbour office began to wonder whether anybody would notice if one of its boats did not return.</p>
</article></body></html>
""")


def canary_page(visit_id: str, slot: int, at: str) -> tuple[PageFetched, bytes]:
    """The page of one run and its compressed bytes; the same for the same run. ``at``: RFC 3339, when it was due."""
    body = _PAGE.substitute(at=at, run=visit_id).encode()
    url = canary_url(slot)
    page = PageFetched(
        visit_id=visit_id,
        url_id=url_id(url),
        url=url,
        final_url=url,
        status=200,
        observed_at=at,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        content_type="text/html; charset=utf-8",
    )
    return page, compress_page(body)
