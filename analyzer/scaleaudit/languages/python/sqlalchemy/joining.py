"""The classes that a chain joins, or selects from: `join(Order.customer)`, `select_from(Order)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Place
from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.operands import operand
from scaleaudit.languages.python.sqlalchemy.syntax import (
    WORD,
    bare,
    given,
    items,
    last_name,
    literal,
    receiver,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.syntax import Given


def joins(chain: Chain, name: str, given_: Given) -> None:
    reader = chain.to.reader
    args = [bare(arg) for arg in given_.args]
    if name.endswith("_from") and args:
        from_(chain, args.pop(0))
    if args and args[0].type == "tuple":  # SQLAlchemy below 1.4
        args = items(args[0]) + args[1:]
    if not args:
        chain.partial = chain.partial or bool(given_.splats)
        return
    target, condition = args[0], args[1] if len(args) > 1 else given_.keywords.get("onclause")
    model = class_of(reader, target)
    column = operand(reader, target) if not model else None
    if column is not None:
        # `join(Order.customer)`, `join(Order.customer, Customer.region)`
        chain.joined = ""
        for each in args:
            relation = operand(reader, each)
            if relation is not None:
                owner = chain.to.owner(relation.model)
                chain.to.add(Condition(relation.path, "=", Clause.JOIN, model=owner))
        return
    if target.type == "string":
        path = literal(reader, target)
        if WORD.fullmatch(path):
            chain.to.add(Condition(path, "=", Clause.JOIN))
        return
    if model:
        chain.joined = model
        chain.to.entities.add(model)
    if condition is None:
        if model:
            chain.to.add(Condition("", "=", Clause.JOIN, model=model))
        else:
            chain.partial = True
        return
    relation = operand(reader, condition)
    if relation is not None and condition.type in ("attribute", "identifier"):
        owner = chain.to.owner(relation.model)
        chain.to.add(Condition(relation.path, "=", Clause.JOIN, model=owner))
    elif condition.type in ("comparison_operator", "call", "binary_operator"):
        read(chain.to, condition, Place())
    else:
        chain.partial = True


def from_(chain: Chain, node: Node) -> None:
    """`select_from(Order)`, `select_from(join(Order, Customer, ...))`."""
    reader = chain.to.reader
    model = class_of(reader, node)
    if model:
        chain.to.entities.add(model)
        chain.model = chain.to.model = model
        return
    if node.type == "call" and last_name(reader, node) in ("join", "outerjoin"):
        args = list(given(node, reader).args)
        of = receiver(node)
        if of is not None and class_of(reader, of):
            args.insert(0, of)
        if len(args) > 1 and class_of(reader, args[0]):
            from_(chain, args[0])
            joined_class = class_of(reader, args[1])
            chain.to.entities.add(joined_class)
            if len(args) > 2:
                read(chain.to, args[2], Place())
            elif joined_class:
                chain.to.add(Condition("", "=", Clause.JOIN, model=joined_class))
