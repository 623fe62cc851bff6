"""Names of packages in Go, by the path that they are imported from."""

from __future__ import annotations

from functools import lru_cache

from scaleaudit.languages.go.frameworks import OTHER_NAMES
from scaleaudit.languages.go.frameworks.databases import ENT_CLIENT
from scaleaudit.regex import regex

VERSION = regex(r"/v\d+(?=/|$)|\.v\d+$|\.go$")
STANDARD = frozenset(
    """
    archive bufio bytes cmp compress container context crypto database debug embed encoding errors
    expvar flag fmt go hash html image index io iter log maps math mime net os path plugin reflect
    regexp runtime slices sort strconv strings structs sync syscall testing text time unicode
    unique unsafe
    """.split()  # noqa: SIM905 - a table to be read
)


def is_standard(package: str) -> bool:
    """A package of the language itself; a module may have any other name, with a dot or not."""
    return package.partition("/")[0] in STANDARD


@lru_cache(maxsize=4096)
def package_name(module: str) -> tuple[str, str]:
    """The name a package is known to have, and its path without a version.

    `kafka` of `.../kafka-go`, `redis` of `.../go-redis/v9`.
    """
    path = VERSION.sub("", module)
    if path in OTHER_NAMES:
        return OTHER_NAMES[path], path
    if path.endswith("/ent"):
        return "ent", ENT_CLIENT
    last = path.rpartition("/")[2]
    last = last.removeprefix("go-").removesuffix("-go").removesuffix("-golang")
    return (last.rpartition("-")[2] if "-" in last else last), path
