"""`scaleaudit schema`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaleaudit.cli.options import COLOR, PATH, TABLES, scanning
from scaleaudit.cli.program import CLEAN, Command, Failure, emit
from scaleaudit.cli.words import SCHEMAS

if TYPE_CHECKING:
    from scaleaudit.cli.options import Reading


@click.command("schema", cls=Command)
@PATH
@click.option(
    "--format",
    "-f",
    "schema_format",
    type=click.Choice(SCHEMAS),
    default="text",
    show_default=True,
)
@TABLES
@click.option("--output", "-o", metavar="FILE", type=click.Path(), help="Write to a file.")
@COLOR
@scanning
@click.pass_context
def command(
    ctx: click.Context,
    path: str,
    schema_format: str,
    tables: tuple[str, ...],
    output: str | None,
    color: str,
    reading: Reading,
) -> None:
    """Show the database schema as dumps, migrations and models make it.

    Each table, index and key is shown with the place that tells it; what no file of the repository
    says is not there.
    """
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.outputs import check_writable, write
    from scaleaudit.cli.selection import split
    from scaleaudit.cli.terminal import style_of
    from scaleaudit.reports import SCHEMA_FORMATS, renderer
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.reports.schema_choice import SchemaChoice, UnknownTableError
    from scaleaudit.reports.style import Style

    root = pipeline.folder(path)
    target = Path(output) if output else None
    if target is not None:
        check_writable(target, root)
    result = pipeline.without_rules(root, reading)
    options = RenderOptions(style=Style() if target is not None else style_of(color, root))
    try:
        shown = renderer(SCHEMA_FORMATS[schema_format])(
            result, SchemaChoice(split(tables)), options
        )
    except UnknownTableError as error:
        raise Failure(str(error)) from error
    if target is not None:
        write(target, shown)
    else:
        emit(shown)
    ctx.exit(CLEAN)
