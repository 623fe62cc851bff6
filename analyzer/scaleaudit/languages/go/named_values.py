"""What names in Go hold: local variables, constants, and fields of structs and of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go import functions, literals
from scaleaudit.regex import regex
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    OneOf,
    Parameter,
    Setting,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

# Texts that constants of known packages hold.
PACKAGE_CONSTANTS = {"github.com/nats-io/nats.DefaultURL": "nats://127.0.0.1:4222"}
PLAIN = regex(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){1,4}")
SETTINGS_OBJECT = regex(r"(?i)(\w*config|conf|cfg|\w*settings|opts?|options)\.")
MAX_CHOICES = 4  # that a variable is given, of which one counts


def identifier_value(reader: GoReader, node: Node, depth: int) -> Value:
    """A local's value, the one argument of a private function, a constant, or a name."""
    name = reader.text(node)
    reaching = reader.scopes.reaching(name, node)
    if reaching:
        return local_value(reader, name, reaching, depth)
    constant = reader.constants.get(name)
    if constant is not None:
        known = reader.value(constant, depth + 1)
        return known if isinstance(known, Literal) else Name(name)
    if name not in reader.variables and reader.usages.in_loose_function(node):
        return Unknown(name)
    return Name(name) if name not in ("nil", "true", "false") else UNKNOWN


def local_value(reader: GoReader, name: str, reaching: list[Definition], depth: int) -> Value:
    sure = reaching[0]
    if sure.parameter:
        given = reader.usages.given_to(sure) if len(reaching) == 1 else []
        if len(given) == 1:
            return reader.value(given[0], depth + 1)
        return Unknown(name) if given else functions.parameter(reader, sure) or Unknown(name)
    looped = literals.elements(reader, sure, depth) if len(reaching) == 1 and sure.adds else None
    if looped is not None:
        return looped
    if any(each.adds or each.index for each in reaching) or len(reaching) > MAX_CHOICES:
        return Unknown(name)
    if sure.value is None and len(reaching) == 1:
        return reader.usages.filled_by_pointer(name, sure) or Unknown(name)
    values = [
        reader.value(each.value, depth + 1) if each.value is not None else Literal("")
        for each in reaching
    ]
    found = either(values)
    return found if found != UNKNOWN else Unknown(name)


def either(values: list[Value]) -> Value:
    """A setting, or what stands in for it: `v := os.Getenv("X"); if v == "" { v = "d" }`."""
    known = [each for each in values if each != Literal("")]
    if len(known) == 1:
        return known[0]
    settings = [each for each in known if isinstance(each, Setting) and each.default is None]
    if len(known) > 2 and len(settings) == len(known) - 1 and isinstance(known[0], Literal):
        chosen: Value = known[0]
        for each in reversed(settings):  # the one that is looked at first counts most
            chosen = Setting(each.key, chosen)
        return chosen
    if len(known) == 2:
        for one, other in (known, known[::-1]):
            if isinstance(one, Setting) and one.default is None and isinstance(other, Literal):
                return Setting(one.key, other)
            if isinstance(one, Setting) and one.default is None and isinstance(other, Setting):
                return Setting(one.key, other)
    return UNKNOWN


def is_known(value: Value) -> bool:
    """A text, a setting, or both: nothing that this file leaves open."""
    if isinstance(value, Join):
        return all(isinstance(part, Literal | Setting) for part in value.parts)
    return isinstance(value, Literal | Setting)


def selector_value(reader: GoReader, node: Node, depth: int) -> Value:
    """`config.URL`, `s.cfg.URL` as `Config.URL`; a field of a literal that the file shows."""
    text = reader.text(node)
    operand, field = node.child_by_field_name("operand"), node.child_by_field_name("field")
    if operand is None or field is None or len(text) > 200:
        return Unknown(text[:80])
    name = reader.text(field)
    if operand.type == "identifier":
        package = reader.imports.get(reader.text(operand))
        if package is not None and not reader.scopes.reaching(reader.text(operand), operand):
            if package == "net/http" and name.startswith("Method"):
                return Literal(name.removeprefix("Method").upper())
            if f"{package}.{name}" in PACKAGE_CONSTANTS:
                return Literal(PACKAGE_CONSTANTS[f"{package}.{name}"])
            return Name(text)
    each = literals.member_of_each(reader, operand, name, depth)
    if each is not None:
        return each
    holder = reader.receivers.meaning(operand, depth)
    if holder.made is not None and holder.made.type in ("composite_literal", "call_expression"):
        args, keywords, _ = reader.arguments(holder.made)
        if name in keywords and holder.made.type == "composite_literal":
            return reader.value(keywords[name], depth + 1)
        if name == "Name" and holder.name.endswith(".QueueDeclare") and args:
            return reader.value(args[0], depth + 1)  # queue.Name
    if holder.name in reader.structs:
        given = reader.receivers.field_values(holder.name, name)
        known = reader.value(given[0], depth + 1) if len(given) == 1 else UNKNOWN
        if is_known(known) or isinstance(known, Parameter | OneOf):
            return known
        if b"mapstructure:" in reader.content and SETTINGS_OBJECT.match(text):
            return Name(text)  # filled by its keys from a file of settings
        return Name(f"{holder.name}.{name}")
    if holder.declared and holder.name.isidentifier():  # its struct stands in another file
        return Name(f"{holder.name}.{name}")
    written = reader.as_written(holder.name)
    if written and holder.declared:
        return Name(f"{written}.{name}")
    return Name(text) if PLAIN.fullmatch(text) else Unknown(text[:80])
