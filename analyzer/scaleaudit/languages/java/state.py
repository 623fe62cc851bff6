"""State that a process keeps: static collections and counters, fields of singletons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import StateKept
from scaleaudit.languages.java.words import occurrences
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.source import Span

KINDS = (
    ("limiter", regex(r"RateLimiter$")),
    ("cache", regex(r"Cache$")),
    ("counter", regex(r"^(Atomic(Integer|Long)|LongAdder|int|long|short|Int|Long)$")),
    ("dict", regex(r"(Map|Hashtable|Properties|Multimap)$|^(mutableMapOf|hashMapOf)$")),
    ("set", regex(r"Set$|^(mutableSetOf|hashSetOf)$")),
    ("list", regex(r"(List|Queue|Deque|Vector|Collection)$|^(mutableListOf|arrayListOf)$")),
)
MAX_CHANGES = 100  # of one field
CHANGES = regex(
    rb"\s*(?:!!|\?)?\s*(?:\.\s*(?:put(?:All|IfAbsent|First|Last)?|add(?:All|First|Last|AndGet)?|offer\w*"
    rb"|remove\w*|clear|computeIf\w+|compute|merge|replace(?:All)?|poll\w*|push|pop|set"
    rb"|increment(?:AndGet)?|decrement(?:AndGet)?|getAnd\w+|updateAndGet|accumulateAndGet"
    rb"|invalidate\w*|getOrPut|tryAcquire|acquire|retainAll|setProperty)\s*[({]"
    rb"|\+\+|--|[-+*|]=(?!=)|\[[^\]\n]{1,80}\]\s*=(?!=))"
)
COUNTS = regex(rb"\s*(?:\+\+|--|[-+]=(?!=)|\.\s*(?:incre|decre|add|getAnd|update|accumul))")
CACHE_READS = regex(rb"\s*\.\s*(?:get|put\w*|invalidate\w*)\s*\(")
SINGLETON = regex(
    r"@(?:Service|Component|RestController|Controller|Repository|Configuration|ControllerAdvice"
    r"|Singleton|ApplicationScoped|Startup|GrpcService)\b"
)
OTHER_SCOPE = regex(r"@(?:\w*Scope\w*|Dependent)\b(?!\s*\(\s*(?:value\s*=\s*)?\"singleton)")
QUEUE = regex(r"(?:Queue|Deque)$")
TAKEN = regex(rb"\s*\.\s*(?:drainTo|poll|take)\s*\(")
# A map from a type, a method or a locale is the memo of a function of the code itself.
CODE_KEYED = regex(r"<\s*(?:Class|KClass|Method|Field|Type|Locale|Charset|Thread)\b")
# Connections and waiting work of this process: no other copy could use them.
OF_THE_PROCESS = regex(
    r"(?:Socket|Ws|Sse|Grpc)\w*Session|Channel|Socket|Emitter|Observer|Future|Connection|Thread|Lock"
    r"|Semaphore|Subscri|Dispos|Callback|Listener|Sink|Latch|Runnable|Executor|Timer|Subject|Deferred"
    r"|Consumer\b|Function\b|Supplier\b|Job\b|Process\b|Counters?\b|Metrics?\b|Stats\b|Meter\b|Gauge\b"
)
# In a server of open connections a "session" is one of them, not what a user is logged in with.
CONNECTIONS = r"WebSocket|StreamObserver|SseEmitter|io\.netty|MqttEndpoint"
SEEDED = regex(r"Random|nanoTime|currentTimeMillis")  # one part of an identifier
BOUNDED = regex(
    r"maximumSize|maximumWeight|softValues|weak(?:Keys|Values)|expireAfter|removeEldestEntry|LRU|EvictingQueue"
)
IMMUTABLE = regex(r"\b(?:unmodifiable\w+|emptyMap|emptyList|emptySet|List\.of|Set\.of|Map\.of"
                       r"|Map\.ofEntries|Immutable\w+|Arrays\.asList|singleton\w*)\b")  # fmt: skip
KOTLIN_MAKERS = {"mutableMapOf", "mutableListOf", "mutableSetOf", "hashMapOf", "arrayListOf",
                 "hashSetOf"}  # fmt: skip
COLLECTIONS = regex(
    r"^\s*(?:new\b|(?:Concurrent|Linked|Hash|CopyOnWrite|Array|Atomic|Long)\w*(?:<[^()]*>)?\(|Collections\.synchronized|Maps\.new|Lists\.new|Sets\.new|ConcurrentHashMap\."
    r"|Caffeine\b|CacheBuilder\b|RateLimiter\.|Bucket)"
)
# Methods that run once, at start, or that only frameworks call at start.
AT_START = regex(
    r"@(?:PostConstruct|BeforeAll|Bean|Autowired|Inject|Resource)\b|\bafterPropertiesSet\b"
    r"|\bafterSingletonsInstantiated\b"
)
REGISTERS = regex(
    r"^(?:un)?register|^(?:add|remove|set)\w*(?:Listener|Handler|Provider|Factory|Module|Plugin)s?$"
    r"|^init|^(?:un)?load|^destroy|^shutdown|^close|^dispose|^reset"
)


def state_kept(
    reader: JvmReader, fields: list[tuple[Node, str, str, Node | None, bool]]
) -> Iterator[StateKept]:
    """One fact for each field that methods change after start.

    A field is its node, name, written type, initialiser, and whether it is static.
    """
    for node, name, kind, made, static in fields:
        written = reader.text(made)[:400] if made is not None else ""
        if not mutable(kind, written) or emptied(reader, name, kind, made):
            continue
        if "session" in f"{name}{kind}".lower() and reader.mentions(CONNECTIONS):
            continue
        around = reader.class_around(node)
        if around is None and not static:
            continue
        if around is not None and not static and not singleton(reader, around):
            continue
        places = changes(reader, name, word_for(kind), node, around or reader.root)
        if not places:
            continue
        registry = all(REGISTERS.search(scope.rpartition(".")[2]) for _, scope in places)
        label = kind_of(kind)
        path = reader.class_path(node)
        yield StateKept(
            at=reader.span(node),
            name=f"{path}.{name}" if path else name,
            kind="registry" if registry and label in ("dict", "list", "set") else label,
            changed_at=tuple(place for place, _ in places),
            changed_in=tuple(scope for _, scope in places),
            bounded=bool(BOUNDED.search(written)),
        )


def mutable(kind: str, written: str) -> bool:
    """Something that grows or counts, made here, and not the memo of the code itself."""
    if kind_of(kind) == "counter":
        return not SEEDED.search(written)
    if OF_THE_PROCESS.search(kind.partition("<")[2] or written.partition("<")[2].partition(">")[0]):
        return False
    if CODE_KEYED.search(kind) or IMMUTABLE.search(written):
        return False
    return bool(COLLECTIONS.search(written)) or kind.partition("<")[0] in KOTLIN_MAKERS


def emptied(reader: JvmReader, name: str, kind: str, made: Node | None) -> bool:
    """A queue between the threads of this process: what is put in is taken out again by this one."""
    plain = kind or (reader.callee(made) if made is not None else "")
    if not QUEUE.search(plain.partition("<")[0]):
        return False
    content, word = reader.content, name.encode()
    return any(TAKEN.match(content, end) for _, end in occurrences(content, word, 0, len(content)))


def kind_of(written: str) -> str:
    plain = written.partition("<")[0].rpartition(".")[2].strip()
    return next((kind for kind, pattern in KINDS if pattern.search(plain)), "dict")


def word_for(kind: str) -> re.Pattern[bytes]:
    label = kind_of(kind)
    return COUNTS if label == "counter" else CACHE_READS if label == "cache" else CHANGES


def singleton(reader: JvmReader, around: Node) -> bool:
    """A class of which the framework keeps one object."""
    head = reader.text(around)[:2000].partition("{\n")[0]
    body = around.child_by_field_name("body")
    if body is not None:
        head = reader.content[around.start_byte : body.start_byte].decode("utf-8", "replace")
    return bool(SINGLETON.search(head)) and not OTHER_SCOPE.search(head)


def changes(
    reader: JvmReader, name: str, change: re.Pattern[bytes], declared: Node, around: Node
) -> list[tuple[Span, str]]:
    """Where methods change the field; constructors, start-up and shadowing names left out."""
    places: list[tuple[Span, str]] = []
    own = reader.definition_name(around).encode()
    for at, end in occurrences(reader.content, name.encode(), around.start_byte, around.end_byte):
        if declared.start_byte <= at < declared.end_byte:
            continue
        before = reader.content[max(0, at - 80) : at].rstrip()
        counted = change is COUNTS and before.endswith((b"++", b"--"))
        if not counted and change.match(reader.content, end) is None:
            continue
        named = before.endswith((b"this.", own + b".") if own else b"this.")
        if before.endswith(b".") and not named:
            continue  # a member of something else
        node = reader.root.descendant_for_byte_range(at, end)
        if node is None or not node.type.endswith("identifier"):
            continue  # in a comment or a string
        function = reader.function_around(node)
        if function is None or function.type not in reader.METHODS:
            continue
        if not named and reader.declared_inside(name, node):
            continue
        if AT_START.search(head_of(reader, function)):
            continue
        places.append((reader.span(node), reader.scope(node)))
        if len(places) >= MAX_CHANGES:
            break
    return places


def head_of(reader: JvmReader, function: Node) -> str:
    body = function.child_by_field_name("body")
    end = body.start_byte if body is not None else min(function.end_byte, function.start_byte + 600)
    return reader.content[function.start_byte : end].decode("utf-8", "replace")
