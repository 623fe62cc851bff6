"""What the actions of a Rails controller leave in instance variables for their views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ViewRendered
from scaleaudit.languages.ruby.active_record.visits import rows_source
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains

CONTROLLER = regex(rb"(?m)^\s*class\s+[\w:]*Controller\b")
ASSIGNED = regex(rb"(?P<name>@(?<![\w@]@)[a-z_]\w*)[ \t]*(?:\|\|)?=(?![=~>])")
DEFINED = regex(rb"\n[ \t]++def[ ]+(?P<name>[a-z_]\w*)")
HIDDEN = regex(rb"(?m)\n[ \t]++(?:private|protected)[ \t]*$")
BEFORE = regex(
    rb"\n[ \t]++before_(?:action|filter)[ (]+(?P<names>:\w+(?:,[ ]*:\w+)*)(?P<rest>[^\n]*)"
)
SYMBOL = regex(rb":(\w+)")
ONLY = regex(rb"(?:only:|:only[ ]*=>)[ ]*(?P<names>\[[^\]]*\]|%i\[[^\]]*\]|:\w+)")
EXCEPT = regex(rb"(?:except:|:except[ ]*=>)[ ]*(?P<names>\[[^\]]*\]|%i\[[^\]]*\]|:\w+)")
WORD = regex(rb"\w+")
RENDER = regex(
    rb"render(?<![\w.]render)[ (]+(?:(?:template|action):[ ]*|:(?:template|action)[ ]*=>[ ]*)?"
    rb"(?:[\"'](?P<name>[a-z_][\w/]*)[\"']|:(?P<action>[a-z_]\w*)(?![\w ]*=>))"
)
MAX_ASSIGNED = 200  # of one file
MAX_ACTIONS = 60


def rendered(chains: Chains) -> Iterator[ViewRendered]:
    reader = chains.reader
    content = reader.content
    if b"Controller" not in content or CONTROLLER.search(content) is None:
        return
    if ASSIGNED.search(content) is None:
        return
    hidden = HIDDEN.search(content)
    limit = hidden.start() if hidden is not None else len(content)
    actions = [
        each["name"].decode()
        for _, each in zip(range(MAX_ACTIONS), DEFINED.finditer(content), strict=False)
        if each.start() < limit
    ]
    before = filters(content, actions)
    own: dict[str, set[str]] = {}  # variables that an action gives itself
    told: dict[tuple[str, str], tuple[Node, Node]] = {}  # where, what
    for _, match in zip(range(MAX_ASSIGNED), ASSIGNED.finditer(content), strict=False):
        leaf = reader.leaf_at(match.start())
        holder = leaf.parent if leaf is not None else None
        right = holder.child_by_field_name("right") if holder is not None else None
        method = reader.function_around(holder) if holder is not None else None
        if holder is None or right is None or method is None or leaf is None:
            continue
        if holder.type not in ("assignment", "operator_assignment"):
            continue
        action, name = reader.definition_name(method), match["name"].decode()
        own.setdefault(action, set()).add(name)
        told[action, name] = leaf, right  # the last one counts
    for (action, name), (leaf, right) in told.items():
        source = rows_source(chains, right)
        if source is None:
            continue
        places = [action] if action in actions else []
        places += [a for a in before.get(action, ()) if name not in own.get(a, ())]
        for place in dict.fromkeys(places):
            views = views_of(chains, place)
            for view in views:
                yield ViewRendered(source.at, view, name, source, "rails", scope=reader.scope(leaf))


def filters(content: bytes, actions: list[str]) -> dict[str, list[str]]:
    """Methods that run before actions, with these actions."""
    found: dict[str, list[str]] = {}
    for match in BEFORE.finditer(content):
        only, but = ONLY.search(match["rest"]), EXCEPT.search(match["rest"])
        named = {word.decode() for word in WORD.findall(only["names"])} if only else set(actions)
        named -= {word.decode() for word in WORD.findall(but["names"])} if but else set()
        for each in SYMBOL.findall(match["names"]):
            found.setdefault(each.decode(), []).extend(a for a in actions if a in named)
    return found


def views_of(chains: Chains, action: str) -> list[str]:
    """The view of the action's own name, and those that it names."""
    found = [action]
    for method in chains.reader.definitions(action)[:1]:
        body = chains.reader.content[method.start_byte : method.end_byte]
        for match in RENDER.finditer(body):
            name = (match["name"] or match["action"]).decode()
            if name not in found:
                found.append(name)
    return found
