"""Methods that look for rows of whatever model their class stands for, and calls of them."""

from __future__ import annotations

from scaleaudit.facts.base import FactBase
from scaleaudit.facts.orm import Condition

OF_ANY = "."  # before the name of an attribute, whatever object has it


class SearchDefined(FactBase, frozen=True, tag="search"):
    """`def get_by(self, session, **by): return session.query(self.model).filter_by(**by)`.

    `named` are the parameters that are no columns, in order, without the object itself.
    """

    framework: str  # empty: not known
    owner: str  # the class around; empty for a function of the module
    name: str
    model: str = ""  # as written, where it is one class's rows alone
    named: tuple[str, ...] = ()
    keywords: bool = False  # all other keywords are columns
    conditions: bool = False  # all other arguments are conditions
    columns: str = ""  # the parameter that holds columns with their values
    column: str = ""  # the parameter that names one column
    # The method of the same object that gets all keywords; its own name: that of the class above,
    # which gets what this one makes of them.
    through: str = ""
    limited: bool = False
    aggregate: bool = False
    writes: bool = False
    deletes: bool = False
    partial: bool = False  # asks for more than it is handed


class Repository(FactBase, frozen=True, tag="repository"):
    """A class, or an object of one, that asks for the rows of a model: `class Orders(Base[Order])`."""

    name: str
    model: str = ""  # as written; empty where a base tells it
    bases: tuple[str, ...] = ()  # as written; of an object its class


class SearchCalled(FactBase, frozen=True, tag="search-called"):
    """A call that may be one of a search: of a class, of an object in a name, of the class around."""

    of: str  # empty for a function called by its name
    name: str
    text: str  # shortened, for people
    texts: tuple[str, ...] = ()  # its arguments without a name; empty for what is no fixed text
    conditions: tuple[Condition, ...] = ()  # by its keywords
    given: tuple[Condition, ...] = ()  # that it is handed as they are
    held: tuple[tuple[str, str], ...] = ()  # of dictionaries that it is given: (parameter, key)
    partial: bool = False
    in_loop: bool = False
    scope: str = ""
