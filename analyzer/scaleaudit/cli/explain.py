"""`scaleaudit explain`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from scaleaudit.cli.program import Command, Failure, emit

if TYPE_CHECKING:
    from scaleaudit.rules import Rule


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from scaleaudit.cli.rules import installed_rules

    return [
        CompletionItem(rule.id, help=rule.title)
        for rule in installed_rules()
        if rule.id.startswith(incomplete)
    ]


@click.command("explain", cls=Command)
@click.argument("rule", metavar="RULE", shell_complete=_complete)
def command(rule: str) -> None:
    """Show a rule's page: why it matters, what to do.

    With examples of what is reported and what is not.
    """
    from scaleaudit.cli.rules import installed_rules
    from scaleaudit.config import nearest

    rules = {each.id: each for each in installed_rules()}
    found = rules.get(rule.strip().lower().replace("_", "-"))
    if found is None:
        near = nearest(rule, rules)
        hint = f"did you mean {near}?" if near else "scaleaudit rules lists all"
        raise Failure(f"no rule is named {rule}; {hint}")
    emit(page_of(found))


def page_of(rule: Rule) -> str:
    """The page with the facts of the rule below its title."""
    from scaleaudit.reports.overview import fixes_text, rule_page

    title, _, rest = rule.page.partition("\n")
    dimensions = ", ".join(dimension.value for dimension in rule.dimensions)
    facts = [
        f"rule        {rule.id} ({rule.family})",
        f"severity    {rule.severity.value}, confidence {rule.confidence.value}",
        f"breaks by   {dimensions} ({rule.layer.value})",
        f"due         {rule.phase.value}",
        f"fix         {fixes_text(rule.fixes)}",
        f"page        {rule_page(rule.id)}",
    ]
    return "\n".join([title, "", *facts, "", rest.strip("\n"), ""])
