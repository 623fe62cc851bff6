"""`scaleaudit rules`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scaleaudit.cli.options import COLOR
from scaleaudit.cli.program import Command, Failure, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.reports.style import Style
    from scaleaudit.rules import Rule


@click.command("rules", cls=Command)
@click.option(
    "--output-format",
    "-f",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@COLOR
def command(output_format: str, color: str) -> None:
    """List the rules.

    By family, each with its severity and the phase that should fix it.
    """
    from pathlib import Path

    from scaleaudit.cli.terminal import style_of

    rules = installed_rules()
    if output_format == "json":
        from scaleaudit.cli.rule_rows import rules_json

        emit(rules_json(rules))
    else:
        emit(rules_text(rules, style_of(color, Path())))


def installed_rules() -> list[Rule]:
    from scaleaudit.rules import RulePackError, load_rules

    try:
        return load_rules()
    except RulePackError as error:
        raise Failure(str(error)) from error


def rules_text(rules: Sequence[Rule], style: Style) -> str:
    from scaleaudit.reports.style import wrapped

    names = max((len(rule.id) for rule in rules), default=0)
    margin = names + 20
    lines = []
    for family in sorted({rule.family for rule in rules}):
        lines.append(style.paint(family, "bold"))
        for rule in rules:
            if rule.family == family:
                first, *rest = wrapped(rule.title, max(30, style.width - margin))
                head = f"  {rule.id:{names}}  {rule.severity.value:8}  {rule.phase.value:5} "
                lines += [f"{head} {first}", *(" " * margin + line for line in rest)]
        lines.append("")
    lines.append(f"{len(rules)} rules; scaleaudit explain RULE shows a page")
    return "".join(f"{line}\n" for line in lines)
