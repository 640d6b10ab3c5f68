"""What a case takes and who decides stands in one table each; what has to be written out agrees with it."""

import ast
import inspect
from pathlib import Path
from typing import get_type_hints

import pytest

import workflows
from api import access
from api.officers import decisions
from workflows.case.facts import Role
from workflows.case.record import DECIDERS, TaskStep
from workflows.desk import Desk
from workflows.handlers import Counter
from workflows.letterbox import Letterbox
from workflows.messages import ACTS
from workflows.tray import Tray

STEPS = sorted((Path(str(workflows.__file__)).parent / "steps").glob("*.py"))
SYSTEMS = {"payments", "matches", "news"}  # what systems say has no act


def handlers(of: type, marked: str) -> dict[str, type]:
    """The messages that a class handles, and what each carries."""
    found = {name: one for name, one in vars(of).items() if hasattr(one, marked)}
    return {name: get_type_hints(one)["message"] for name, one in found.items()}


def test_every_act_is_an_update_and_a_pushed_signal() -> None:
    updates = handlers(Counter, "_defn")
    assert updates == {name: message for name, (_, message) in ACTS.items()}
    pushed = handlers(Letterbox, "__temporal_signal_definition")
    assert pushed.items() >= {f"push_{name}": message for name, (_, message) in ACTS.items()}.items()
    assert set(pushed) - {f"push_{name}" for name in ACTS} == {"payment", "match_result", "news"}


def test_every_act_lands_on_its_own_tray() -> None:
    desk = Desk("owner", lambda: "office")
    trays = {name for name, one in vars(desk).items() if isinstance(one, Tray)}
    assert trays == {tray for tray, _ in ACTS.values()} | SYSTEMS
    for name, (tray, _) in ACTS.items():
        assert f"desk.{tray}.submit(" in inspect.getsource(getattr(Counter, name)), name
        assert f"desk.{tray}.check(" in inspect.getsource(getattr(Counter, f"_may_{name}")), name
        assert f"desk.{tray}, message" in inspect.getsource(getattr(Letterbox, f"push_{name}")), name


def test_the_api_says_acts_only() -> None:
    source = ast.parse(inspect.getsource(decisions))
    said = {
        (call.args[0].attr, call.args[1].value)
        for call in ast.walk(source)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "applies"
        and isinstance(call.args[0], ast.Attribute)
        and isinstance(call.args[1], ast.Constant)
    }
    assert {name for _, name in said} <= set(ACTS)
    assert {TaskStep[step] for step, _ in said} | {TaskStep.ENROLMENT} == set(TaskStep)


def test_every_step_has_its_deciders_and_the_addresses_follow() -> None:
    assert set(DECIDERS) == set(TaskStep)
    for step, roles in DECIDERS.items():
        row = access.TABLE["POST", f"{access.CASE}/decisions/{step}"]
        assert (row.roles, row.keyed) == (frozenset(roles), True)


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_a_step_opens_work_for_who_may_decide_on_it(path: Path) -> None:
    """Where a step names a role of its own for a task, it is one of the table's."""
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "open_task":
            assert isinstance(call.args[0], ast.Attribute)
            named = {
                one.attr
                for word in call.keywords
                if word.arg == "role"
                for one in ast.walk(word.value)
                if isinstance(one, ast.Attribute)
            }
            assert {Role[name] for name in named} <= set(DECIDERS[TaskStep[call.args[0].attr]])
