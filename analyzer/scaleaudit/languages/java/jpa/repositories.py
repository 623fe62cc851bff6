"""Repositories of Spring Data, Micronaut Data and alike: interfaces whose methods are queries."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined, OrmQuery, ScopeDefined
from scaleaudit.languages.java.jpa.derived import derived
from scaleaudit.languages.java.jpa.members import has_body, returned_type
from scaleaudit.languages.java.jpa.pages import NUMBERED
from scaleaudit.languages.java.jpa.type_texts import arguments_of_type, last_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_METHODS = 1_000  # of one file
MARKS = (b"Repository<", b"Dao<", b"DAO<", b"Repo<", b"Executor<", b"@RepositoryDefinition")
DECLARED = regex(rb"\b(?:interface|abstract\s+class)\s+(\w+)")
BASE = regex(r"(?:Repository|Dao|DAO|Repo|JpaSpecificationExecutor)$")
LIBRARY_BASE = regex(
    r"(?:Jpa|Crud|ListCrud|PagingAndSorting|ListPagingAndSorting|Coroutine\w*|Reactive\w*|R2dbc|Revision|Envers\w*"
    r"|Panache\w*|Page|Pageable|Generic|Basic|Data|Kotlin\w*)?Repository|QuerydslPredicateExecutor|Jpa\w*Executor"
)
# Of stores that have no tables.
OTHER_STORES = regex(
    r"^(?:Reactive)?(?:Mongo|Elasticsearch|Redis|Cassandra|Neo4j|Couchbase|Solr|KeyValue|Cosmos|Ldap|Gemfire"
    r"|Arango|Firestore|Datastore|Dynamo\w*|Geode|Hazelcast|MapId\w*|CosmosDb)"
)
OWN_QUERY = frozenset(
    {"Query", "NativeQuery", "Procedure", "Select", "SqlQuery", "SqlUpdate", "Modifying", "HQL"}
)
PAGE = regex(r"\b(?:Pageable|PageRequest|Limit|ScrollPosition|CursoredPageable)\b")
MANY = regex(
    r"^(?:java\.util\.|kotlin\.collections\.)?(?:Mutable)?(?:List|Set|Collection|Iterable|Stream|Streamable|Page"
    r"|Slice|Window|Map|Flux|Flow|Sequence|ArrayList|LinkedHashSet|SortedSet|Iterator|Multi)\b"
)


def repository_queries(reader: JvmReader) -> Iterator[OrmQuery | ScopeDefined | ModelDefined]:
    if not reader.says(*MARKS):
        return
    told = 0
    yield from shared_queries(reader)
    for kind, entity in repositories(reader):
        yield from of_own_base(reader, kind, entity)
        for method in reader.members(kind):
            if method.type not in reader.METHODS or told > MAX_METHODS:
                continue
            query = derived_query(reader, method, entity)
            if query is not None:
                told += 1
                yield query


def shared_queries(reader: JvmReader) -> Iterator[ScopeDefined]:
    """What a repository of any class (`interface Named<T> extends Repository<T, Long>`) asks of each."""
    for match in DECLARED.finditer(reader.content):
        name = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        kind = name.parent if name is not None else None
        if kind is None or kind.type not in reader.CLASSES or not of_any(reader, kind):
            continue
        owner = match[1].decode("utf-8", "replace")
        for method in islice(reader.members(kind), MAX_METHODS):
            query = derived_query(reader, method, owner) if method.type in reader.METHODS else None
            if query is not None:
                called = reader.definition_name(method)
                yield ScopeDefined(
                    query.at, "jpa", owner, called, query.conditions, limited=query.limited,
                    text=query.text,
                )  # fmt: skip


def of_any(reader: JvmReader, kind: Node) -> bool:
    """Whether a repository leaves open of which class it is."""
    parameters = type_parameters(reader, kind)
    return bool(parameters) and any(
        BASE.search(last_name(written)) is not None
        and OTHER_STORES.match(last_name(written)) is None
        and last_name((arguments_of_type(written) or [""])[0]) in parameters
        for written in reader.bases_of(kind)
    )


def of_own_base(reader: JvmReader, kind: Node, entity: str) -> Iterator[ModelDefined]:
    """By which the base of a repository, one of the program's own, is found to be asked of its class."""
    own = [
        base
        for written in reader.bases_of(kind)
        if arguments_of_type(written)
        and BASE.search(base := last_name(written)) is not None
        and LIBRARY_BASE.fullmatch(base) is None
    ]
    if own:
        at, name = reader.span(kind), reader.definition_name(kind)
        yield ModelDefined(at, name, "jpa", bases=(entity, *own), same_table=True)


def repositories(reader: JvmReader) -> Iterator[tuple[Node, str]]:
    """Each repository of the file with the class that it is of."""
    for match in DECLARED.finditer(reader.content):
        name = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        kind = name.parent if name is not None else None
        if kind is None or kind.type not in reader.CLASSES:
            continue
        entity = entity_of(reader, kind)
        if entity:
            yield kind, entity


def entity_of(reader: JvmReader, kind: Node) -> str:
    """The class of a repository's rows; empty when it is none, or a parameter of its own."""
    parameters = type_parameters(reader, kind)
    for written in reader.bases_of(kind):
        base = last_name(written)
        arguments = arguments_of_type(written)
        if not arguments or BASE.search(base) is None or OTHER_STORES.match(base):
            continue
        entity = last_name(arguments[0])
        if entity and entity not in parameters and entity[:1].isupper():
            return entity
    for site in reader.annotations_of(kind):
        given = site.keywords.get("domainClass")
        if site.name == "RepositoryDefinition" and given is not None:
            return last_name(reader.text(given).removesuffix(".class").removesuffix("::class"))
    return ""


def type_parameters(reader: JvmReader, kind: Node) -> set[str]:
    holder = kind.child_by_field_name("type_parameters") or next(
        (child for child in kind.named_children if child.type == "type_parameters"), None
    )
    if holder is None:
        return set()
    return {reader.text(each).split()[0].partition(":")[0] for each in holder.named_children}


def repository_entity(reader: JvmReader, node: Node) -> str:
    """The class that the repository around a node is of."""
    kind = reader.class_around(node)
    return entity_of(reader, kind) if kind is not None else ""


def derived_query(reader: JvmReader, method: Node, entity: str) -> OrmQuery | None:
    if has_body(method):
        return None
    name = reader.definition_name(method)
    asked = derived(name)
    if asked is None or any(site.name in OWN_QUERY for site in reader.annotations_of(method)):
        return None
    signature = reader.text(method)[:2_000]
    returned = returned_type(reader, method)
    counting = asked.verb == "count"
    single = (
        bool(returned) and MANY.match(returned) is None and asked.verb not in ("delete", "remove")
    )
    deletes = asked.verb in ("delete", "remove")
    return OrmQuery(
        reader.span(method),
        "jpa",
        entity,
        f"{reader.class_path(method)}.{name}",
        conditions=asked.conditions,
        skips=NUMBERED.search(signature.encode()) is not None,
        limited=asked.limited or PAGE.search(signature) is not None or (single and not counting),
        aggregate=counting,
        grouped=asked.grouped,
        streamed=asked.verb == "stream" or returned.startswith(("Stream<", "Flux<", "Flow<")),
        writes=deletes,
        deletes=deletes,
        scope=f"{reader.class_path(method)}.{name}",
    )
