"""Jbuilder: a template of JSON that is Ruby throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.templates.erb import STATEMENT, statement
from scaleaudit.languages.templates.ruby_code import ENGINE, RubyCode
from scaleaudit.languages.templates.steps import Steps, read_template

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts

MAX_STATEMENTS = 2_000


def extract(content: bytes) -> FileFacts:
    return read_template(content, ENGINE, statements)


def statements(steps: Steps) -> None:
    code, blocks = RubyCode(steps), list[bool]()
    found = STATEMENT.finditer(steps.content)
    for _, each in zip(range(MAX_STATEMENTS), found, strict=False):
        statement(code, blocks, *each.span())
