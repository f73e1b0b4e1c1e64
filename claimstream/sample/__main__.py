"""`python -m claimstream.sample`: serve the sample site until Ctrl-C and print the URLs of its feeds."""

import argparse
import asyncio

from claimstream.sample.site import SampleSite
from claimstream.sample.truth import render_truth


async def serve(port: int, copies: int, advance_after: float, address: str | None) -> None:
    """Serve until cancelled. After `advance_after` seconds articles are edited; 0 means never."""
    async with SampleSite(port=port, copies=copies, address=address) as site:
        for name, url in site.feed_urls.items():
            print(f"{name:9} {url}", flush=True)
        if advance_after:
            await asyncio.sleep(advance_after)
            site.advance()
            print(f"now at version {site.version}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m claimstream.sample", description=__doc__)
    parser.add_argument("--host", help="an address of this machine, for all outlets (default: loopback)")
    parser.add_argument("--port", type=int, default=0, help="port of every outlet (default: any free one)")
    parser.add_argument("--copies", type=int, default=1, help="how often each article stands there")
    parser.add_argument("--advance-after", type=float, default=0.0, help="seconds until articles are edited")
    parser.add_argument(
        "--truth", action="store_true", help="print the truth that the articles' marks say, and stop"
    )
    options = parser.parse_args()
    if options.truth:
        print(render_truth(), end="")
        return
    try:
        asyncio.run(serve(options.port, options.copies, options.advance_after, options.host))
    except KeyboardInterrupt:
        pass  # Ctrl-C is how it is meant to end


if __name__ == "__main__":
    main()
