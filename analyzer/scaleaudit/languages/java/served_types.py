"""Types that serve, and those that they inherit their routes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TypeDeclared
from scaleaudit.regex import regex
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.values import Value

RELEVANT = regex(
    rb"@(?:\w{0,60}(?:Controller|Mapping|Exchange)\b|Path\(|RepositoryDefinition)|Repository[ \t]?<"
    rb"|(?:extends|implements|[:,])[ \t]+\w{0,60}(?:Api|Resource|Controller|Endpoint|Operations|Contract)s?\b"
)
BASE = regex(r"[\w.]+")
ENTITY = regex(r"<\s*([\w.]+)")
PATH_ALIAS = regex(
    r"AliasFor\s?\((?:[^()]{0,200}RequestMapping(?:\.class|::class)?[^()]{0,100}\"(?:path|value)\""
    r"|[^()]{0,200}\"(?:path|value)\"[^()]{0,100}RequestMapping)"
)
REPOSITORY = regex(r"(?:Repository|Dao)\b|^Repository$")
MAPPINGS = {"RequestMapping", "Path", "HttpExchange"}
PATH_NAMES = ("path", "value", "url")
REST = {"RepositoryRestResource", "RestResource"}
MAX_DEPTH = 3  # of types inside one another
MAX_TYPES = 200  # of one file


def served_types(reader: JvmReader) -> Iterator[TypeDeclared]:
    """The types of a file that may have to do with serving, by a look at its words."""
    if RELEVANT.search(reader.content) is None:
        return
    waiting = [(node, "", 0) for node in reader.root.named_children]
    seen = 0
    while waiting and seen < MAX_TYPES:
        node, outer, depth = waiting.pop(0)
        if node.type not in (*reader.CLASSES, "annotation_type_declaration"):
            continue
        seen += 1
        name = f"{outer}.{reader.definition_name(node)}".lstrip(".")
        yield type_fact(reader, node, name)
        if depth < MAX_DEPTH:
            waiting += [(inner, name, depth + 1) for inner in reader.members(node)]


def type_fact(reader: JvmReader, node: Node, name: str) -> TypeDeclared:
    sites = reader.annotations_of(node)
    written = reader.bases_of(node)
    prefixes = [v for site in sites if is_mapping(reader, site) for v in paths(reader, site)]
    kind = reader.kind_of_type(node)
    entity = ""
    exported = True
    if kind == "interface" and any(REPOSITORY.search(base.partition("<")[0]) for base in written):
        found = next((match for base in written if (match := ENTITY.search(base))), None)
        entity = found[1].rpartition(".")[2] if found is not None else ""
        exported = is_exported(reader, node, sites)
    for site in sites:
        if site.name == "RepositoryRestResource":
            prefixes = [reader.value(site.keywords["path"])] if "path" in site.keywords else []
    return TypeDeclared(
        at=reader.span(node),
        name=name,
        kind=kind,
        bases=tuple(m[0] for base in written if (m := BASE.match(base))),
        annotations=tuple(site.name for site in sites),
        prefixes=tuple(v for v in prefixes if not isinstance(v, Unknown)),
        given=tuple(
            (site.name, values[0])
            for site in sites
            if not is_mapping(reader, site)
            and "." not in site.callee  # of a library, as its import says
            and (values := paths(reader, site))
        ),
        alias=kind == "annotation" and PATH_ALIAS.search(reader.text(node)) is not None,
        entity=entity,
        exported=exported,
    )


def is_mapping(reader: JvmReader, site: CallSite) -> bool:
    """`Controller` has a path in Micronaut; in Spring it names the bean."""
    return site.name in MAPPINGS or site.callee == "io.micronaut.http.annotation.Controller"


def paths(reader: JvmReader, site: CallSite) -> list[Value]:
    if len(site.args) > 1:
        return [reader.value(arg) for arg in site.args]
    node = site.argument(0, *PATH_NAMES)
    return [] if node is None else [reader.value(each) for each in reader.each(node)]


def is_exported(reader: JvmReader, node: Node, sites: list[CallSite]) -> bool:
    """By Spring Data REST's rule: annotated, or public; and nowhere said not to be."""
    names = {site.name for site in sites}
    for site in sites:
        given = site.keywords.get("exported")
        if site.name in REST and given is not None and reader.text(given) == "false":
            return False
    if "NoRepositoryBean" in names:
        return False
    return bool(names & REST) or reader.is_public(node)
