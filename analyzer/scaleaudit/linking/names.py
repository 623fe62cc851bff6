"""Names of components and folders, and when two of them are the same."""

from __future__ import annotations

import re
from functools import lru_cache

from scaleaudit.regex import regex

# Folders that say how something is kept, not what it is; the folder around them does.
_KEEPING = {"src", "source", "sources", "code", "docker", "build", "app", "main", "."}
_CAPITAL = regex(r"(?<=[a-z0-9])(?=[A-Z])")
# Folders of many programs, which name none of them.
_MANY = {"apps", "services", "packages", "projects", "modules", "cmd", "components", "libs"}

# Of a settings file that is asked for by its very name: instead of the profile that the name tells.
NAMED = "*"


def plain(name: str) -> str:
    """A name for comparison: case, `_` and `.` and `-` do not count."""
    return re.sub(r"[-_. ]+", "-", name.lower()).strip("-")


@lru_cache(maxsize=20_000)  # asked again and again for the columns of the same tables
def relaxed(key: str) -> str:
    """`spring.data.mongodb.uri`, `SPRING_DATA_MONGODB_URI` and `springDataMongodbUri` alike."""
    return re.sub(r"[^a-z0-9]", "", key.lower())


# What generators of projects call every new one: Quarkus, Spring, Vite and others.
_UNNAMED = {"code-with-quarkus", "demo", "my-app", "vite-project", "my-project", "myproject"}


def apart(name: str, mark: str = "_") -> str:
    """A name with a mark before each word that a capital begins: `orders_Url` for `ordersUrl`."""
    return _CAPITAL.sub(mark, name)


def unit_name(declared: str, folder: str) -> str:
    """What a build unit is called: by its package, unless nobody has given that a name."""
    name, own = package_name(declared), folder.rpartition("/")[2]
    return own if own and (not name or name in _UNNAMED) else name


def package_name(declared: str) -> str:
    """What a package is called without its scope, host and Go's major version: `@acme/shop`, `x/shop/v2`."""
    return re.sub(r"/v\d{1,3}$", "", declared).rpartition("/")[2]


def folder_name(folder: str) -> str:
    """What a source folder is called: `cart` for `services/cart/src`."""
    parts = folder.split("/")
    while len(parts) > 1 and parts[-1].lower() in _KEEPING and parts[-2].lower() not in _MANY:
        parts.pop()
    return parts[-1]


MIN_STEM = 4  # letters of a word that stands for a longer one


def shortened(name: str, other: str) -> bool:
    """`stock-auth` and `stock-authentication`: word for word the same, or the beginning of it."""
    words, others = plain(name).split("-"), plain(other).split("-")
    if len(words) != len(others) or words == others:
        return False
    pairs = [
        sorted(pair, key=len) for pair in zip(words, others, strict=True) if len(set(pair)) > 1
    ]
    return len(pairs) < len(words) and all(
        len(short) >= MIN_STEM and long.startswith(short) for short, long in pairs
    )


ADDRESS_WORD = regex(r"(?i)(ur[li]|host(name)?|addr(ess)?|endpoint|server|service|dsn|target)s?$")
NOBODYS = frozenset(
    """
    api app base cdn client default external frontend full host http https image internal local my
    new next page proxy public redirect remote request root server service short site src target
    the url uri web web2
    """.split()  # noqa: SIM905 - a table to be read
)


def tells_whose(field: str) -> bool:
    """Whether the name of a field says whose address it holds: `ordersUrl`, but not `baseUrl`."""
    words = re.findall(r"[a-z0-9]+", apart(field).lower())
    if len(words) < 2 or not ADDRESS_WORD.match(words[-1]):
        return False
    return any(word not in NOBODYS and len(word) > 1 for word in words[:-1])
