"""Builders that a method hands out to others of its class, and those it is handed and adds to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.conditions import Built
from scaleaudit.languages.php.forward_steps import methods_of
from scaleaudit.languages.php.kept_builders import Kept, Start
from scaleaudit.languages.php.names import chain
from scaleaudit.languages.php.scopes import named_parameters
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

    from tree_sitter import Node

    from scaleaudit.languages.php.builder_uses import Use
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

# A method that says that it hands out a builder.
HANDS_OUT = regex(
    rb"\bfunction\s+(\w+)\s*\([^{};]{0,600}\)\s*:\s*\??\s*[\w\\]*(?:Builder|QueryInterface|Query)\s*\{"
)
# What a method is called that adds to a builder of which its class knows no more.
ADDS = regex(r"^(?:apply|add|filter|restrict|narrow|scope|constrain|where|append|modify)(?![a-z])")
INNER = regex(r"^(?:(?:final|static|abstract)\s+)*(?:private|protected)\b")
HIDDEN = regex(r"^(?:(?:final|static)\s+)*private\b")
OWN = frozenset({"self", "static"})
MAX_DEPTH = 4  # methods that hand on to others
MAX_HANDING = 60  # methods of one file


class HandedKept(Kept):
    """Chains that go on through the methods of a class."""

    def __init__(self, reader: PhpReader) -> None:
        super().__init__(reader)
        self.depth = 0
        self.begun: dict[int, Built | None] = {}  # by method

    def marks(self) -> Iterator[Match[bytes]]:
        yield from super().marks()
        content = self.reader.content
        names = {match[1] for match in HANDS_OUT.finditer(content)}
        if 0 < len(names) < MAX_HANDING:
            form = rb"(?:\$this->|(?:self|static)::)(?:" + b"|".join(sorted(names)) + rb")\s*\("
            yield from re.finditer(form, content)

    def waits(self, top: Node) -> bool:
        """Whether others of the file call the method around: they say what it is a part of."""
        method = self.reader.function_around(top)
        if method is None or method.type != "method_declaration":
            return False
        start = chain(self.reader, top)[0]
        handed = self.reader.text(start) in named_parameters(self.reader, method)
        if not handed and not self.is_private(method):
            return False
        name = self.reader.definition_name(method).encode()
        content = self.reader.content
        return any(
            content.find(form + name + b"(") >= 0 for form in (b"$this->", b"self::", b"static::")
        )

    def is_private(self, method: Node) -> bool:
        """Whether only the class, or its heirs, can call it."""
        return INNER.match(self.reader.text(method)[:60]) is not None

    def is_hidden(self, method: Node) -> bool:
        """Whether no other class can call it."""
        return HIDDEN.match(self.reader.text(method)[:60]) is not None

    def own_method(self, start: Node, link: Link) -> Node | None:
        """The method of the class around that `$this->name()` or `self::name()` calls."""
        text = self.reader.text(start) if start.end_byte - start.start_byte < 10 else ""
        own = self.reader.class_around(start) if text == "$this" or text in OWN else None
        if own is None or link.call is None:
            return None
        return methods_of(self.reader, own).get(link.name)

    # -- handed out

    def handed_out(self, top: Node) -> Start | None:
        """`$this->openOrders()->andWhere(...)`: what the method has put into its builder."""
        node, links = chain(self.reader, top)
        method = self.own_method(node, links[0]) if links else None
        if method is None:
            return None
        if method.id not in self.begun:
            self.begun[method.id] = None  # of itself
            before = set(self.seen)
            self.begun[method.id] = self.returned_by(method)
            if not self.is_private(method):
                self.seen = before  # others ask through it as well
        built = self.begun[method.id]
        return Start(built.copied(), links[1:]) if built is not None else None

    def returned_by(self, method: Node) -> Built | None:
        body = method.child_by_field_name("body")
        last = body.named_children[-1] if body is not None and body.named_children else None
        if last is None or last.type != "return_statement" or not last.named_children:
            return None
        value = last.named_children[0]
        name = self.reader.text(value) if value.type == "variable_name" else ""
        if name == "$this" or self.depth >= MAX_DEPTH:
            return None
        made = scopes.assigned(self.reader, name, value) if name else value
        if made is None or made.type not in CALLS:
            return None
        self.depth += 1
        start = self.start(made)
        self.depth -= 1
        if start is None or start.kept:
            return None
        built = start.built
        self.follow(built, start.links)
        if built.ended or (not built.begins and not name):
            return None
        self.seen.add(made.id)
        if name and made.parent is not None:
            built, _ = self.gathered(name, made.parent, built, 0)
        return built if built.begins and not built.ended else None

    # -- handed in

    def part_of(self, use: Use, names: dict[str, str]) -> Built:
        part = super().part_of(use, names)
        if use.given is None:
            return part
        added = self.added(use.given, use.argument, names)
        if added is None:
            return part
        self.follow(added, use.links)
        return added

    def added(self, call: Node, argument: Node | None, names: dict[str, str]) -> Built | None:
        """What a method adds to the builder that it is handed."""
        start, links = chain(self.reader, call)
        link = links[-1] if links else None
        if link is None or link.call is None:
            return None
        method = self.own_method(start, link) if len(links) == 1 else None
        given, keywords, _ = self.reader.arguments(call)
        if method is None:
            alone = call.parent is not None and call.parent.type == "expression_statement"
            if not alone or ADDS.match(link.name) is None:
                return None
            inherited = len(links) == 1 and self.reader.text(start)[:6] in ("$this", *OWN)
            return Built(scopes=[link.name]) if inherited else Built(partial=True)
        declared = named_parameters(self.reader, method)
        pairs = [*zip(declared, given, strict=False)]
        pairs += [(f"${key}", value) for key, value in keywords.items()]
        own = next((word for word, value in pairs if value == argument), "")
        if own not in declared or self.depth >= MAX_DEPTH:
            return None
        texts = {word: self.word(value, names) for word, value in pairs if value != argument}
        self.depth += 1
        base = Built(stepwise=self.steps, names={key: text for key, text in texts.items() if text})
        built, _ = self.gathered(own, declared[own], base, 0)
        self.depth -= 1
        return built

    def word(self, node: Node, names: dict[str, str]) -> str:
        if node.type == "variable_name" and self.reader.text(node) in names:
            return names[self.reader.text(node)]
        value = self.reader.value(node)
        return value.text if isinstance(value, Literal) else ""
