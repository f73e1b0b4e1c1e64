"""`make chaos MINUTES=60 SEED=7`: walks over all fail points and storms of random faults, in turn, from one seed.

Every round has a seed of its own (the first one's is the run's, then one more each time) and a world of its own. What
failed is told with its seed and the folder of its logs; `--only storm` or `--only walk` with that seed does it again.
`--only away` takes database and broker away, each for `--away` minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from claimstream.sample import SampleSite
from tests.chaos.away import away
from tests.chaos.press import Press
from tests.chaos.process_world import SESSION_MS, ProcessWorld
from tests.chaos.servers import Servers
from tests.chaos.storm import Storm
from tests.chaos.walk import walk

SIZE = 9
WALKS = 20  # then each point was killed at with twenty seeds, and the rest of the time belongs to storms
STORM_SECONDS = 75.0
MIXED = ("walk", "storm")
KINDS = (*MIXED, "away")  # which takes more than twenty minutes of waiting: when it is asked for
AWAY_MINUTES = 10.0  # what is promised: docs/chaos.md


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed when it is not given")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--away", type=float, default=AWAY_MINUTES, metavar="MINUTES")
    options = parser.parse_args(argv)
    # Our own client looks for the broker that is away, ten times a second: that it is away is what we did.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    kinds = (options.only,) if options.only else MIXED
    return asyncio.run(_run(options.minutes, seed, kinds, away_minutes=options.away))


async def _run(minutes: float, seed: int, kinds: Sequence[str], *, away_minutes: float) -> int:
    print(f"chaos for {minutes:g} minutes, seed {seed}", flush=True)
    logs = Path(tempfile.mkdtemp(prefix="claimstream-chaos-"))
    done: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    failed: list[str] = []
    with Servers() as servers:
        began = time.monotonic()
        for limit in servers.limits:
            print(f"could not do: {limit}", flush=True)
        while not done or time.monotonic() - began < minutes * 60:
            kind = kinds[done.total() % len(kinds)]
            if kind == "walk" and done["walk"] >= WALKS and len(kinds) > 1:
                kind = "storm"
            name = f"{kind} with seed {seed}"
            print(f"{name}:", flush=True)
            started = time.monotonic()
            try:
                folder = logs / name.replace(" ", "-")
                counts = await _round(kind, seed, servers, folder, away_seconds=away_minutes * 60)
            except Exception:
                failed.append(name)
                print(f"{name} FAILED after {time.monotonic() - started:.0f} s; logs in {logs}")
                traceback.print_exc()
                await servers.heal()
            else:
                totals += counts
                said = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
                print(f"{name}: all holds after {time.monotonic() - started:.0f} s: {said}", flush=True)
            done[kind] += 1
            seed += 1
    print(f"{(time.monotonic() - began) / 60:.1f} minutes, {dict(done)}, in all {dict(totals)}")
    print(f"failed: {', '.join(failed)}" if failed else "nothing failed")
    return 1 if failed else 0


async def _round(
    kind: str, seed: int, servers: Servers, folder: Path, *, away_seconds: float
) -> Counter[str]:
    folder.mkdir(parents=True)
    async with SampleSite() as site:
        press = Press(site, SIZE)
        prefix = f"c{seed}{kind}"
        world = ProcessWorld(
            servers.kafka,
            servers.postgres,
            prefix,
            site,
            folder,
            wired=kind == "storm",
            session_ms=None if kind == "away" else SESSION_MS,
        )
        async with world:
            if kind == "walk":
                counts = await walk(world, press, site, seed=seed, say=_say)
            elif kind == "away":
                counts = await away(
                    world, press, site, servers.kafka, servers.postgres, seconds=away_seconds, say=_say
                )
            else:
                storm = Storm(world, press, site, servers, seed=seed)
                counts = await storm.run(STORM_SECONDS) + storm.ended
            for complaint, count in sorted(world.complaints().items()):
                print(f"  logged {count} times: {complaint}")
    return counts


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
