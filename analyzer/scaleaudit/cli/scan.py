"""`scaleaudit scan`"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from scaleaudit.cli.options import COLOR, CONFIG_REPOS, PATH, ruling, scanning
from scaleaudit.cli.program import CLEAN, FINDINGS, Command, Failure, complain, emit, showable
from scaleaudit.cli.words import CONFIDENCES, REPORTS, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scaleaudit.cli.options import Reading
    from scaleaudit.config import Config
    from scaleaudit.reports.options import RenderOptions


@click.command("scan", cls=Command)
@PATH
@click.option(
    "--output-format",
    "-f",
    type=click.Choice(REPORTS),
    default="text",
    show_default=True,
    help="What is printed.",
)
@click.option(
    "--output",
    "-o",
    "outputs",
    metavar="FORMAT=FILE",
    multiple=True,
    help="Also write a report to a file (repeat for several).",
)
@ruling
@click.option("--min-severity", type=click.Choice(SEVERITIES), help="Hide findings below it.")
@click.option("--min-confidence", type=click.Choice(CONFIDENCES), help="Hide findings below it.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="Exit with 1 for findings at or above it; those of low confidence never fail. "
    "Default: high.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also when there are findings.")
@click.option("--statistics", is_flag=True, help="Count findings by rule; do not list them.")
@click.option("--all", "unfold", is_flag=True, help="Show long lists whole.")
@click.option("--show-files", is_flag=True, help="List what would be read and what skipped; stop.")
@click.option("--show-settings", is_flag=True, help="Print the settings in force; stop.")
@COLOR
@CONFIG_REPOS
@scanning
@click.pass_context
def command(ctx: click.Context, /, path: str, **given: Any) -> None:
    """Find what will stop a system from scaling.

    Reads the folder PATH, recovers its services, stores and who talks to whom, and reports
    scaling risks by the phase that should fix them. Nothing of it is executed or changed.

    Exit codes: 0 clean; 1 findings at or above --fail-on; 2 wrong usage, wrong settings or an
    internal error; 3 nothing to scan.
    """
    ctx.exit(scan(path, question=ctx.obj or "", **given))


def scan(
    path: str,
    *,
    question: str,
    output_format: str,
    outputs: tuple[str, ...],
    config_repos: tuple[str, ...],
    allow_local_rules: bool,
    exit_zero: bool,
    statistics: bool,
    unfold: bool,
    show_files: bool,
    show_settings: bool,
    color: str,
    reading: Reading,
    **changes: Any,
) -> int:
    """The exit code. `question`: what the answer is kept for, if it can be."""
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.answering import Gathered
    from scaleaudit.cli.outputs import parse_outputs, write
    from scaleaudit.cli.selection import fails
    from scaleaudit.reports import FORMATS, renderer

    if statistics and output_format != "text":
        raise Failure("--statistics belongs to --output-format text")
    root = pipeline.folder(path)
    files = parse_outputs(outputs, root)
    given = _changes(**changes)
    gathered = Gathered(question, root, reading.config_file)
    chosen = pipeline.chosen(root, reading, given, allow_local=allow_local_rules)
    config = chosen.config
    if show_settings:
        emit(_settings_text(config, chosen.file))
        return CLEAN
    if show_files:
        return _show_files(root, config, config_repos)
    if not chosen.complete and not reading.quiet:
        complain(f"rules in {config.local_rules} are not run without --allow-local-rules")
    result = pipeline.run(
        root,
        config,
        rules=chosen.running,
        options=chosen.options,
        reading=reading,
        config_repos=config_repos,
        noticed=lambda found, files: gathered.notice(found, files, chosen.rules),
    )
    shown = _render_options(root, color, unfold, reading, statistics)
    for name, target in files:
        write(target, renderer(FORMATS[name])(result, _plain(shown)))
    text = renderer(FORMATS[output_format])(result, shown)
    emit(text)
    code = FINDINGS if fails(result.findings, config.fail_on) and not exit_zero else CLEAN
    # What is written elsewhere, read elsewhere, or tells the time is made anew.
    again = outputs or config_repos or config.local_rules or reading.no_cache or reading.verbose
    if question and not again and isinstance(text, str):
        gathered.keep(reading.cache_dir, code, showable(text))
    return code


def _changes(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    min_severity: str | None,
    min_confidence: str | None,
    fail_on: str | None,
) -> dict[str, Any]:
    """What the command line sets over the settings of the file."""
    from scaleaudit.cli.selection import split
    from scaleaudit.findings import Confidence, Severity

    changes: dict[str, Any] = {}
    if select:
        changes["select"] = split(select)
    if ignore:
        changes["ignore"] = split(ignore)
    if min_severity:
        changes["min_severity"] = Severity(min_severity)
    if min_confidence:
        changes["min_confidence"] = Confidence(min_confidence)
    if fail_on:
        changes["fail_on"] = Severity(fail_on)
    return changes


def _render_options(
    root: Path, color: str, unfold: bool, reading: Reading, statistics: bool
) -> RenderOptions:
    from scaleaudit.cli.pipeline import prefix_of, reader
    from scaleaudit.cli.terminal import style_of
    from scaleaudit.reports.options import RenderOptions

    return RenderOptions(
        style=style_of(color, root),
        unfold=unfold,
        details=reading.verbose,
        brief=reading.quiet,
        statistics=statistics,
        prefix=prefix_of(root, os.environ),
        read=reader(root),
    )


def _plain(options: RenderOptions) -> RenderOptions:
    """For a file: no colours, no links, all that there is."""
    from msgspec.structs import replace

    from scaleaudit.reports.style import Style

    return replace(options, style=Style(width=100), unfold=True, brief=False, statistics=False)


def _show_files(root: Path, config: Config, config_repos: Sequence[str]) -> int:
    from scaleaudit.cli import pipeline
    from scaleaudit.cli.file_list import file_list
    from scaleaudit.scan import list_files
    from scaleaudit.source import Skipped

    given = [pipeline.folder(path) for path in config_repos]
    files, skipped = list_files(root, config, given)
    own = [file.path for file in files if file.content is None]
    closed = {path for path in own if not os.access(root / path, os.R_OK)}
    skipped += [Skipped(path, "unreadable") for path in closed]
    emit(file_list([file for file in files if file.path not in closed], sorted(skipped)))
    return CLEAN


def _settings_text(config: Config, file: Path | None) -> str:
    from scaleaudit.cli.settings_text import settings_text

    return settings_text(config, str(file) if file else "")
