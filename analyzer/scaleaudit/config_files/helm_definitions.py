"""Named templates of a chart (`define "shop.redis.host"`) whose text is one short value.

Each becomes a setting of the key `include "shop.redis.host"`. Of a template that chooses by one
value of the chart, both arms are told; `group` holds the condition: `.Values.redis.enabled`, or
`!.Values.redis.enabled` for the other arm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.go_templates import expression_value, pieces
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.values import Value

MAX_DEFINITIONS = 2_000
MAX_BODY = 4_000  # characters
_DEFINE = regex(r'\{\{-?[ \t]*define[ \t]+"([\w./-]{1,200})"[ \t]*-?\}\}')
_CONDITION = regex(r"(not\s+)?\$?(\.Values\.[\w.]+)")
_OPENS = ("if", "with", "range", "block", "define")

Pieces = list[tuple[bool, str]]  # (is an action, its text)


def definitions(text: str) -> Iterator[SettingDefined]:
    line, counted = 1, 0
    for count, found in enumerate(_DEFINE.finditer(text)):
        if count >= MAX_DEFINITIONS:
            break
        line += text.count("\n", counted, found.start())
        counted = found.start()
        key = f'include "{found[1]}"'
        for condition, value in _values(_body(text[found.end() : found.end() + MAX_BODY])):
            yield SettingDefined(
                Span(line), key, without_secrets(found[1], value), "helm-template", condition
            )


def _body(text: str) -> Pieces:
    """What stands before the `end` of the template; nothing when that is too far away."""
    body: Pieces = []
    depth = 0
    for is_action, piece in pieces(text):
        word = _word(piece) if is_action else ""
        if word == "end" and not depth:
            return body
        depth += (word in _OPENS) - (word == "end")
        if is_action or piece.strip():
            body.append((is_action, piece))
    return []


def _word(action: str) -> str:
    return action.split(None, 1)[0] if action.strip() else ""


def _values(body: Pieces) -> Iterator[tuple[str, Value]]:
    if not body:
        return
    is_action, first = body[0]
    if not is_action or _word(first) != "if":
        yield from (("", value) for value in _value(body))
        return
    condition = _CONDITION.fullmatch(first.partition(" ")[2].strip())
    arms = _arms(body)
    if condition is None or arms is None:
        return
    signs = ("!", "") if condition[1] else ("", "!")
    for sign, arm in zip(signs, arms, strict=False):
        yield from ((f"{sign}{condition[2]}", value) for value in _value(arm))


def _arms(body: Pieces) -> list[Pieces] | None:
    """The two arms of the condition that a body is; None when it is more than that."""
    arms: list[Pieces] = [[]]
    depth = 0
    for number, (is_action, piece) in enumerate(body):
        word = _word(piece) if is_action else ""
        depth += word in _OPENS
        if word == "else" and depth == 1:
            if piece.strip() != "else" or len(arms) == 2:
                return arms[:1] if len(arms) == 1 else None
            arms.append([])
        elif word == "end" and depth == 1:
            return arms if number == len(body) - 1 else None
        elif number:
            arms[-1].append((is_action, piece))
        depth -= word == "end"
    return None


def _spans_lines(body: Pieces) -> bool:
    """Does text end a line between two pieces that print something?"""
    inside = [piece for is_action, piece in body[1:-1] if not is_action]
    ends = [body[0][1].lstrip()] if body and not body[0][0] and len(body) > 1 else []
    if len(body) > 1 and not body[-1][0]:
        ends.append(body[-1][1].rstrip())
    return any("\n" in piece for piece in (*inside, *ends))


def _value(body: Pieces) -> Iterator[Value]:
    """The value of a body without conditions, when all of it is known."""
    words = {_word(piece) for is_action, piece in body if is_action}
    texts = [piece.strip() for is_action, piece in body if not is_action]
    if words & {*_OPENS, "else", "end"} or _spans_lines(body) or any("\n" in t for t in texts):
        return
    value = join(
        *(
            expression_value(piece) if is_action else Literal(piece.strip())
            for is_action, piece in body
            if not piece.startswith("/*")
        )
    )
    text = value.text if isinstance(value, Literal) else ""
    parts = value.parts if isinstance(value, Join) else (value,)
    told = "\n" not in text and (text or isinstance(value, Join | Setting))
    if told and not any(isinstance(part, Unknown) for part in parts):
        yield value
