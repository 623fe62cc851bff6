"""`scaleaudit completion`"""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from scaleaudit.cli.program import Command, Failure, emit

PROGRAM = "scaleaudit"
VARIABLE = "_SCALEAUDIT_COMPLETE"


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    bash: scaleaudit completion bash > ~/.local/share/bash-completion/completions/scaleaudit
    zsh:  scaleaudit completion zsh > ~/.zfunc/_scaleaudit
    fish: scaleaudit completion fish > ~/.config/fish/completions/scaleaudit.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise Failure(f"no completion for {shell}")
    # Past the class's own `source`: the one for bash starts bash to ask for its version.
    emit(ShellComplete.source(kind(ctx.find_root().command, {}, PROGRAM, VARIABLE)) + "\n")
