"""The clients of other companies' systems, out of the one table for all languages."""

from __future__ import annotations

from scaleaudit.external_systems import SYSTEMS, address_of
from scaleaudit.languages.patterns.arguments import NONE
from scaleaudit.languages.patterns.calls import HttpCall


def clients(language: str) -> tuple[HttpCall, ...]:
    """A pattern for each system that has clients in the language: one fact where one is used."""
    return tuple(
        HttpCall(
            callees=callees,
            library=system.name,
            url=NONE,
            fixed=address_of(system),
            protocol="llm" if system.field == "llm" else "sdk",
        )
        for system in SYSTEMS
        if (callees := getattr(system, language))
    )
