"""Java strings and the expressions that build texts and addresses."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from scaleaudit.languages.java.asked_settings import asked
from scaleaudit.languages.java.getters import getter_value
from scaleaudit.languages.java.own_methods import given_by_own_method
from scaleaudit.languages.java.settings import placeholders
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.languages.java.names import Link

FORMAT_HOLE = regex(r"%(?:\d+\$)?[-+ #0,(]*\d*(?:\.\d+)?([a-zA-Z%])")
ESCAPE = regex(r"\\(u+[0-9a-fA-F]{4}|[0-7]{1,3}|\n|.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "0": "\0", "\n": ""}
MYBATIS = {"Select", "Insert", "Update", "Delete", "SelectKey"}
CONSTANT = regex(r"^[A-Z][A-Z0-9_]*$")
# Calls and constructors whose result is their argument, for an address or a topic.
SAME_AS_FIRST = {
    "create", "of", "ofNullable", "requireNonNull", "valueOf", "fromHttpUrl", "fromUriString",
    "fromUri", "fromPath", "parse", "toURI", "asList", "singletonList", "singleton", "from", "parseInt",
}  # fmt: skip
LISTS = {"List.of", "Set.of", "Arrays.asList", "Collections.singletonList", "Collections.singleton",
         "listOf", "setOf", "arrayOf", "Stream.of", "ImmutableList.of"}  # fmt: skip
OWNERS_OF_FIRST = {
    "URI", "URL", "Objects", "Optional", "String", "UriComponentsBuilder", "UriBuilder", "HttpUrl",
    "Uri", "Arrays", "List", "Set", "Collections", "Path", "PageRequest", "HttpRequest",
    "HttpHost", "ServletUriComponentsBuilder", "UriTemplate",
}  # fmt: skip
CONSTRUCTORS = {
    "URI", "URL", "HttpGet", "HttpPost", "HttpPut", "HttpDelete", "HttpPatch", "HttpHead",
    "GetMethod", "PostMethod", "PutMethod", "DeleteMethod", "GenericUrl", "ProducerRecord",
    "StringBuilder", "StringBuffer", "String", "File", "UriTemplate", "NewTopic", "Topic", "Queue",
    "FileWriter", "FileOutputStream", "ActiveMQQueue", "ActiveMQTopic", "TopicPartition",
    "SendMessageRequest", "PublishRequest", "ClassPathResource", "FileSystemResource",
    "TopicExchange", "DirectExchange", "FanoutExchange", "MongoClientURI", "ConnectionString",
    "ServerAddress", "HttpEntity", "ChannelTopic", "PatternTopic",
}  # fmt: skip
HOST_AND_PORT = {"InetSocketAddress", "HttpHost", "HostAndPort", "RedisURI", "ServerAddress"}
# Calls that hand on the text of what they are called on.
SAME_AS_RECEIVER = {
    "toString", "build", "toUri", "toUriString", "toURL", "toURI", "toASCIIString", "encode",
    "buildAndExpand", "expand", "trim", "strip", "intern", "queryParam", "queryParams",
    "replaceQuery", "stripIndent", "toFile", "toPath", "normalize", "toAbsolutePath", "stripTrailing",
    "addQueryParameter", "query", "setParameter", "addParameter", "trimIndent", "trimMargin", "toURLString", "newBuilder", "header", "toIntOrNull", "toInt", "orEmpty",
}  # fmt: skip
ADDED = {"append", "concat", "plus"}  # receiver and argument written one after the other
PATHS = {
    "path",
    "pathSegment",
    "resolve",
    "addPathSegment",
    "addPathSegments",
    "appendPath",
    "setPath",
}
HOST_STEPS = ("host", "setHost")
SCHEME_STEPS = ("scheme", "setScheme")
# Steps of a builder that hold the address of what it builds.
ADDRESS_STEPS = ("uri", "url", "baseUrl", "endpoint", "topic", "queueUrl", "topicArn")
OF_CLASS = {"getSimpleName", "getName"}  # `"from " + Order.class.getName()` of JPQL
ENVIRONMENT = {"getenv", "getProperty", "getRequiredProperty"}
HTTP_VERBS = {"get", "post", "put", "delete", "patch", "head", "options"}


def unescape(text: str) -> str:
    def meant(match: re.Match[str]) -> str:
        what = match[1]
        if what[0] == "u":
            return chr(int(what.lstrip("u"), 16))
        if what[0] in "01234567":
            return chr(int(what, 8))
        return ESCAPES.get(what, what)

    return ESCAPE.sub(meant, text) if "\\" in text else text


def string_value(reader: JvmReader, node: Node) -> Value:
    """A string or a text block; `${...}` inside an annotation is a setting."""
    text = reader.text(node)
    if text.startswith('"""'):
        text = textwrap.dedent(text[3:].removesuffix('"""').lstrip(" \t").removeprefix("\n"))
    else:
        text = text[1:].removesuffix('"')
    text = unescape(text)
    return in_annotation(reader, node, text) if "{" in text else Literal(text)


def in_annotation(reader: JvmReader, node: Node, text: str) -> Value:
    """What the frameworks make of a text in an annotation: settings, MyBatis' parameters."""
    if "${" not in text and "#{" not in text:
        return Literal(text)
    for above in reader.ancestors(node):
        if above.type in reader.ANNOTATIONS:
            named = reader.callee(above).rpartition(".")[2]
            if named in MYBATIS and b"org.apache.ibatis" in reader.content:
                return Literal(re.sub(r"[#$]\{[^{}]*\}", "?", text))
            return placeholders(text)
        if above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    return Literal(text)


def format_value(reader: JvmReader, template: Value, operands: list[Node], depth: int) -> Value:
    """`String.format` and `formatted`: each hole filled with its operand."""
    if not isinstance(template, Literal):
        return template if not operands else UNKNOWN
    parts: list[Value] = []
    end = 0
    left = list(operands)
    for match in FORMAT_HOLE.finditer(template.text):
        parts.append(Literal(template.text[end : match.start()]))
        if match[1] == "%":
            parts.append(Literal("%"))
        elif match[1] == "n":
            parts.append(Literal("\n"))
        elif left and "$" not in match[0]:
            parts.append(reader.value(left.pop(0), depth + 1))
        else:
            parts.append(Unknown(match[0]))
        end = match.end()
    parts.append(Literal(template.text[end:]))
    return join(*parts)


def constructed(reader: JvmReader, name: str, args: list[Node], depth: int) -> Value:
    """`new URL(x)`, `new HttpGet(x)`, `new ProducerRecord<>(topic, ...)`: what they are made of."""
    last = name.rpartition(".")[2]
    if last in HOST_AND_PORT and len(args) > 1:
        host, port = (reader.value(arg, depth + 1) for arg in args[:2])
        return join(host, Literal(":"), port)
    if last == "File" and len(args) > 1:
        return join(*slashed([reader.value(arg, depth + 1) for arg in args[:2]]))
    if last in CONSTRUCTORS or last in HOST_AND_PORT:
        return reader.value(args[0], depth + 1) if args else Literal("")
    return Unknown(f"{last}(...)")


def spaced(values: list[Value]) -> list[Value]:
    """Values with a space between each two."""
    return [part for i, value in enumerate(values) for part in (Literal(" "), value)[i == 0 :]]


def slashed(values: list[Value]) -> list[Value]:
    """Values with a slash between each two."""
    return [part for i, value in enumerate(values) for part in (Literal("/"), value)[i == 0 :]]


def call_value(
    reader: JvmReader, links: list[Link], receiver: Node | None, args: list[Node], depth: int
) -> Value:
    """The text that a call gives: settings, formats, builders of addresses, getters."""
    name = links[-1].name
    owner = links[-2].name if len(links) > 1 else ""
    if (setting := asked(reader, links, args, depth)) is not None:
        return setting
    if name in OF_CLASS and receiver is not None and receiver.type == "class_literal":
        return Literal(reader.text(receiver).removesuffix(".class").rpartition(".")[2])
    if name in ENVIRONMENT and args:
        key = reader.value(args[0], depth + 1)
        if isinstance(key, Name) and key.name in reader.fixed_texts:
            key = reader.value(reader.fixed_texts[key.name], depth + 1)
        default = known(reader.value(args[1], depth + 1)) if len(args) > 1 else None
        return Setting(key.text, default) if isinstance(key, Literal) else UNKNOWN
    if name == "getOrDefault" and owner == "getenv" and len(args) > 1:
        key = reader.value(args[0], depth + 1)
        if isinstance(key, Literal):
            return Setting(key.text, known(reader.value(args[1], depth + 1)))
        return UNKNOWN
    if name in ("orElse", "defaultIfEmpty", "ifEmpty") and receiver is not None and args:
        return either(reader.value(receiver, depth + 1), reader.value(args[0], depth + 1))
    if name in ("requireNonNullElse", "defaultIfBlank", "defaultString") and len(args) > 1:
        return either(reader.value(args[0], depth + 1), reader.value(args[1], depth + 1))
    if name == "format" and owner == "String" and args:
        return format_value(reader, reader.value(args[0], depth + 1), args[1:], depth)
    if name in ("formatted", "format") and receiver is not None and owner == "?":
        return format_value(reader, reader.value(receiver, depth + 1), args, depth)
    if name == "join" and owner == "String" and len(args) > 1:
        between = reader.value(args[0], depth + 1)
        parts = [reader.value(arg, depth + 1) for arg in args[1:]]
        return join(*(p for i, v in enumerate(parts) for p in (between, v)[i == 0 :]))
    if name in ("get", "of") and owner in ("Paths", "Path") and args:
        return join(*slashed([reader.value(arg, depth + 1) for arg in args]))
    if args and owner in OWNERS_OF_FIRST and (name in SAME_AS_FIRST or name in HTTP_VERBS):
        return reader.value(args[0], depth + 1)
    if args and name == "newBuilder":
        return reader.value(args[0], depth + 1)
    return built_value(reader, links, receiver, args, depth)


def built_value(
    reader: JvmReader, links: list[Link], receiver: Node | None, args: list[Node], depth: int
) -> Value:
    name = links[-1].name
    step = next((link for link in links if is_address_step(reader, link)), None)
    if step is not None and step.node is not None and name in ("build", "buildUpon", "GET"):
        given = reader.arguments_of(step.node)
        return reader.value(given[0], depth + 1) if given else UNKNOWN
    if receiver is not None and name in SAME_AS_RECEIVER:
        return reader.value(receiver, depth + 1)
    if receiver is not None and args and name in ADDED:
        return join(reader.value(receiver, depth + 1), reader.value(args[0], depth + 1))
    if args and name in PATHS:
        before = reader.value(receiver, depth + 1) if receiver is not None else Literal("")
        added = slashed([reader.value(arg, depth + 1) for arg in args])
        slash = [Literal("/")] if name != "path" else []
        return join(*([] if is_builder(before) else [before, *slash]), *added)
    if name in HOST_STEPS and args and len(links) > 1:
        return hosted(reader, links, depth)
    if name in SCHEME_STEPS and receiver is not None and args:
        return reader.value(receiver, depth + 1)
    if name in ("port", "setPort") and receiver is not None and args:
        host = reader.value(receiver, depth + 1)
        return join(host, Literal(":"), reader.value(args[0], depth + 1))
    if name in ADDRESS_STEPS and args:
        return reader.value(args[0], depth + 1)
    if not args and (getter := getter_value(reader, links, receiver)) is not None:
        return getter
    if (own := given_by_own_method(reader, links)) is not None:
        return own
    return Unknown(".".join(link.name for link in links)[-80:])


def hosted(reader: JvmReader, links: list[Link], depth: int) -> Value:
    """`builder.scheme("http").host("stock")`, in either order."""
    given: dict[str, Value] = {}
    for link in links:
        if link.node is not None and link.name in (*HOST_STEPS, *SCHEME_STEPS):
            args = reader.arguments_of(link.node)
            if args:
                kind = "scheme" if link.name in SCHEME_STEPS else "host"
                given[kind] = reader.value(args[0], depth + 1)
    scheme = given.get("scheme", Literal("http"))
    known_scheme = scheme if isinstance(scheme, Literal) else Literal("http")
    return join(known_scheme, Literal("://"), given.get("host", UNKNOWN))


def is_address_step(reader: JvmReader, link: Link) -> bool:
    if link.node is None:
        return False
    return link.name in ADDRESS_STEPS or (
        link.name == "newBuilder" and bool(reader.arguments_of(link.node))
    )


def is_builder(value: Value) -> bool:
    """The parameter of `uri(b -> b.path(...))` holds no text of its own."""
    return isinstance(value, Unknown) and value.hint.isidentifier()


def name_value(reader: JvmReader, node: Node, text: str, depth: int) -> Value:
    """A name: a local's one value, an injected parameter, a field, a constant elsewhere."""
    text = re.sub(r"\s*\.\s*", ".", text[:400])  # spread over lines
    if len(text) > 200 or not re.fullmatch(r"[\w.$]+", text):
        return Unknown(text[:80])
    if "." not in text:
        assigned = reader.local(text, node)
        if assigned is not None:
            return reader.value(assigned, depth + 1)
        injected = reader.settings.parameter(text, node)
        if injected is not None:
            return injected
        if reader.declared_inside(text, node):
            return Unknown(text)
    full = reader.field(text, node)
    if full is not None:
        return Name(full)
    first, _, last = text.rpartition(".")
    if text in reader.imports or CONSTANT.match(last) or (first[:1].isupper()):
        return Name(text)
    if first and first.isidentifier() and first not in ("this", "super"):
        owner = reader.declared_type(first, node)
        return Name(f"{owner}.{last}") if owner else Unknown(text)
    return Unknown(text)


def either(first: Value, second: Value) -> Value:
    """`Optional.ofNullable(System.getenv("X")).orElse("d")`."""
    if isinstance(first, Setting) and first.default is None:
        return Setting(first.key, known(second))
    return first


def known(value: Value) -> Value | None:
    """A default, or None when the source says nothing usable."""
    return None if isinstance(value, Unknown) else value
