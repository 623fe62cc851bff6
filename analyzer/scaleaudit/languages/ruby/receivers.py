"""Call sites: what each call's receiver is, and what the client that it stands for was given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.ruby.names import VERBS, Meaning, NameReader
from scaleaudit.languages.ruby.seldom import is_seldom

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.declarations import Holder

LISTS = frozenset({"array", "string_array", "symbol_array"})
OPAQUE = frozenset({"splat_argument", "hash_splat_argument", "forward_argument"})
NOT_POSITIONAL = OPAQUE | {"pair", "comment", "block_argument"}
MAX_BODY = 20_000  # bytes of a function that are searched for settings of a client


class CallReader(NameReader):
    """The part of the reader that makes call sites of calls."""

    def is_seldom(self, node: Node) -> bool:
        return is_seldom(self, node)

    def callee(self, node: Node) -> str:
        return self._callee(node).name

    def _callee(self, node: Node) -> Meaning:
        receiver, name = node.child_by_field_name("receiver"), self.method_name(node)
        if receiver is None:
            return Meaning(name)
        above = self.meaning(receiver)
        if receiver.type == "call" and self.method_name(receiver) == "class":
            inner = receiver.child_by_field_name("receiver")
            if inner is not None and inner.type == "self":
                return Meaning(f"self.{name}")
        return Meaning(f"{above.name}.{name}", above.made, above.fluent, above.variable)

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        found = self._callee(node)
        head, _, name = found.name.rpartition(".")
        if name in VERBS and head in ("", "self") and b"HTTParty" in self.content:
            holder = self.holder_around(node)
            if holder is not None and "HTTParty" in holder.included:
                return f"HTTParty.{name}", self._settings_of(holder, node)
        if found.made is None and not found.fluent:
            return found.name, None
        return found.name, self._client(found, node)

    def _client(self, found: Meaning, node: Node) -> CallSite:
        """The call that made the receiver; fluent calls add what they set."""
        made = found.made
        args, keywords, opaque = self.arguments(made) if made is not None else ([], {}, False)
        for each in found.fluent:
            inner, more, hidden = self.arguments(each)
            keywords.update(more)
            opaque = opaque or hidden
            if inner or more:
                keywords[self.method_name(each)] = inner[0] if inner else next(iter(more.values()))
        if found.variable:
            self._set_later(found.variable, node, keywords)
        return CallSite(found.name, made or node, args, keywords, opaque)

    def _set_later(self, variable: str, node: Node, keywords: dict[str, Node]) -> None:
        """`http.read_timeout = 5` after `http = Net::HTTP.new(host)`."""
        if b"timeout" not in self.content:
            return
        around = self.function_around(node) or self.root
        end = min(around.end_byte, around.start_byte + MAX_BODY)
        start = around.start_byte
        if variable.startswith("@"):
            start, end = 0, len(self.content)
        form = re.compile(
            rb"%s\.(?:options\.)?(\w*timeout)[ \t]*=(?!=)" % re.escape(variable.encode())
        )
        for _, match in zip(range(20), form.finditer(self.content, start, end), strict=False):
            node_there = self.leaf_at(match.start(1))
            holder = node_there.parent.parent if node_there and node_there.parent else None
            right = holder.child_by_field_name("right") if holder is not None else None
            if right is not None:
                keywords.setdefault(match[1].decode(), right)

    def _settings_of(self, holder: Holder, node: Node) -> CallSite:
        """`base_uri "..."` and `default_timeout 5` in the body of a class."""
        keywords: dict[str, Node] = {}
        for call in holder.calls:
            inner = self.positional(call)
            if inner:
                keywords[self.method_name(call)] = inner[0]
        return CallSite(holder.name, node, [], keywords)

    # -- arguments

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        holder = node.child_by_field_name("arguments")
        args: list[Node] = []
        keywords: dict[str, Node] = {}
        opaque = False
        for child in holder.named_children if holder is not None else ():
            kind = child.type
            if kind == "pair":
                self._pair(child, keywords)
            elif kind in OPAQUE:
                opaque = True
            elif kind not in NOT_POSITIONAL:
                args.append(child)
        if args:
            keywords = {**self.members(args[-1]), **keywords}
        block = node.child_by_field_name("block")
        if block is not None and b"timeout" in self.content:
            self._set_in_block(block, keywords)
        return args, keywords, opaque

    def positional(self, node: Node) -> list[Node]:
        """The first of `arguments`, without what it takes to find the others."""
        holder = node.child_by_field_name("arguments")
        given = holder.named_children if holder is not None else []
        return [child for child in given if child.type not in NOT_POSITIONAL]

    def members(self, node: Node, depth: int = 0) -> dict[str, Node]:
        """The literal keys of a hash, or of the variable that holds one, with their values."""
        found: dict[str, Node] = {}
        if node.type == "hash":
            for pair in node.named_children:
                if pair.type == "pair":
                    self._pair(pair, found)
        elif node.type in ("identifier", "instance_variable", "constant") and depth < 2:
            name = self.hint(node)
            held = (
                self.constant_node(name)
                if node.type == "constant"
                else self.assigned_to(name, node)
            )
            if held is not None and held.type == "call" and self.method_name(held) == "freeze":
                held = held.child_by_field_name("receiver")
            if held is not None and held.type == "hash":
                return self.members(held, depth + 1)
        return found

    def _pair(self, pair: Node, found: dict[str, Node]) -> None:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is None:
            return
        name = self.hint(key).strip("\"':")
        if value is not None:
            found[name] = value

    def _set_in_block(self, block: Node, keywords: dict[str, Node]) -> None:
        """`Faraday.new(url) { |f| f.options.timeout = 5 }`."""
        end = min(block.end_byte, block.start_byte + 4_000)
        form = re.compile(rb"\.(?:options\.)?(\w*timeout)[ \t]*=(?!=)")
        for _, match in zip(
            range(10), form.finditer(self.content, block.start_byte, end), strict=False
        ):
            node = self.leaf_at(match.start(1))
            holder = node.parent.parent if node is not None and node.parent is not None else None
            right = holder.child_by_field_name("right") if holder is not None else None
            if right is not None:
                keywords.setdefault(match[1].decode(), right)

    def each(self, node: Node) -> list[Node]:
        if node.type in LISTS:
            return [child for child in node.named_children if child.type != "comment"]
        return [node]
