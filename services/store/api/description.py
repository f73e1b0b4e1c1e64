"""The OpenAPI description, as it is served and committed (``services/store/api/openapi.json``).

python -m services.store.api.description        writes it
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.store.api.problems import MEDIA_TYPE, Problem

FILE = Path(__file__).with_name("openapi.json")
VERSION = "1.0.0"  # of the API; its first part stands in the paths
ABOUT = (
    "What the store of claimstream knows, read-only. Claims are the records of the topic `claims`, byte for byte. "
    "docs/api.md explains order, cursors, ETags, the stream and the export."
)
# Status → what it means, on every path that asks the database.
PROBLEMS = {
    "400": "A parameter is not as described.",
    "401": "A token is asked for, and none that counts was sent.",
    "404": "There is none.",
    "429": "Too many requests; Retry-After says when.",
    "501": "This API was not given the account.",
    "503": "The database is away or too slow, or all streams are taken; Retry-After says when.",
}
_OPEN = {"/healthz", "/readyz", "/schemas", "/schemas/{name}.json"}
_ON_ALL = {"400", "401", "429", "503"}


def describe(app: FastAPI) -> None:
    """Make the application describe itself so."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_document(app))
        return made

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="claimstream",
        version=VERSION,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    components["schemas"]["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components["responses"] = {status: _problem(text) for status, text in PROBLEMS.items()}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete(path, operation)
    return document


def _complete(path: str, operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        # Left out or there: `null` is no text of a URL or a header.
        kinds = parameter["schema"].pop("anyOf", [])
        parameter["schema"] |= next((kind for kind in kinds if kind != {"type": "null"}), {})
    responses = operation["responses"]
    responses.pop("422", None)
    if path == "/schemas/{name}.json":
        responses["404"] = {"$ref": "#/components/responses/404"}
    if path in _OPEN:
        return
    operation["security"] = [{"token": []}, {}]
    known = _ON_ALL | ({"404"} if "{" in path or path in ("/v1/articles", "/v1/fates") else set())
    known |= {"501"} if path == "/v1/fates" else set()
    for status in sorted(known):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    kinds = responses["200"]["content"]
    if "application/json" in kinds:
        responses["304"] = {"description": "As the ETag in If-None-Match: unchanged."}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


def text_of(app: FastAPI) -> str:
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    from services.store.api.app import Parts, application
    from services.store.api.reading import Reader
    from services.store.api.settings import ApiSettings

    nothing: Any = None  # no question is asked of it
    FILE.write_text(text_of(application(ApiSettings(), Parts(Reader(nothing, 1)))), encoding="utf-8")


if __name__ == "__main__":
    main()
