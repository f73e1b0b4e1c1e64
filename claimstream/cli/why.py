"""``claimstream why CLAIM``: the chain from a claim's words to the bytes that were fetched, verified on the way."""

from __future__ import annotations

import argparse
import asyncio
import json

from claimstream import databases
from claimstream.claim_lines import claim_line
from services.store.why import Provenance, provenance
from shared.database import open_database


def register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("claim", metavar="CLAIM", help="its id, or the first characters of it")
    parser.add_argument("--json", action="store_true", help="the claim, its page and every check as JSON")
    databases.add_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    return asyncio.run(_why(options))


async def _why(options: argparse.Namespace) -> int:
    engine = open_database(databases.chosen(options).store)
    try:
        found = await provenance(engine, options.claim)
    finally:
        await engine.dispose()
    print(_as_json(found) if options.json else _as_text(found))
    return 0 if found.verified else 1


def _as_json(found: Provenance) -> str:
    return json.dumps(
        {
            "verified": found.verified,
            "checks": [{"name": c.name, "ok": c.ok, "what": c.what, "shown": c.shown} for c in found.checks],
            "claim": found.claim.model_dump(mode="json"),
            "page": None if found.page is None else found.page.model_dump(mode="json", exclude={"text"}),
        },
        ensure_ascii=False,
        indent=2,
    )


def _as_text(found: Provenance) -> str:
    claim, article, by = found.claim, found.claim.article, found.claim.extractor
    lines = [
        claim_line(claim),
        "",
        f"  in the text   …{found.before}⟦{found.words}⟧{found.after}…".replace("\n", " "),
        f"  article       {article.title or '(no title)'}",
        f"                {article.url}",
        f"  version       {article.version}",
        f"  page          SHA-256 {article.page_sha256}",
        f"  fetched       {article.observed_at}",
    ]
    if found.page is not None and found.page.final_url != article.url:
        lines.append(f"                from {found.page.final_url}")
    lines.append(f"  extractor     {by.name} {by.version} (sequence {by.sequence}), model {by.model}")
    lines += [
        f"  revision {revision.revision:<4} {revision.change.value}, {revision.cause.value}, {revision.changed_at}"
        for revision in found.revisions
    ]
    lines.append("")
    for check in found.checks:
        lines.append(f"  {'ok    ' if check.ok else 'FAILED'}  {check.name:10} {check.what}")
        if not check.ok:
            lines.append(f"                     found: {check.shown}")
    lines.append("")
    lines.append(
        "verified" if found.verified else "NOT VERIFIED: the store does not hold what this claim says"
    )
    return "\n".join(lines)
