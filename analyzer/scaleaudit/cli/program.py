"""What all commands share: found when called, errors in one line, exit codes."""

from __future__ import annotations

import gc
import re
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

CLEAN, FINDINGS, ERROR, NOTHING = 0, 1, 2, 3

UNSEEN = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class Failure(click.ClickException):
    """The command cannot do as asked: one line and an exit code."""

    exit_code = ERROR

    def show(self, file: Any = None) -> None:
        complain(self.format_message())


class Nothing(Failure):
    """There is nothing to scan."""

    exit_code = NOTHING


class Interrupted(Failure):
    """The user pressed Ctrl-C; the exit code is that of shells."""

    exit_code = 130


def complain(message: str) -> None:
    """One line to standard error; what came from a repository cannot act on the terminal."""
    line = " ".join(message.split()).translate(UNSEEN).encode("utf-8", "backslashreplace")
    click.echo(f"scaleaudit: {line.decode()}", err=True)


class Program(click.Group):
    """A group whose commands are imported when they are called.

    `commands_at` names for each command its module and its line in the list of commands.
    """

    def __init__(self, *args: Any, commands_at: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._at:
            return None
        return cast("click.Command", import_module(self._at[cmd_name][0]).command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and args[0] not in self._at and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self._at, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._at.items()])

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _in_one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        collecting = gc.isenabled()
        gc.disable()  # a command is short, and most of what it makes lives as long
        try:
            with _in_one_line():
                return super().invoke(ctx)
        finally:
            if collecting:
                gc.freeze()  # a look at all objects when Python ends would find nothing to free
                gc.enable()


@contextmanager
def _in_one_line() -> Iterator[None]:
    """click shows wrong usage in three lines; one tells the same."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "scaleaudit"
        message = _no_choice(error) or error.format_message().rstrip(".")
        raise Failure(f"{message} ({path} --help tells more)") from error
    except KeyboardInterrupt as error:
        raise Interrupted("interrupted") from error


def _no_choice(error: click.UsageError) -> str:
    """`--fail-on: 'hgh' is not one of info, ..., did you mean high?`; empty for other errors."""
    param = getattr(error, "param", None)
    said = re.match(r"'(.*?)' is not one of ", error.message)
    if said is None or param is None or not isinstance(param.type, click.Choice):
        return ""
    from difflib import get_close_matches

    choices = [str(choice) for choice in param.type.choices]
    near = get_close_matches(said[1].lower(), choices, n=1, cutoff=0.5)
    hint = f", did you mean {near[0]}?" if near else ""
    name = max(param.opts, key=len) if param.param_type_name == "option" else param.name.upper()
    return f"{name}: '{said[1]}' is not one of {', '.join(choices)}{hint}"


class Command(click.Command):
    """A command whose crash is one line; `--verbose` adds the traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            verbose = bool(ctx.params.get("verbose"))
            if verbose:
                _print_traceback()
            said = str(error) or "no message"
            hint = "" if verbose else " (--verbose shows the traceback)"
            raise Failure(f"internal error: {type(error).__name__}: {said}{hint}") from error


def _print_traceback() -> None:
    import traceback

    for line in traceback.format_exc().splitlines():
        safe = line.translate(UNSEEN).encode("utf-8", "backslashreplace").decode()
        click.echo(safe, err=True)


def emit(text: str | bytes) -> None:
    """To standard output; a reader that went away (`| head`) changes neither text nor exit code."""
    try:
        if isinstance(text, bytes):
            click.echo(text, nl=False)
        else:
            click.echo(showable(text), nl=False, color=True)
    except BrokenPipeError:
        from scaleaudit.answers import nobody_reads

        nobody_reads()


def showable(text: str) -> str:
    """The text as far as standard output can take it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
