"""Settings of Spring, Micronaut and MicroProfile: `@Value`, `@ConfigurationProperties`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingRead
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, Unknown, Value, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jvm import JvmReader

INJECTED = {"Value", "ConfigProperty", "Property"}
GROUPED = "ConfigurationProperties"
MAX_PLACEHOLDERS = 8  # inside one another
MAX_CLASSES = 4  # of settings, inside one another
PLACEHOLDER = regex(r"\$\{\s*([\w.\[\]-]+)\s*(:)?")
SECTION = regex(
    r"(?!(?:Any|Boolean|Byte|Character|Charset|Class|DataSize|Double|Duration|File|Float|Instant|Int"
    r"|Integer|Locale|Long|Object|Path|Pattern|Resource|Short)$)[A-Z]\w*"
)  # a type that is neither a value nor a collection
EXPRESSION = regex(r"^\s*#\{")


def placeholders(text: str, depth: int = 0) -> Value:
    """`${billing.url:http://localhost}/pay`: the settings inside a text, with their defaults."""
    if depth > MAX_PLACEHOLDERS:
        return Unknown(text[:80])
    parts: list[Value] = []
    end = 0
    while (match := PLACEHOLDER.search(text, end)) is not None:
        close = closing_brace(text, match.end())
        if close < 0:
            break
        parts.append(Literal(text[end : match.start()]))
        default = text[match.end() : close] if match[2] else None
        parts.append(
            Setting(match[1], None if default is None else placeholders(default, depth + 1))
        )
        end = close + 1
    if EXPRESSION.match(text):
        # Of an expression such as `#{'${hosts}'.split(',')}` the setting is what matters.
        return next((p for p in parts if isinstance(p, Setting)), Unknown(text[:80]))
    parts.append(Literal(text[end:]))
    return join(*parts)


def closing_brace(text: str, start: int) -> int:
    level = 0
    for position in range(start, len(text)):
        if text[position] == "{":
            level += 1
        elif text[position] == "}":
            if level == 0:
                return position
            level -= 1
    return -1


def settings_in(value: Value | None) -> Iterator[Setting]:
    """All settings that a value reads, defaults included."""
    if isinstance(value, Setting):
        yield value
        yield from settings_in(value.default)
    for part in getattr(value, "parts", ()):
        yield from settings_in(part)


class Settings:
    """What the annotations of one file inject into fields and parameters."""

    def __init__(self, reader: JvmReader) -> None:
        self._reader = reader
        self._parameters: dict[str, list[tuple[int, int, Value]]] | None = None

    def injected(self) -> Iterator[tuple[CallSite, Value]]:
        for sites in self._reader.annotations.values():
            for site in sites:
                if site.name in INJECTED and site.target is not None:
                    value = self._value(site)
                    if value is not None:
                        yield site, value

    def parameter(self, name: str, node: Node) -> Value | None:
        """The setting that is injected into a parameter of the function around a node."""
        if self._parameters is None:
            self._parameters = {}
            for site, value in self.injected():
                target = site.target
                around = self._reader.function_around(target) if target is not None else None
                if target is not None and around is not None:
                    self._parameters.setdefault(self._reader.declared_name(target), []).append(
                        (around.start_byte, around.end_byte, value)
                    )
        for start, end, value in self._parameters.get(name, ()):
            if start <= node.start_byte < end:
                return value
        return None

    def facts(self) -> Iterator[Fact]:
        reader = self._reader
        for site, value in self.injected():
            for setting in settings_in(value):
                yield SettingRead(reader.span(site.node), setting.key, reader.scope(site.node))
            if site.target is not None:
                for name in reader.fields_given(site.target):
                    yield ConstantDefined(reader.span(site.node), name, value)
        for sites in list(reader.annotations.values()):
            for site in sites:
                if site.name == GROUPED and site.target is not None:
                    yield from self._group(site, site.target)

    def _value(self, site: CallSite) -> Value | None:
        node = site.argument(0, "value", "name")
        if node is None:
            return None
        value = self._reader.value(node)
        key = literal_text(value)
        if site.name == "ConfigProperty" and key:
            given = site.argument(-1, "defaultValue")
            return Setting(key, self._reader.value(given) if given is not None else None)
        if site.name == "Property" and key:
            return Setting(key)
        return value if next(settings_in(value), None) is not None else None

    def _group(self, site: CallSite, target: Node) -> Iterator[Fact]:
        if target.type not in self._reader.CLASSES:
            return
        given = site.argument(0, "prefix", "value")
        prefix = literal_text(self._reader.value(given)) if given is not None else ""
        if prefix is None:
            return
        outer = self._reader.class_path(target)
        name = self._reader.definition_name(target)
        yield from self._properties(target, f"{outer}.{name}" if outer else name, prefix, 0)

    def _properties(self, node: Node, name: str, prefix: str, depth: int) -> Iterator[Fact]:
        reader = self._reader
        nested = {
            reader.definition_name(m): m for m in reader.members(node) if m.type in reader.CLASSES
        }
        for field, kind, made, at in reader.properties(node):
            key = f"{prefix}.{field}" if prefix else field
            if kind in ("String", "URI", "URL"):
                default = reader.value(made) if made is not None else None
                known = default if isinstance(default, Literal | Setting) else None
                yield ConstantDefined(reader.span(at), f"{name}.{field}", Setting(key, known))
                yield SettingRead(reader.span(at), key, name)
            elif kind in nested and depth < MAX_CLASSES:
                yield from self._properties(nested[kind], f"{name}.{field}", key, depth + 1)
            elif SECTION.fullmatch(kind):  # a class of another file: its fields are settings
                yield ConstantDefined(reader.span(at), f"{name}.{field}.*", Setting(key))
