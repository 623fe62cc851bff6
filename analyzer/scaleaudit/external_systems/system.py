"""One system of somebody else: under which hosts it answers, and the clients that call it."""

from __future__ import annotations

from scaleaudit.record import Record


class System(Record, frozen=True):
    """`hosts` are domains; what stands below one of them belongs to the system too.

    The clients are callees in the form that the language's tables of patterns have: what is made
    or called when the system is used, not what is merely imported.
    """

    name: str
    field: str  # payment, mail, sms, llm, identity, search, monitoring, storage, maps, chat, ...
    hosts: tuple[str, ...]
    python: tuple[str, ...] = ()
    javascript: tuple[str, ...] = ()
    go: tuple[str, ...] = ()
    ruby: tuple[str, ...] = ()
    java: tuple[str, ...] = ()
    php: tuple[str, ...] = ()
    csharp: tuple[str, ...] = ()
