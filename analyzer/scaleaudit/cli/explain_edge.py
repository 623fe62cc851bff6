"""`scaleaudit explain-edge`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scaleaudit.cli.options import COLOR, CONFIG_REPOS, scanning
from scaleaudit.cli.program import CLEAN, Command, Failure, emit

if TYPE_CHECKING:
    from scaleaudit.cli.options import Reading


@click.command("explain-edge", cls=Command)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(readable=False))
@click.option(
    "--format",
    "-f",
    "edge_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option("--all", "unfold", is_flag=True, help="Show every place, not the first few.")
@CONFIG_REPOS
@COLOR
@scanning
@click.pass_context
def command(
    ctx: click.Context,
    first: str,
    second: str,
    path: str,
    edge_format: str,
    unfold: bool,
    color: str,
    config_repos: tuple[str, ...],
    reading: Reading,
) -> None:
    """Show what led to the connection between two components.

    A and B are any names that they have in the repository: compose key, folder, image, host. Each
    step is shown with its line, from the call over constants, settings and the deployment's
    environment to the component that is reached, in both directions. PATH is the current folder
    when it is not given.
    """
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.terminal import style_of
    from scaleaudit.reports import EDGE_FORMATS, renderer
    from scaleaudit.reports.explained_edge import explain
    from scaleaudit.reports.graph_choice import UnknownNodeError
    from scaleaudit.reports.options import RenderOptions

    root = pipeline.folder(path)
    result = pipeline.without_rules(root, reading, config_repos)
    try:
        explanation = explain(result.architecture, first, second)
    except UnknownNodeError as error:
        raise Failure(str(error)) from error
    options = RenderOptions(
        style=style_of(color, root),
        unfold=unfold,
        details=reading.verbose,
        read=pipeline.reader(root),
    )
    emit(renderer(EDGE_FORMATS[edge_format])(result, explanation, options))
    ctx.exit(CLEAN)
