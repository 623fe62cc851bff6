"""Names of tables and columns that other files keep in constants: `${TableName.Orders}.id`."""

from __future__ import annotations

from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Value

# Names that people give to such constants: `LOANS_TABLE`, `loansTable`, `TableName.Loans`, `Loan.NAME`,
# `constants.LOANS_TABLE`.
CONSTANT = regex(
    r"[A-Z][A-Z0-9_]{1,80}|\w{0,80}[tT]able\w{0,80}|(?:[A-Z]\w{0,80}|\w{0,80}[tT]ables?)(?:\.\w{1,80}){1,2}"
    r"|(?:[a-z]\w{0,80}\.){1,2}[A-Z][A-Z0-9_]{1,80}"
)


def text_with_names(value: Value) -> str:
    """The text with `${name:of:constant}` for each constant; empty where a part is not known."""
    match value:
        case Literal(text=text):
            return text
        case Name(name=name) if CONSTANT.fullmatch(name) is not None:
            return "${" + name.replace(".", ":") + "}"
        case Join(parts=parts):
            texts = [text_with_names(part) for part in parts]
            return "".join(texts) if all(texts) else ""
        case _:
            return ""
