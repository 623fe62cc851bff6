"""Variables of a package that functions change while the program runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import StateKept
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

INTEGERS = {"int", "int8", "int16", "int32", "int64", "uint", "uint32", "uint64", "float64"}
ATOMIC_INTEGERS = {f"sync/atomic.{name}" for name in ("Int32", "Int64", "Uint32", "Uint64")}
CACHES = {
    "github.com/patrickmn/go-cache.New": False,
    "github.com/patrickmn/go-cache.Cache": False,
    "github.com/hashicorp/golang-lru.New": True,
    "github.com/hashicorp/golang-lru.Cache": True,
    "github.com/dgraph-io/ristretto.NewCache": True,
    "github.com/allegro/bigcache.NewBigCache": True,
    "github.com/coocood/freecache.NewCache": True,
}
LIMITERS = {"golang.org/x/time/rate.NewLimiter", "golang.org/x/time/rate.Limiter"}
# What is filled here is filled while the program starts, or once for each process.
STARTING = regex(
    r"(^|\.)(init|main|[rR]egister|MustRegister|[sS]etup|[cC]onfigure|[iI]nit[A-Z_]|"
    r"[lL]oad(Config|Settings|Env|Flags)|[pP]arse(Flags|Args|Config)|[sS]et[A-Z]|[aA]ddFlags|[sS]ave\w*Config"
    r"|[aA]dd\w*(Callback|Driver|Feature|Handler|Hook|Listener|Migration|Plugin|Provider|Registrar|Store)s?$"
    r"|\w+ForTest"
    # attempts to reach what the program cannot start without
    r"|[cC]onnectTo[A-Z]\w*|([cC]onnect|[oO]pen|[dD]ial)\w*(DB|Database|Mongo(DB)?|Redis|Rabbit(MQ)?|Kafka"
    r"|Postgres|MySQL|SQL|NATS|Broker)$)"
)
# Without a parameter there is nothing to look up: it fills the whole, once.
FILLING = regex(r"(^|\.)(load|generate|build|prepare|populate|compile|read|fill|parse)\w*$", re.I)
# The same input gives the same result: each process may keep its own.
MEMO = regex(r"(?i)(regexp?|templates?|tmpl|schema|type|reflect|compiled|parsed|pattern|memo)")
MEMO_TYPE = regex(r"\bregexp\.|\btemplate\.|\breflect\.")
# Goroutines of one process wait for each other through these; no other process could.
SYNCHRONISING = regex(r"^\*?(?:(?:<-)?chan\b|sync\.|context\.CancelFunc$|singleflight\.)")
MEASUREMENTS = regex(r"(?i)(metric|prometheus|histogram|gauge|stats$)")
# Counters of a file that reports measurements are the measurements; orders are of one process.
METERS = regex(r"prometheus|opencensus\.io/stats|/otel/metric|/statsd|go-metrics|expvar")
ORDERING = regex(r"(?i)generation|epoch|sequence")
ATOMIC_CHANGE = regex(rb"atomic\.(?:Add|Store|Swap)\w*\(&$")
CHANGES = {
    "dict": rb"\s*\[[^\]\n]{0,120}\](?:\[[^\]\n]{0,120}\]){0,3}\s*(?:=(?!=)|\+\+|--|[-+|]=)",
    "list": rb"\s*(?:=\s*append\(|\[[^\]\n]{0,120}\]\s*(?:=(?!=)|\+\+|--|[-+|]=))",
    "counter": rb"\s*(?:\+\+|--|[-+]=)",
    "sync": rb"\.(?:Store|Delete|LoadOrStore|LoadAndDelete|Swap|CompareAndSwap|Add|Clear)\(",
    "cache": rb"\.(?:Set|SetDefault|Add|Delete|Put|Increment\w*|SetWithTTL)\(",
    "limiter": rb"\.(?:Allow|Wait|Reserve)\w*\(",
}


def state_kept(reader: GoReader) -> Iterator[Fact]:
    for name, node in reader.variables.items():
        if name == "_" or MEASUREMENTS.search(name):
            continue
        kind, bounded = kind_of(reader, node, name)
        if not kind or is_memo(reader, node, name) or is_own_count(reader, kind, name):
            continue
        places = changes(reader, name, kind.partition(" ")[0])
        if places:
            yield StateKept(
                at=reader.span(node),
                name=name,
                kind=kind.removeprefix("sync "),
                changed_at=tuple(reader.span(place) for place in places),
                changed_in=tuple(reader.scope(place) for place in places),
                bounded=bounded,
            )


def kind_of(reader: GoReader, spec: Node, name: str) -> tuple[str, bool]:
    """The kind of a mutable variable by its type or value, and whether its size is bounded."""
    declared = spec.child_by_field_name("type")
    holder = spec.child_by_field_name("value")
    values = holder.named_children if holder is not None else []
    names = [reader.text(each) for each in spec.children_by_field_name("name")]
    value = values[names.index(name)] if len(values) == len(names) else None
    typed = declared
    if typed is None and value is not None:
        literal = value
        if literal.type == "unary_expression":
            literal = literal.child_by_field_name("operand") or literal
        if literal.type == "composite_literal":
            typed = literal.child_by_field_name("type")
        elif value.type == "call_expression" and reader.callee(value) == "make":
            arguments = value.child_by_field_name("arguments")
            typed = arguments.named_children[0] if arguments and arguments.named_children else None
        elif value.type == "int_literal":
            return "counter", False
    if typed is None:
        made = reader.receivers.meaning(value).name if value is not None else ""
        if made in CACHES:
            return "cache", CACHES[made]
        return ("limiter", False) if made in LIMITERS else ("", False)
    if typed.type == "map_type":
        held = typed.child_by_field_name("value")
        if held is not None and SYNCHRONISING.match(reader.text(held)):
            return "", False
        return "dict", False
    if typed.type == "slice_type":
        return "list", False
    full = reader.receivers.type_name(typed)
    if full == "sync.Map":
        return "sync dict", False
    if full in INTEGERS:
        return "counter", False
    if full in ATOMIC_INTEGERS:
        return "sync counter", False
    if full in CACHES:
        return "cache", CACHES[full]
    return ("limiter", False) if full in LIMITERS else ("", False)


def is_own_count(reader: GoReader, kind: str, name: str) -> bool:
    """A counter that means something in its own process alone: a measurement, an order."""
    if not kind.endswith("counter"):
        return False
    return ORDERING.search(name) is not None or any(
        METERS.search(package) for package in reader.imports.values()
    )


def is_memo(reader: GoReader, spec: Node, name: str) -> bool:
    return MEMO.search(name) is not None or MEMO_TYPE.search(reader.text(spec)[:300]) is not None


def changes(reader: GoReader, name: str, kind: str) -> list[Node]:
    """Places inside functions that change the variable after the program has started."""
    offsets = reader.usages.places(name, CHANGES[kind])
    if kind in ("dict", "list") and b"delete(" in reader.content:
        offsets += [
            at
            for at in reader.usages.places(name, rb"\s*,", rb"\(")
            if reader.content[at - 7 : at] == b"delete("
        ]
    if kind == "counter" and b"atomic." in reader.content:
        offsets += [
            at
            for at in reader.usages.places(name, rb"\b", rb"&")
            if ATOMIC_CHANGE.search(reader.content[max(at - 30, 0) : at])
        ]
    found: list[Node] = []
    for offset in sorted(offsets):
        node = reader.root.descendant_for_byte_range(offset, offset + 1)
        scope = reader.scope(node) if node is not None else ""
        if node is None or not scope or STARTING.search(scope):
            continue
        if FILLING.search(scope) and not has_parameters(reader, offset):
            continue
        if node.type.endswith(("comment", "string_literal_content", "raw_string_literal")):
            continue
        if not reader.scopes.reaching(name, node) and not keyed_by_object(reader, node):
            found.append(node)
    return found


def keyed_by_object(reader: GoReader, node: Node) -> bool:
    """`pending.Store(tx, ...)` with `tx any`: an object of this process, unknown to any other."""
    selector = node.parent
    call = selector.parent if selector is not None else None
    if call is None or call.type != "call_expression":
        return False
    holder = call.child_by_field_name("arguments")
    key = holder.named_children[0] if holder is not None and holder.named_children else None
    if key is None or key.type != "identifier":
        return False
    reaching = reader.scopes.reaching(reader.text(key), key)
    declared = reaching[0].type if len(reaching) == 1 and reaching[0].parameter else None
    return declared is not None and (
        declared.type in ("pointer_type", "interface_type") or reader.text(declared) == "any"
    )


def has_parameters(reader: GoReader, offset: int) -> bool:
    function = reader.scopes.function(offset)
    holder = function.child_by_field_name("parameters") if function is not None else None
    return holder is not None and bool(holder.named_children)
