"""Names that say of a text that it is an address: what is worth following from file to file."""

from __future__ import annotations

from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

TELLING = regex(
    r"(?i)ur[li]s?(?![a-z])|hosts?(name)?(?![a-z])|addr|endpoint|origin|upstream|base_?path"
    r"|target|server|service|domain|dsn|gateway|(^|_)base(?![a-z])|api_?(root|base)"
)
# The same, to find places in a source: the words, and literal addresses.
TELLING_PLACES = regex(
    rb"://|[uU][rR][lLiI]s?\b|[uU][rR][lLiI]_|[hH](?:ost|OST)|[aA](?:ddr|DDR)|[eE](?:ndpoint|NDPOINT)"
    rb"|[uU](?:pstream|PSTREAM)|[tT](?:arget|ARGET)|_(?:base|BASE)\b"
    rb"|f[\"']\{|`\$\{|\b[A-Z][A-Z0-9_]{3,}[ \t]*\+"
)
ADDRESS = regex(r"^[\w+.-]*://|^[\w.-]+:\d{2,5}(/|$)")
MAX_ARGUMENTS = 8  # of one call


def telling(name: str) -> bool:
    return TELLING.search(name) is not None


def may_be_address(value: Value, *, in_table: bool = False) -> bool:
    """Whether a value that is handed on, or kept in a table, may be (part of) an address."""
    match value:
        case Setting() | Parameter():
            return True
        case Literal(text=text):
            return len(text) <= 500 and ADDRESS.search(text) is not None
        case Join(parts=parts):
            first = parts[0]
            if isinstance(first, Literal):
                return ADDRESS.search(first.text) is not None
            return may_be_address(first, in_table=in_table)
        case Name(name=name):
            return telling(name) or (not in_table and name.isupper())
        case OneOf(choices=choices):
            return any(may_be_address(each, in_table=in_table) for each in choices)
        case Unknown():
            return False
