"""Python string literals and the expressions that build strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.functions import parameter, result_of
from scaleaudit.languages.python.tables import entry, loop_elements
from scaleaudit.regex import regex
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    Parameter,
    Setting,
    Unknown,
    Value,
    join,
    literal_text,
    one_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_HOSTS = 16  # of a list of hosts that is read as one address
MAX_DOTTED = 200
MAX_BOUND = 5  # times that one local name is bound
MAX_PARTS = 64  # of a local variable that is used in another text
MAX_LOCAL = 50_000
PERCENT_HOLE = regex(r"%(?:\([^)]*\))?[-+ #0]*\d*(?:\.\d+)?[sdrfixg]")
BRACE_HOLE = regex(r"\{\{|\}\}|\{[^{}]*\}")
HOLE_NAME = regex(r"[({](\w+)[)}]")  # of `{host}` and `%(host)s`
ESCAPE = regex(r"\\(\r\n|[\s\S])")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": "", "\r\n": "", "\\": "\\", "'": "'", '"': '"'}
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
SETTINGS_CALL = regex(r"^\w*(settings|config)\w*\(\)", re.IGNORECASE)
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


def string_value(reader: PythonReader, node: Node, depth: int) -> Value:
    """A plain, raw, byte or f-string; placeholders of f-strings become their values."""
    prefix = reader.text(node.children[0]).lower() if node.children else ""
    parts: list[Value] = []
    for child in node.children:
        if child.type == "string_content":
            parts.append(Literal(content(reader.text(child), "r" in prefix, "f" in prefix)))
        elif child.type == "interpolation":
            inner = child.child_by_field_name("expression")
            parts.append(reader.value(inner, depth + 1) if inner is not None else UNKNOWN)
    return join(*parts)


def content(text: str, raw: bool, formatted: bool) -> str:
    if formatted:
        text = text.replace("{{", "{").replace("}}", "}")
    if raw or "\\" not in text:
        return text
    return ESCAPE.sub(lambda match: ESCAPED.get(match[1], match[0]), text)


def binary(reader: PythonReader, node: Node, depth: int) -> Value:
    """Sums, `%` and pathlib's `/`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return UNKNOWN
    first = reader.value(left, depth + 1)
    match operator.type:
        case "+":
            return join(first, reader.value(right, depth + 1))
        case "%" if isinstance(first, Literal):
            operands = list(right.named_children) if right.type == "tuple" else [right]
            named = reader.members(right)
            return fill(first.text, PERCENT_HOLE, operands, named, reader, depth)
        case "/":
            return join(first, Literal("/"), reader.value(right, depth + 1))
        case _:
            return UNKNOWN


def either(reader: PythonReader, node: Node, depth: int) -> Value:
    """`os.getenv("X") or "default"`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return UNKNOWN
    first = reader.value(left, depth + 1)
    return with_default(first, reader.value(right, depth + 1))


def with_default(first: Value, second: Value) -> Value:
    """`first or second`: the second is what a setting defaults to."""
    if isinstance(first, Setting):
        if first.default is None:
            return Setting(first.key, known(second))
        if isinstance(first.default, Setting) and first.default.default is None:
            return Setting(first.key, Setting(first.default.key, known(second)))
    if isinstance(first, Parameter) and first.default is None:
        default = None if isinstance(second, Unknown | Parameter) else second
        return Parameter(first.function, first.name, first.position, default)
    return first


def conditional(reader: PythonReader, node: Node, depth: int) -> Value:
    """`a if condition else b`: the setting that is asked for with a default, or either."""
    inner = [child for child in node.named_children if child.type != "comment"]
    if len(inner) != 3:
        return Unknown(reader.hint(node))
    return alternatives([reader.value(inner[0], depth + 1), reader.value(inner[2], depth + 1)])


def alternatives(values: list[Value]) -> Value:
    """What is bound in one branch or another; a text beside a setting is its default."""
    settings = [value for value in values if isinstance(value, Setting)]
    texts = [value for value in values if isinstance(value, Literal) and value.text]
    if len(settings) == 1 and settings[0].default is None and len(values) == 2 and texts:
        return Setting(settings[0].key, texts[0])
    return one_of(value for value in values if not isinstance(value, Unknown))


def subscript(reader: PythonReader, node: Node, depth: int) -> Value:
    """`os.environ["X"]`, `config["X"]`, and one piece of a split text."""
    holder, key = node.child_by_field_name("value"), node.child_by_field_name("subscript")
    if holder is None or key is None:
        return UNKNOWN
    name = reader.value(key, depth + 1)
    short = holder.end_byte - holder.start_byte <= MAX_DOTTED
    if isinstance(name, Literal) and key.type == "string" and short:
        dotted = reader.text(holder)
        if dotted in ("os.environ", "environ"):
            return Setting(name.text)
    found = entry(reader, node, depth)
    return Unknown(reader.hint(node)) if found is None else found


def hosts(reader: PythonReader, node: Node, depth: int) -> Value:
    """A list of servers as one address, with commas; `("host", 80)` is one server."""
    children = reader.each(node)
    if node.type == "tuple" and len(children) == 2 and children[1].type == "integer":
        return join(reader.value(children[0], depth + 1), Literal(":"), reader.value(children[1]))
    parts: list[Value] = []
    for child in children:
        server = reader.members(child)
        if "host" in server:
            parts += [Literal(","), reader.value(server["host"], depth + 1)]
            if "port" in server:
                parts += [Literal(":"), reader.value(server["port"], depth + 1)]
        else:
            parts += [Literal(","), reader.value(child, depth + 1)]
    return join(*parts[1:])


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


def local_value(reader: PythonReader, assigned: Node, depth: int) -> Value:
    """The value of a local's one assignment; asked once, for locals may be sums of locals."""
    if assigned.id not in reader.local_values:
        reader.local_values[assigned.id] = UNKNOWN  # what a local made of itself is
        value = reader.value(assigned, depth + 1)
        small = not isinstance(value, Join) or len(value.parts) <= MAX_PARTS
        short = not isinstance(value, Literal) or len(value.text) <= MAX_LOCAL
        reader.local_values[assigned.id] = value if small and short else UNKNOWN
    return reader.local_values[assigned.id]


def name_value(reader: PythonReader, node: Node, depth: int) -> Value:
    """An identifier or attribute: a local's one value, a field of the class, or a name."""
    if node.end_byte - node.start_byte > MAX_DOTTED:
        return Unknown(reader.hint(node))
    # `get_settings().url` is a name too: the field of the one object that the function returns.
    text = reader.text(node)
    if SETTINGS_CALL.search(text):
        text = text.replace("()", "")
    if "(" in text or "[" in text or "\n" in text:
        return Unknown(reader.hint(node))
    if node.type == "identifier":
        assigned = reader.local(text, node)
        if assigned is not None:
            return local_value(reader, assigned, depth)
        found = inner_name(reader, text, node, depth)
        if found is not None:
            return found
    if text.startswith(("self.", "cls.")):
        own = reader.class_around(node)
        if own is not None:
            return Name(f"{reader.definition_name(own)}.{text.partition('.')[2]}")
    return Name(text)


def inner_name(reader: PythonReader, text: str, node: Node, depth: int) -> Value | None:
    """A name of the function around: bound several times, a parameter, or what a loop runs over."""
    around = reader.function_around(node)
    bound = reader.assigned_here(text, node)
    if 1 < len(bound) <= MAX_BOUND:
        values = [local_value(reader, each, depth) for each in bound]
        own = parameter(reader, text, node)
        return alternatives([*values, own] if own is not None else values)
    looped = loop_elements(reader, text, node)
    if looped:
        values = [reader.value(each, depth + 1) for each in looped]
        return one_of(value for value in values if not isinstance(value, Unknown))
    if around is not None and reader.hides(text, node):
        return parameter(reader, text, node) or Unknown(text)
    return None
