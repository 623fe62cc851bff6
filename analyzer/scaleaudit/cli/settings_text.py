"""Settings as TOML: for `--show-settings` and for `init`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from scaleaudit.reports.escaping import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.config import Config
    from scaleaudit.rules import Options


def toml_value(value: Any) -> str:
    """A value as TOML writes it; for the types that settings have."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, (int, float)):
        return repr(plain)
    if isinstance(plain, str):
        return toml_string(plain)
    if isinstance(plain, dict):
        pairs = (f"{toml_key(key)} = {toml_value(each)}" for key, each in plain.items())
        return f"{{ {', '.join(pairs)} }}" if plain else "{}"
    return f"[{', '.join(toml_value(each) for each in plain)}]"


def toml_string(text: str) -> str:
    """A basic string; whatever a terminal would act on stands as an escape."""
    safe = text.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_toml_character(c) for c in safe) + '"'


def _toml_character(character: str) -> str:
    if visible(character) == character:
        return character
    return f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"


def toml_key(key: str) -> str:
    bare = key and all(c.isascii() and (c.isalnum() or c in "-_") for c in key)
    return key if bare else toml_string(key)


def settings_text(config: Config, source: str) -> str:
    """The settings in force, as a valid settings file."""
    lines = [f"# from {visible(source)}" if source else "# defaults: there is no settings file"]
    for field in msgspec.structs.fields(config):
        if field.name != "rules":
            lines.append(f"{field.encode_name} = {toml_value(getattr(config, field.name))}")
    for rule, table in config.rules.items():
        lines += ["", f"[rules.{toml_key(rule)}]"]
        lines += [f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()]
    return "\n".join([*lines, ""])


def option_lines(options: type[Options]) -> Iterable[str]:
    """A rule's options with their defaults, one line each."""
    for field in msgspec.structs.fields(options):
        default = field.default
        if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if default is not msgspec.NODEFAULT and default is not None:
            yield f"{field.encode_name} = {toml_value(default)}"
