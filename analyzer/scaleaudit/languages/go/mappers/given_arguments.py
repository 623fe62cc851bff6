"""What a function that begins a chain is given: `newQuery(&user)`, which hands it to `Model(any)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader


def filled(reader: GoReader, function: Node, call: Node, links: list[Link]) -> list[Link]:
    """The links of a function's chain, with the arguments of a call in the place of its parameters."""
    given = given_to(reader, function, call)
    if not given:
        return links
    return [
        replace(link, args=[given.get(reader.text(arg), arg) for arg in link.args])
        if any(arg.type == "identifier" for arg in link.args)
        else link
        for link in links
    ]


def given_to(reader: GoReader, function: Node, call: Node) -> dict[str, Node]:
    """What stands for each parameter of a function; nothing where it takes any number of them."""
    holder = call.child_by_field_name("arguments")
    parameters = function.child_by_field_name("parameters")
    if holder is None or parameters is None:
        return {}
    names: list[str] = []
    for each in parameters.named_children:
        if each.type == "variadic_parameter_declaration":
            return {}
        if each.type == "parameter_declaration":
            names += [reader.text(name) for name in each.children_by_field_name("name")]
    values = [value for value in holder.named_children if value.type != "comment"]
    return dict(zip(names, values, strict=True)) if len(names) == len(values) else {}
