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
    title, _, rest = rule.page.partition("\n")
    facts = [f"{label:11} {text}" for label, text in facts_of(rule)]
    return "\n".join([title, "", *facts, "", rest.strip("\n"), ""])


def facts_of(rule: Rule) -> list[tuple[str, str]]:
    """What the page does not say in words."""
    from scaleaudit.reports.overview import fix_shown, rule_page
    from scaleaudit.roadmap.sequence import PHASE_TITLES

    title, theme = PHASE_TITLES[rule.phase]
    fixes = [fix_shown(fix).text for fix in rule.fixes]
    return [
        ("rule", f"{rule.id} ({rule.family})"),
        ("severity", f"{rule.severity.value}, confidence {rule.confidence.value}"),
        ("grows with", ", ".join(dimension.value for dimension in rule.dimensions)),
        ("layer", rule.layer.value),
        ("due", f"{title.lower()}: {theme}"),
        *(("or" if position else "fix", text) for position, text in enumerate(fixes)),
        ("page", rule_page(rule.id)),
    ]
