"""Types that serve, and those that they inherit their routes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TypeDeclared
from scaleaudit.languages.file_text import LETTERS
from scaleaudit.regex import regex
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.values import Value

# Fixed texts, and the expression that is searched for in files with one of them.
RELEVANT = (
    ((b"Controller", b"Mapping", b"Exchange", b"@Path(", b"@RepositoryDefinition"),
     regex(rb"@(?:\w{0,60}(?:Controller|Mapping|Exchange)\b|Path\(|RepositoryDefinition)")),
    ((b"Repository",), regex(rb"Repository[ \t]?<")),
    ((b"io.helidon.",), regex(rb"\b(?:HttpRules|Routing\.Rules|Rules)\b")),
    ((b"io.micronaut.http",), regex(rb"io\.micronaut\.http")),
)  # fmt: skip
SERVING = (b"Api", b"Resource", b"Controller", b"Endpoint", b"Operations", b"Contract")
SERVING_TYPE = regex(rb"(?:Api|Resource|Controller|Endpoint|Operations|Contract)s?\b")
INHERITED = (b"extends", b"implements", b":", b",")  # what stands before it
MAX_NAME = 60
BASE = regex(r"[\w.]+")
ENTITY = regex(r"<\s*([\w.]+)")
PATH_ALIAS = regex(
    r"AliasFor\s?\((?:[^()]{0,200}RequestMapping(?:\.class|::class)?[^()]{0,100}\"(?:path|value)\""
    r"|[^()]{0,200}\"(?:path|value)\"[^()]{0,100}RequestMapping"
    r"|[^()]{0,200}RequestMapping[^()\"]{0,40}\)\s{0,9}String(?:\[\])?\s{1,9}(?:path|value)\s?\()"
)
REPOSITORY = regex(r"(?:Repository|Dao)\b|^Repository$")
OF_LIBRARIES = ("org.springframework.", "java.", "javax.", "jakarta.", "io.swagger.", "lombok.")
MAPPINGS = {"RequestMapping", "Path", "HttpExchange"}
PATH_NAMES = ("path", "value", "url")
REST = {"RepositoryRestResource", "RestResource"}
MAX_DEPTH = 3  # of types inside one another
MAX_TYPES = 200  # of one file


def served_types(reader: JvmReader) -> Iterator[TypeDeclared]:
    """The types of a file that may have to do with serving, by a look at its words."""
    if not _relevant(reader):
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


def _relevant(reader: JvmReader) -> bool:
    return any(
        reader.says(*texts) and pattern.search(reader.content) is not None
        for texts, pattern in RELEVANT
    ) or (reader.says(*SERVING) and _inherits(reader.content))


def _inherits(content: bytes) -> bool:
    for match in SERVING_TYPE.finditer(content):
        before = content[max(0, match.start() - 2 * MAX_NAME) : match.start()]
        gap = before.rstrip(LETTERS)
        if len(before) - len(gap) > MAX_NAME:
            continue
        head = gap.rstrip(b" \t")
        if len(head) < len(gap) and head.endswith(INHERITED):
            return True
    return False


def type_fact(reader: JvmReader, node: Node, name: str) -> TypeDeclared:
    sites = reader.annotations_of(node)
    written = reader.bases_of(node)
    prefixes = [v for site in sites if is_mapping(site) for v in paths(reader, site)]
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
            if not is_mapping(site)
            and not site.callee.startswith(OF_LIBRARIES)
            and (values := paths(reader, site))
        ),
        alias=kind == "annotation" and PATH_ALIAS.search(reader.text(node)) is not None,
        entity=entity,
        exported=exported,
    )


def is_mapping(site: CallSite) -> bool:
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
