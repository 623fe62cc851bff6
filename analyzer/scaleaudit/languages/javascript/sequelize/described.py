"""Models described around code: objects that a file exports for a loader of the project's own to
define, `module.exports = { name: "Loan", schema: {...} }`, and the options of `define`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.inflection import plural
from scaleaudit.languages.javascript.builders.chains import arguments, method
from scaleaudit.languages.javascript.builders.decorated import says, settings, text_of
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.sequelize.attributes import Draft, add_attribute, add_options
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

EXPORTED = regex(rb"\b(?:module\.exports\s*=|export\s+default)\s*\{")
ATTRIBUTES = ("schema", "attributes", "fields", "columns")
NAMES = ("name", "modelName")
TYPED = regex(r":\s*(?:\w+\.)?(?:DataTypes?|Sequelize)\.[A-Z]{3,}\b")
MAX_STATEMENTS = 400  # of a module


class Description(Record, frozen=True):
    name: str
    node: Node
    attributes: Node


def description(reader: JavaScriptReader) -> Description | None:
    """The object that the module exports, where it names a model and the types of its columns."""
    if EXPORTED.search(reader.content) is None:
        return None
    for statement in reader.root.named_children[:MAX_STATEMENTS]:
        value = statement.child_by_field_name("value")
        if statement.type == "expression_statement" and statement.named_children:
            assigned = statement.named_children[0]
            left = assigned.child_by_field_name("left")
            if left is not None and reader.text(left) == "module.exports":
                value = assigned.child_by_field_name("right")
        value = bare(value)
        if value is None or value.type != "object":
            continue
        given = settings(reader, [value])
        name = next((text_of(reader, given[key]) for key in NAMES if key in given), "")
        listed = next((given[key] for key in ATTRIBUTES if key in given), None)
        if name.isidentifier() and listed is not None and TYPED.search(reader.text(listed)):
            return Description(name, value, listed)
    return None


def described_model(reader: JavaScriptReader) -> Draft | None:
    found = description(reader)
    if found is None:
        return None
    given = settings(reader, [found.node])
    if "options" in given:
        given |= settings(reader, [given["options"]])
    draft = Draft(found.name, found.node, default_table=plural(found.name))
    draft.snake = says(reader, given.get("underscored"))
    for name, node in settings(reader, [found.attributes]).items():
        add_attribute(reader, draft, name, node)
    add_options(reader, draft, given)
    return draft


def model_around(reader: JavaScriptReader, node: Node) -> str:
    """The model that code inside a description or a call of `define` is a method of."""
    inside: set[int] = set()
    for above in reader.ancestors(node):
        if above.type == "call_expression" and method(reader, above) == "define":
            args = arguments(above)
            return text_of(reader, args[0]) if args else ""
        if above.type == "object":
            inside.add(above.id)
    if not inside:
        return ""
    known = reader.kept_models.get((reader.root.id, ""))
    if known is None:
        found = description(reader)
        known = f"{found.node.id} {found.name}" if found is not None else ""
        reader.kept_models[reader.root.id, ""] = known
    number, _, name = known.partition(" ")
    return name if number and int(number) in inside else ""
