"""Which outcome an exception of the transport is."""

from __future__ import annotations

import ssl

import httpx

from services.fetcher.http.faults import AddressClosed, ConnectFailed, NameSilent, NameUnknown
from services.fetcher.http.outcomes import Code, Refused, Unreachable


def diagnose(url: str, failure: BaseException, *, in_body: bool) -> Refused | Unreachable:
    """The outcome for ``failure``; ``in_body`` if the headers had come by then.

    httpcore clears the cause of what passes its pool, so the context is searched as well.
    """
    chain = _chain(failure)
    detail = str(failure)
    for link in chain:
        match link:
            case AddressClosed():
                return Refused(url, Code.ADDRESS_BLOCKED, detail)
            case NameUnknown():
                # A typing mistake stays one; a name that was registered this morning has its next visit.
                return Unreachable(url, Code.NAME_UNKNOWN, detail, retryable=False)
            case NameSilent(ours=ours):
                return Unreachable(url, Code.NETWORK_AWAY if ours else Code.NAME_SERVER_SILENT, detail)
            case ConnectFailed(ours=ours):
                return Unreachable(url, Code.NETWORK_AWAY if ours else Code.CONNECT_FAILED, detail)
            case ssl.SSLCertVerificationError():
                return Unreachable(url, Code.TLS_CERTIFICATE, detail, retryable=False)
    match failure:
        case httpx.ConnectTimeout():
            code = Code.CONNECT_TIMEOUT
        case httpx.TimeoutException():
            code = Code.READ_TIMEOUT
        case httpx.ConnectError():
            code = Code.TLS_FAILED  # every failure below TLS has been named above
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Refused(url, Code.URL_INVALID, detail)
        case _ if in_body:
            code = Code.BODY_TRUNCATED
        case httpx.RemoteProtocolError():
            code = Code.HTTP_MALFORMED
        case _:
            code = Code.CONNECTION_LOST
    return Unreachable(url, code, detail)


def _chain(failure: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = failure
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
