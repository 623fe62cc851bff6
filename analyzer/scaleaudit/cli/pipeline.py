"""From the arguments of a command to the result of a scan."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scaleaudit.cli.program import Failure, Nothing, complain
from scaleaudit.cli.selection import UnknownWordError, check_words, choose, keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from scaleaudit.cli.options import Reading
    from scaleaudit.config import Config
    from scaleaudit.discovery import Found
    from scaleaudit.result import ScanResult
    from scaleaudit.rules import Options, Rule
    from scaleaudit.source import SourceFile

MAX_CONTENT = 16 << 20  # bytes of a file that a report looks into again


def folder(path: str) -> Path:
    """A folder that can be read; raises `Failure` for anything else."""
    if not path:
        raise Failure("the path is empty; the current folder is .")
    root = Path(path)
    try:
        if root.is_dir():
            os.scandir(root).close()
            return root
        there = root.exists()
    except (OSError, ValueError) as error:
        raise Failure(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    raise Failure(f"{path} is a file, not a folder" if there else f"no such folder: {path}")


def settings(
    root: Path, file: str | None, changes: Mapping[str, Any]
) -> tuple[Config, Path | None]:
    """The repository's settings with those of the command line over them, and their file."""
    import msgspec

    from scaleaudit.config import ConfigError, find_config, load_config

    try:
        path = Path(file) if file else find_config(root)
        config = load_config(path)
    except ConfigError as error:
        raise Failure(str(error)) from error
    return msgspec.structs.replace(config, **changes), path


def all_rules(root: Path, config: Config, allow_local: bool) -> list[Rule]:
    """Installed rules, and the repository's own where the user allows to run them."""
    from scaleaudit.rules import RulePackError, load_rules

    local = root / config.local_rules if config.local_rules and allow_local else None
    try:
        if local is not None and not local.is_dir():
            raise Failure(f"local-rules: no such folder: {local}")
        if local is not None and not local.resolve().is_relative_to(os.path.realpath(root)):
            raise Failure(f"local-rules: {local} is outside of the scanned folder")
    except (OSError, ValueError) as error:
        raise Failure(f"local-rules: {getattr(error, 'strerror', None) or error}") from error
    try:
        return load_rules(local)
    except RulePackError as error:
        raise Failure(str(error)) from error


def selected(
    rules: Sequence[Rule],
    config: Config,
    file: Path | None,
    *,
    typed: Collection[str] = (),
    complete: bool = True,
) -> list[Rule]:
    """The rules to run by `select` and `ignore`; raises `Failure` for an unknown word.

    `typed`: the words of the command line. `complete`: all rules of this repository are loaded;
    if not, its settings may speak of others.
    """
    words = (*config.select, *config.ignore)
    try:
        check_words(rules, words if complete else [word for word in words if word in typed])
    except UnknownWordError as error:
        raise Failure(f"{_where(file, error.word)}{error}") from error
    chosen = choose(rules, config.select, config.ignore)
    if not chosen:
        raise Failure("no rule is left by --select and --ignore")
    return chosen


def _where(file: Path | None, word: str) -> str:
    """`scaleaudit.toml:4: ` when the word stands in the file, else it came from the command."""
    for number, line in enumerate(_text(file).splitlines(), 1):
        if f'"{word}"' in line or f"'{word}'" in line:
            return f"{file}:{number}: "
    return ""


class Chosen(NamedTuple):
    """The settings in force, and what they make of the rules."""

    config: Config
    file: Path | None
    rules: Sequence[Rule]  # all that are installed
    running: Sequence[Rule]
    options: Mapping[str, Options]
    complete: bool  # no rules of the repository's own are left out


def chosen(
    root: Path, reading: Reading, changes: Mapping[str, Any], *, allow_local: bool
) -> Chosen:
    config, file = settings(root, reading.config_file, changes)
    rules = all_rules(root, config, allow_local)
    complete = allow_local or not config.local_rules
    typed = {*changes.get("select", ()), *changes.get("ignore", ())}
    running = selected(rules, config, file, typed=typed, complete=complete)
    options = rule_options(rules, config, file, complete=complete)
    return Chosen(config, file, rules, running, options, complete)


def rule_options(
    rules: Sequence[Rule], config: Config, file: Path | None, *, complete: bool
) -> dict[str, Options]:
    """The `[rules.<id>]` tables as typed options, for all rules that have one.

    `complete`: all rules of this repository are loaded, so a table for another is an error.
    """
    import msgspec

    from scaleaudit.config import explain, keys_of, line_of, nearest

    name = str(file) if file else "configuration"
    text = _text(file)
    known = {rule.id: rule for rule in rules}
    found = {}
    for rule_id, table in config.rules.items():
        rule = known.get(rule_id)
        if rule is None:
            if not complete:
                continue
            near = nearest(rule_id, known)
            hint = f", did you mean {near}?" if near else "; scaleaudit rules lists all"
            line = line_of(text, rule_id)
            raise Failure(f"{name}:{line}: rules.{rule_id}: unknown rule{hint}")
        try:
            found[rule_id] = msgspec.convert(table, rule.options)
        except msgspec.ValidationError as error:
            section = _from_section(text, rule_id)
            raise Failure(explain(name, section, str(error), keys_of(rule.options))) from error
    return found


def _text(file: Path | None) -> str:
    from scaleaudit.config import own_part

    try:
        text = file.read_text(encoding="utf-8", errors="replace") if file else ""
    except OSError:
        return ""
    return own_part(file, text) if file else ""


def _from_section(text: str, rule_id: str) -> str:
    """The text with all before the rule's table blanked, so that keys are found in it."""
    at = text.find(f"rules.{rule_id}")
    return "\n" * text.count("\n", 0, at) + text[at:] if at > 0 else text


def without_rules(root: Path, reading: Reading, config_repos: Sequence[str] = ()) -> ScanResult:
    """All that is known of the system, and no findings."""
    config, _ = settings(root, reading.config_file, {})
    return run(root, config, rules=(), reading=reading, complete=True, config_repos=config_repos)


def run(
    root: Path,
    config: Config,
    *,
    rules: Sequence[Rule],
    reading: Reading,
    options: Mapping[str, Options] | None = None,
    complete: bool = False,
    config_repos: Sequence[str] = (),
    noticed: Callable[[Found, Sequence[SourceFile]], None] | None = None,
) -> ScanResult:
    """The scan, with a progress bar where somebody sees it; raises `Failure`."""
    from scaleaudit.cache import FactCache, default_folder
    from scaleaudit.cli.terminal import progress_bar
    from scaleaudit.rules import RuleCrash
    from scaleaudit.scan import NothingToScan, ScanError, scan_path

    cache, quiet = None, reading.quiet
    if not reading.no_cache:
        cache = FactCache(Path(reading.cache_dir) if reading.cache_dir else default_folder())
    try:
        with progress_bar(quiet) as progress:
            return scan_path(
                root,
                config,
                rules=rules,
                options=options,
                keep=keeper(
                    config.min_severity, config.min_confidence, rules, config.select, config.ignore
                ),
                jobs=reading.jobs,
                cache=cache,
                complete=complete,
                config_repositories=[folder(path) for path in config_repos],
                progress=progress,
                noticed=noticed,
            )
    except NothingToScan as error:
        raise Nothing(str(error)) from error
    except (ScanError, RuleCrash) as error:
        raise Failure(str(error)) from error
    finally:
        if cache is not None:
            if cache.notice and not quiet:
                complain(cache.notice)
            cache.close()


def prefix_of(root: Path, env: Mapping[str, str]) -> str:
    """The way from the checked-out repository, or from here, to the root: `services/api/`.

    Editors and GitHub look for paths from there. Empty when the root is not below either.
    """
    real = Path(os.path.realpath(root))
    for base in (env.get("GITHUB_WORKSPACE"), os.getcwd()):  # noqa: PTH109 - may be gone
        if base and real.is_relative_to(os.path.realpath(base)):
            inner = real.relative_to(os.path.realpath(base)).as_posix()
            return "" if inner == "." else f"{inner}/"
    return ""


def reader(root: Path) -> Callable[[str], bytes | None]:
    """Reads regular files below the root, never through a link out of it."""
    from scaleaudit.discovery import Unreadable, read_bounded

    real = os.path.realpath(root)

    def read(path: str) -> bytes | None:
        try:
            there = os.path.realpath(root / path)
            if not Path(there).is_relative_to(real):
                return None
            return read_bounded(root, path, MAX_CONTENT)
        except (Unreadable, OSError, ValueError):
            return None

    return read
