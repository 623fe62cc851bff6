"""Databases that Exposed connects to: `Database.connect("jdbc:postgresql://db/shop", driver = ...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import Arg, Store
from scaleaudit.regex import regex
from scaleaudit.values import Name, Unknown

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

URL = Arg(0, ("url",))
OF_ADDRESS = regex(r"(?i)ur[il]|jdbc|conn\w*str|dsn")


def by_address(site: CallSite, reader: Reader) -> bool:
    """What is given is an address; a data source is told its own where it is made."""
    if "url" in site.keywords:
        return True
    if not site.args or site.args[0].type == "lambda_literal":
        return False
    if any(each.type != "lambda_literal" for each in site.args[1:]) or "driver" in site.keywords:
        return True
    value = reader.value(site.args[0])
    if isinstance(value, Name):
        return OF_ADDRESS.search(value.name) is not None
    return not isinstance(value, Unknown)


EXPOSED = (
    Store(
        callees=(
            "org.jetbrains.exposed.{sql,v1.jdbc}.Database.{connect,Companion.connect}",
            "org.jetbrains.exposed.{r2dbc,v1.r2dbc}.R2dbcDatabase.{connect,Companion.connect}",
        ),
        technology="",
        library="exposed",
        address=URL,
        when=by_address,
    ),
)
