"""What calls give as text: templates filled in, settings of the environment, paths put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.functions import result_of
from scaleaudit.languages.python.statement_pieces import joined_conditions, with_between
from scaleaudit.languages.python.tables import entry
from scaleaudit.regex import regex
from scaleaudit.values import (
    UNKNOWN,
    Literal,
    Name,
    Setting,
    Unknown,
    Value,
    join,
    literal_text,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

BRACE_HOLE = regex(r"\{\{|\}\}|\{[^{}]*\}")
HOLE_NAME = regex(r"[({](\w+)[)}]")  # of `{host}` and `%(host)s`
# Functions that return the environment variable that their first argument names. `env` is an
# `environ.Env()`, in a settings file or imported from it.
ENVIRONMENT_READERS = regex(
    r"(os\.)?(environ\.(get|pop)|getenv)|decouple\.config|starlette\.config\.Config"
    r"|(.*\.)?env(\.(str|url|db|db_url|cache|cache_url|search_url|email_url|path|list|int|bool|get_value))?"
    r"|(environ|environs|decouple)\.(Env|FileAwareEnv|AutoConfig)(\.\w+)?"
)
OWN_READER = regex(r"env", re.IGNORECASE)  # a helper of the file: `get_list_from_env("X")`
# Functions that make settings of a URL, and the variable that they read by default.
URL_READERS = {
    "dj_database_url.config": "DATABASE_URL",
    "django_cache_url.config": "CACHE_URL",
    "environ.Env.db": "DATABASE_URL",
    "environ.Env.cache": "CACHE_URL",
}
KEY = regex(r"[A-Za-z_][A-Za-z0-9_.]*")
UPPER_KEY = regex(r"[A-Z][A-Z0-9_]{2,}")
URL_MAKERS = frozenset({"sqlalchemy.engine.URL.create", "sqlalchemy.URL.create",
                        "sqlalchemy.engine.url.URL.create", "sqlalchemy.engine.url.URL"})  # fmt: skip
# `publisher.topic_path(project, topic)` of Google's clients
RESOURCE_PATHS = {"topic_path": "topics", "subscription_path": "subscriptions"}
PATHS = frozenset(
    {"os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePath", "urllib.parse.urljoin"}
)
SAME_TEXT = frozenset({"str", "os.path.abspath", "os.fspath", "pathlib.Path"})
REQUESTS = frozenset({"urllib.request.Request"})  # what they ask for is their first argument
SETTING_READERS = frozenset(
    {
        "starlette.config.Config",
        "starlette.config.environ",
        "decouple.Config",
        "decouple.AutoConfig",
    }
)
SAME_METHODS = frozenset(
    {"rstrip", "strip", "lstrip", "lower", "split", "expanduser", "resolve", "absolute", "encode"}
)
UNWRAPPING = frozenset({"get_secret_value", "unicode_string"})  # of pydantic's secrets and URLs


def url_of_parts(reader: PythonReader, node: Node, depth: int) -> Value:
    """SQLAlchemy's `URL.create(drivername, ..., host=, port=, database=)`."""
    args, keywords, _ = reader.arguments(node)
    given = {"drivername": args[0]} | keywords if args else keywords
    parts = []
    for before, key in (("", "drivername"), ("://", "host"), (":", "port"), ("/", "database")):
        if key in given:
            parts += [Literal(before), reader.value(given[key], depth + 1)]
    return join(*parts)


def fill(
    text: str,
    hole: re.Pattern[str],
    operands: list[Node],
    named: dict[str, Node],
    reader: PythonReader,
    depth: int,
) -> Value:
    """A template with its holes filled, in order or by name; the others stay unknown."""
    parts: list[Value] = []
    end = 0
    left = list(operands)
    for match in hole.finditer(text):
        parts.append(Literal(text[end : match.start()]))
        if match[0] in ("{{", "}}"):
            parts.append(Literal(match[0][0]))
        elif left and match[0] in ("{}", "%s", "%d"):
            parts.append(reader.value(left.pop(0), depth + 1))
        elif (at := match[0][1:-1]).isdigit() and int(at[:3]) < len(operands):
            parts.append(reader.value(operands[int(at[:3])], depth + 1))
        elif (name := HOLE_NAME.search(match[0])) and name[1] in named:
            parts.append(reader.value(named[name[1]], depth + 1))
        else:
            parts.append(Unknown(match[0]))
        end = match.end()
    parts.append(Literal(text[end:]))
    return join(*parts)


def call_value(reader: PythonReader, node: Node, depth: int) -> Value:
    """Environment reads, `"".format()`, and functions that hand their text on."""
    function = node.child_by_field_name("function")
    if function is None:
        return UNKNOWN
    written = reader.callee(node)
    last = written.rpartition(".")[2]
    args, keywords, _ = reader.arguments(node)
    callee = reader.qualify(written, node)[0]
    if callee in URL_MAKERS:
        return url_of_parts(reader, node, depth)
    if last in RESOURCE_PATHS and len(args) == 2:
        kind, name = RESOURCE_PATHS[last], reader.value(args[1], depth + 1)
        project = reader.value(args[0], depth + 1)
        return join(Literal("projects/"), project, Literal(f"/{kind}/"), name)
    if ENVIRONMENT_READERS.fullmatch(callee) or callee in URL_READERS:
        return environment(reader, args, keywords, depth, URL_READERS.get(callee, ""))
    if reads_settings(reader, written):
        return environment(reader, args, keywords, depth)
    receiver = function.child_by_field_name("object")
    if last == "format" and receiver is not None:
        template = reader.value(receiver, depth + 1)
        if isinstance(template, Literal):
            return fill(template.text, BRACE_HOLE, args, keywords, reader, depth)
        return UNKNOWN
    if callee in PATHS and len(args) > 1:
        parts: list[Value] = []
        for arg in args:
            parts += [Literal("/"), reader.value(arg, depth + 1)]
        return join(*parts[1:])
    if (callee in SAME_TEXT and len(args) == 1) or (callee in REQUESTS and args):
        return reader.value(args[0], depth + 1)
    if last == "join" and receiver is not None and receiver.type == "string" and len(args) == 1:
        separator = literal_text(reader.value(receiver, depth + 1)) or ""
        if separator == "/" and args[0].type in ("list", "tuple"):
            parts = [reader.value(each, depth + 1) for each in args[0].named_children]
            return with_between(parts, separator)
        return joined_conditions(reader, separator, args[0], depth)
    if last == "replace" and receiver is not None and len(args) > 1:
        return replaced(reader.value(receiver, depth + 1), reader, args, depth)
    if receiver is not None and (last in SAME_METHODS or last in UNWRAPPING):
        return reader.value(receiver, depth + 1)
    if OWN_READER.search(last) and args and args[0].type == "string":
        key = reader.value(args[0], depth + 1)
        if isinstance(key, Literal) and UPPER_KEY.fullmatch(key.text):
            return environment(reader, args, keywords, depth)
    if last == "get" and receiver is not None and args:
        found = entry(reader, node, depth)
        if found is not None and not isinstance(found, Unknown):
            return found
    return result_of(reader, node) or Unknown(reader.hint(node))


def reads_settings(reader: PythonReader, written: str) -> bool:
    """`config("KEY")` of a `config = Config(".env")` (Starlette, decouple) of the module."""
    made = reader.module_values.get(written)
    if made is None or made.type != "call":
        return False
    return reader.named(made)[0] in SETTING_READERS


def replaced(value: Value, reader: PythonReader, args: list[Node], depth: int) -> Value:
    """`url.replace("postgres://", "postgresql://")`: what it leads to stays the same."""
    old = literal_text(reader.value(args[0], depth + 1))
    new = literal_text(reader.value(args[1], depth + 1))
    if isinstance(value, Literal):
        changed = old is not None and new is not None
        return Literal(value.text.replace(old or "", new or "")) if changed and old else UNKNOWN
    return value if old and old.rstrip("/").endswith(":") else UNKNOWN


def environment(
    reader: PythonReader,
    args: list[Node],
    keywords: dict[str, Node],
    depth: int,
    usual: str = "",
) -> Value:
    """The setting that the first argument (or `env=`) names, with its default."""
    node = args[0] if args else keywords.get("env") or keywords.get("key")
    key = reader.value(node, depth + 1) if node is not None else Literal(usual)
    if isinstance(key, Name):
        if key.name.endswith(".DEFAULT_ENV"):
            key = Literal(usual)
        elif key.name in reader.module_values:
            key = reader.value(reader.module_values[key.name], depth + 1)
    given = keywords.get("default") or (args[1] if len(args) > 1 else None)
    if not isinstance(key, Literal) or not KEY.fullmatch(key.text):
        return UNKNOWN
    return Setting(key.text, known(reader.value(given, depth + 1)) if given is not None else None)


def known(value: Value) -> Value | None:
    """A default, or None when the source says nothing usable."""
    return None if isinstance(value, Unknown) else value
