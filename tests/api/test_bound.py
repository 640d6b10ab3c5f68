"""An application is bound to its person: after filing, no request and no message to a case carries a name or a NIK."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from fastapi import FastAPI

from workflows.messages import ACTS

CLAIMS = {"nik", "full_name", "birth_date", "birth_place", "applicant"}
# Where somebody is filed for; from there on the person stands.
FILINGS = {("post", "/v1/applications"), ("post", "/v1/families")}
CHANGES = ("post", "put", "patch", "delete")


def names(schema: Any, known: dict[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of all properties of a JSON schema, however deep."""
    if isinstance(schema, list):
        for one in schema:
            yield from names(one, known, seen)
    if not isinstance(schema, dict):
        return
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        if name not in seen:
            yield from names(known[name], known, seen | {name})
        return
    yield from schema.get("properties", {})
    for inner in schema.values():
        yield from names(inner, known, seen)


def asked_by(app: FastAPI) -> dict[tuple[str, str], set[str]]:
    """What each changing request about one application or family can say, by its body."""
    described = app.openapi()
    known = described["components"]["schemas"]
    return {
        (verb, path): set(names(operation.get("requestBody", {}), known))
        for path, verbs in described["paths"].items()
        for verb, operation in verbs.items()
        if verb in CHANGES and path.startswith(("/v1/applications", "/v1/families"))
    }


def test_no_request_about_an_application_says_who_it_is_about(app: FastAPI) -> None:
    asked = asked_by(app)
    assert len(asked) > 15
    assert {place for place, said in asked.items() if said & CLAIMS} == FILINGS


def said_by(kind: Any) -> Iterator[str]:
    """The names of a message's fields, however deep."""
    for inner in get_args(kind):
        yield from said_by(inner)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        for one in fields(kind):
            yield one.name
            yield from said_by(hints[one.name])


def test_no_message_to_a_case_says_who_it_is_about() -> None:
    for name, (_, message) in ACTS.items():
        assert not set(said_by(message)) & CLAIMS, name
