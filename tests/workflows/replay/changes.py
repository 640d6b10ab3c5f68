"""A change of the procedure, as people write it: lines of a diff, applied to a copy of `workflows/passport.py`."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import workflows.passport
from workflows.passport import PassportApplication

Change = Callable[[str, str], type[PassportApplication]]
OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def from_the_docs() -> str:
    """The worked example of docs/operations.md."""
    return OPERATIONS.read_text().split("```diff\n")[1].split("```")[0]


def unpatched(diff: str) -> str:
    """The same change as who has not read the docs would write it: without the question about the patch."""
    kept, deeper = [], False
    for line in diff.splitlines():
        if "workflow.patched(" in line:
            deeper = True
        else:
            kept.append(line.replace("+    ", "+", 1) if deeper and line.startswith("+") else line)
    assert deeper, "the change asks for no patch"
    return "\n".join(kept)


def applied(source: str, diff: str) -> str:
    """The source with the added lines of a diff that only adds."""
    lines = [line for line in diff.splitlines() if line]
    before = "\n".join(line[1:] for line in lines if line[0] == " ")
    after = "\n".join(line[1:] for line in lines)
    assert source.count(before) == 1, f"the procedure does not read so any more:\n{before}"
    return source.replace(before, after)


def changed(folder: Path, name: str, diff: str) -> type[PassportApplication]:
    """The workflow of a changed copy, a module called `name` in a folder that is on the path."""
    source = Path(str(workflows.passport.__file__)).read_text()
    (folder / f"{name}.py").write_text(applied(source, diff))
    importlib.invalidate_caches()
    sys.modules.pop(name, None)  # another test's copy of that name
    module: ModuleType = importlib.import_module(name)
    procedure: type[PassportApplication] = module.PassportApplication
    return procedure
