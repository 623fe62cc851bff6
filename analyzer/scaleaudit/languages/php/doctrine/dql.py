"""DQL as a text: `SELECT o FROM App\\Entity\\Order o JOIN o.lines l WHERE l.sku = :sku`."""

from __future__ import annotations

from scaleaudit.languages.php.conditions import Built, Term
from scaleaudit.languages.php.doctrine.fragments import read, sorts
from scaleaudit.regex import regex

HEAD = regex(
    r"(?is)^\s*(?:select\s.+?\sfrom|delete(?:\s+from)?|update)\s+\\?([\w\\:.]+)\s+(?:as\s+)?(\w+)"
)
JOIN = regex(r"(?i)\bjoin\s+(?:(\w+\.\w+)|\\?([A-Z][\w\\:.]*))\s+(?:as\s+)?(\w+)")
# A subquery on rows of another class, which has an alias of its own.
INNER = regex(
    r"(?is)(\(\s*select\b(?:(?!\bselect\b).){1,300}?\bfrom)\s+\\?([A-Z][\w\\:.]*)\s+(?:as\s+)?(\w+)"
)
WHERE = regex(r"(?is)\bwhere\s+(.+?)(?=\bgroup\s+by\b|\border\s+by\b|\bhaving\b|$)")
ORDER = regex(r"(?is)\border\s+by\s+(.+)$")
AGGREGATE = regex(r"(?i)^\s*select\s+(?:count|sum|avg|min|max)\s*\(")
MAX_TEXT = 8_000
MAX_JOINS = 20


def understood(text: str) -> Built | None:
    """None for what is no DQL."""
    if len(text) > MAX_TEXT:
        return None
    head = HEAD.match(text)
    if head is None:
        return None
    built = Built(named(head[1]), known=True)
    verb = text.lstrip()[:6].lower()
    built.writes, built.deletes = verb == "update", verb == "delete"
    built.aliases[head[2]] = ""
    built.aggregate = AGGREGATE.match(text) is not None
    for _, match in zip(range(MAX_JOINS), JOIN.finditer(text), strict=False):
        built.aliases[match[3]] = match[1] or f"@{named(match[2])}"
    inner = {match[3]: named(match[2]) for match in INNER.finditer(text)}
    if inner.keys() & built.aliases.keys():
        return None
    built.aliases |= {alias: f"@{model}" for alias, model in inner.items()}
    where = WHERE.search(INNER.sub(r"\1 \3 \3", text))
    if where is not None:
        found = read(where[1].replace("{}", ":hole"), frozenset(inner))
        if found is None:
            built.partial = True
        elif found:
            built.terms.append(Term(False, None, [Term(False, each) for each in found]))
    order = ORDER.search(text)
    if order is not None:
        built.others += sorts(order[1])
    built.grouped = " group by " in text.lower()
    return built


def named(written: str) -> str:
    """A class as facts name it, of `App\\Entity\\Order` or `App:Order`."""
    return written.replace("\\", ".").replace(":", ".").strip(".")
