"""Whether shell scripts are sound: `python -m tests.checks.scripts FILE...`.

ShellCheck has no package that installs it without the web, but hadolint has all of it within, for the commands of a
Dockerfile: so each script is shown to it as the one command of a Dockerfile. It tells one fault of a kind a script.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HADOLINT = Path(sys.executable).with_name("hadolint")
END = "END_OF_SCRIPT"


def faults(script: str) -> Iterator[str]:
    """What ShellCheck finds in a script, in its own words."""
    first, _, rest = script.partition("\n")
    shell = "/bin/bash" if first.endswith("bash") else "/bin/sh"
    shown = f'FROM scratch\nSHELL ["{shell}", "-c"]\nRUN <<{END}\n{rest}\n{END}\n'
    command = [str(HADOLINT), "--format=json", "--no-fail", "-"]
    found = json.loads(subprocess.run(command, check=True, input=shown, capture_output=True, text=True).stdout)
    for one in found:
        if one["code"].startswith("SC"):  # the others are about Dockerfiles
            yield f"{one['code']} {one['message']}"


def main() -> int:
    """The command."""
    found = [f"{name}: {fault}" for name in sys.argv[1:] for fault in faults(Path(name).read_text())]
    for fault in found:
        print(fault)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
