"""What goes into Ruby's methods, and what classes and applications declare of addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven, ConstantDefined, RemoteCall
from scaleaudit.languages.handed_on import handed
from scaleaudit.languages.telling import MAX_ARGUMENTS, may_be_address, telling_places
from scaleaudit.regex import regex
from scaleaudit.values import Parameter, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader

METHODS = frozenset({"method", "singleton_method"})
IN_ARGUMENT = frozenset(
    {"identifier", "constant", "string", "string_content", "interpolation", "binary", "call",
     "argument_list", "pair", "element_reference", "scope_resolution", "instance_variable",
     "hash_key_symbol", "parenthesized_statements", "simple_symbol"}
)  # fmt: skip
# Methods that hand no address on to code of the repository.
NO_HELPERS = frozenset(
    """
    get post put patch delete head puts print raise require require_relative include extend fetch
    info debug warn error format sprintf join parse URI expect eq it describe context let match
    redirect_to link_to render to stub_request with resources namespace scope match root
    """.split()  # noqa: SIM905 - a table to be read
)
LIBRARIES = frozenset(
    """
    Addressable Bunny Connection Elasticsearch ENV Excon Faraday File HTTP HTTParty JSON Kafka Logger
    Mongo Mysql2 Net OAuth2 OpenURI PG Pathname Rails Redis Regexp RestClient Savon Sidekiq String
    Time Typhoeus URI YAML
    """.split()  # noqa: SIM905 - a table to be read
)
SITE = regex(rb"\bself\.site\s*=(?!=)")
SET = regex(rb"(?m)^[ \t]*set[ (]+:(\w+)\s*,")
NAME = regex(r"[A-Z][\w:.]*|[a-z_]\w*[?!]?")
MAX_LEVELS = 12
MAX_FOUND = 200


def parameter(reader: RubyReader, name: str, node: Node) -> Parameter | None:
    """The parameter of the method around that a name stands for."""
    method = next((a for a in reader.ancestors(node) if a.type in METHODS), None)
    holder = method.child_by_field_name("parameters") if method is not None else None
    if method is None or holder is None:
        return None
    for at, child in enumerate(holder.named_children[:30]):
        named = child.child_by_field_name("name") or child
        if reader.hint(named) != name:
            continue
        dotted = method_name(reader, method)
        reader.asked.add(dotted)
        return Parameter(dotted, name, -1 if child.type == "keyword_parameter" else at)
    return None


def method_name(reader: RubyReader, method: Node) -> str:
    """`Client.fetch`; a constructor by its class."""
    own = reader.class_around(method)
    holder = reader.definition_name(own) if own is not None else ""
    name = reader.definition_name(method)
    if name == "initialize":
        return holder
    return f"{holder}.{name}" if holder else name


def handed_on(reader: RubyReader) -> Iterator[Fact]:
    """Addresses that the file hands to methods, and those that frameworks are told."""
    seen: set[int] = set()
    for dotted in sorted(reader.asked):
        last = dotted.rpartition(".")[2]
        word = rb"\bnew\b" if last[:1].isupper() else rb"\b" + re.escape(last.encode()) + rb"(?!\w)"
        for _, match in zip(range(MAX_FOUND), re.finditer(word, reader.content), strict=False):
            call = call_around(reader.leaf_at(match.start()), 2)
            if call is not None and call.id not in seen and called(reader, call) == dotted:
                seen.add(call.id)
                yield from given(reader, call, dotted, every=True)
    for at in telling_places(reader):
        call = call_around(reader.leaf_at(at), MAX_LEVELS)
        if call is None or call.id in seen or call.id in reader.known_calls:
            continue
        seen.add(call.id)
        name = called(reader, call)
        if name:
            yield from given(reader, call, name, every=False)
    yield from declared(reader)


def call_around(node: Node | None, levels: int) -> Node | None:
    for _ in range(levels):
        above = node.parent if node is not None else None
        if node is None or above is None or node.type not in IN_ARGUMENT:
            return None
        if above.type == "call" and above.child_by_field_name("receiver") != node:
            return above
        node = above
    return None


def called(reader: RubyReader, call: Node) -> str:
    """`Client` of `Client.new(...)`, `Client.fetch`, a method of the class around."""
    receiver, name = call.child_by_field_name("receiver"), reader.method_name(call)
    own = reader.class_around(call)
    if receiver is None or reader.hint(receiver) == "self":
        if name in NO_HELPERS or not NAME.fullmatch(name):
            return ""
        holder = reader.definition_name(own) if own is not None else ""
        return f"{holder}.{name}" if holder else name
    constant = reader.constant_name(receiver)
    if not constant or constant.partition(".")[0] in LIBRARIES:
        return ""
    return constant if name == "new" else "" if name in NO_HELPERS else f"{constant}.{name}"


def given(reader: RubyReader, call: Node, name: str, *, every: bool) -> Iterator[ArgumentsGiven]:
    args, keywords, _ = reader.arguments(call)
    named = [(str(at), each) for at, each in enumerate(args[:MAX_ARGUMENTS])]
    named += list(keywords.items())[:MAX_ARGUMENTS]
    yield from handed(reader, call, name, named, every=every)


def declared(reader: RubyReader) -> Iterator[Fact]:
    """`self.site = "http://..."` of ActiveResource, `set :url, "..."` of Sinatra."""
    content = reader.content
    if b"ActiveResource" in content:
        for _, match in zip(range(MAX_FOUND), SITE.finditer(content), strict=False):
            node = reader.leaf_at(match.start())
            for above in reader.ancestors(node) if node is not None else ():
                right = above.child_by_field_name("right") if above.type == "assignment" else None
                if right is not None:
                    yield RemoteCall(reader.span(right), "activeresource", reader.value(right))
                    break
    if b"set :" in content or b"set(:" in content:
        for _, match in zip(range(MAX_FOUND), SET.finditer(content), strict=False):
            call = call_around(reader.leaf_at(match.start(1)), 4)
            args = reader.positional(call) if call is not None else []
            value = reader.value(args[1]) if len(args) == 2 else Unknown()
            if may_be_address(value):
                name = f"settings.{match[1].decode()}"
                yield ConstantDefined(reader.span(args[1]), name, value)
