"""The sample news site: three outlets on three loopback hosts, and a record of every request."""

from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from claimstream.sample.exchange import RequestRecord, Responder
from claimstream.sample.host import Host
from claimstream.sample.outlet import load_outlets
from claimstream.sample.shelf import BROKEN_FEED_PATH, fill


class SampleSite:
    """`async with SampleSite() as site:` serves the outlets until the block ends.

    Each outlet is a host of its own: 127.0.0.1, 127.0.0.2 and 127.0.0.3, so that politeness by host and
    politeness by host and port both tell them apart. Where only 127.0.0.1 exists they differ by port.

    `port` is each outlet's port (and the next ones on a shared address); with 0 the system chooses, and
    URLs differ between runs. `copies` is how often each article stands there, each time with another
    numbered town. `delay` is the seconds that every answer waits before its first byte. `address` is one
    that other machines reach, for all outlets (a container's, say).
    """

    def __init__(
        self, *, port: int = 0, copies: int = 1, delay: float = 0.0, address: str | None = None
    ) -> None:
        self.version = 1
        self.base_urls: dict[str, str] = {}
        self.requests: list[RequestRecord] = []
        self._edited_at: datetime | None = None
        self._port = port
        self._address = address
        self._copies = copies
        self._delay = delay
        self._outlets = load_outlets()
        self._hosts: dict[str, Host] = {}

    async def __aenter__(self) -> Self:
        try:
            for number, key in enumerate(self._outlets):
                self._hosts[key] = Host(key, number, self._port, self.requests, self._address)
                self._hosts[key].delay = self._delay
                self.base_urls[key] = self._hosts[key].base_url
            self._publish()
            for host in self._hosts.values():
                await host.start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def feed_urls(self) -> dict[str, str]:
        """The URL of each outlet's feed, and as "broken" that of a feed that is HTML."""
        urls = {key: self.base_urls[key] + outlet.feed_path for key, outlet in self._outlets.items()}
        return {**urls, "broken": self.base_urls["courier"] + BROKEN_FEED_PATH}

    def url(self, outlet: str, path: str) -> str:
        """An absolute URL of the running site."""
        return self.base_urls[outlet] + path

    def paths(self, outlet: str) -> list[str]:
        """The paths of the outlet's pages, without its front page."""
        shelf = self._hosts[outlet].shelf
        no_page = {"/", BROKEN_FEED_PATH}
        return [
            path
            for path, document in shelf.items()
            if "html" in document.content_type and path not in no_page
        ]

    def advance(self) -> None:
        """Go on to the next version: edited articles change, and with them their feed's entry and ETag.

        The edit is of the next whole second (feeds know no finer time), so behind everything read so far.
        """
        self.version += 1
        self._edited_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
        self._publish()

    def add(self, outlet: str, path: str, responder: Responder) -> None:
        """Let a test answer this path itself, also one that the site has (`/robots.txt`).

        The responder writes the whole answer, status line first, as well or as badly as it likes; the
        connection is closed when it returns, and it is cancelled when the client hangs up.
        """
        self._hosts[outlet].routes[path] = responder

    def remove(self, outlet: str, path: str) -> None:
        """Undo `add`: the site answers the path again, with 404 if it has nothing there."""
        del self._hosts[outlet].routes[path]

    def overlaps(self) -> list[tuple[RequestRecord, RequestRecord]]:
        """Pairs of requests to one outlet of which the second began before the first had its answer."""
        pairs: list[tuple[RequestRecord, RequestRecord]] = []
        open_until: dict[str, RequestRecord] = {}
        for record in self.requests:
            last = open_until.get(record.outlet)
            if last is not None and (last.end is None or record.start < last.end):
                pairs.append((last, record))
            if last is None or _later(record.end, last.end):
                open_until[record.outlet] = record
        return pairs

    def _publish(self) -> None:
        for key, host in self._hosts.items():
            host.shelf = fill(self._outlets[key], host.base_url, self.version, self._copies, self._edited_at)

    async def _stop(self) -> None:
        for host in self._hosts.values():
            await host.stop()


def _later(end: float | None, than: float | None) -> bool:
    """Whether the first request ended later; None is one that has not ended."""
    return than is not None and (end is None or end > than)
