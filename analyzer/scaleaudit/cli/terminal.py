"""What the terminal can show: colours, links, width, a progress bar."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from scaleaudit.reports.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

MIN_WIDTH, MAX_WIDTH = 40, 120

# Terminals that say by these variables or names that they know OSC 8.
LINKING_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "zed"}
LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour")
LINKING_VARIABLES = ("KONSOLE_VERSION", "WT_SESSION", "DOMTERM", "KITTY_WINDOW_ID")


def wants_color(choice: str, terminal: bool, env: Mapping[str, str]) -> bool:
    """`--color`, then NO_COLOR, then FORCE_COLOR, then whether a terminal reads."""
    if choice != "auto":
        return choice == "always"
    if env.get("NO_COLOR"):
        return False
    forced = env.get("FORCE_COLOR", "")
    if forced:
        return forced != "0"
    return terminal and env.get("TERM") != "dumb"


def knows_links(terminal: bool, env: Mapping[str, str]) -> bool:
    forced = env.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    if not terminal or env.get("CI") or env.get("TERM") == "dumb":
        return False
    vte = env.get("VTE_VERSION", "0")
    return (
        env.get("TERM_PROGRAM", "") in LINKING_PROGRAMS
        or env.get("TERM", "").startswith(LINKING_TERMS)
        or any(env.get(name) for name in LINKING_VARIABLES)
        or (vte.isdigit() and int(vte) >= 5000)
    )


def style_of(choice: str, root: Path, *, stream: TextIO | None = None) -> Style:
    """The style for text on standard output."""
    stream = stream or sys.stdout
    terminal = stream.isatty()
    links = root.absolute().as_uri().rstrip("/") + "/" if knows_links(terminal, os.environ) else ""
    return Style(
        color=wants_color(choice, terminal, os.environ),
        links=links,
        width=max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size((80, 24)).columns)),
    )


def wants_progress(quiet: bool, terminal: bool, env: Mapping[str, str]) -> bool:
    return terminal and not quiet and not env.get("CI") and env.get("TERM") != "dumb"


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on standard error while the block runs; None where nobody would see it."""
    if not wants_progress(quiet, sys.stderr.isatty(), os.environ):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("looking", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        yield show
