"""What the statements of a function add to a variable after its declaration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import method_name
from scaleaudit.languages.javascript.text_parts import Arm, Choice, Part, Text, says_nothing
from scaleaudit.record import Gathering
from scaleaudit.values import UNKNOWN

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.javascript.text_pieces import Pieces

BLOCKS = {"statement_block", "switch_case", "switch_default"}
LOOPS = {"for_statement", "for_in_statement", "while_statement", "do_statement"}
EXITS = {"return_statement", "throw_statement", "continue_statement", "break_statement"}
DECLARED = {"variable_declarator"}
HELD = {"variable_declarator": "name", "assignment_expression": "left"}
MAX_STATEMENTS = 400  # of one block


def declaration(reader: JavaScriptReader, name: str, node: Node) -> Node | None:
    """`let name = ...` in a block of the function around a use of it."""
    for above in reader.ancestors(node):
        if above.type in BLOCKS and above.named_child_count <= MAX_STATEMENTS:
            for statement in above.named_children:
                if statement.end_byte > node.start_byte:
                    break
                if statement.type not in ("lexical_declaration", "variable_declaration"):
                    continue
                for each in statement.named_children:
                    given = each.child_by_field_name("name")
                    if given is not None and reader.text(given) == name:
                        return each
        if above.type in reader.FUNCTIONS:
            return None
    return None


def steps(
    pieces: Pieces, name: str, declared: Node, end: int, *, listed: bool = False
) -> list[Part]:
    """What is added between the declaration and a use at `end`."""
    statement = declared.parent
    block = statement.parent if statement is not None else None
    if statement is None or block is None:
        return [Text(UNKNOWN)]
    walk = Steps(pieces, word_of(name), listed, is_blank(declared.child_by_field_name("value")))
    return walk.of_block(block, statement.end_byte, end)


def later_steps(pieces: Pieces, text: Node) -> list[Part]:
    """What statements add to the variable that a text is given to, up to where it is read."""
    holder = text.parent
    left = holder.child_by_field_name(HELD.get(holder.type, "")) if holder is not None else None
    if holder is None or left is None or left.type != "identifier":
        return []
    name = pieces.reader.text(left)
    declared = holder if holder.type in DECLARED else declaration(pieces.reader, name, holder)
    walk = Steps(pieces, word_of(name))
    statement, found = holder.parent, []
    while declared is not None and statement is not None:
        block = statement.parent
        if block is None or block.type in pieces.reader.FUNCTIONS:
            break
        if block.type in BLOCKS:
            found += walk.of_block(block, statement.end_byte, block.end_byte, until_read=True)
            if walk.stopped or declared.start_byte >= block.start_byte:
                break
        statement = block
    return found


def is_followed(reader: JavaScriptReader, text: Node) -> bool:
    """Whether `later_steps` knows the variable that a text is given to."""
    holder = text.parent
    if holder is None or holder.type not in HELD or reader.function_around(holder) is None:
        return False
    left = holder.child_by_field_name(HELD[holder.type])
    if left is None or left.type != "identifier":
        return False
    return holder.type in DECLARED or declaration(reader, reader.text(left), holder) is not None


def word_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w.$])" + re.escape(name.encode()) + rb"(?![\w$])")


def is_blank(value: Node | None) -> bool:
    """No text yet: `let filter;`, `let filter = ""`."""
    at = bare(value)
    if at is None or at.type in ("null", "undefined"):
        return True
    return at.type in ("string", "template_string") and at.end_byte - at.start_byte == 2


class Steps(Gathering):
    pieces: Pieces
    word: re.Pattern[bytes]
    listed: bool = False  # the variable holds a list
    blank: bool = False  # it holds nothing until it is given something
    stopped: bool = False  # it was read: the text is whole

    def of_block(
        self, block: Node, start: int, end: int, *, until_read: bool = False
    ) -> list[Part]:
        """The additions of a block's statements from one place on to another."""
        found: list[Part] = []
        if block.named_child_count > MAX_STATEMENTS:
            return [Text(UNKNOWN)]
        for statement in block.named_children:
            if statement.end_byte <= start or not self._mentions(statement):
                continue
            if statement.start_byte >= end:
                break
            if statement.end_byte > end:
                found += self._towards(statement, end)
                break
            added = self.of_statement(statement)
            if added is not None:
                found += added
            elif until_read:
                self.stopped = True
                break
            elif self.listed and not self._only_read(statement):
                found.append(Text(UNKNOWN))
        return found

    def _mentions(self, node: Node) -> bool:
        return (
            self.word.search(self.pieces.reader.content, node.start_byte, node.end_byte) is not None
        )

    def _only_read(self, node: Node) -> bool:
        """A list whose elements nothing here can change."""
        content = self.pieces.reader.content
        return all(
            content[match.end() : match.end() + 8].startswith(
                (b".length", b".join", b".map", b".some")
            )
            for match in self.word.finditer(content, node.start_byte, node.end_byte)
        )

    def _towards(self, statement: Node, end: int) -> list[Part]:
        """Additions in the blocks of a statement that lead to the use."""
        found: list[Part] = []
        at = self.pieces.reader.root.descendant_for_byte_range(end, end)
        blocks: list[Node] = []
        while at is not None and at.id != statement.id:
            if at.type in BLOCKS:
                blocks.append(at)
            at = at.parent
        for block in blocks:
            found = self._before(block, end) + found
        return found

    def _before(self, block: Node, end: int) -> list[Part]:
        found: list[Part] = []
        for statement in block.named_children:
            if statement.end_byte > end:
                break
            if self._mentions(statement):
                found += self.of_statement(statement) or ()
        return found

    def of_statement(self, node: Node) -> list[Part] | None:
        """What a statement adds; None where it does something else with the variable."""
        if node.type == "expression_statement":
            inner = bare(node.named_children[0]) if node.named_children else None
            return self._of_expression(inner) if inner is not None else None
        if node.type == "if_statement":
            return self._of_branches(node)
        if node.type == "switch_statement":
            body = node.child_by_field_name("body")
            cases = body.named_children if body is not None else []
            arms = [Arm(each, self._of_body(each)) for each in cases]
            told = [arm for arm in arms if not says_nothing(arm.parts)]
            whole = len(told) == len(arms) and any(each.type == "switch_default" for each in cases)
            return [Choice(told, optional=not whole)] if told else None
        if node.type in LOOPS:
            body = node.child_by_field_name("body")
            parts = self._of_body(body) if body is not None else []
            return [Choice([Arm(node, parts)])] if parts else None
        if node.type == "try_statement":
            body = node.child_by_field_name("body")
            return self._of_body(body) or None if body is not None else None
        return self._of_body(node) or None if node.type == "statement_block" else None

    def _of_body(self, body: Node) -> list[Part]:
        if body.type == "else_clause":
            inner = body.named_children[0] if body.named_children else None
            return self._of_body(inner) if inner is not None else []
        nodes = body.named_children if body.type in BLOCKS else [body]
        found: list[Part] = []
        for each in nodes:
            if self._mentions(each):
                found += self.of_statement(each) or ()
        return found

    def _of_branches(self, node: Node) -> list[Part] | None:
        arms: list[Arm] = []
        optional = apart = False
        at: Node | None = node
        while at is not None and at.type == "if_statement":
            for field in ("consequence", "alternative"):
                arm = at.child_by_field_name(field)
                inner = (
                    arm.named_children[0] if arm is not None and arm.type == "else_clause" else arm
                )
                if inner is None:
                    optional = True
                elif field == "alternative" and inner.type == "if_statement":
                    at = inner
                    break
                elif not _leaves(inner):
                    parts = self._of_body(inner) if self._mentions(inner) else []
                    optional = optional or says_nothing(parts)
                    if not says_nothing(parts):
                        arms.append(Arm(inner, parts))
                elif self._of_body(inner):
                    apart = True
            else:
                at = None
        if arms:
            return [Choice(arms, optional=optional)]
        return [] if apart else None  # a text of its own, which is not this one

    def _of_expression(self, node: Node) -> list[Part] | None:
        reader, left = self.pieces.reader, node.child_by_field_name("left")
        right = node.child_by_field_name("right")
        own = left is not None and self._is_own(left)
        if node.type == "augmented_assignment_expression" and own:
            operator = node.child_by_field_name("operator")
            return self.pieces.of(right) if operator is not None and operator.type == "+=" else None
        if node.type == "assignment_expression" and own and right is not None:
            rest = self._after_own(right)
            if rest is None:
                return [*(() if self.blank else (Text(UNKNOWN),)), *self.pieces.of(right)]
            return rest
        if node.type != "call_expression" or method_name(reader, node) != "push":
            return None
        function, given = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        )
        receiver = function.child_by_field_name("object") if function is not None else None
        if receiver is None or given is None or not self._is_own(receiver):
            return None
        return self.pieces.elements(given.named_children)

    def _is_own(self, node: Node) -> bool:
        return (
            self.word.fullmatch(self.pieces.reader.content, node.start_byte, node.end_byte)
            is not None
        )

    def _after_own(self, node: Node) -> list[Part] | None:
        """What `name + more` or `${name} more` adds; None for what begins with something else."""
        at = bare(node)
        if at is None:
            return None
        if at.type == "template_string":
            first = at.named_children[0] if at.named_children else None
            inner = first.named_children[0] if first is not None and first.named_children else None
            if first is None or inner is None or first.type != "template_substitution":
                return None
            return self.pieces.inside(at.named_children[1:]) if self._is_own(inner) else None
        left, right = at.child_by_field_name("left"), at.child_by_field_name("right")
        if at.type != "binary_expression" or left is None or right is None:
            return None
        before = [] if self._is_own(left) else self._after_own(left)
        return None if before is None else [*before, *self.pieces.of(right)]


def _leaves(arm: Node) -> bool:
    """An arm after which the rest of the function is not reached."""
    last = arm.named_children[-1] if arm.type in BLOCKS and arm.named_children else arm
    return last.type in EXITS
