from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from scaleaudit.cli import terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("choice", "is_terminal", "env", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", True, {"FORCE_COLOR": "0"}, False),
        ("auto", False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours(choice: str, is_terminal: bool, env: dict[str, str], wanted: bool) -> None:
    assert terminal.wants_color(choice, is_terminal, env) is wanted


@pytest.mark.parametrize(
    ("is_terminal", "env", "knows"),
    [
        (True, {}, False),
        (True, {"TERM_PROGRAM": "vscode"}, True),
        (True, {"TERM": "xterm-kitty"}, True),
        (True, {"VTE_VERSION": "6800"}, True),
        (True, {"VTE_VERSION": "4600"}, False),
        (True, {"VTE_VERSION": "6800", "CI": "true"}, False),
        (False, {"TERM_PROGRAM": "vscode"}, False),
        (False, {"FORCE_HYPERLINK": "1"}, True),
        (True, {"FORCE_HYPERLINK": "0", "TERM_PROGRAM": "vscode"}, False),
    ],
)
def test_links(is_terminal: bool, env: dict[str, str], knows: bool) -> None:
    assert terminal.knows_links(is_terminal, env) is knows


@pytest.mark.parametrize(
    ("quiet", "is_terminal", "env", "wanted"),
    [
        (False, True, {}, True),
        (True, True, {}, False),
        (False, False, {}, False),
        (False, True, {"CI": "true"}, False),
        (False, True, {"TERM": "dumb"}, False),
    ],
)
def test_progress(quiet: bool, is_terminal: bool, env: dict[str, str], wanted: bool) -> None:
    assert terminal.wants_progress(quiet, is_terminal, env) is wanted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_style_of_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "xterm-kitty")
    monkeypatch.setenv("COLUMNS", "300")
    style = terminal.style_of("auto", tmp_path, stream=Terminal())
    assert style.color
    assert style.width == 120
    assert style.links == f"{tmp_path.as_uri()}/"
    plain = terminal.style_of("auto", tmp_path, stream=io.StringIO())
    assert (plain.color, plain.links) == (False, "")


def test_a_bar_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.progress_bar(quiet=False) as show:
        assert show is not None
        show("reading", 3, 10)
    assert "reading" in screen.getvalue()
    assert "3/10" in screen.getvalue()
    with terminal.progress_bar(quiet=True) as show:
        assert show is None
