"""Endpoints that Spring Data REST makes of repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.endpoints.inherited_routes import InheritedRoutes

LIBRARY = regex(r"(?:^|:)(?:spring-boot-starter-data-rest|spring-data-rest-(?:webmvc|core))$")
ANNOTATION = "RepositoryRestResource"
# English plurals, the first that fits.
PLURALS = (
    (regex(r"(?i)(fish|deer|sheep|series|species|aircraft|equipment|information|news)$"), r"\1"),
    (regex(r"(?i)child$"), "children"),
    (regex(r"(?i)(?<!hu)man$"), "men"),
    (regex(r"(?i)([nlw])ife$"), r"\1ives"),
    (regex(r"(?i)([aeo]l|[^d]ea|ar)f$"), r"\1ves"),
    (regex(r"(?i)([^aeiou])y$"), r"\1ies"),
    (regex(r"(?i)(s|x|z|ch|sh)$"), r"\1es"),
    (regex(r"$"), "s"),
)


def exposed_repositories(
    types: InheritedRoutes, components: Components
) -> Iterator[tuple[str, EndpointServed]]:
    """(file, endpoint) of each repository of an application with the library on its class path.

    The path is the annotation's, else the plural of the entity's name.
    """
    for path, declared in types.repositories():
        annotated = ANNOTATION in declared.annotations
        owners = [owner for group in components.containing(path) for owner in group]
        if not annotated and not any(
            LIBRARY.search(name) for owner in owners for name in components.dependencies_of(owner)
        ):
            continue
        default = Literal(plural(declared.entity[:1].lower() + declared.entity[1:]))
        yield (
            path,
            EndpointServed(
                at=declared.at,
                method="*",
                path=declared.prefixes[0] if annotated and declared.prefixes else default,
                handler=declared.name,
                framework="data-rest",
            ),
        )


def plural(word: str) -> str:
    """`category` -> `categories`."""
    for pattern, ending in PLURALS:
        if pattern.search(word):
            return pattern.sub(ending, word, count=1)
    return word
