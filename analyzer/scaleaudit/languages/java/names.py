"""How names of the JVM are written, and which of them the tables know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import expand
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from scaleaudit.languages.file_text import FileText
    from scaleaudit.languages.patterns import Pattern

# Calls that hand out a finished client: everything between the builder and them configures it.
BUILT = regex(
    r"(?:\.(?:builder|newBuilder|custom|mutate|Builder)|Builder(?:\.(?:create|newBuilder|standard))?)"
    r"(?:\.\w+)*?\.build(?=\.|$)"
)
IMPORTED = regex(rb"\nimport\s+(?:static\s+)?([\w.]+)")  # behind a line that is put before all
# What matters without an import: of java.lang, by its annotation's name alone, or fully qualified.
UNIMPORTED = (b"io.ktor.client.request.", b"new Thread(", b"Thread.startV", b"Thread.ofV", b"getenv", b"getProperty", b"lb://",
              b"@Value", b"@ConfigProperty", b"@ConfigurationProperties", b"@Property")  # fmt: skip
QUALIFIED_IN_PLACE = (b"java.net.", b"java.util.", b"java.io.", b"org.springframework.")
STREAM_STEPS = {"map", "flatMap", "filter", "peek", "anyMatch", "allMatch", "noneMatch", "mapToObj",
                "mapToInt", "mapToLong", "takeWhile", "collect", "reduce"}  # fmt: skip
MAKERS = {"build", "create", "newHttpClient", "createDefault", "newClient", "createSystem"}
# Where a builder or an implementation lives in another package than the type that it makes.
SAME_TYPE = {
    "org.springframework.boot.web.client.RestTemplate": "org.springframework.web.client.RestTemplate",
    "org.springframework.boot.restclient.RestTemplate": "org.springframework.web.client.RestTemplate",
    "org.springframework.web.client.RestOperations": "org.springframework.web.client.RestTemplate",
    "org.springframework.web.client.AsyncRestTemplate": "org.springframework.web.client.RestTemplate",
    "org.springframework.security.oauth2.client.OAuth2RestTemplate": (
        "org.springframework.web.client.RestTemplate"
    ),
    "org.springframework.security.oauth2.client.OAuth2RestOperations": (
        "org.springframework.web.client.RestTemplate"
    ),
    "org.springframework.kafka.core.KafkaOperations": "org.springframework.kafka.core.KafkaTemplate",
    "org.springframework.amqp.core.AmqpTemplate": "org.springframework.amqp.rabbit.core.RabbitTemplate",
    "org.springframework.amqp.rabbit.core.RabbitOperations": (
        "org.springframework.amqp.rabbit.core.RabbitTemplate"
    ),
    "org.springframework.jms.core.JmsOperations": "org.springframework.jms.core.JmsTemplate",
}

# Names that a class has from its base: what Vert.x runs knows its Vert.x.
INHERITED = {
    f"io.vertx.{base}": ("vertx", "io.vertx.core.Vertx")
    for base in (
        "core.AbstractVerticle",
        "core.VerticleBase",
        "kotlin.coroutines.CoroutineVerticle",
    )
}
# Vert.x generates each of its types again for other styles of asynchronous code.
GENERATED = regex(r"^io\.vertx\.(?:reactivex|rxjava\d?|mutiny)\.")


def same_type(qualified: str) -> str:
    """What the tables call a type."""
    if qualified.startswith("io.vertx."):
        return GENERATED.sub("io.vertx.", qualified)
    return SAME_TYPE.get(qualified, qualified)


class Link(Gathering):
    """One step of `a.b(x).c`: its name, and the call or constructor node when it is one."""

    name: str
    node: Node | None = None
    constructor: bool = False


class Typed(Gathering):
    """A name with its declared type, known between two bytes of the file."""

    start: int
    end: int
    type: str
    made: Node | None = None  # the expression that it is given
    member: bool = False  # a field or a method of a class


class Known:
    """The callees of a table, to tell names that matter from others."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        callees = {each for p in patterns for written in p.callees for each in expand(written)}
        self.prefixes: set[str] = set()
        self.types: set[str] = set()  # what static imports take their names from
        for callee in callees:
            parts = callee.split(".")
            self.types.update(
                ".".join(parts[: n + 1]) for n, p in enumerate(parts) if p[:1].isupper()
            )
            self.prefixes.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        # `RouterFunctions.route.*.GET`: the calls between return the same builder.
        self.fluent = {c.partition(".*.")[0] for c in callees if ".*." in c}
        self.prefixes.update(f"{p}Builder" for p in list(self.prefixes) if p[-1:].isalpha())
        self.prefixes.update(SAME_TYPE)
        self.prefixes.update(INHERITED)

    def matters(self, file: FileText) -> bool:
        """Whether calls or annotations of a file can mean anything, by its imports; cheap."""
        content = file.content
        end = 0
        for match in IMPORTED.finditer(b"\n" + content):
            end = match.end() - 1
            name = GENERATED.sub("io.vertx.", match[1].decode().rstrip("."))
            if name in self.prefixes or name.rpartition(".")[0] in self.types:
                return True
        return file.says(*UNIMPORTED) or any(
            content.find(words, end) >= 0 for words in QUALIFIED_IN_PLACE
        )
