import ast
import json
from pathlib import Path

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import workflows
from api.language import preferred
from api.problems import CODES, Problem, answer, as_problem

REFUSERS = {"refusal", "Objection", "Refused"}


def test_a_document_has_every_field_of_the_contract() -> None:
    response = answer(Problem("slot_full", alternatives=["a", "b"]), {})
    document = json.loads(response.body)
    assert response.media_type == "application/problem+json"
    assert response.status_code == document["status"] == 409
    assert document["type"] == "/problems/slot_full"
    assert document["code"] == "slot_full"
    assert document["alternatives"] == ["a", "b"]
    assert {"title", "detail", "trace"} <= document.keys()


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("", "Kuota waktu ini sudah penuh"),
        ("en-GB,id;q=0.5", "No seat is left at this time"),
        ("fr", "Kuota waktu ini sudah penuh"),
    ],
)
def test_titles_follow_the_reader(header: str, title: str) -> None:
    assert json.loads(answer(Problem("slot_full"), {"accept-language": header}).body)["title"] == title


@pytest.mark.parametrize("header", ["en;q=x", ";;;,", "id;q=0", "en;q=0"])
def test_strange_language_headers_do_no_harm(header: str) -> None:
    assert preferred(header) in ("id", "en")


def test_rejected_input_is_not_echoed() -> None:
    planted = "5171014101900001"
    found = {"type": "value_error", "loc": ("body", "applicant", "nik"), "msg": "a NIK has 16 digits", "input": planted}
    document = answer(as_problem(RequestValidationError([found])), {}).body
    assert planted.encode() not in document
    assert json.loads(document)["errors"] == [{"pointer": "/applicant/nik", "detail": "a NIK has 16 digits"}]


def test_what_nobody_expected_says_nothing() -> None:
    document = answer(as_problem(ValueError("Ni Luh Ayu")), {}).body
    assert b"Ayu" not in document
    assert json.loads(document)["code"] == "internal_error"


def test_framework_errors_are_problems_too() -> None:
    assert as_problem(HTTPException(405)).code == "method_not_allowed"
    assert as_problem(HTTPException(418)).kind.status == 400


def test_slow_answers_say_when_to_come_again() -> None:
    assert answer(Problem("engine_slow"), {}).headers["retry-after"]
    assert answer(Problem("not_your_turn", retry_after=7), {}).headers["retry-after"] == "7"


def test_only_verdicts_are_kept_for_repeats() -> None:
    kept = {code for code in CODES if Problem(code).final}
    assert {"live_application_exists", "nik_mismatch", "capture_not_accepted", "same_officer"} <= kept
    assert not kept & {"invalid_input", "engine_slow", "request_in_progress", "not_signed_in", "not_found"}
    assert not Problem("not_your_turn", retry_after=5).final


def test_every_refusal_of_the_procedure_has_its_row() -> None:
    said = set()
    for path in Path(workflows.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSERS:
                first = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
                said |= {part.value for part in first if isinstance(part, ast.Constant)}
    assert len(said) > 8
    assert said <= CODES.keys()
