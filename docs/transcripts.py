"""What a command prints, between two comments of a page, so that no page shows what is not so.

    <!-- output: scan fixtures/systems/shop; only 1 | 2 | NOW | no-timeout | 23 findings -->
    (written by generate.py)
    <!-- end -->

Commands run in the project's folder, 80 columns wide, with a cache of their own. `only` keeps some
of the parts between blank lines: by number, or the next one that holds a text. A mark stands where
parts are left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
BLOCK = re.compile(r"<!-- output: (?P<call>.*?) -->\n.*?<!-- end -->", re.DOTALL)
LEFT_OUT = "  [...]"
MAIN = "from scaleaudit.cli import main; main(prog_name='scaleaudit')"


def filled(page: str, scratch: Path) -> str:
    """The page with every block as it would be printed now; raises for a command that fails."""

    def block(found: re.Match[str]) -> str:
        command, _, only = found["call"].partition("; only ")
        shown = output_of(command, scratch)
        if only:
            shown = chosen(shown.split("\n\n"), only.split(" | "))
        return (
            f"<!-- output: {found['call']} -->\n"
            f"```console\n$ scaleaudit {command}\n{shown}\n```\n<!-- end -->"
        )

    return BLOCK.sub(block, page)


def output_of(command: str, scratch: Path) -> str:
    """What the command prints, errors included."""
    environment = {
        key: text
        for key, text in os.environ.items()
        if key not in ("FORCE_COLOR", "FORCE_HYPERLINK", "GITHUB_WORKSPACE", "CI")
    }
    environment |= {
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
        "SCALEAUDIT_CACHE_DIR": str(scratch),
    }
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *command.split()],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    text = done.stdout.decode()
    if "Traceback" in text or "internal error" in text:
        raise RuntimeError(f"scaleaudit {command}: {text}")
    return "\n".join(line.rstrip() for line in text.rstrip("\n").split("\n"))


def chosen(parts: list[str], only: list[str]) -> str:
    """The parts that are asked for, in their order; raises `ValueError` for one not there."""
    found: list[str] = []
    at = 0
    for each in only:
        if each.isdigit():
            place = int(each) - 1
        else:
            place = next((n for n in range(at, len(parts)) if each in parts[n]), -1)
        if not at <= place < len(parts):
            raise ValueError(f"after part {at}, none is {each!r}:\n" + "\n\n".join(parts))
        found += [LEFT_OUT] * (place > at) + [parts[place]]
        at = place + 1
    return "\n\n".join(found + [LEFT_OUT] * (at < len(parts)))
