"""Jobs as text, and whether they take a lock that all copies of a program share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

# Calls by name. What one process keeps to itself (`isRunning`, a mutex) is no such lock.
TAKES = (
    r"(?:\b|_)(?:[aA]cquire|[tT]ry|[oO]btain|[gG]et|[tT]ake|[cC]laim|[wW]ith|[uU]sing|[rR]un|[eE]xecute)"
    r"(?:(?:\w*[a-z\d])?(?:Lock|Lease)(?:ed|For|On|And[A-Z]\w*)?|(?:_\w+?)?_lock)"
)
LOCKS = regex(
    TAKES + r"\s*(?:<[^<>()]{0,80}>)?\s*\("
    r"|(?i:redlock|lock(?:er|service|manager|ing)?)\s*\.\s*(?:acquire|lock|using|try|run|with)\w*\s*[(<]"
    r"|(?i:\bpg_(?:try_)?advisory(?:_xact)?_lock|\bget_lock\s*\(|\bset_?nx\s*\()"
    r"|['\"`]NX['\"`]|\bNX\s*:\s*true|\bnx\s*:\s*true"
)
BESIDE = regex(r"@" + TAKES + r"|@(?:\w*[a-z])?Lock(?:ed|able)?\b|@(?:SingleInstance|LeaderOnly)\b")
IN_PROCESS = r"async-mutex|AsyncLock|async-lock|\bnew\s+(?:Mutex|Semaphore)\b"
OWN = regex(r"\bthis\.(\w+)\s*\(")
FUNCTIONS = ("arrow_function", "function_expression")
DECLARATIONS = {"function_declaration", "lexical_declaration", "variable_declaration"}
MAX_TEXT = 20_000
MAX_MEMBERS = 400  # of one class


def job_is_locked(site: CallSite, reader: Reader) -> bool:
    """The job, a method of its class that it calls, or a decorator beside it takes such a lock."""
    if reader.mentions(IN_PROCESS):
        return False
    if site.target is None:
        texts = (body_of(each, reader) for each in site.args)
        return any(LOCKS.search(text[:MAX_TEXT]) is not None for text in texts if text)
    if BESIDE.search(_decorators(site.target, reader)):
        return True
    text = reader.text(site.target)[:MAX_TEXT]
    if LOCKS.search(text) is not None:
        return True
    called = set(OWN.findall(text))
    members = site.target.parent.named_children if site.target.parent is not None else []
    return any(
        LOCKS.search(reader.text(each)[:MAX_TEXT]) is not None
        for each in members[:MAX_MEMBERS]
        if each.type == "method_definition" and reader.definition_name(each) in called
    )


def body_of(job: Node, reader: Reader) -> str | None:
    """The text of the function that is run, when this file has it."""
    if job.type in FUNCTIONS:
        return reader.text(job)
    if job.type != "identifier":
        return None
    name = re.escape(reader.text(job))
    start = re.search(
        rf"\bfunction\s*\*?\s+{name}\b|\b(?:const|let|var)\s+{name}\s*=".encode(), reader.content
    )
    if start is None:
        return None
    node: Node | None = reader.root.descendant_for_byte_range(start.start(), start.end())
    for _ in range(6):
        if node is None or node.type in DECLARATIONS:
            break
        node = node.parent
    return reader.text(node) if node is not None and node.id != reader.root.id else None


def _decorators(method: Node, reader: Reader) -> str:
    found: list[str] = []
    before = method.prev_named_sibling
    while before is not None and before.type in ("decorator", "comment"):
        found.append(reader.text(before)[:200] if before.type == "decorator" else "")
        before = before.prev_named_sibling
    return " ".join(found)
