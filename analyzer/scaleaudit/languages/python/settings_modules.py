"""Settings that are Python: Django's settings modules, Flask's config, Celery's names.

Recognised by what they say, not by where they stand: `DATABASES` counts when its entries have
an `ENGINE`, `CACHES` when they have a `BACKEND`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import (
    ConstantDefined,
    FileWritten,
    RemoteCall,
    SessionKept,
    StoreUsed,
    Timeout,
)
from scaleaudit.languages.python.frameworks.settings import (
    ADDRESS_SETTINGS,
    BUCKETS,
    CACHES,
    ENGINES,
    FILE_STORAGES,
    HOST_SETTINGS,
    SESSION_ENGINES,
    SESSION_TYPES,
)
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Setting, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader

# `app.config["SQLALCHEMY_DATABASE_URI"] = ...`, `DATABASES["default"] = {...}`
ENTRY = regex(rb"\b(?:config|conf|DATABASES|CACHES|STORAGES)\[[\"'][\w-]+[\"']\]\s*=[^=]")
ENTRY_SIGNS = (b"config[", b"conf[", b"DATABASES[", b"CACHES[", b"STORAGES[")
ENGINE = regex(rb"""["']ENGINE["']\s*:""")
BACKEND = regex(rb"""["']BACKEND["']\s*:""")
IN_PROCESS = ("memory", "file")
# Of Django's REST framework: whether the lists of views come in pages.
PAGES = regex(
    rb"""[\"']?\b(DEFAULT_PAGINATION_CLASS|PAGE_SIZE|PAGINATE_BY)\b[\"']?\]?\s*[:=]\s*(?!None\b)["']?([\w.]+)"""
)
MAX_PAGES = 20
SETTINGS_TABLES = frozenset({"DATABASES", "CACHES", "STORAGES"})


def settings_modules(reader: PythonReader) -> Iterator[Fact]:
    for each in reader.assignments:
        if each.name.isupper():
            for fact in setting(reader, each.name, each.node, each.right):
                if each.conditional and isinstance(fact, SessionKept) and fact.store in IN_PROCESS:
                    fact = replace(fact, store="unknown")  # somebody may choose it
                yield fact
    for node in reader.nodes(ENTRY, "assignment", *ENTRY_SIGNS):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        holder = left.child_by_field_name("value") if left is not None else None
        key = left.child_by_field_name("subscript") if left is not None else None
        if right is None or holder is None or key is None or key.type != "string":
            continue
        table, name = reader.hint(holder), literal_text(reader.value(key)) or ""
        if table in SETTINGS_TABLES:
            yield from table_entry(reader, table, name, node, right)
        elif name in HOST_SETTINGS and b"lask" in reader.content:
            technology, library = HOST_SETTINGS[name]
            yield StoreUsed(reader.span(node), technology, reader.value(right), library)
        else:
            yield from setting(reader, name, node, right)
    for node in reader.nodes(ENGINE, "dictionary", b"ENGINE"):
        yield from database(reader, node)
    for node in reader.nodes(BACKEND, "dictionary", b"BACKEND"):
        yield from cache(reader, node)
    yield from default_session(reader)
    yield from list_pages(reader)


def list_pages(reader: PythonReader) -> Iterator[Fact]:
    """`REST_FRAMEWORK = {"DEFAULT_PAGINATION_CLASS": ..., "PAGE_SIZE": 50}`, however it is put together."""
    if b"REST_FRAMEWORK" not in reader.content:
        return
    for _, match in zip(range(MAX_PAGES), PAGES.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        if node is not None and node.type != "comment":
            name, value = (each.decode("utf-8", "replace") for each in match.groups())
            yield ConstantDefined(reader.span(node), f"REST_FRAMEWORK.{name}", Literal(value))


def setting(reader: PythonReader, name: str, node: Node, right: Node) -> Iterator[Fact]:
    if name in SETTINGS_TABLES:
        for pair in right.named_children if right.type == "dictionary" else ():
            key, entry = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and entry is not None:
                alias = reader.hint(key).strip("\"'")
                yield from table_entry(reader, name, alias, entry, entry)
    elif name in ADDRESS_SETTINGS:
        technology, library = ADDRESS_SETTINGS[name]
        value = reader.value(right)
        if isinstance(value, Literal) and "://" not in value.text:
            return  # `rpc://`-less names of back ends: "django-db", "cache"
        yield StoreUsed(reader.span(node), technology, value, library)
    elif name == "ELASTICSEARCH_DSL":  # of django-elasticsearch-dsl: connections by their names
        for connection in reader.members(right).values():
            hosts = reader.members(connection).get("hosts")
            if hosts is not None:
                yield StoreUsed(
                    reader.span(node), "elasticsearch", reader.value(hosts), "elasticsearch_dsl"
                )
    elif name == "SESSION_ENGINE":
        engine = literal_text(reader.value(right)) or ""
        kind = SESSION_ENGINES.get(engine.rpartition(".")[2], "unknown")
        if kind == "cache" and "locmem" in written(reader, "CACHES"):
            kind = "memory"
        yield SessionKept(reader.span(node), kind, "django")
    elif name == "SESSION_TYPE":
        kind = SESSION_TYPES.get(literal_text(reader.value(right)) or "", "")
        if kind:
            yield SessionKept(reader.span(node), kind, "flask-session")
    elif name == "EMAIL_HOST":
        yield from mail(reader, node, right)
    elif name == "DEFAULT_FILE_STORAGE":
        backend = literal_text(reader.value(right)) or ""
        yield from file_storage(reader, backend, {}, node)


def table_entry(
    reader: PythonReader, table: str, alias: str, node: Node, entry: Node
) -> Iterator[Fact]:
    """An entry that a call makes of a URL; those with an ENGINE or BACKEND are found by that."""
    value = reader.value(entry)
    if entry.type == "call" and isinstance(value, Setting | Literal):
        if table in ("DATABASES", "CACHES"):
            yield StoreUsed(reader.span(node), "", value, "django")
    elif table == "STORAGES" and alias == "default":
        members = reader.members(entry)
        options = reader.members(members["OPTIONS"]) if "OPTIONS" in members else {}
        backend = backend_name(reader, members.get("BACKEND"))
        if is_left_open(reader, members.get("BACKEND")) and "filesystem" in backend.lower():
            return  # what holds where the deployment names no other
        yield from file_storage(reader, backend, options, node)


def is_left_open(reader: PythonReader, node: Node | None) -> bool:
    """The environment chooses, and the file has a default."""
    return isinstance(reader.value_or_unknown(node), Setting)


def backend_name(reader: PythonReader, node: Node | None) -> str:
    """The dotted path of a back end, or the default of the setting that holds it."""
    value = reader.value_or_unknown(node)
    if isinstance(value, Setting) and value.default is not None:
        value = value.default
    return literal_text(value) or ""


def cache(reader: PythonReader, node: Node) -> Iterator[Fact]:
    """An entry of CACHES or CHANNEL_LAYERS, wherever the dictionary is built."""
    members = reader.members(node)
    backend = backend_name(reader, members.get("BACKEND"))
    if "channel" in backend.lower():
        config = reader.members(members["CONFIG"]) if "CONFIG" in members else {}
        address = reader.value_or_unknown(config.get("hosts"))
        technology = "locmem" if "InMemory" in backend else "redis"
        yield StoreUsed(reader.span(node), technology, address, "channels")
    elif "cache" in backend.lower():
        technology = next((t for word, t in CACHES if word in backend.lower()), "")
        address = reader.value_or_unknown(members.get("LOCATION"))
        if technology == "file":
            yield FileWritten(reader.span(node), address, "django", "cache")
        elif technology:
            yield StoreUsed(reader.span(node), technology, address, "django")


def database(reader: PythonReader, node: Node) -> Iterator[Fact]:
    """A dictionary with Django's ENGINE, NAME, HOST, wherever it is built."""
    members = reader.members(node)
    engine = literal_text(reader.value_or_unknown(members.get("ENGINE"))) or ""
    technology = ENGINES.get(engine.rpartition(".")[2], "")
    if not technology and not members.keys() & {"NAME", "HOST"}:
        return
    name = reader.value(members["NAME"]) if "NAME" in members else None
    if technology == "sqlite":
        if literal_text(name) != ":memory:":
            yield StoreUsed(reader.span(node), technology, name or UNKNOWN, "django")
        return
    address = reader.value(members["HOST"]) if "HOST" in members else UNKNOWN
    if address == Literal(""):
        address = UNKNOWN  # a socket, or what the driver's own variables say
    elif "PORT" in members and (port := reader.value(members["PORT"])) != Literal(""):
        address = join(address, Literal(":"), port)
    yield StoreUsed(reader.span(node), technology, address, "django", name)


def mail(reader: PythonReader, node: Node, right: Node) -> Iterator[Fact]:
    """Django's SMTP back end waits for ever unless EMAIL_TIMEOUT is set (default None)."""
    host = reader.value(right)
    backend = written(reader, "EMAIL_BACKEND")
    if literal_text(host) == "" or (backend and "smtp" not in backend):
        return
    inherited = "*" in reader.imports or b"import *" in reader.content
    if b"EMAIL_TIMEOUT" in reader.content:
        wait = Timeout.SET
    else:
        wait = Timeout.UNKNOWN if inherited else Timeout.NEVER
    yield RemoteCall(
        reader.span(node), "django.core.mail", host, "", "smtp", wait, scope=reader.scope(node)
    )


def file_storage(
    reader: PythonReader, backend: str, options: dict[str, Node], node: Node
) -> Iterator[Fact]:
    kind = next((kind for word, kind in FILE_STORAGES if word in backend.lower()), "")
    if kind == "file":
        if b"STORAGES[" in reader.content:
            return  # the file goes on to choose another
        root = options.get("location") or reader.module_values.get("MEDIA_ROOT")
        yield FileWritten(reader.span(node), reader.value_or_unknown(root), "django", "upload")
    elif kind:
        named = options.get("bucket_name") or reader.module_values.get(BUCKETS[kind])
        bucket = reader.value(named) if named is not None else None
        yield StoreUsed(reader.span(node), kind, UNKNOWN, "django-storages", bucket)


def default_session(reader: PythonReader) -> Iterator[Fact]:
    """django.contrib.sessions keeps sessions in the database unless told otherwise."""
    apps = reader.module_values.get("INSTALLED_APPS")
    if apps is None or "django.contrib.sessions" not in reader.text(apps):
        return
    if b"SESSION_ENGINE" not in reader.content:
        yield SessionKept(reader.span(apps), "database", "django", default=True)


def written(reader: PythonReader, name: str) -> str:
    """The text of what the module assigns to a name; empty when it does not."""
    node = reader.module_values.get(name)
    return reader.text(node)[:2_000] if node is not None else ""
