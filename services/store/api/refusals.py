"""Why a question is not answered: the API's part of the tree of errors. ``status`` is HTTP's.

RequestError
├── RequestInvalid     a parameter is not what the OpenAPI description says
├── TokenMissing
├── TokenUnknown
├── NothingThere       no such claim, article, version, schema or path
├── MethodNotAllowed   the API is read-only
├── RateExceeded
├── AccountNotServed   this API was not given the account's database
├── QueryTooSlow       the database did not answer within the API's time
└── StreamsTaken       as many streams and exports are open as may be
"""

from __future__ import annotations

from shared.errors import RequestError


class RequestInvalid(RequestError):
    """Raised for a parameter that is not what the OpenAPI description says, or that is none of its."""

    code = "request-invalid"
    hint = "`errors` names each parameter; /openapi.json describes them."


class TokenMissing(RequestError):
    status = 401
    code = "token-missing"
    hint = "Send the header `Authorization: Bearer TOKEN`; who runs the API gives out tokens."


class TokenUnknown(RequestError):
    status = 401
    code = "token-unknown"
    hint = "This token is not, or no longer, one of CLAIMSTREAM_API_TOKENS. Ask who runs the API."


class NothingThere(RequestError):
    """Raised when there is no such claim, article, version, schema or path."""

    status = 404
    code = "not-found"
    hint = (
        "Ids are whole; `GET /v1/claims` finds claims, `GET /v1/articles?url=` an article. "
        "/openapi.json has the paths."
    )


class MethodNotAllowed(RequestError):
    status = 405
    code = "method-not-allowed"
    hint = "The API is read-only: GET. URLs are submitted to the topic `urls`, or with `claimstream submit`."


class RateExceeded(RequestError):
    status = 429
    code = "rate-exceeded"
    hint = "Wait for the seconds of Retry-After; CLAIMSTREAM_API_RATE is what a token or an address may ask a second."


class AccountNotServed(RequestError):
    """Raised when fates are asked for and this API was not given the account's database."""

    status = 501
    code = "account-not-served"
    hint = "Whoever runs the API sets CLAIMSTREAM_API_ACCOUNT_DATABASE_URL; `claimstream fate` answers beside it."


class QueryTooSlow(RequestError):
    """Raised when the database did not answer within CLAIMSTREAM_API_QUERY_SECONDS; the query was ended."""

    status = 503
    code = "query-too-slow"
    hint = "Ask for less: a shorter time, a site, an article. CLAIMSTREAM_API_QUERY_SECONDS is the limit."


class StreamsTaken(RequestError):
    status = 503
    code = "streams-taken"
    hint = "Come again later with the same Last-Event-ID; CLAIMSTREAM_API_STREAMS is how many may be open at once."
