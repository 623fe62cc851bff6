"""What a chain of calls starts at: a model, a relation of one, a table, a builder kept elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import (
    CLASS_NAMES,
    FACADE_NAMES,
    FACADES,
    class_name,
    dotted,
)
from scaleaudit.languages.php.conditions import Built
from scaleaudit.languages.php.eloquent import repositories, words
from scaleaudit.languages.php.eloquent.relations import DECLARES, class_of
from scaleaudit.languages.php.forward_steps import methods_of, only_return
from scaleaudit.languages.php.kept_builders import Start
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

BUILDERS = frozenset({"Builder", "EloquentBuilder", "QueryBuilder", "Relation", "HasMany", "BelongsToMany", "HasOne",
                      "MorphMany", "BelongsTo", "MorphToMany", "Collection"})  # fmt: skip
# Calls that answer with whoever is signed in.
SIGNED_IN = frozenset({"auth", "request", "user", "currentUser"})
REQUESTS = frozenset({"$request", "$req"})
MAKERS = frozenset({"app", "resolve", "make"})
NEW_QUERIES = frozenset({"query", "newQuery", "newModelQuery"})
# Classes of the framework whose methods go by the names of a model's.
NO_MODELS = frozenset(
    ["App", "Arr", "Artisan", "Blade", "Broadcast", "Bus", "Cache", "Carbon", "Collection", "Config", "Cookie", "Crypt",
     "Event", "Exception", "Factory", "Feature", "File", "Gate", "Hash", "Http", "Input", "Lang", "Log", "Mail", "Notification",
     "Password", "Process", "Queue", "RateLimiter", "Redirect", "Redis", "Request", "Response", "Route", "Rule", "Schema",
     "Schedule", "Session", "Storage", "Str", "URL", "Validator", "View", "Vite"]
)  # fmt: skip
BEGINS = (
    words.FINDERS
    | words.CERTAIN
    | words.ENDS
    | words.HARMLESS
    | words.OPTIONS
    | words.LIMITS
    | {"whereRaw"}
)
# What an object does with its own row.
ON_ONE_ROW = (
    words.ENDS_CHANGED
    | words.ENDS_DELETED
    | {"save", "saveMany", "load", "loadMissing", "loadCount"}
)
MAX_VIA = 4
MAX_INLINED = 3  # methods that begin with what other methods return
BUILT = regex(
    rb"\$this->\w+\s*=\s*[^;]{0,200}?(?:::|->)\s*(?:query|where|newQuery|with|table)\w*\("
)
TABLE = regex(r"^\s*(?:\w+\.)?(\w+)(?:\s+as\s+(\w+))?\s*$")


def start_of(reader: PhpReader, top: Node, depth: int = 0) -> Start | None:
    """None when nothing says that the chain is a query."""
    node, links = chain(reader, top)
    if not links:
        return None
    through = handed_through(reader, node, links, depth)
    if through is not None:
        return through
    if node.type in CLASS_NAMES:
        return of_class(reader, node, links)
    if node.type == "relative_scope":
        own = reader.class_around(node)
        own_names = methods_of(reader, own).keys() if own is not None else set()
        if own is None or links[0].call is None or links[0].name in BEGINS & own_names:
            return None
        return Start(Built(reader.definition_name(own)), links)
    if node.type == "object_creation_expression":
        written = next((c for c in node.named_children if c.type in CLASS_NAMES), None)
        name = dotted(reader.text(written)) if written is not None else ""
        if written is None and len(node.named_children) == 1:  # `new $this->model`
            name = repositories.kept_model(reader, node.named_children[0])
        return over_relations(reader, name, links) if name else None
    if node.type == "function_call_expression":
        return of_function(reader, node, links)
    if node.type == "clone_expression" and node.named_children:
        return Start(Built(), links, reader.text(node.named_children[0]))
    name = reader.text(node) if node.type == "variable_name" else ""
    if name == "$this":
        return of_this(reader, top, node, links, depth)
    return of_variable(reader, name, node, links) if name else None


def handed_through(reader: PhpReader, node: Node, links: list[Link], depth: int) -> Start | None:
    """`$this->access->restrict(Order::query(), $user)->latest()`: a builder that comes back."""
    if depth >= MAX_INLINED:
        return None
    calls = [(node, -1)] if node.type == "function_call_expression" else []
    calls += [(link.call, position) for position, link in enumerate(links) if link.call is not None]
    for call, position in calls[:2]:
        rest = links[position + 1 :]
        if not rest or rest[0].call is None or rest[0].name not in words.CERTAIN:
            continue
        if position >= 0 and links[position].name in BEGINS:
            return None
        for given in reader.arguments(call)[0][:3]:
            begun = begun_by(reader, given, depth)
            if begun is not None:
                return Start(begun.built, [*begun.links, *rest], begun.kept)
    return None


def begun_by(reader: PhpReader, given: Node, depth: int) -> Start | None:
    """What an argument begins: a chain on a model, or a field that holds a model."""
    if given.type in ("member_call_expression", "scoped_call_expression"):
        begun = start_of(reader, given, depth + 1)
        known = begun is not None and any(
            link.name in words.CERTAIN and link.name not in words.LOADS for link in begun.links
        )
        done = begun is not None and any(link.name in words.ENDS for link in begun.links)
        return begun if known and not done else None
    if given.type == "member_access_expression" and reader.text(given).startswith("$this->"):
        name = reader.text(given).removeprefix("$this->")
        own = reader.class_around(given)
        kind = scopes.field_class(reader, own, name) if own is not None else ""
        if "." in kind and name.isidentifier():
            return Start(Built(kind), [])
    return None


def of_class(reader: PhpReader, node: Node, links: list[Link]) -> Start | None:
    written = reader.text(node)
    full = class_name(reader, written)
    short = full.rpartition(".")[2]
    if short == "DB" or (short == "Capsule" and links[0].name == "table"):
        return of_tables(reader, links)
    if short == "QueryBuilder" and links[0].name == "for":
        return of_filters(reader, links)
    if short == "Auth" and any(link.name == "user" for link in links[:2]):
        return signed_in(reader, links)
    named = short in FACADE_NAMES or (short in NO_MODELS and "Models" not in full)
    if full.startswith(FACADES) or named or not short[:1].isupper():
        return None
    if links[0].call is None or (reader.namespace and written[:1] == "\\" and "." not in full):
        return None  # a class of the root, next to which an application's own have names
    return Start(Built(dotted(written)), links)


def of_tables(reader: PhpReader, links: list[Link]) -> Start | None:
    """`DB::table("orders as o")`, also of a named connection."""
    position = next((i for i, link in enumerate(links[:3]) if link.name == "table"), -1)
    call = links[position].call if position >= 0 else None
    args = reader.arguments(call)[0] if call is not None else []
    value = reader.value(args[0]) if args else None
    table = TABLE.match(value.text) if isinstance(value, Literal) else None
    if table is None:
        return None
    built = Built(table=table[1].lower(), known=True)
    if table[2]:
        built.aliases[table[2].lower()] = built.table
    return Start(built, links[position + 1 :])


def of_filters(reader: PhpReader, links: list[Link]) -> Start | None:
    """`QueryBuilder::for(Order::class)->allowedFilters(...)`."""
    call = links[0].call
    args = reader.arguments(call)[0] if call is not None else []
    if not args:
        return None
    model = class_of(reader, args[0], "")
    if model:
        return Start(Built(model, known=True), links[1:])
    return continued(reader, args[0], links[1:], 1)


def of_function(reader: PhpReader, node: Node, links: list[Link]) -> Start | None:
    function = node.child_by_field_name("function")
    name = reader.text(function).lstrip("\\") if function is not None else ""
    if name in MAKERS:
        args = reader.arguments(node)[0]
        model = class_of(reader, args[0], "") if args else ""
        model = model or (repositories.kept_model(reader, args[0]) if args else "")
        return over_relations(reader, model, links) if model else None
    return signed_in(reader, links) if name in SIGNED_IN else of_named_method(reader, node, links)


def of_named_method(reader: PhpReader, node: Node, links: list[Link]) -> Start | None:
    """`swapped(Order::class, "query")`: a static method that is called by its name."""
    args = reader.arguments(node)[0]
    value = reader.value(args[1]) if len(args) == 2 else None
    if not isinstance(value, Literal) or value.text not in NEW_QUERIES or not links:
        return None
    model = class_of(reader, args[0], "") if reader.text(args[0]).endswith("::class") else ""
    return Start(Built(model, known=True), links) if model else None


def signed_in(reader: PhpReader, links: list[Link]) -> Start | None:
    """`auth()->user()->orders()`: the class is `User` unless the settings say otherwise."""
    position = next((i for i, link in enumerate(links[:3]) if link.name == "user"), -1)
    return over_relations(reader, "User", links[position + 1 :]) if position >= 0 else None


def over_relations(reader: PhpReader, model: str, links: list[Link]) -> Start | None:
    """`$user->company->orders()->where(...)`: the relations up to the first call of a builder."""
    via: list[str] = []
    for position, link in enumerate(links):
        called = link.call is not None
        if called and (link.name in BEGINS or link.name.startswith(("where", "orWhere"))):
            # What is read through a property is a list in memory.
            if via and links[position - 1].call is None:
                return None
            if not via and (not model or link.name in ON_ONE_ROW):
                return None
            return Start(Built(model, tuple(via)), links[position:])
        if called and link.call is not None and reader.arguments(link.call)[0]:
            # A scope of the relation before, or a method of who knows what.
            known = via and links[position - 1].call is not None
            return Start(Built(model, tuple(via)), links[position:]) if known or model else None
        if (
            called
            and len(via)
            and links[position - 1].call is not None
            and len(links) > position + 1
        ):
            return Start(Built(model, tuple(via)), links[position:])
        if len(via) >= MAX_VIA or not link.name.isidentifier():
            return None
        via.append(link.name)
    return None


def of_variable(reader: PhpReader, name: str, node: Node, links: list[Link]) -> Start | None:
    if name in REQUESTS and links[0].name == "user":
        return signed_in(reader, links)
    bound = scopes.variable(reader, name, node)
    kind = bound.type if bound is not None else ""
    short = kind.rpartition(".")[2]
    if short in BUILDERS or kind.startswith("Illuminate."):
        return Start(Built(), links, name)
    made = bound is not None and bound.made_by is not None
    if made and not is_made(bound.made_by.node if bound and bound.made_by else None):
        kind = ""
    first = links[0]
    if first.call is not None and first.name in BEGINS and not kind:
        return Start(Built(), links, name)
    return over_relations(reader, kind, links)


def is_made(node: Node | None) -> bool:
    return node is not None and node.type == "object_creation_expression"


def of_this(
    reader: PhpReader, top: Node, node: Node, links: list[Link], depth: int
) -> Start | None:
    own = reader.class_around(node)
    if own is None:
        return None
    name = reader.definition_name(own)
    first = links[0]
    if first.call is None:
        kind = scopes.field_class(reader, own, first.name)
        if kind.rpartition(".")[2] in BUILDERS:
            return None
        if kind.rpartition(".")[2] in ("", "Model") and first.name in repositories.FIELDS:
            kind = repositories.model_of(reader, own) or kind
        if kind:
            return over_relations(reader, kind, links[1:])
        given = (
            scopes.fields_assigned(reader, own, first.name) if BUILT.search(reader.content) else []
        )
        if len(given) == 1 and depth < MAX_INLINED and given[0].type != "variable_name":
            return continued(reader, given[0], links[1:], depth)
        return over_relations(reader, name, links)
    if DECLARES.match(reader.content, node.start_byte):
        return of_relation(reader, node, name, links)
    method = methods_of(reader, own).get(first.name)
    if method is None or DECLARES.search(reader.content, method.start_byte, method.end_byte):
        return over_relations(reader, name, links)
    if depth >= MAX_INLINED:
        return None
    value = only_return(method)
    return (
        continued(reader, value, links[1:], depth) if value is not None and value != top else None
    )


def of_relation(reader: PhpReader, node: Node, owner: str, links: list[Link]) -> Start | None:
    """`return $this->hasMany(Line::class)->orderBy("number")`, in the method of a relation."""
    method = reader.function_around(node)
    if method is None or method.type != "method_declaration":
        return None
    built = Built(owner, (reader.definition_name(method),))
    return Start(built, links[1:]) if len(links) > 1 else None


def continued(reader: PhpReader, value: Node, links: list[Link], depth: int) -> Start | None:
    """What another expression begins, with the links that follow it here."""
    begun = start_of(reader, value, depth + 1)
    if begun is None or begun.kept:
        return None
    return Start(begun.built, [*begun.links, *links])
