"""``claimstream submit URL…``: publish URLs to `urls`, as an upstream feed does."""

from __future__ import annotations

import argparse
import asyncio

from claimstream import kafka
from claimstream.words import accepted, here, utf8
from shared import tracing
from shared.clock import SystemClock, iso
from shared.contracts import codec, ids, registry
from shared.contracts.events import UrlSubmitted
from shared.contracts.topics import URLS, URLS_BULK
from shared.errors import UsageError
from shared.tracing.traceparent import SpanId, drawn


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "urls", metavar="URL", nargs="+", help="http and https; any spelling of a URL is the same URL"
    )
    parser.add_argument("--ref", help="an id of your own; comes back in the outcome")
    parser.add_argument(
        "--force", action="store_true", help="fetch again, even if it was fetched within the last hour"
    )
    parser.add_argument("--bulk", action="store_true", help="to urls.bulk: waits behind what is urgent")
    parser.add_argument("--priority", type=int, default=0, help="-100 to 100 (default: 0)")
    parser.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="goes with the page into its claims",
    )
    parser.add_argument(
        "--trace", action="store_true", help="have every service record a span for it; prints the trace's id"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    now = iso(SystemClock().now())
    labels = dict(_label(utf8("--label", text)) for text in options.label)
    if options.ref is not None:
        utf8("--ref", options.ref)
    if not -100 <= options.priority <= 100:
        raise UsageError(f"--priority {options.priority}", hint="A priority is from -100 to 100.")
    records = []
    traces: dict[str, SpanId] = {}
    for url in options.urls:
        accepted(url)  # an unacceptable one is refused here, before anything is sent
        submitted = UrlSubmitted(
            url=url, ref=options.ref, force=options.force, priority=options.priority, labels=labels
        )
        if options.trace:
            traces[url] = drawn()
        records.append(
            codec.urls(
                submitted,
                id=ids.event_id("submit", url, options.ref, now),
                source=registry.source_of("cli"),
                time=now,
                topic=URLS_BULK if options.bulk else URLS,
                traceparent=traces[url].traceparent if options.trace else None,
            )
        )

    broker = kafka.from_environment()

    async def send() -> None:
        sender = broker.sender()
        try:
            await sender.send(records)
        finally:
            await sender.close()

    tracing.configure(broker.common.trace_endpoint if options.trace else "")
    try:
        began = tracing.began()
        asyncio.run(send())
        for url, span in traces.items():
            if tracing.recorder is not None:
                tracing.recorder.record("submit.urls", None, began, {"url.full": url}, itself=span)
    finally:
        tracing.close()
    for url in options.urls:
        print(f"submitted {url}" + (f", trace {traces[url].trace_id}" if options.trace else ""))
    print(f"next: {here()} fate URL, or {here()} tail outcomes --since 5m")
    return 0


def _label(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"--label {text}", hint="A label is NAME=VALUE.")
    return name, value
