"""What Rails' configuration says by assignment: stores of caches, sessions, files, jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    FileWritten,
    SessionKept,
    SettingDefined,
    StateKept,
    StoreUsed,
)
from scaleaudit.languages.ruby.blocks import words
from scaleaudit.languages.ruby.constants import assigned_at
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.values import Value

ASSIGNED = regex(
    rb"\b(?:config|configuration|Rails|Sidekiq|Resque|c|ActiveJob::Base)\."
    rb"(cache_store|session_store|active_storage\.service|active_job\.queue_adapter|redis|queue_adapter)"
    rb"[ \t]*=(?![=~>])"
)
KEYS = (b"cache_store", b"session_store", b"active_storage", b"queue_adapter", b".redis")
SESSION_STORE = regex(rb"\bsession_store\b[ (]*:")
MEMORY = frozenset({"memory_store"})
SESSION_STORES = {
    "cookie_store": "cookie",
    "encrypted_cookie_store": "cookie",
    "active_record_store": "database",
    "cache_store": "cache",
    "mem_cache_store": "cache",
    "dalli_store": "cache",
    "redis_store": "cache",
    "redis_session_store": "cache",
    "mongoid_store": "database",
    "memory_store": "memory",
}
CACHES = {
    "redis_cache_store": "redis",
    "redis_store": "redis",
    "mem_cache_store": "memcached",
    "dalli_store": "memcached",
}
# Says that a file configures production: neither development nor tests turn these off.
PRODUCTION = regex(rb"consider_all_requests_local\s*=\s*false|\bconfig\.force_ssl\s*=\s*true")
DEVELOPMENT = regex(rb"consider_all_requests_local\s*=\s*true")
ATTACHED = regex(rb"(?m)^[ \t]*has_(?:one|many)_attached\b")
BRANCHES = frozenset({"if", "unless", "else", "case", "if_modifier", "unless_modifier"})
# What takes the place of the disk where an account with it is set up.
CLOUD = regex(
    rb"\bCloudinary::CarrierWave\b|(?m:^[ \t]*storage[ (]+:(?:fog|aws|gcloud|azure_rm)\b)"
)
# An application without pages: no forms are routed to.
API_ONLY = regex(rb"\bconfig\.api_only\s*=\s*true\b")
UPLOADER = regex(rb"(?m)^[ \t]*storage[ (]+:file\b")


def configuration(reader: RubyReader) -> Iterator[Fact]:
    content = reader.content
    assigned = ASSIGNED.finditer(content) if reader.says(*KEYS) else ()
    for match in assigned:
        right = assigned_at(reader, match.start(1))
        if right is not None:
            yield from assignment(
                reader, match[1].decode(), right, content[match.start() : match.start(1) - 1]
            )
    if b"api_only" in content and (found := API_ONLY.search(content)) is not None:
        node = reader.leaf_at(found.start())
        if node is not None and node.type != "comment":
            yield SettingDefined(reader.span(node), "rails.api_only", Literal("true"), "rails")
    for match in SESSION_STORE.finditer(content) if b"session_store" in content else ():
        node = reader.leaf_at(match.start())
        call = node.parent if node is not None and node.type == "identifier" else None
        if call is not None and call.type == "call":
            args = reader.positional(call)
            for word in words(reader, args[0])[:1] if args else ():
                yield SessionKept(reader.span(call), SESSION_STORES.get(word, "unknown"), "rails")
    yield from attachments(reader)


def assignment(reader: RubyReader, key: str, right: Node, owner: bytes) -> Iterator[Fact]:
    at = reader.span(right.parent or right)
    first, options = first_and_options(reader, right)
    named = words(reader, first)[:1] if first is not None and first.type == "simple_symbol" else []
    match key:
        case "cache_store" if named:
            yield from cache_store(reader, named[0], right, options)
        case "session_store" if named:
            yield SessionKept(at, SESSION_STORES.get(named[0], "unknown"), "rails")
        case "active_job.queue_adapter" | "queue_adapter" if named:
            yield SettingDefined(at, "active_job.queue_adapter", Literal(named[0]), "rails")
        case "active_storage.service" if in_production(reader.content):
            service = words(reader, right)[:1]
            if service in (["local"], ["disk"]):
                yield FileWritten(at, Literal("storage"), "active_storage", "upload")
        case "redis" if owner in (b"config", b"c", b"Resque", b"Sidekiq"):
            address = address_in(reader, right, options)
            queue = "resque" if owner == b"Resque" else "sidekiq"
            if b"Sidekiq" in reader.content or queue == "resque":
                yield StoreUsed(at, "redis", address, queue)
        case _:
            pass


def first_and_options(reader: RubyReader, right: Node) -> tuple[Node | None, dict[str, Node]]:
    """`:redis_cache_store, { url: ... }` comes as a list."""
    given = right.named_children if right.type in ("right_assignment_list", "array") else [right]
    if not given:
        return None, {}
    return given[0], reader.members(given[-1])


def cache_store(
    reader: RubyReader, name: str, right: Node, options: dict[str, Node]
) -> Iterator[Fact]:
    at = reader.span(right.parent or right)
    if name in CACHES:
        address = address_in(reader, right, options)
        yield StoreUsed(at, CACHES[name], address, "rails")
    elif name in MEMORY and not DEVELOPMENT.search(reader.content):
        # ActiveSupport's memory store prunes itself at 32 MB.
        yield StateKept(at, "Rails.cache", "cache", (at,), ("",), bounded=True)


def address_in(reader: RubyReader, right: Node, options: dict[str, Node]) -> Value:
    for key in ("url", "host"):
        if key in options:
            value = reader.value(options[key])
            port = options.get("port")
            return (
                join(value, Literal(":"), reader.value(port)) if key == "host" and port else value
            )
    if right.type == "right_assignment_list":
        texts = [each for each in right.named_children[1:] if each.type != "hash"]
        return reader.value(texts[0]) if texts else UNKNOWN
    if right.type == "call":
        inner, keywords, _ = reader.arguments(right)
        if "url" in keywords or "host" in keywords:
            return reader.value(keywords.get("url") or keywords["host"])
        return reader.value(inner[0]) if inner else UNKNOWN
    value = reader.value(right)
    return value if isinstance(value, Literal | Setting) else UNKNOWN


def in_production(content: bytes) -> bool:
    return PRODUCTION.search(content) is not None and DEVELOPMENT.search(content) is None


def attachments(reader: RubyReader) -> Iterator[Fact]:
    """Models that have files; where those go, production's settings say."""
    attached = ATTACHED.finditer(reader.content) if b"_attached" in reader.content else ()
    for match in attached:
        node = reader.leaf_at(match.end() - 1)
        if node is not None and node.type == "identifier":
            target = Name("config.active_storage.service")
            scope = reader.scope(node)
            yield FileWritten(reader.span(node), target, "active_storage", "", scope)
            break
    if b"CarrierWave::Uploader::Base" in reader.content and not CLOUD.search(reader.content):
        for match in UPLOADER.finditer(reader.content):
            node = reader.leaf_at(match.end() - 1)
            call = node.parent.parent if node is not None and node.parent is not None else None
            if call is not None and call.type == "call" and not in_branch(reader, call):
                scope = reader.scope(call)
                yield FileWritten(reader.span(call), UNKNOWN, "carrierwave", "upload", scope)


def in_branch(reader: RubyReader, node: Node) -> bool:
    """The other branch may be what runs in production."""
    return any(above.type in BRANCHES for above in reader.ancestors(node))
