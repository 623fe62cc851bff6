"""`scaleaudit init`"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from scaleaudit.cli.program import Command, Failure, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.rules import Rule

INTRODUCTION = """\
# Settings of scaleaudit for this repository. All values below are the defaults.
# An option on the command line wins over the value here.
"""

COMMENTS = {
    "include": "Read only files that match one of these patterns, written as in .gitignore.",
    "exclude": "Never read files that match one of these patterns, written as in .gitignore.",
    "max_file_size": "Skip files of more bytes; dumps of SQL may have more all the same.",
    "include_tests": "Read test code too; its calls and queries are then part of the graph.",
    "select": "Run only these rules, families, dimensions or phases; all when empty.",
    "ignore": "Leave these rules, families, dimensions or phases out.",
    "min_severity": "Hide findings below: info, low, medium, high, critical.",
    "min_confidence": "Hide findings below: low, medium, high.",
    "fail_on": "Exit with 1 for findings at or above: info, low, medium, high, critical.",
    "local_rules": "A folder with rules of this repository; run only with --allow-local-rules.",
}
RULE_COMMENT = "# Options of single rules; take the marks away to change a value."


@click.command("init", cls=Command)
@click.argument("path", metavar="[PATH]", default=".", type=click.Path())
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(path: str, force: bool) -> None:
    """Write a commented scaleaudit.toml.

    Into the folder PATH, or the current one.
    """
    from scaleaudit.cli.pipeline import folder
    from scaleaudit.cli.rules import installed_rules
    from scaleaudit.config import FILE_NAME

    target = folder(path) / FILE_NAME
    content = settings_file(installed_rules()).encode()
    if not force and os.path.lexists(target):
        raise Failure(f"{target} is there already; --force replaces it")
    fresh = target.with_name(f".{FILE_NAME}.{os.getpid()}")
    try:
        # Through a new file: a link of that name is replaced, never written through.
        with fresh.open("xb") as file:
            file.write(content)
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Failure(f"{target}: cannot be written: {error.strerror}") from error
    emit(f"wrote {target}\n")


def settings_file(rules: Sequence[Rule]) -> str:
    """A settings file that changes nothing: every setting with its meaning and its default."""
    import msgspec

    from scaleaudit.cli.settings_text import option_lines, toml_value
    from scaleaudit.config import Config

    defaults = Config()
    lines = [INTRODUCTION]
    for field in msgspec.structs.fields(Config):
        if field.name != "rules":
            lines.append(f"# {COMMENTS[field.name]}")
            lines += [f"{field.encode_name} = {toml_value(getattr(defaults, field.name))}", ""]
    with_options = [(rule.id, list(option_lines(rule.options))) for rule in rules]
    sections = [(rule, options) for rule, options in with_options if options]
    if sections:
        lines += [RULE_COMMENT, ""]
    for rule, options in sections:
        lines += [f"# [rules.{rule}]", *(f"# {option}" for option in options), ""]
    return "\n".join(lines)
