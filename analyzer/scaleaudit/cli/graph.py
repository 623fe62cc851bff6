"""`scaleaudit graph`"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaleaudit.cli.options import CONFIG_REPOS, PATH, scanning
from scaleaudit.cli.program import CLEAN, Command, Failure, emit
from scaleaudit.cli.words import GRAPHS, LEVELS

if TYPE_CHECKING:
    from scaleaudit.cli.options import Reading

DATA = ("json", "graphml")  # formats for programs, which get all
MOST_STEPS = 6  # of a way between two


@click.command("graph", cls=Command)
@PATH
@click.option(
    "--format",
    "-f",
    "graph_format",
    type=click.Choice(GRAPHS),
    help="Default: by the name of the output file, else json. svg and png need Graphviz.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="service",
    show_default=True,
    help="What runs and its stores, or source files and their imports.",
)
@click.option("--focus", metavar="NAME", default="", help="Only what is near this node.")
@click.option(
    "--depth",
    metavar="N",
    type=click.IntRange(min=0),
    help="Steps from the focus (default 1), or of a way between two (default 6).",
)
@click.option(
    "--between",
    metavar="A B",
    nargs=2,
    help="Only the ways from one node to another, and back.",
)
@click.option(
    "--collapse",
    metavar="WHAT",
    multiple=True,
    help="Draw as one node: application, folder, a kind (databases, externals, ..), or what a "
    "pattern fits ('admin-*'). Repeat, or a,b.",
)
@click.option(
    "--tables", is_flag=True, help="Draw tables and topics too (json and graphml have them)."
)
@click.option("--output", "-o", metavar="FILE", type=click.Path(), help="Write to a file.")
@CONFIG_REPOS
@scanning
@click.pass_context
def command(
    ctx: click.Context,
    path: str,
    graph_format: str | None,
    level: str,
    focus: str,
    depth: int | None,
    between: tuple[str, str] | None,
    collapse: tuple[str, ...],
    tables: bool,
    output: str | None,
    config_repos: tuple[str, ...],
    reading: Reading,
) -> None:
    """Show the services, the stores and who talks to whom.

    An edge leads from the side that opens the connection: caller to callee, client to
    database, producer and consumer to broker.
    """
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.outputs import check_writable, write
    from scaleaudit.cli.selection import split
    from scaleaudit.reports import GRAPH_FORMATS, renderer

    chosen_format = graph_format or _by_name(output)
    if between and focus:
        raise Failure("--focus and --between: choose one of them")
    words = split(collapse)
    if words and chosen_format in DATA:
        raise Failure(f"--collapse is for pictures; {chosen_format} always holds every component")
    root = pipeline.folder(path)
    target = Path(output) if output else None
    if target is not None:
        check_writable(target, root)
    elif chosen_format == "png" and sys.stdout.isatty():
        raise Failure("png is no text: write it to a file with --output FILE")
    if chosen_format in ("svg", "png"):
        _need_graphviz(chosen_format)
    result = pipeline.without_rules(root, reading, config_repos)
    from scaleaudit.reports.graph_choice import GraphChoice, Level, NoWayError, UnknownNodeError
    from scaleaudit.reports.graphviz import GraphvizError

    choice = GraphChoice(
        level=Level(level),
        focus=focus,
        depth=depth if depth is not None else MOST_STEPS if between else 1,
        between=between or None,
        collapse=words,
        tables=tables,
    )
    try:
        drawn = renderer(GRAPH_FORMATS[chosen_format])(result, choice)
    except (UnknownNodeError, NoWayError, GraphvizError) as error:
        raise Failure(str(error)) from error
    if target is not None:
        write(target, drawn)
    else:
        emit(drawn)
    ctx.exit(CLEAN)


def _by_name(output: str | None) -> str:
    """The format that the file's name asks for."""
    suffixes = {f".{name}": name for name in GRAPHS} | {".gv": "dot", ".mmd": "mermaid"}
    return suffixes.get(Path(output).suffix.lower(), "json") if output else "json"


def _need_graphviz(wanted: str) -> None:
    """Said before the scan, not after it."""
    from scaleaudit.reports.graphviz import HOW_TO_GET, program

    if program() is None:
        raise Failure(f"{wanted} {HOW_TO_GET}")
