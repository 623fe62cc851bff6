"""Which string is a statement in SQL, and which one is in the language of an object mapper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.java.later_text import added_later
from scaleaudit.languages.java.optional_text import optional_texts
from scaleaudit.languages.java.words import occurrences
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.text_choices import least, one_choice_each
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Value, join, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_CONSTANTS = 6  # made of each other
MAX_CONSTANT = 10_000  # characters
# `@Query` of these is SQL as it stands; that of Spring Data JPA only with nativeQuery.
SQL_ANNOTATIONS = regex(
    rb"org\.springframework\.data\.(?:jdbc|r2dbc|relational)\.|io\.micronaut\.data\.jdbc"
)
OBJECT_QUERIES = {"createQuery", "createSelectionQuery", "createMutationQuery", "createNamedQuery",
                  "createFilter", "getNamedQuery"}  # fmt: skip
JDBI = b"org.jdbi."
# `manager().query("from Order where code = :code", Order.class).setParameter(...)`: of one's own class around
# an object mapper's.
OWN_QUERY = "query"
TAKES_OBJECTS = regex(
    rb"\s*(?:,\s*[\w.]+(?:\.class|::class(?:\.java)?)\s*)?\)\s*\.\s*setParameter(?:List)?\s*\("
)
MAPPERS = (b".persistence.", b"org.hibernate.")
# What follows `createQuery` of JDBI, or of one's own class around it, and never that of an object mapper.
TAKES_SQL = regex(
    rb"\s*(?:\.\s*trim(?:Indent|Margin)\(\)\s*)?,?\s*\)\s*\.\s*(?:bind(?:List|Map|Bean|Methods|Fields|Kotlin|ByType)?|mapTo|mapToMap|mapToBean)\s*[(<]"
)
# `select o from Order o`, `select new com.acme.Row(...)`, `... member of ...`: never SQL.
OBJECT_FORM = regex(
    r"^\s*select\s+(?:distinct\s+)?(?:(\w+)\s+from\s+[\w.]+\s+(?:as\s+)?\1\b|new\s+[\w.]+\s*\()"
    r"|\bjoin\s+fetch\b|\bmember\s+of\b"
    # A path through an object: `from Task t where t.project.id = :id`.
    r"|\bfrom\s+[A-Z]\w*\s+(?:as\s+)?(\w+)\b[^;]{0,2000}?\b\2(?:\.\w+){2,5}\s*(?:=|<|>|in\b|is\b)",
    re.IGNORECASE,
)
PAGE = regex(rb"[:(,\s](?:Pageable|PageRequest|Limit|ScrollPosition)\b")
ASSIGNED = regex(rb"([A-Za-z_$][\w$]*)\s*(?::\s*\w+\s*)?=\s*\(*\s*$")
APPENDED = regex(rb"(?<![\w.])([A-Za-z_$][\w$]*)\s*\.\s*append\s*\(\s*$")
BUILDER = regex(rb"([A-Za-z_$][\w$]*)\s*=\s*(?:new\s+)?String(?:Builder|Buffer)\s*\(\s*$")
MADE = regex(rb"(?:new\s+)?String(?:Builder|Buffer)\s*\(")
# A variable in a call that takes a query on objects, or in the annotation of one.
BEFORE_NAME = (b"(", b"=", b".")
HANDED = regex(
    rb"\b(?:"
    + b"|".join(q.encode() for q in sorted(OBJECT_QUERIES))
    + rb")\s*(?:<[^>]*>\s*)?\(\s*$"
)
ANNOTATED = regex(rb"@Query\(\s*(?:value\s*=\s*)?(?:\w+\.)?$")
CLOSED = regex(rb"\s*\)")


def statement(reader: JvmReader, node: Node) -> Value:
    """The text of a statement in SQL; unknown for other query languages."""
    if not is_sql(reader, node):
        return UNKNOWN
    value, _ = completed(reader, node)
    text = value.text if isinstance(value, Literal) else ""
    return UNKNOWN if OBJECT_FORM.search(text) else value


def completed(reader: JvmReader, node: Node) -> tuple[Value, Node]:
    """The text with all that is added to it, a gap at its end where that is not known."""
    value, whole = appended(reader, node)
    if not grows(reader, node, whole):
        return with_own_texts(reader, value), whole
    more = added_later(reader, whole, assigned_name(reader, whole) or assigned_name(reader, node))
    return with_own_texts(reader, join(value, *([UNKNOWN] if more is None else more))), whole


def with_own_texts(reader: JvmReader, value: Value, depth: int = 0) -> Value:
    """The value with the texts of constants that the same file defines."""
    if isinstance(value, Join):
        return join(*(with_own_texts(reader, part, depth) for part in value.parts))
    made = reader.fixed_texts.get(value.name) if isinstance(value, Name) else None
    if made is None or depth > MAX_CONSTANTS:
        return value
    found = with_own_texts(reader, reader.value(made), depth + 1)
    return found if len(text_with_holes(found)) <= MAX_CONSTANT else value


def variants(reader: JvmReader, node: Node) -> list[tuple[Node, Value]]:
    """The text with what each branch adds to it, and each piece that is put in by choice."""
    value, whole = appended(reader, node)
    if not grows(reader, node, whole):
        value = with_own_texts(reader, value)
        return [(node, each) for each in one_choice_each(value)]
    name = assigned_name(reader, whole) or assigned_name(reader, node)
    found = optional_texts(reader, whole, name, value)
    return [(place, least(with_own_texts(reader, each))) for place, each in found]


def paged(reader: JvmReader, node: Node) -> bool:
    """A query of a repository whose method takes a page: Spring Data and Micronaut Data add LIMIT."""
    annotation = next((a for a in reader.ancestors(node) if a.type in reader.ANNOTATIONS), None)
    method = reader.function_around(annotation) if annotation is not None else None
    if method is None or annotation is None:
        return False
    signature = reader.content[
        annotation.end_byte : min(method.end_byte, annotation.end_byte + 2_000)
    ]
    return PAGE.search(signature) is not None


def is_sql(reader: JvmReader, node: Node) -> bool:
    for above in reader.ancestors(node):
        if above.type in reader.ANNOTATIONS:
            return sql_annotation(reader, above)
        if above.type in reader.CALLS:
            name = reader.callee(above).rpartition(".")[2]
            if name in OBJECT_QUERIES:
                return takes_sql(reader, node.end_byte)
            if name == OWN_QUERY and TAKES_OBJECTS.match(reader.content, node.end_byte):
                return False
        elif above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    variable = assigned_name(reader, node)
    if not variable:
        return True
    content = reader.content
    if JDBI in content:
        return True
    for start, end in occurrences(content, variable, 0, len(content)):
        before = content[max(0, start - 200) : start]
        if before.rstrip().endswith(BEFORE_NAME) and (
            HANDED.search(before) or (ANNOTATED.search(before) and CLOSED.match(content, end))
        ):
            return takes_sql(reader, end)
    return True


def takes_sql(reader: JvmReader, end: int) -> bool:
    """Whether the `createQuery` whose text ends there is that of JDBI."""
    if JDBI in reader.content:
        return True
    mapped = has_any(reader.content, MAPPERS)
    return not mapped and TAKES_SQL.match(reader.content, end) is not None


def sql_annotation(reader: JvmReader, annotation: Node) -> bool:
    name = reader.callee(annotation).rpartition(".")[2]
    if name in ("NamedQuery", "NamedQueries", "Formula"):
        return False
    if name != "Query":
        return True
    _, keywords, _ = reader.arguments(annotation)
    native = keywords.get("nativeQuery")
    if native is not None:
        return reader.text(native) != "false"
    content = reader.content
    return b".data." in content and SQL_ANNOTATIONS.search(content) is not None


def assigned_name(reader: JvmReader, node: Node) -> bytes:
    """The variable that a string (or a builder of strings) is assigned to, or added to."""
    before = reader.content[max(0, node.start_byte - 200) : node.start_byte]
    if not before.rstrip().endswith((b"=", b"(")):
        return b""
    match = ASSIGNED.search(before) or BUILDER.search(before) or APPENDED.search(before)
    return match[1] if match is not None else b""


def appended(reader: JvmReader, node: Node) -> tuple[Value, Node]:
    """`new StringBuilder("select ").append(x).append(" from t")` as one text, and its node."""
    value, whole = reader.value(node), node
    parts = [value]
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            break
        if above.type not in reader.CALLS:
            continue
        name = reader.callee(above).rpartition(".")[2]
        if name in ("StringBuilder", "StringBuffer"):
            whole = above
        elif name == "append":
            args = reader.arguments_of(above)
            inside = bool(args) and args[0].start_byte <= node.start_byte < args[0].end_byte
            if args and not inside and whole is not node:
                parts.append(reader.value(args[0]))
            whole = above
        elif name not in ("toString", "trim", "strip"):
            break
    return join(*parts), whole


def grows(reader: JvmReader, node: Node, whole: Node) -> bool:
    """Whether more text is added to the variable later, here or by a method that gets the builder."""
    name = assigned_name(reader, whole) or assigned_name(reader, node)
    if not name:
        return False
    around = reader.function_around(node)
    end = around.end_byte if around is not None else whole.end_byte
    word = re.escape(name)
    more = rb"\b" + word + rb"\s*(?:\+=|\.\s*append\b|=\s*" + word + rb"\s*\+)"
    before = reader.content[max(0, node.start_byte - 200) : node.start_byte]
    if MADE.match(reader.content, whole.start_byte) or APPENDED.search(before) is not None:
        more += rb"|[(,]\s*" + word + rb"\s*[,)]"
    return re.search(more, reader.content[whole.end_byte : end]) is not None
