"""How .NET code reads its configuration: by key, by section, and bound to classes of options.

`config["Billing:Url"]`, `config.GetSection("Billing")["Url"]` and `config.GetSection("Billing")
.Get<BillingOptions>().Url` are the same setting. Where a class is bound in another file
(`Configure<BillingOptions>(config.GetSection("Billing"))`), a property of it is the name
`BillingOptions.Url`, and the binding is a constant `BillingOptions.*`, which the linker joins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import ConstantDefined
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.csharp.reader import CSharpReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

CONFIGURATION = regex(r"^_?(?:\w*config(?:uration)?(?:Manager|Root)?|cfg|conf)$", re.IGNORECASE)
SECTIONS = {"GetSection", "GetRequiredSection"}
BINDS = {"Get", "Bind", "GetOptions", "BindOptions", "GetRequired"}
OPTIONS = regex(r"^(?:IOptions(?:Snapshot|Monitor)?)<([\w.]+)>$")
VALUES = {"Value", "CurrentValue"}
CLASS_OF_OPTIONS = regex(r"(?:Options|Settings|Config|Configuration|Opts)$")
MAX_LINKS = 12
MAX_DEFAULT = 500  # characters
TYPE_ARGUMENT = regex(r"<\s*([\w.]+)\s*>")
DECLARED = (
    r"\b([A-Z][\w.]{{0,120}}(?:<[\w.]{{1,120}}>)?)\??\s{{1,40}}{name}\s{{0,40}}(?:[;,)=]|=>|\{{)"
)
MAX_DECLARED = 200  # names of one file whose types are looked for


def is_configuration(name: str) -> bool:
    return CONFIGURATION.match(name.rpartition(".")[2]) is not None


def section_of(reader: CSharpReader, node: Node | None, depth: int = 0) -> str | None:
    """The path of a section of the configuration, empty for its root; None for anything else."""
    if node is None or depth > MAX_LINKS:
        return None
    if node.type in ("parenthesized_expression", "postfix_unary_expression"):
        return (
            section_of(reader, node.named_children[0], depth + 1) if node.named_children else None
        )
    if node.type == "identifier":
        text = reader.text(node)
        made = reader.local(text, node)
        if made is not None:
            return section_of(reader, made, depth + 1)
        return "" if is_configuration(text) else None
    if node.type == "member_access_expression":
        name = reader.text(node).rpartition(".")[2]
        return "" if is_configuration(name) else None
    if node.type != "invocation_expression":
        return None
    name = reader.chain(node)[-1].name
    if name in ("GetRequiredService", "GetService"):
        return "" if "<IConfiguration" in reader.text(node)[-60:] else None
    args = reader.arguments_of(node)
    above = section_of(reader, reader.receiver(node), depth + 1)
    if name not in SECTIONS or not args or above is None:
        return None
    key = key_text(reader, args[0], depth)
    return None if key is None else below(above, key)


def key_text(reader: CSharpReader, node: Node, depth: int = 0) -> str | None:
    """A key as far as this file tells: a literal, a constant of the file, `nameof`."""
    value = reader.value(node, depth + 1)
    if isinstance(value, Name):
        held = reader.fields.get(value.name)
        value = reader.value(held[1], depth + 1) if held is not None else value
        if isinstance(value, Name):  # `BillingOptions.Section`: usually the name of the class
            return f"{{{value.name}}}"
    return value.text if isinstance(value, Literal) else None


def below(section: str, key: str) -> str:
    return f"{section}:{key}" if section and key else section or key


def call_of_configuration(reader: CSharpReader, node: Node, name: str, depth: int) -> Value | None:
    """The setting that a call of the configuration reads; None for any other call."""
    args = reader.arguments_of(node)
    receiver = reader.receiver(node)
    if name == "GetConnectionString" and args:
        key = key_text(reader, args[0], depth)
        return Setting(f"ConnectionStrings:{key}") if key else UNKNOWN
    if name in ("GetValue", "GetRequiredValue") and args:
        section = section_of(reader, receiver)
        key = key_text(reader, args[0], depth)
        if key is None:
            return UNKNOWN
        given = reader.value(args[1], depth + 1) if len(args) > 1 else None
        return Setting(below(section or "", key), None if isinstance(given, Unknown) else given)
    if name == "Get" and not args:
        section = section_of(reader, receiver)
        return Setting(section) if section else None
    return None


def of_options(reader: CSharpReader, text: str, node: Node, depth: int) -> Value | None:
    """`options.Value.Url`, `settings.Api.Url`: a property of a class that settings are bound to."""
    first, *rest = text.removeprefix("this.").replace("?", "").split(".")
    rest = [part for part in rest if part not in VALUES] if rest[-1:] != ["Value"] else rest[:-1]
    if not rest:
        return None
    made = reader.local(first, node)
    while made is not None and made.type in (
        "parenthesized_expression",
        "postfix_unary_expression",
    ):
        made = made.named_children[0] if made.named_children else None
    if made is not None:
        bound = bound_here(reader, made, depth)
        if bound is not None:
            return bound_value(bound, rest)
    kind = declared_type(reader, first)
    match = OPTIONS.match(kind)
    if match is not None:
        return Name(".".join([match[1].rpartition(".")[2], *rest]))
    plain = kind.rpartition(".")[2]
    return Name(".".join([plain, *rest])) if CLASS_OF_OPTIONS.search(plain) else None


def bound_value(bound: str | Name, rest: list[str]) -> Value:
    if isinstance(bound, Name):
        return Name(".".join([bound.name, *rest]))
    return Setting(":".join([part for part in (bound, *rest) if part]))


def bound_here(reader: CSharpReader, made: Node, depth: int) -> str | Name | None:
    """What a local is bound to: a section by its path, or a class by its name."""
    if made.type == "member_access_expression":  # GetRequiredService<IOptions<T>>().Value
        inner = made.child_by_field_name("expression")
        name = made.child_by_field_name("name")
        if name is None or reader.text(name) not in VALUES or inner is None:
            return None
        if inner.type == "invocation_expression":
            found = re.search(r"IOptions\w*<([\w.]+)>", reader.text(inner)[-160:])
            return Name(found[1].rpartition(".")[2]) if found is not None else None
        match = OPTIONS.match(declared_type(reader, reader.text(inner)))
        return Name(match[1].rpartition(".")[2]) if match is not None else None
    if made.type != "invocation_expression":
        return None
    link = reader.chain(made)[-1]
    if link.name not in BINDS:
        return None
    receiver = reader.receiver(made)
    section = section_of(reader, receiver, depth)
    args = reader.arguments_of(made)
    if link.name.startswith("GetOptions") and args:
        return key_text(reader, args[0], depth)
    return section


def declared_type(reader: CSharpReader, name: str) -> str:
    """The one type that a name is declared with in the file; empty when there are several."""
    if not name.isidentifier() or len(name) > 80:
        return ""
    known = reader.declared.get(name)
    if known is None:
        if len(reader.declared) >= MAX_DECLARED:
            return ""
        pattern = DECLARED.format(name=re.escape(name)).encode()
        found = {match[1] for match in re.finditer(pattern, reader.content)}
        one = found.pop().decode("utf-8", "replace") if len(found) == 1 else ""
        known = reader.declared[name] = one
    return known


class BoundOptions(Record, frozen=True, kw_only=True):
    """`services.Configure<T>(config.GetSection("X"))` and its like: which section fills a class."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        kind, section = self._binding(site, cast("CSharpReader", reader))
        if kind and section is not None:
            name = f"{kind.rpartition('.')[2]}.*"
            yield ConstantDefined(reader.span(site.node), name, Setting(section))

    def _binding(self, site: CallSite, reader: CSharpReader) -> tuple[str, str | None]:
        node = site.node
        links = reader.chain(node)
        written = reader.text(node.child_by_field_name("function") or node)[-200:]
        argument = TYPE_ARGUMENT.search(written[written.rfind(links[-1].name) :])
        args = site.args
        if site.name == "Configure":
            return (argument[1] if argument else ""), section_of(reader, args[-1] if args else None)
        if site.name == "BindConfiguration" and args:
            start = TYPE_ARGUMENT.search(written)
            return (start[1] if start else ""), key_text(reader, args[0])
        if site.name == "Bind" and len(args) == 1:  # AddOptions<T>().Bind(section)
            start = re.search(r"AddOptions\w*\s*<\s*([\w.]+)\s*>", written)
            if start is not None:
                return start[1], section_of(reader, args[0])
            kind = declared_type(reader, reader.text(args[0])[:80])
            return kind, section_of(reader, reader.receiver(node))
        if site.name == "Bind" and len(args) == 2:  # config.Bind("X", options)
            kind = declared_type(reader, reader.text(args[1])[:80])
            return kind, key_text(reader, args[0])
        if site.name == "Get" and argument is not None and not args:
            return argument[1], section_of(reader, reader.receiver(node))
        if site.name == "GetOptions" and argument is not None and args:
            return argument[1], key_text(reader, args[0])
        return "", None


def defaults(reader: CSharpReader, properties: Iterable[Node]) -> Iterator[Fact]:
    """The values that properties of options have when no setting fills them."""
    for node in properties:
        around = reader.class_around(node)
        name = reader.definition_name(around) if around is not None else ""
        given = node.child_by_field_name("value")
        if given is None or not CLASS_OF_OPTIONS.search(name):
            continue
        value = reader.value(given)
        if isinstance(value, Literal) and len(value.text) <= MAX_DEFAULT:
            yield ConstantDefined(
                reader.span(node), f"{name}.{reader.definition_name(node)}", value
            )
