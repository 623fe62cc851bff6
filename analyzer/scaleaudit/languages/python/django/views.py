"""Classes that work on the rows of one model: views, forms, filter sets, admin classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.nodes import arguments_of, bare, elements, text_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.reader import PythonReader

REGISTERED = regex(rb"@(?:\w+\.)*register\(|\.register\(")
NAME = regex(r"[A-Za-z_][\w.]*")
USER = "AUTH_USER_MODEL"
MAX_LEVELS = 8


def class_models(
    reader: PythonReader, classes: dict[str, ClassRead], models: set[str]
) -> dict[str, str]:
    """The model of each class that names one: `model = X`, `Meta.model`, `queryset`, registration."""
    found: dict[str, str] = {}
    for name, one in classes.items():
        if name in models:
            continue
        node = (one.meta or {}).get("model") or one.attributes.get("model")
        model = class_name(reader, node) if node is not None else ""
        if not model:
            node = one.attributes.get("queryset")
            model = beginning(reader, node) if node is not None else ""
        if model:
            found[name] = model
    found = registered(reader, classes) | found
    for name, model in [*found.items()]:
        for helper in helpers(reader, classes[name]):
            if helper in classes and helper not in models:
                found.setdefault(helper, model)
    found = shown_models(reader, classes, found) | found
    for name, one in classes.items():
        if name not in found and name not in models:
            inherited = from_base(one, classes, found, 0)
            if inherited:
                found[name] = inherited
    return found


def shown_models(
    reader: PythonReader, classes: dict[str, ClassRead], models: dict[str, str]
) -> dict[str, str]:
    """Filter sets that name no model have that of the views that make use of them, when these agree."""
    found: dict[str, set[str]] = {}
    for name, one in classes.items():
        given = one.attributes.get("filterset_class") or one.attributes.get("filter_class")
        if given is not None and given.type == "identifier" and reader.text(given) in classes:
            found.setdefault(reader.text(given), set()).add(models.get(name, ""))
    return {
        name: several.pop()
        for name, several in found.items()
        if several != {""} and len(several) == 1
    }


def helpers(reader: PythonReader, one: ClassRead) -> Iterator[str]:
    """Filters of the file that a filter set or an admin list makes use of."""
    for value in one.attributes.values():
        if value.type == "call":
            callee = reader.callee(value)
            if callee.endswith("Filter"):
                yield callee
    for each in elements(reader, one.attributes.get("list_filter")):
        if each.type == "identifier":
            yield reader.text(each)


def from_base(
    one: ClassRead, classes: dict[str, ClassRead], found: dict[str, str], depth: int
) -> str:
    for base in one.bases:
        if base in found:
            return found[base]
        inner = classes.get(base)
        if inner is not None and inner is not one and depth < MAX_LEVELS:
            model = from_base(inner, classes, found, depth + 1)
            if model:
                return model
    return ""


def class_name(reader: PythonReader, node: Node) -> str:
    """A class as written; `get_user_model()` behind a name as well."""
    node = bare(node)
    if node.type == "call":
        callee = reader.callee(node)
        if callee.endswith("get_user_model"):
            return USER
        if callee.endswith("get_model"):
            words = [text_of(reader, each) for each in arguments_of(reader, node).given]
            return ".".join(word for word in words if word)
        return ""
    if node.type not in ("identifier", "attribute"):
        return ""
    written = reader.hint(node)
    known = reader.module_values.get(written)
    if known is not None and known.type == "call":
        return class_name(reader, known)
    return written if written.rpartition(".")[2][:1].isupper() else ""


def beginning(reader: PythonReader, node: Node) -> str:
    """The class that a chain begins with: `Order` of `Order.objects.all()`."""
    node = bare(node)
    if node.type not in ("call", "attribute", "identifier", "subscript"):
        return ""
    callee = reader.callee(node) if node.type == "call" else reader.hint(node)
    if callee.startswith("get_user_model"):
        return USER
    parts = callee.split(".")
    for at, part in enumerate(parts[:3]):
        if part[:1].isupper():
            return class_name_of(reader, ".".join(parts[: at + 1]))
    return ""


def class_name_of(reader: PythonReader, written: str) -> str:
    known = reader.module_values.get(written)
    return class_name(reader, known) if known is not None and known.type == "call" else written


def registered(reader: PythonReader, classes: dict[str, ClassRead]) -> dict[str, str]:
    """`@admin.register(Order)` above a class, `admin.site.register(Order, OrderAdmin)`."""
    found: dict[str, str] = {}
    if b"register(" not in reader.content:
        return found
    for name, one in classes.items():
        holder = one.node.parent
        if holder is None or holder.type != "decorated_definition":
            continue
        for child in holder.named_children:
            if child.type == "decorator" and child.named_children[0].type == "call":
                call = child.named_children[0]
                if reader.callee(call).rpartition(".")[2] == "register":
                    given = arguments_of(reader, call).given
                    model = class_name(reader, given[0]) if given else ""
                    if model:
                        found.setdefault(name, model)
    for call in reader.nodes(REGISTERED, "call", b".register("):
        given = arguments_of(reader, call).given
        if len(given) == 2 and given[1].type == "identifier":
            admin = reader.text(given[1])
            first = bare(given[0])
            nodes = [first] if first.type == "identifier" else list(elements(reader, first))
            model = class_name(reader, nodes[0]) if len(nodes) == 1 else ""
            if admin in classes and model:
                found.setdefault(admin, model)
    return found


def parameter_models(
    reader: PythonReader, classes: dict[str, ClassRead], models: dict[str, str]
) -> dict[str, str]:
    """Functions of the module that filter sets call with their rows: `method=by_date`."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    if b"method=" not in reader.content and b"action=" not in reader.content:
        return found
    for name, one in classes.items():
        model = models.get(name)
        if model is None:
            continue
        for value in one.attributes.values():
            if value.type != "call":
                continue
            given = arguments_of(reader, value).named
            method = given.get("method") or given.get("action")
            if method is not None and method.type == "identifier":
                called = reader.text(method)
                if found.setdefault(called, model) != model:
                    twice.add(called)
    return {name: model for name, model in found.items() if name not in twice}
