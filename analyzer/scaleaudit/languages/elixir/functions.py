"""How functions stand in Elixir's files: calls of `def` in the block of a `defmodule`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.syntax import DEFINES, local_name
from scaleaudit.languages.function_marks import SNAKE
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node


def defined(node: Node) -> Node | None:
    return node if node.type == "call" and local_name(node) in DEFINES else None


ELIXIR = Shape(
    functions=frozenset(),
    classes=frozenset(),
    through=frozenset({"call", "do_block"}),
    skipped=frozenset({"comment", "unary_operator"}),  # `@doc`, `@spec`
    bodies=frozenset(),
    openings=(b"def ", b"defp "),
    telling=SNAKE,
    tests=regex(rb"(?m)^\s*use (?:ExUnit\.Case|[\w.]*(?:Conn|Data|Channel)Case)\b"),
    test_marks=(b"Case",),
    root_marks=(b"def perform(", b"def handle_cast(", b"def handle_continue(", b"Mix.Task"),
    asked=regex(rb"\(\s*(?:_?conn\b|%(?:Plug\.)?Conn\{|[^)]*\bsocket\b)"),
    # of Oban, Exq and the like; of processes that nobody waits for
    job=regex(rb"\bdef (?:perform|handle_cast|handle_continue)\("),
    value=defined,
)
