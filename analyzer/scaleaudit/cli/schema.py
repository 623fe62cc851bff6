"""`scaleaudit schema`"""

from __future__ import annotations

from pathlib import Path

import click

from scaleaudit.cli.options import COLOR, PATH, scanning
from scaleaudit.cli.program import CLEAN, Command, Failure, emit
from scaleaudit.cli.words import SCHEMAS


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
@click.option(
    "--table",
    "-t",
    "tables",
    metavar="NAME",
    multiple=True,
    help="Only this table, or what a pattern fits ('order*'). Repeat, or a,b.",
)
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
    config_file: str | None,
    jobs: int,
    no_cache: bool,
    cache_dir: str | None,
    quiet: bool,
    verbose: bool,
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
    config, _ = pipeline.settings(root, config_file, {})
    result = pipeline.run(
        root,
        config,
        rules=(),
        jobs=jobs,
        cache_dir=cache_dir,
        use_cache=not no_cache,
        complete=True,
        quiet=quiet,
    )
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
