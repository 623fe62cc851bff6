"""The command line: arguments in, text and exit code out; one module a command.

`--help` and `--version` must stay quick: nothing but click is imported before a command runs.
"""

from __future__ import annotations

import click

from scaleaudit import __version__
from scaleaudit.cli.program import Program


@click.group(
    cls=Program,
    commands_at={
        "scan": ("scaleaudit.cli.scan", "Find what will stop a system from scaling."),
        "graph": ("scaleaudit.cli.graph", "Show the services, the stores and who talks to whom."),
        "explain-edge": (
            "scaleaudit.cli.explain_edge",
            "Show what led to the connection between two components.",
        ),
        "schema": (
            "scaleaudit.cli.schema",
            "Show the database schema as dumps, migrations and models make it.",
        ),
        "queries": (
            "scaleaudit.cli.queries",
            "Show what is asked of tables, and the index that serves it.",
        ),
        "roadmap": ("scaleaudit.cli.roadmap", "Show all fixes in the order to do them."),
        "rules": ("scaleaudit.cli.rules", "List the rules."),
        "explain": ("scaleaudit.cli.explain", "Show a rule's page: why it matters, what to do."),
        "init": ("scaleaudit.cli.init", "Write a commented scaleaudit.toml."),
        "completion": ("scaleaudit.cli.completion", "Print the completion script for a shell."),
    },
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: scaleaudit scan PATH",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Read a repository, map its services and data, and say what will stop it from scaling,
    when, and what to do first. Nothing of the repository is executed or changed."""
