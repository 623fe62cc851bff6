"""What is imported for the first statement."""

from __future__ import annotations

import subprocess
import sys

READS = """
import sys
from scaleaudit.sql import read_query
from scaleaudit.source import Span
assert read_query("SELECT code FROM orders WHERE state = 1", Span(1)).reads == ("orders",)
{more}
"""


def run(more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", READS.format(more=more)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_statement_brings_no_readers_of_mail() -> None:
    done = run("assert 'email' not in sys.modules and 'socket' not in sys.modules")
    assert not done.returncode, done.stderr


def test_installed_distributions_can_be_asked_for_as_before() -> None:
    done = run(
        "from importlib.metadata import entry_points, version; assert version('sqlglot')\n"
        "assert not entry_points(group='nobody.has.this')"
    )
    assert not done.returncode, done.stderr


def test_a_dialect_that_sqlglot_has_not_is_looked_for() -> None:
    done = run(
        "from sqlglot.dialects import dialect\n"
        "assert dialect.Dialect.get('nobody_speaks_this') is None and 'email' in sys.modules"
    )
    assert not done.returncode, done.stderr
