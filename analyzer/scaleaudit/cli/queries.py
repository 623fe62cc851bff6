"""`scaleaudit queries`"""

from __future__ import annotations

import click

from scaleaudit.cli.options import COLOR, PATH, scanning
from scaleaudit.cli.program import CLEAN, Command, Failure, emit


@click.command("queries", cls=Command)
@PATH
@click.option(
    "--table",
    "-t",
    "tables",
    metavar="NAME",
    multiple=True,
    help="Only this table, or what a pattern fits ('order*'). Repeat, or a,b.",
)
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
    config_file: str | None,
    jobs: int,
    no_cache: bool,
    cache_dir: str | None,
    quiet: bool,
    verbose: bool,
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
    options = RenderOptions(style=style_of(color, root), unfold=unfold)
    try:
        shown = renderer(QUERY_FORMATS[query_format])(result, SchemaChoice(split(tables)), options)
    except UnknownTableError as error:
        raise Failure(str(error)) from error
    emit(shown)
    ctx.exit(CLEAN)
