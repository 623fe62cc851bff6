"""Lists that people keep, one for each owner: of kinds, labels, templates. Each of them is short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Growth, regex
from scaleaudit_rules.data._growth_signs import REFERENCE, in_words
from scaleaudit_rules.data._table_names import HAVE_FEW_PARTS, MADE_OR_SOLD, PEOPLE, RECORDED

if TYPE_CHECKING:
    from scaleaudit.api import Column, Table

# The place that somebody gives a row among others.
HAND_ORDER = regex(
    r"(?:(?:sort|display|list|menu)_?)?(?:order|ordering|position|index|weight|rank|priority)$"
    r"|sort_?(?:key|no|number)?$|seq(?:uence)?$"
)
TITLE = regex(r"^(?:name|label|title)$")
# What such a list says of each choice: how it is called, shown and told from others.
SAID = regex(
    r"^(?:name|label|title|slug|code|key|uuid|colou?r|icon|emoji|type|kind|locale|language"
    r"|\w+_(?:key|name|label)|(?:created|updated|deleted|inserted)_?(?:at|on|date))$"
)
# A tenant holds the rows of all its users: that bounds a set for a while only.
TENANT = regex(r"^(?:tenant|account|organi[sz]ation|org|company|workspace)_?id$")
NAMES = {"name", "slug", "label"}
PERSONAL = regex(r"^(?:e_?mail(?:_address)?|phone(?:_number)?|(?:first|last)_?name)$")
TENANTS = regex(TENANT.pattern + r"|^(?:created|updated|added|invited)_by(?:_?(?:user_)?id)?$")
FLAG = regex(r"^(?:BOOL|BIT\b|TINYINT)")


def placed_by_hand(column: str) -> bool:
    """Named like the place in a list that people put in order: no longer than they care to."""
    return HAND_ORDER.match(column.lower()) is not None


def are_choices(table: Table, owner: str) -> bool:
    """Whether the rows that share `owner` are what it has to choose from.

    They refer to nothing else, and say no more than their name, place, kind and flags.
    """
    if any(words.search(table.words) for words in (RECORDED, PEOPLE, MADE_OR_SOLD)):
        return False
    own = owner.lower()
    rest = [c for c in table.columns if c.name.lower() != own and c.name not in table.primary_key]
    refers = any(key.columns[0].lower() != own for key in table.foreign_keys if key.columns)
    return (
        not refers
        and any(TITLE.match(column.name.lower()) for column in rest)
        and all(_says_little(column) for column in rest)
    )


def few_parts(table: Table, owner: str) -> bool:
    """Whether `owner` refers to what has some parts by its nature: an order its lines, a file its versions."""
    words = in_words(owner)
    if not words.endswith("_id"):
        return False
    keys = (key for key in table.foreign_keys if len(key.columns) == 1)
    told = [key.table for key in keys if key.columns[0].lower() == owner.lower()]
    return any(HAVE_FEW_PARTS.search(name) for name in (words.removesuffix("_id"), *told))


def _says_little(column: Column) -> bool:
    name = column.name.lower()
    if REFERENCE.search(name):
        return False
    return bool(SAID.match(name) or FLAG.match(column.type) or placed_by_hand(name))


def kept_by_tenant(table: Table) -> bool:
    """Things with a name that belong to a tenant alone: what its people set up, a few of each."""
    if any(words.search(table.words) for words in (RECORDED, PEOPLE, MADE_OR_SOLD)):
        return False
    columns = {column.name.lower() for column in table.columns}
    return (
        bool(columns & NAMES)
        and table.growth is not Growth.APPEND_ONLY
        and not any(PERSONAL.search(column) for column in columns)
        and all(TENANTS.match(name.lower()) for key in table.foreign_keys for name in key.columns)
    )
