"""`scaleaudit queries`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scaleaudit.cli.options import COLOR, PATH, TABLES, scanning
from scaleaudit.cli.program import CLEAN, Command, Failure, emit

if TYPE_CHECKING:
    from scaleaudit.cli.options import Reading


@click.command("queries", cls=Command)
@PATH
@TABLES
@click.option(
    "--format",
    "-f",
    "query_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option("--all", "unfold", is_flag=True, help="Show every place, not the first few.")
@COLOR
@scanning
@click.pass_context
def command(
    ctx: click.Context,
    path: str,
    tables: tuple[str, ...],
    query_format: str,
    unfold: bool,
    color: str,
    reading: Reading,
) -> None:
    """Show what is asked of tables, and the index that serves it.

    Queries are those of SQL text and of object mappers, tests and migrations left out. What asks
    for an index that is not there comes first.
    """
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.selection import split
    from scaleaudit.cli.terminal import style_of
    from scaleaudit.reports import QUERY_FORMATS, renderer
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.reports.schema_choice import SchemaChoice, UnknownTableError

    root = pipeline.folder(path)
    result = pipeline.without_rules(root, reading)
    options = RenderOptions(style=style_of(color, root), unfold=unfold)
    try:
        shown = renderer(QUERY_FORMATS[query_format])(result, SchemaChoice(split(tables)), options)
    except UnknownTableError as error:
        raise Failure(str(error)) from error
    emit(shown)
    ctx.exit(CLEAN)
