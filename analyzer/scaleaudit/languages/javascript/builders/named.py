"""Names of tables and columns that other files keep in constants: `${TableName.Orders}.id`."""

from __future__ import annotations

from scaleaudit.values import Join, Literal, Name, Value

MAX_PARTS = 3  # of a constant's name


def text_with_names(value: Value) -> str:
    """The text with `${name:of:constant}` for each constant; empty where a part is not known."""
    match value:
        case Literal(text=text):
            return text
        case Name(name=name) if name.count(".") < MAX_PARTS and "this" not in name:
            return "${" + name.replace(".", ":") + "}"
        case Join(parts=parts):
            texts = [text_with_names(part) for part in parts]
            return "".join(texts) if all(texts) else ""
        case _:
            return ""
