"""Systems of other companies that programs call, one table for all languages.

The hosts of a system and the clients of its vendors lead to one node of its name.
"""

from __future__ import annotations

from functools import cache

from scaleaudit.external_systems.business import BUSINESS
from scaleaudit.external_systems.identity import IDENTITY
from scaleaudit.external_systems.mail_and_chat import MAIL_AND_CHAT
from scaleaudit.external_systems.platforms import PLATFORMS
from scaleaudit.external_systems.system import System

__all__ = ["BY_NAME", "SYSTEMS", "System", "address_of", "own_host", "system_at"]

SYSTEMS = (*BUSINESS, *IDENTITY, *MAIL_AND_CHAT, *PLATFORMS)
BY_NAME = "external"  # the scheme of an address that is the name of a system of the table
_BY_HOST = {host: system for system in SYSTEMS for host in system.hosts}
# Parts of a host that several systems share, and the host that one of them has to itself.
_APART = (("www.googleapis.com", "/oauth2/", "oauth2.googleapis.com"),)
_BY_NAME = {system.name: system for system in SYSTEMS}


def address_of(system: System) -> str:
    """What a call through a client of its vendor leads to."""
    return f"https://{system.hosts[0]}" if system.hosts else f"{BY_NAME}://{system.name}"


@cache
def system_at(host: str, scheme: str = "") -> System | None:
    """The system that answers at a host, or at a host below one of its domains."""
    if scheme == BY_NAME:
        return _BY_NAME.get(host)
    labels = host.split(".")[-5:]
    for start in range(len(labels) - 1):
        found = _BY_HOST.get(".".join(labels[start:]))
        if found is not None:
            return found
    return None


def own_host(host: str, path: str) -> str:
    """The host of the system that a path is of, where it answers at a host of several."""
    return next(
        (own for shared, start, own in _APART if host == shared and path.startswith(start)), host
    )
