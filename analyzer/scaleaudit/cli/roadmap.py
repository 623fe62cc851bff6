"""`scaleaudit roadmap`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scaleaudit.cli.options import COLOR, CONFIG_REPOS, PATH, ruling, scanning
from scaleaudit.cli.program import CLEAN, Command, emit

if TYPE_CHECKING:
    from scaleaudit.cli.options import Reading


@click.command("roadmap", cls=Command)
@PATH
@click.option(
    "--format",
    "-f",
    "roadmap_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option("--all", "unfold", is_flag=True, help="Show long lists whole.")
@ruling
@COLOR
@CONFIG_REPOS
@scanning
@click.pass_context
def command(
    ctx: click.Context,
    path: str,
    roadmap_format: str,
    unfold: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    allow_local_rules: bool,
    color: str,
    config_repos: tuple[str, ...],
    reading: Reading,
) -> None:
    """Show all fixes in the order to do them.

    Phases by number of users; inside a phase, what others need comes first.
    """
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.selection import split
    from scaleaudit.cli.terminal import style_of
    from scaleaudit.reports import ROADMAP_FORMATS, renderer
    from scaleaudit.reports.options import RenderOptions

    root = pipeline.folder(path)
    changes: dict[str, Any] = {}
    if select:
        changes["select"] = split(select)
    if ignore:
        changes["ignore"] = split(ignore)
    chosen = pipeline.chosen(root, reading, changes, allow_local=allow_local_rules)
    result = pipeline.run(
        root,
        chosen.config,
        rules=chosen.running,
        options=chosen.options,
        reading=reading,
        config_repos=config_repos,
    )
    shown = RenderOptions(
        style=style_of(color, root), unfold=unfold, details=reading.verbose, brief=reading.quiet
    )
    emit(renderer(ROADMAP_FORMATS[roadmap_format])(result, shown))
    ctx.exit(CLEAN)
