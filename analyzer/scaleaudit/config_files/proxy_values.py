"""What readers of proxies' configurations share: the facts they make, the values of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.erb import ruby_value
from scaleaudit.config_files.go_templates import templated
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting, Unknown, join, literal_text

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.values import Value

# Of the settings. The key is the technology of the program that reads them; `nginx:shop` is a
# server of the set `shop`, which other files refer to. The group is a ConfigMap's name.
SOURCE = "proxy"
MAX_TARGETS = 500  # of one file
MAX_LINE = 2_000
MAX_ADDRESS = 500
_VARIABLE = regex(
    r"\$\{([A-Za-z_]\w*)(?::?-([^{}]*))?\}"  # a shell's, envsubst's
    r"|\$([A-Za-z_]\w*)"
    r"|\{\$([A-Za-z_]\w*)(?::([^{}]*))?\}|\{env\.([A-Za-z_]\w*)\}"  # Caddy's
)
_OF_TEMPLATE = regex(
    r"\{\{-?\s{0,9}(?:(?:env|getenv|getv)\s+\"(\w+)\"(?:\s+\"([^\"{}]*)\")?|(?:\.Env\.)?(\b[A-Z][A-Z0-9_]+\b|(?<=\.Env\.)\w+))?[^{}]*\}\}"
    r"|<%=(.*?)-?%>"
)
_BY_DAPR = regex(r"(?:localhost|127\.0\.0\.1)(?::\d+)?/v1\.0/invoke/([\w.-]+)/method")
_SCHEME = regex(r"^(?:balancer|[\w+.-]+)://")


def passed(line: int, technology: str, address: str, name: str = "") -> SettingDefined | None:
    """Requests go on to an address: the fact; None for a socket or a file.

    `name`: of the set of servers that the address is one of.
    """
    written = address.strip().strip("\"'")[:MAX_ADDRESS]
    scheme = _SCHEME.match(written)
    rest = written[scheme.end() :] if scheme is not None else written
    invoked = _BY_DAPR.match(rest)
    rest = invoked[1] if invoked is not None else rest
    if not rest or rest.startswith(("unix", "/", "%", "#", "!")):
        return None
    value = without_secrets("", address_value(f"http://{rest}"))
    return SettingDefined(Span(line), f"{technology}:{name}" if name else technology, value, SOURCE)


def address_value(text: str) -> Value:
    """A text with what the deployment fills in as settings, what requests bring as unknown."""
    return templated(text, _plain)


def without_templates(line: str) -> str:
    """A line with what a template puts in as `${NAME:-default}`, or `$_` where that is not known."""
    return _OF_TEMPLATE.sub(_as_variable, line) if "{{" in line or "<%=" in line else line


def _as_variable(found: re.Match[str]) -> str:
    name, default, short, ruby = found.groups()
    if ruby is not None:
        value = ruby_value(ruby.strip())
        if isinstance(value, Setting):
            name, default = value.key, literal_text(value.default)
    if not (name or short):
        return "$_"
    return f"${{{name or short}:-{default}}}" if default else f"${{{name or short}}}"


def _plain(text: str) -> Value:
    parts: list[Value] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        parts.append(Literal(text[position : found.start()]))
        position = found.end()
        if found[3] is not None and not found[3].isupper():
            parts.append(Unknown(f"${found[3]}"))  # of the request
        else:
            default = found[2] if found[2] is not None else found[5]
            name = found[1] or found[3] or found[4] or found[6]
            parts.append(Setting(name, Literal(default) if default is not None else None))
    return join(*parts, Literal(text[position:]))


def distinct(facts: Iterator[SettingDefined | None]) -> Iterator[SettingDefined]:
    """The facts that are there, each address once, at most `MAX_TARGETS`."""
    seen: set[object] = set()
    for fact in facts:
        if fact is None:
            continue
        told = (fact.key, fact.value)
        if told not in seen:
            seen.add(told)
            yield fact
            if len(seen) >= MAX_TARGETS:
                return
