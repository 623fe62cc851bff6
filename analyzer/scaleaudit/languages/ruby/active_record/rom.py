"""ROM, also Hanami's: in repositories and relations tables go by the bare names of their relations.

`class OrderRepo < DB::Repo[:orders]` asks `orders.where(...)` and `root.where(...)`, in
`class OrderRepository < Hanami::Repository` too; `class Orders < DB::Relation` asks `where(...)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.ruby.active_record.relation import Relation, on_table
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.ruby.declarations import Holder
    from scaleaudit.languages.ruby.reader import RubyReader

REPOSITORY = regex(
    r"(?:\w+::){0,6}(?:(?:Hanami|ROM)::Repository(?:::Root)?|DB::Repo(?:sitory)?|\w{0,40}Repo(?:sitory)?(?=\[:))"
    r"(?:\[:(\w+)\])?"
)
RELATION = regex(r"(?:\w+::){0,6}(?:DB|ROM)::Relation(?:\[:\w+\])?")
NAMED = regex(r"self\.relation[ \t]*=[ \t]*:(\w+)")
MADE = frozenset({"aggregate"})  # of a repository's own relation, with others along
CREATES = regex(
    rb"(?<![\w.])(?:@?([a-z]\w{0,60}?)_repo(?:sitory)?|([A-Z]\w{0,60}?)Repository\.new)\.create(?![\w?!])"
)
REPOSITORIES = (b"_repo", b"Repository.new.")
MAX_PLACES = 300
# What a relation asks of its own table.
STARTS = frozenset(
    ["where", "exclude", "order", "by_pk", "join", "left_join", "combine", "select_append", "limit", "group", "project",
     "qualified", "distinct", "reverse"]
)  # fmt: skip


def by_name(reader: RubyReader, node: Node) -> list[Relation]:
    """The table that a bare name stands for in a repository."""
    name = reader.hint(node)
    holder = around(reader, node)
    match = REPOSITORY.fullmatch(base(reader, holder)) if holder is not None else None
    if holder is None or match is None or reader.definitions(name):
        return []
    if name.endswith(("repo", "repository")):
        return []
    if name == "root":
        name = match[1] or own_name(reader, holder)
    return [of_table(name)] if name else []


def implicit(reader: RubyReader, call: Node) -> list[Relation]:
    """The table that a first call without receiver asks: of the class around."""
    holder = around(reader, call)
    if holder is None:
        return []
    name, above = reader.method_name(call), base(reader, holder)
    if name in MADE:
        match = REPOSITORY.fullmatch(above)
        table = (match[1] or own_name(reader, holder)) if match is not None else ""
        return [of_table(table)] if table else []
    if name not in STARTS or RELATION.fullmatch(above) is None:
        return []
    for each in holder.calls:
        args = reader.positional(each) if reader.method_name(each) == "schema" else []
        if args and args[0].type == "simple_symbol":
            found = of_table(reader.hint(args[0])[1:])
            found.handed = True
            return [found]
    return []


def inserts(reader: RubyReader) -> Iterator[QueryFound]:
    """The rows that repositories make: `order_repo.create(...)`, `commands :create` in their classes."""
    content = reader.content
    if b"create" not in content:
        return
    made = CREATES.finditer(content) if reader.says(*REPOSITORIES) else ()
    for _, match in zip(range(MAX_PLACES), made, strict=False):
        leaf = reader.leaf_at(match.end() - 1)
        call = leaf.parent if leaf is not None else None
        if call is not None and call.type == "call":
            yield put(reader, plural(underscored((match[1] or match[2]).decode())), call)
    for holder in reader.declared.holders if b"commands" in content else ():
        told = REPOSITORY.fullmatch(base(reader, holder))
        for each in holder.calls if told is not None and told[1] else ():
            listed = [reader.hint(arg) for arg in reader.positional(each)]
            if told is not None and reader.method_name(each) == "commands" and ":create" in listed:
                yield put(reader, told[1], each)


def put(reader: RubyReader, table: str, call: Node) -> QueryFound:
    return on_table(reader, Relation(table=table, state="ended", inserts=True), call)


def of_table(name: str) -> Relation:
    return Relation(table=name, certain=True, state="relation")


def around(reader: RubyReader, node: Node) -> Holder | None:
    """The class around, where it may be one of ROM's."""
    content = reader.content
    if b"Repo" not in content and b"Relation" not in content:
        return None
    return reader.holder_around(node)


def base(reader: RubyReader, holder: Holder) -> str:
    """What the class is made of, as written."""
    above = holder.node.child_by_field_name("superclass")
    inner = above.named_children[0] if above is not None and above.named_children else None
    return reader.hint(inner).removeprefix("::") if inner is not None else ""


def own_name(reader: RubyReader, holder: Holder) -> str:
    """The relation that Hanami calls after the repository."""
    last = holder.name.rpartition(".")[2]
    told = NAMED.search(reader.text(holder.node))
    if told is not None:
        return told[1]
    bare = last.removesuffix("Repository")
    return plural(underscored(bare)) if bare not in ("", last) else ""
