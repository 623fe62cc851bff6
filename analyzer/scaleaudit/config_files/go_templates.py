"""Go templates (Helm charts) as far as a text tells: actions are hidden from the YAML parser, and
what they would print becomes a value.

Every character of an action is moved to a private plane of Unicode, where YAML sees a plain word:
lines and columns stay, and the action can be read back from the scalar it ended up in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scaleaudit.values import Value

_BASE = 0x100000  # Supplementary Private Use Area B: no font, no icon set uses it
_LAST = _BASE + 0xFF
_HIDDEN = regex(f"[{chr(_BASE)}-{chr(_LAST)}]+")
_ONLY_HIDDEN = regex(f"(?m)^[ \t]*[{chr(_BASE)}-{chr(_LAST)}][ \t{chr(_BASE)}-{chr(_LAST)}]*$")
MAX_ACTION = 4_000  # characters
MAX_PARENTHESES = 16
MAX_HINT = 80  # characters of an expression kept for people

# An action up to its end, which does not stand in one of its strings.
_ACTION = regex(r'\{\{(?:[^"`}]|"(?:[^"\\\n]|\\.){0,1000}"|`[^`]{0,1000}`|\}(?!\})){0,1000}\}\}')
_TOKEN = regex(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`|(:=|[()|])|([^\s()|"`]+)')
_STRING = regex(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_OPENS = {"if", "range", "with", "define", "block"}
_PRINTS_NOTHING = {"else", "end", "break", "continue"}
_KNOWN_ROOT = regex(r"\$?\w*\.((?:Values|Release|Chart)\.[\w.]*\w)$")
# What these functions of Go and sprig return is, for our purpose, their last argument.
_TRANSPARENT = {
    "quote", "squote", "toString", "trim", "trimSuffix", "trimPrefix", "trunc", "lower", "upper",
    "int", "int64", "float64", "atoi", "required", "html", "urlquery", "kebabcase", "nospace",
}  # fmt: skip
_VERB = regex(r"%[-+ 0-9.]*[sdvqtfx]")

Item: TypeAlias = "str | Value"  # of a command: a bare word, or an argument with a value


def hide_templates(text: str) -> str:
    """The text with all actions hidden, and lines that hold nothing else blanked."""
    parts: list[str] = []
    position = 0
    last = text.rfind("}}")
    while 0 <= (start := text.find("{{", position)) < last:
        if start and text[start - 1] == "$":  # `${{ }}` is an expression of GitHub Actions
            parts.append(text[position : start + 2])
            position = start + 2
            continue
        end = _end_of_action(text, start)
        if end < 0:
            parts.append(text[position : start + 2])
            position = start + 2
            continue
        parts.append(text[position:start])
        parts.append("".join(c if c == "\n" else _hidden(c) for c in text[start:end]))
        position = end
    parts.append(text[position:])
    return _ONLY_HIDDEN.sub("", "".join(parts))


def templated(text: str, plain: Callable[[str], Value]) -> Value:
    """The value of a text with actions, hidden or not; `plain` gives the value of the rest."""
    if "{{" not in text and not _HIDDEN.search(text):
        return plain(text)
    parts: list[Value] = []
    depth = 0
    for is_action, piece in pieces(text):
        if not is_action:
            if not depth:
                parts.append(plain(piece))
            continue
        word = piece.split(None, 1)[0] if piece.strip() else ""
        if word in _OPENS:
            if not depth:
                parts.append(Unknown(_hint(piece)))
            depth += 1
        elif word == "end":
            depth = max(0, depth - 1)
        elif not depth and word not in _PRINTS_NOTHING and not piece.startswith("/*"):
            parts.append(expression_value(piece))
    return join(*parts)


def expression_value(expression: str) -> Value:
    """What an action prints; `.Values.a` becomes a `Setting` of that key."""
    tokens = list(_TOKEN.finditer(expression[:MAX_ACTION]))
    value, _ = _pipeline(tokens, 0, 0, Unknown(_hint(expression)))
    return value


def _hint(expression: str) -> str:
    """The expression for people: short, and without its strings, which may be secrets."""
    return _STRING.sub('""', expression[:MAX_ACTION])[:MAX_HINT]


def _hidden(character: str) -> str:
    return chr(_BASE + ord(character)) if ord(character) < 0x100 else chr(_BASE + ord("?"))


def _shown(match: re.Match[str]) -> str:
    return "".join(chr(ord(character) - _BASE) for character in match[0])


def _end_of_action(text: str, start: int) -> int:
    """One past the action that begins at `start`, -1 when it does not end."""
    head = text[start + 2 : start + 6].lstrip("-").lstrip()
    if head.startswith("/*"):
        end = text.find("*/", start, start + 10 * MAX_ACTION)
        close = text.find("}}", end, end + 10) if end >= 0 else -1
        return close + 2 if close >= 0 else -1
    close = text.find("}}", start, start + MAX_ACTION)
    if close < 0:
        return -1
    match = _ACTION.match(text, start)
    return match.end() if match is not None else close + 2


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut into actions (their inside, trimmed) and what stands between them."""
    text = _HIDDEN.sub(_shown, text)
    position = 0
    search = 0
    while (start := text.find("{{", search)) >= 0:
        if start and text[start - 1] == "$":
            search = start + 2
            continue
        end = _end_of_action(text, start)
        inside = text[start + 2 : end - 2] if end >= 0 else text[start + 2 :]
        if start > position:
            yield False, text[position:start]
        yield True, inside.removeprefix("-").removesuffix("-").strip()
        position = search = end if end >= 0 else len(text)
    if position < len(text):
        yield False, text[position:]


def _pipeline(
    tokens: list[re.Match[str]], at: int, depth: int, unknown: Unknown
) -> tuple[Value, int]:
    """`a b | c d`, up to a closing parenthesis: the value, and the index after it."""
    piped: Value | None = None
    items: list[Item] = []
    while at < len(tokens):
        quoted, raw, sign, word = tokens[at].groups()
        at += 1
        if sign == ")":
            break
        if sign == "(":
            if depth >= MAX_PARENTHESES:
                return unknown, len(tokens)
            value, at = _pipeline(tokens, at, depth + 1, unknown)
            items.append(value)
        elif sign == "|":
            piped = _command(items, piped, unknown)
            items = []
        elif sign == ":=":
            return Literal(""), len(tokens)  # an assignment prints nothing
        elif word is not None:
            items.append(word)
        else:
            items.append(Literal(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else raw))
    return _command(items, piped, unknown), at


def _command(items: list[Item], piped: Value | None, unknown: Unknown) -> Value:
    if not items:
        return piped if piped is not None else unknown
    head = items[0]
    values = [item if not isinstance(item, str) else _operand(item) for item in items]
    if not isinstance(head, str) or (len(items) == 1 and piped is None):
        return values[0] if len(items) == 1 else unknown
    arguments = values[1:] + ([piped] if piped is not None else [])
    if not arguments:
        return unknown
    if head in _TRANSPARENT:
        return arguments[-1]
    match head:
        case "default":
            return _defaulted([arguments[-1], *arguments[:-1]], unknown)
        case "coalesce":
            return _defaulted(arguments, unknown)
        case "tpl":
            return arguments[0]
        case "print":
            return join(*arguments)
        case "printf":
            return _formatted(arguments, unknown)
        case "include" | "template":
            return _included(arguments[0], unknown)
        case "index":
            return _indexed(items, arguments, unknown)
        case _:
            return unknown


def _operand(word: str) -> Value:
    known = _KNOWN_ROOT.match(word)
    if known is not None:
        return Setting(f".{known[1]}")
    if word in ("true", "false") or re.fullmatch(r"-?\d+(\.\d+)?", word):
        return Literal(word)
    return Unknown(word)


def _defaulted(values: list[Value], unknown: Value) -> Value:
    """The first, with the next as its default, and so on."""
    value = values[-1]
    for before in reversed(values[:-1]):
        if isinstance(before, Setting):
            value = before.default if before.default is not None else value
            value = Setting(before.key, without_secrets(before.key, value))
        elif isinstance(before, Literal):
            value = before if before.text else value
        else:
            return unknown
    return value


def _formatted(arguments: list[Value], unknown: Value) -> Value:
    form = arguments[0]
    if not isinstance(form, Literal):
        return unknown
    texts = _VERB.split(form.text)
    if len(texts) != len(arguments):
        return unknown
    parts: list[Value] = [Literal(texts[0])]
    for argument, text in zip(arguments[1:], texts[1:], strict=True):
        parts += [argument, Literal(text)]
    return join(*parts)


def _included(name: Value, unknown: Value) -> Value:
    """`include "shop.fullname" .`: by the convention of `helm create`, the name of the chart
    `shop`, with the release in front of it; the chart's name is what one file can say, and
    `shop.web.fullname` is `shop-web`. Other templates are what their `define` says."""
    if isinstance(name, Literal):
        chart, dot, what = name.text.rpartition(".")
        if dot and what in ("fullname", "name"):
            return Setting(f'include "{name.text}"', Literal(chart.replace(".", "-")))
        return Setting(f'include "{name.text}"')
    return unknown


def _indexed(items: list[Item], arguments: list[Value], unknown: Value) -> Value:
    """`index .Values "a" "b"`."""
    root = items[1] if len(items) > 1 else ""
    keys = [argument.text for argument in arguments[1:] if isinstance(argument, Literal)]
    if not isinstance(root, str) or len(keys) != len(arguments) - 1:
        return unknown
    path = ".".join([root, *keys])
    known = _KNOWN_ROOT.match(path)
    return Setting(f".{known[1]}") if known is not None else unknown
