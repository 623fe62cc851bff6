"""Python files that a person runs, and what only they load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImageBuilt, WorkloadDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

TASK_RUNNERS = {"invoke", "fabric", "fabric2"}
COMMAND_LINES = {"argparse", "optparse", "getopt", "docopt"}
# These also give a program that serves its commands, which then stand in files of their own.
COMMAND_GROUPS = {"click", "typer"}
TOOLS = TASK_RUNNERS | COMMAND_LINES | COMMAND_GROUPS
OF_COMMANDS = regex(r"(?:^|/)commands?(?:/[\w/]+)?\.py$")
# Django keeps an application's commands here, and often what they share one folder above.
COMMANDS = "/management/commands/"
# Behind the last of these nothing else is started: `manage.py migrate && manage.py send`.
STARTED = regex(r"(?:manage(?:\.py)?|django-admin(?:\.py)?)[\"']? +([a-z]\w*)\b(?![^&|;]*(?:&&|;))")
RUNNING = {"service", "cron"}
MAX_STEPS = 4  # from a command to what it loads, and on


def daemons(index: FactsIndex) -> set[str]:
    """Commands that run until they are stopped, or that a deployment starts or runs on a schedule."""
    started: set[str] = set()
    for _, fact in index.of(WorkloadDeclared):
        if fact.kind in RUNNING:
            words = " ".join(text_with_holes(word) for word in fact.command)
            started.update(STARTED.findall(words)[-1:])
    return {
        path
        for path in commands(index)
        if path in index.endless
        or (COMMANDS in path and path.rpartition("/")[2].removesuffix(".py") in started)
    }


def run_by_hand(index: FactsIndex, modules: Modules, running: set[str]) -> set[str]:
    """Commands and the modules that nothing else imports, files of tasks, scripts with options.

    `running`: commands that run by themselves.
    """
    loaders: dict[str, set[str]] = {}
    for source, target in modules.imports:
        if (
            target.endswith(".py")
            and index.kind(target) == "python"
            and index.role(source) is not Role.TEST
        ):
            loaders.setdefault(target, set()).add(source)
    found = set(commands(index)) - running
    for _ in range(MAX_STEPS):
        more = {path for path, users in loaders.items() if path not in found and users <= found}
        if not more:
            break
        found |= more
    return found.union(scripts(index, loaders))


def commands(index: FactsIndex) -> Iterator[str]:
    folders = {
        f"{path.partition(COMMANDS)[0]}/management/" for path in index.files if COMMANDS in path
    }
    for path in index.files:
        head, inside, _ = path.rpartition("/management/")
        if inside and f"{head}/management/" in folders:
            yield path


def scripts(index: FactsIndex, loaders: dict[str, set[str]]) -> Iterator[str]:
    """Of task runners; and what reads a command line that no deployment writes."""
    started = " ".join(
        [text_with_holes(word) for _, fact in index.of(WorkloadDeclared) for word in fact.command]
        + [word for _, fact in index.of(ImageBuilt) for word in fact.command]
    )

    def is_source(path: str) -> bool:
        return index.kind(path) == "python" and index.role(path) is Role.SOURCE

    programs: set[str] = set()
    for path, fact in index.importing(lambda module: module.partition(".")[0] in TOOLS):
        if fact.lazy or not is_source(path):
            continue
        first = fact.module.partition(".")[0]
        if (first in TASK_RUNNERS and any(name == "task" for name, _ in fact.names)) or (
            first in COMMAND_GROUPS and OF_COMMANDS.search(path) is not None
        ):
            yield path
        elif first in COMMAND_LINES:
            programs.add(path)
    for path in {path for path, fact in index.imports_by_question if not fact.lazy}:
        # No import can name `load-prices.py`: it is a program.
        unnamed = not stem_of(path).isidentifier()
        if (path in index.commanded or unnamed) and is_source(path):
            programs.add(path)
    for path in programs:
        if path not in loaders and stem_of(path) not in started:
            yield path


def stem_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".py")
