"""The order of Drizzle's queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause
from scaleaudit.facts.orm import Condition
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.drizzle.columns import Tables, column_of, parameter_of
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.languages.javascript.query_parts import Chosen

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.reader import JavaScriptReader


def read_order(
    reader: JavaScriptReader, args: list[Node], tables: Tables, choice: Choice = ()
) -> list[Chosen]:
    """`desc(orders.createdAt)`, an array of such, or a function that returns them."""
    found: list[Chosen] = []
    for each in args[:8]:
        inner = bare(each)
        if inner is not None and inner.type == "arrow_function":
            own = parameter_of(reader, inner)
            known = msgspec.structs.replace(tables, own=(*tables.own, own))
            body = bare(inner.child_by_field_name("body"))
            if body is not None:
                found += read_order(reader, [body], known, choice)
            continue
        if inner is not None and inner.type == "object":  # { createdAt: "desc" }
            found += [
                Chosen(Condition(member.key, "sort", Clause.SORT), choice)
                for member in shape(reader, inner).members
            ]
            continue
        if inner is not None and inner.type == "array":
            found += read_order(reader, inner.named_children, tables, choice)
            continue
        if inner is not None and inner.type == "call_expression":
            function = inner.child_by_field_name("function")
            holder = inner.child_by_field_name("arguments")
            word = reader.text(function).rpartition(".")[2] if function is not None else ""
            if word in ("asc", "desc") and holder is not None and holder.named_children:
                inner = bare(holder.named_children[0])
        column = column_of(reader, inner, tables) if inner is not None else None
        if column is None:
            break  # what comes after what is not known gives no order
        table, attribute, function_ = column
        sort = Condition(
            attribute,
            "sort",
            Clause.SORT,
            function_,
            model="" if table == tables.base else tables.imported.get(table, table),
        )
        found.append(Chosen(sort, choice))
    return found
