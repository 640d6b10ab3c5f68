"""What the OpenAPI document says beyond the routes: sign-in, keys of requests, and how problems look."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access import TABLE, Row
from api.problems import CODES, MEDIA

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "trace"],
    "properties": {
        "type": {"type": "string", "description": "/problems/<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": sorted(CODES)},
        "trace": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def describe(application: FastAPI) -> None:
    """Have `application` describe itself with all of this."""

    def described() -> dict[str, Any]:
        if application.openapi_schema is None:
            document = get_openapi(title=application.title, version=application.version, routes=application.routes)
            application.openapi_schema = _completed(document)
        return application.openapi_schema

    application.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend its document


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, TABLE.get((method.upper(), path), Row(frozenset())))
    return document


def _complete(operation: dict[str, Any], row: Row) -> None:
    refused = {"content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"description": "A problem, by its code", **refused}
    if row.open:
        return
    operation["security"] = [{"bearer": []}]
    operation["x-roles"] = sorted(role.value for role in row.roles)
    if row.keyed:
        operation.setdefault("parameters", []).append(KEY_HEADER)
