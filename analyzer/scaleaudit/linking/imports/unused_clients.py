"""Declared clients of the JVM that nothing takes: leftovers, which call nobody.

Whoever uses such an interface imports it, unless it stands beside it in one package. There only
files that hold plain data, or declare or set up clients, are known not to use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound, RemoteCall
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

# Libraries whose clients are interfaces that only declare what they call.
INTERFACES = {"feign", "micronaut", "microprofile-rest-client", "httpexchange"}
JVM = {"java", "kotlin"}
# What classes that only hold data are made with.
OF_DATA = regex(
    r"^(java\.(util|time|math|io)|lombok|com\.fasterxml\.jackson\.annotation"
    r"|(javax|jakarta)\.(validation|persistence)|io\.swagger|kotlinx\.serialization)\b"
)
# What clients are declared and set up with, by those who do not call them.
OF_CLIENTS = regex(
    r"^(feign\.(RequestInterceptor|RequestTemplate|Logger|Retryer|codec\.\w+)"
    r"|org\.springframework\.cloud\.openfeign\.(FeignClient|FallbackFactory)"
    r"|io\.micronaut\.http\.client\.annotation\.Client"
    r"|org\.eclipse\.microprofile\.rest\.client\.inject\.RegisterRestClient)$"
)


def unused_clients(index: FactsIndex) -> set[str]:
    """Files of clients that no other file can be using, in programs whose files import each other."""
    clients = {
        path
        for path, call in index.of(RemoteCall)
        if call.library in INTERFACES and index.kind(path) in JVM and call.scope == stem(path)
    }
    if not clients:
        return set()
    names = {full_name(index, path): path for path in clients}
    own = {full_name(index, path) for path in index.files if index.kind(path) in JVM}
    used: set[str] = set()
    busy: dict[str, set[str]] = {}  # by folder: files that do something
    setup: set[str] = set()
    together: set[str] = set()  # source folders whose files import each other
    for path, found in index.of(ImportFound):
        if index.kind(path) not in JVM or index.role(path) is not Role.SOURCE:
            continue
        if OF_CLIENTS.match(found.module):
            setup.add(path)
        elif not OF_DATA.search(found.module):
            busy.setdefault(folder_of(path), set()).add(path)
        if found.type_only:
            continue
        if found.names == (("*", ""),):
            used.update(name for name in names if name.rpartition(".")[0] == found.module)
        elif found.module in own:
            used.add(found.module)
            together.add(sources_of(path))
    return {
        path
        for name, path in names.items()
        if name not in used and sources_of(path) in together
        and not busy.get(folder_of(path), set()) - setup - {path}
    }  # fmt: skip


def full_name(index: FactsIndex, path: str) -> str:
    return f"{index.namespaces.get(path, '')}.{stem(path)}".lstrip(".")


def stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def sources_of(path: str) -> str:
    """The folder of a module's sources: `orders/src/main`."""
    before, mark, _ = path.partition("/src/main/")
    return before if mark else folder_of(path)
