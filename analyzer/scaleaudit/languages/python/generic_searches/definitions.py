"""Methods that search for rows of `cls` or `self.model`, and which class that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import OF_ANY, Repository, SearchDefined
from scaleaudit.languages.python.sqlalchemy.meant import PARAMETER, class_of
from scaleaudit.languages.python.sqlalchemy.starts import names_library
from scaleaudit.languages.python.sqlalchemy.syntax import dotted, given
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

# A query of whatever class is meant: `select(self.model)`, `session.query(cls)`, `cls.query`, `cls.model.get(`.
ANY_CLASS = (
    r"\b(?:select|query|update|delete|select_from)\((?:cls|(?:self|cls)\.\w+)[,.)]|\bcls\.query\b"
    r"|\b(?:self|cls)\.\w*(?:model|entity)\w*\.(?:select|filter|get|get_or_none|query|objects|_default_manager|update|delete)\b"
    r"|\bcls\.(?:select|filter|get|get_or_none)\("
)
BEGINS = regex(ANY_CLASS)
IN_FILE = (  # each begins with a fixed text
    regex(
        rb"\((?=\s*(?:cls|(?:self|cls)\.\w+)\s*[,.)])(?:(?<=\bselect\()|(?<=\bquery\()|(?<=\bupdate\()"
        rb"|(?<=\bdelete\()|(?<=\bselect_from\())"
    ),
    regex(rb"cls(?<!\wcls)\.(?:query\b|(?:select|filter|get|get_or_none)\()"),
    regex(rb"self(?<!\wself)\.\w*(?:model|entity)\w*\s*\.\s*\w"),
    regex(rb"cls(?<!\wcls)\.\w*(?:model|entity)\w*\s*\.\s*\w"),
)
METHOD = regex(rb"\bdef\s+(\w+)\s*\(\s*(?:self|cls)\b")
# `def get_order(session, **by): return session.query(Order).filter_by(**by)`
OF_ONE = regex(rb"\.(?:filter_by|filter|get|get_or_none|exclude)\(\s*(?:[^()]{1,80},\s*)?\*\*\w")
FUNCTION = regex(rb"\bdef\s+(\w+)\s*\((?:[^()]|\([^()]*\)){0,800}?\*\*\w")
ONE_CLASS = regex(
    r"\b(?:select|query|update|delete)\(((?:\w+\.)*[A-Z]\w*[a-z]\w*)[,).]|\b((?:\w+\.)*[A-Z]\w*[a-z]\w*)\.(?:objects|_default_manager|query)\b"
    r"|\b([A-Z]\w*[a-z]\w*)\.(?:select|filter|get|get_or_none)\("
)
LIMITED = regex(
    r"\.(?:first|one|one_or_none|scalar|scalar_one|scalar_one_or_none|get|get_or_none|limit|exists)\("
)
COUNTS = regex(r"\.count\(|func\.count\(")
SPACES = regex(r"[\s\\]+")
GAPS = regex(r" ?([^\w\s]) ?")
GIVEN_TO = (
    r"\.(?:filter_by|filter|get|get_or_none|exclude|exists|where)\((?:[^()]*,)?\*\*(?:dict\()?{0}\b"
)
# `for key, value in by.items(): query = query.where(getattr(self.model, key) == value)`
ONE_BY_ONE = r"\bin ?\(?{0}(?: or ?\{{\}})?\)?\.items\(\)"
BY_NAME = regex(r"getattr\((?:cls|(?:self|cls)\.\w+),\w+\)(?:==|\.in_\()")
BY_PARAMETER = r"getattr\((?:cls|(?:self|cls)\.\w+),{0}\)(?:==|\.in_\()"
PASSED_ON = r"\b(?:self|cls|super\(\))\.(\w+)\((?:[^()]*,)?\*\*{0}\b"
# Classes that hand their heirs such methods are called after what they are for, or give them their model.
KEEPERS = regex(r"repo|dao\b|crud|store|manager|quer|service|gateway", re.IGNORECASE)
BASES = regex(rf"{KEEPERS.pattern}|mixin|base|record|model", re.IGNORECASE)
KEPT = regex(r"_?(?:model|entity|table)(?:_?(?:class|cls|type))?|__model__", re.IGNORECASE)
# What a constructor hands up, or keeps, as the class it is for.
HANDED_UP = regex(
    r"super\([^()]{0,60}\)\s*\.\s*__init__\(\s*(?:[a-z_][\w.]*\s*,\s*)?(?:\w+\s*=\s*)?((?:\w+\.)*[A-Z]\w*)\s*[,)]"
    r"|self\.\w*model\w*\s*=\s*((?:\w+\.)*[A-Z]\w*)\s*\n"
)
# An attribute that holds such an object.
ATTRIBUTES = (
    regex(rb"self\.(\w+)\s*(?::[^=\n]{1,80})?=\s*((?:\w+\.)*[A-Z]\w*)\("),
    regex(rb"def\s+(\w+)\(\s*self\s*\)\s*->\s*[\"']?((?:\w+\.)*[A-Z]\w*)"),
)
# What a function gives a name of the module: `global orders_repo`.
MADE_LATER = regex(rb"(?m)^[ \t]+(\w+)[ \t]*=[ \t]*((?:\w+\.)*[A-Z]\w*)\(")
GLOBAL = regex(rb"\bglobal\s+([\w, ]+)")
HOLDERS = (b"Repo", b"DAO", b"Dao", b"CRUD", b"Crud", b"Store", b"Service", b"Gateway", b"Manager")
# Of each, one is in any file that defines such a search.
NEEDS = (
    (b"**", b"getattr(", b"(*"),
    (b"filter_by(", b".filter(", b".where(", b".get(", b"get_or_none("),
)
CLASS = regex(r"[A-Z]\w*")
MAX_TEXT = 4_000  # of one method, and of one class
MAX_METHODS = 200  # of one file


def definitions(reader: PythonReader) -> Iterator[SearchDefined]:
    if not all(reader.says(*words) for words in NEEDS):
        return
    found: set[int] = set()
    if reader.says(b"cls", b"self.") and any(each.search(reader.content) for each in IN_FILE):
        found.update(match.start(1) for match in METHOD.finditer(reader.content))
    if reader.says(b"**") and OF_ONE.search(reader.content) is not None:
        found.update(match.start(1) for match in FUNCTION.finditer(reader.content))
    for at in sorted(found)[:MAX_METHODS]:
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        function = leaf.parent if leaf is not None else None
        if function is None or function.type != "function_definition":
            continue
        around = reader.definition_around(function)
        if around is not None and around.type != "class_definition":
            continue
        told = search(reader, function, reader.definition_name(around) if around else "")
        if told is not None:
            yield told


def search(reader: PythonReader, function: Node, owner: str) -> SearchDefined | None:
    if function.end_byte - function.start_byte > MAX_TEXT:
        return None
    body = function.child_by_field_name("body")
    text = GAPS.sub(r"\1", SPACES.sub(" ", reader.text(body))) if body is not None else ""
    if "join(" in text:
        return None  # by columns of which class is not known
    named, listed, splat = parameters(reader, function)
    begins = BEGINS.search(text) is not None
    keywords, columns, column, through = False, "", "", ""
    conditions = (
        begins
        and bool(listed)
        and (re.search(rf"\.(?:where|filter)\(\*{listed}\b", text) is not None)
    )
    if begins:
        by_name = BY_NAME.search(text) is not None
        keywords = bool(splat) and (
            re.search(GIVEN_TO.format(splat), text) is not None
            or (by_name and re.search(ONE_BY_ONE.format(splat), text) is not None)
        )
        for name in named:
            if re.search(BY_PARAMETER.format(name), text):
                column = column or name
            elif (by_name and re.search(ONE_BY_ONE.format(name), text)) or re.search(
                GIVEN_TO.format(name), text
            ):
                columns = columns or name
    model = "" if begins else one_class(text)
    if model:
        keywords = bool(splat) and re.search(GIVEN_TO.format(splat), text) is not None
    elif splat and not begins:
        passed = re.search(PASSED_ON.format(splat), text)
        through = passed[1] if passed is not None else ""
    name = reader.definition_name(function)
    if not (keywords or columns or column or conditions or (through and through != name)):
        return None
    return SearchDefined(
        reader.span(function),
        mapper(reader, text),
        owner,
        name,
        model,
        named,
        keywords=keywords,
        conditions=conditions,
        columns=columns,
        column=column,
        through=through,
        limited=LIMITED.search(text) is not None,
        aggregate=COUNTS.search(text) is not None and LIMITED.search(text) is None,
        writes="update(" in text and ".update(" not in text,
        deletes="delete(" in text,
    )


def one_class(text: str) -> str:
    """The class whose rows are asked, where it is one."""
    named = {next(filter(None, match.groups())) for match in ONE_CLASS.finditer(text)}
    return named.pop() if len(named) == 1 else ""


def mapper(reader: PythonReader, text: str) -> str:
    """Empty where the file does not tell."""
    if ".objects" in text or "_default_manager" in text:
        return "django"
    if names_library(reader) or "filter_by(" in text or ".query" in text:
        return "sqlalchemy"
    if reader.says(b"peewee", b"playhouse"):
        return "peewee"
    return "tortoise" if reader.says(b"tortoise") else ""


def parameters(reader: PythonReader, function: Node) -> tuple[tuple[str, ...], str, str]:
    """(the names of all but the object itself, what takes more arguments, what takes more keywords)."""
    holder = function.child_by_field_name("parameters")
    named: list[str] = []
    listed = splat = ""
    for each in holder.named_children if holder is not None else ():
        inner = each.named_children[0] if each.type == "typed_parameter" else each
        if inner.type == "dictionary_splat_pattern":
            splat = reader.hint(inner).lstrip("*")
        elif inner.type == "list_splat_pattern":
            listed = reader.hint(inner).lstrip("*")
        elif inner.type == "identifier":
            named.append(reader.hint(inner))
        elif (name := each.child_by_field_name("name")) is not None:
            named.append(reader.hint(name))
    own = named[:1] in (["self"], ["cls"])
    return tuple(named[1:] if own else named), listed, splat


def repositories(
    reader: PythonReader, classes: Sequence[Node], searching: set[str]
) -> Iterator[Repository]:
    """Classes that stand for a model, and objects of them that the module keeps."""
    for node in classes:
        above = node.child_by_field_name("superclasses")
        name = reader.definition_name(node)
        written = given(node, reader) if above is None else None
        bases = base_names(reader, above) if written is None else ()
        if name not in searching and not any(BASES.search(each) for each in bases):
            continue
        model = model_kept(reader, node, above, name)
        if model or name in searching or any(KEEPERS.search(each) for each in bases):
            yield Repository(reader.span(node), name, model, bases)
    for name, value in reader.module_values.items():
        made = dotted(reader, value.child_by_field_name("function")) if value.type == "call" else ""
        if not is_repository(made):
            continue
        handed = (class_of(reader, each) for each in given(value, reader).args)
        yield Repository(reader.span(value), name, next(filter(None, handed), ""), (made,))
    yield from attributes(reader)


def attributes(reader: PythonReader) -> Iterator[Repository]:
    """`self.orders = Orders(session)`, `def orders(self) -> Orders:`, of whatever object.

    And what functions of the module make, for it to be handed to others under the same name.
    """
    if not reader.says(*HOLDERS):
        return
    shared = reader.says(b"global ")
    of_module = (
        {name.strip() for each in GLOBAL.findall(reader.content) for name in each.split(b",")}
        if shared
        else set()
    )
    for match in MADE_LATER.finditer(reader.content) if of_module else ():
        made = match[2].decode()
        if match[1] in of_module and is_repository(made):
            leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
            for name in (match[1].decode(), f"{OF_ANY}{match[1].decode()}"):
                yield Repository(reader.span(leaf or reader.root), name, "", (made,))
    for pattern in ATTRIBUTES:
        for match in pattern.finditer(reader.content):
            name, made = match[1].decode(), match[2].decode()
            if is_repository(made):
                leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
                yield Repository(reader.span(leaf or reader.root), f"{OF_ANY}{name}", "", (made,))


def is_repository(made: str) -> bool:
    """Whether a class is called as those are that give such methods."""
    return BASES.search(made) is not None and CLASS.fullmatch(made.rpartition(".")[2]) is not None


def base_names(reader: PythonReader, above: Node | None) -> tuple[str, ...]:
    """`Base` of `Base[Order, OrderIn]`, beside `shop.Base`."""
    found: list[str] = []
    for each in above.named_children if above is not None else ():
        inner = each.child_by_field_name("value") if each.type == "subscript" else each
        name = dotted(reader, inner)
        if name:
            found.append(name)
    return tuple(found)


def model_kept(reader: PythonReader, node: Node, above: Node | None, name: str) -> str:
    for each in reader.assignments:
        if each.owner == name and KEPT.fullmatch(each.name):
            return class_of(reader, each.right)
    typed = PARAMETER.search(reader.text(above)[:300]) if above is not None else None
    if typed is not None and len(typed[1]) > 1:
        return typed[1]
    handed = HANDED_UP.search(reader.text(node)[:MAX_TEXT])
    return (handed[1] or handed[2]) if handed is not None else ""
