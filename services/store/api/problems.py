"""What goes wrong, as ``application/problem+json`` (RFC 9457): our code, what it means here, and what to do.

Nothing of our inside is in it: an error that is not ours is `internal`, and its traceback is in the log.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field
from starlette.responses import Response

from services.store.api.refusals import TokenMissing, TokenUnknown
from shared.errors import ClaimstreamError, DependencyAway, DeployBroken, RequestError

MEDIA_TYPE = "application/problem+json"
AWAY_SECONDS = (
    5  # until it is worth asking again, where the database is away or slow, or every stream is taken
)


class Problem(BaseModel):
    """RFC 9457, with our code and hint."""

    type: str = Field(description="`urn:claimstream:problem:` and the code")
    title: str
    status: int
    detail: str
    code: str = Field(description="stable; docs/api.md and the errors page say what each means")
    hint: str = Field(description="what to do")
    errors: list[dict[str, str]] | None = Field(
        default=None, description="by parameter, where several are wrong"
    )


def problem(
    error: ClaimstreamError,
    *,
    retry_after: float | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that an error is. ``retry_after`` in seconds."""
    status, detail = status_of(error), error.message
    if isinstance(error, (DependencyAway, DeployBroken)):
        # Its message is a driver's: it may name hosts, users, files.
        detail = "the API's database does not answer as it should; it is retried"
    code, hint = error.code, error.hint
    if status == 500:
        code, hint, detail = ClaimstreamError.code, _DEFECT, "the answer could not be made"
    body = {
        "type": f"urn:claimstream:problem:{code}",
        "title": code.replace("-", " "),
        "status": status,
        "detail": detail,
        "code": code,
        "hint": hint,
    }
    sent = dict(headers or {})
    if status == 503 and retry_after is None:
        retry_after = AWAY_SECONDS
    if retry_after is not None:
        sent["Retry-After"] = str(max(1, math.ceil(retry_after)))
    if isinstance(error, (TokenMissing, TokenUnknown)):
        sent["WWW-Authenticate"] = "Bearer" + (
            ' error="invalid_token"' if isinstance(error, TokenUnknown) else ""
        )
    sent["Cache-Control"] = "no-store"
    content = json.dumps(body | ({"errors": list(errors)} if errors else {}), ensure_ascii=False)
    return Response(content, status, sent, MEDIA_TYPE)


def status_of(error: ClaimstreamError) -> int:
    if isinstance(error, RequestError):
        return error.status
    return 503 if isinstance(error, (DependencyAway, DeployBroken)) else 500


_DEFECT = "This is a defect of claimstream: its log has the traceback. Please report that."
