"""Whose rows a repository of TypeORM reads: by injection, by type, by what made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import scopes
from scaleaudit.languages.javascript.builders.chains import arguments, called, method
from scaleaudit.languages.javascript.builders.decorated import bases
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MADE_BY = frozenset(
    {
        "getRepository",
        "getCustomRepository",
        "getTreeRepository",
        "withRepository",
        "getMongoRepository",
    }
)
CONTAINERS = frozenset({"get", "resolve", "inject"})
NAME = rb"([A-Z][\w$]*(?:\.[A-Z][\w$]*)?)"
INJECTED = regex(
    rb"@InjectRepository\(\s*" + NAME + rb"[^)\n]{0,80}\)\s*(?:(?:private|public|protected|readonly"
    rb"|override)\s+)*([\w$]+)"
)
ASSIGNED = regex(
    rb"this\.([\w$]+)\s*=\s*[\w$.()\s]{0,80}?get(?:Tree|Custom)?Repository\(\s*" + NAME
)
ANNOTATED = regex(
    rb":\s*(?:typeof\s+)?(?:([A-Z]\w*(?:Repository|Repo|DAO|Dao))\b(?!\s*<)"
    rb"|\w*(?:Repository|QueryBuilder)\s*<\s*" + NAME + rb")"
)
# `async orders(): Promise<Repository<Order>>`
ANSWERED = regex(
    rb"\b([a-z][\w$]*)\s*\(\s*\)\s*:\s*(?:Promise\s*<\s*)?(?:Tree|Mongo)?Repository\s*<\s*"
    + NAME
    + rb"\s*>"
)
NAMED_BEFORE = regex(rb"([\w$]+)[?!]?\s*$")
REPOSITORY_OF = regex(rb"\w*Repository\s*<\s*" + NAME)
GENERIC = regex(
    rb"\bextends\s+[\w.]*(?:Service|Repo|D[Aa][Oo]|Store|Gateway|Crud|Manager)\w*\s*<\s*"
    + NAME
    + rb"\s*[,>]"
)
ENTITY_REPOSITORY = regex(rb"@(?:EntityRepository|CustomRepository)\(\s*" + NAME)
SUPER = regex(rb"super\(\s*" + NAME + rb"\s*,|super\([\w.\s]{0,60}(?:getRepository\(|,\s*)" + NAME)
BY_NAME = regex(r"_?([a-z]\w*?(?:Repository|Repo))_?")
MANAGER = regex(
    r"(?:\w*[mM]anager|em|\w*(?:EntityManager|dataSource|DataSource)|trx|tx|transaction|connection|conn"
    r"|getManager\(\)|getConnection\(\)|\w*[tT]ransactional\w*)_?"
)
MAX_DEPTH = 4


class Receivers:
    """Models by what the code calls on: `of(node)` is a class as written, empty when not known."""

    def __init__(self, reader: JavaScriptReader) -> None:
        self._reader = reader
        self._typed: dict[str, str] | None = None
        self._answers: dict[str, str] | None = None
        self._classes: dict[int, str] = {}

    @property
    def typed(self) -> dict[str, str]:
        """Names of the file to models; one that means two is left out."""
        if self._typed is None:
            several: dict[str, set[str]] = {}
            content = self._reader.content
            if b"@InjectRepository" in content:
                for match in INJECTED.finditer(content):
                    several.setdefault(match[2].decode(), set()).add(match[1].decode())
            if b"Repository(" in content:
                for match in ASSIGNED.finditer(content):
                    several.setdefault(match[1].decode(), set()).add(match[2].decode())
            for match in ANNOTATED.finditer(content):
                before = NAMED_BEFORE.search(content, max(0, match.start() - 80), match.start())
                if before is None:
                    continue
                name = before[1].decode()
                if match[2] is None and name in several:
                    continue  # injected with its entity
                several.setdefault(name, set()).add((match[2] or match[1]).decode())
            self._typed = {n: next(iter(m)) for n, m in several.items() if len(m) == 1}
        return self._typed

    def of(self, node: Node | None, depth: int = 0) -> str:
        node = bare(node)
        if node is None or depth > MAX_DEPTH:
            return ""
        reader = self._reader
        if node.type == "this":
            return self._own(node)
        if node.type == "call_expression":
            return self.made(node, depth)
        if node.type == "identifier":
            return self._named(node, reader.text(node), depth)
        if node.type == "member_expression":
            held = node.child_by_field_name("object")
            name = reader.text(node.child_by_field_name("property") or node)
            if (
                name in ("repository", "repo", "target")
                and held is not None
                and held.type == "this"
            ):
                return self.typed.get(name, "") or self._own(node)
            return self.typed.get(name, "") or _by_name(name)
        return ""

    def made(self, call: Node, depth: int = 0) -> str:
        """`manager.getRepository(Order)`, also with `.extend({...})`."""
        name, args = method(self._reader, call), arguments(call)
        if name == "extend":
            function = called(call)
            inner = function.child_by_field_name("object") if function is not None else None
            return self.of(inner, depth + 1)
        if name in CONTAINERS and len(args) == 1:  # Container.get(OrderRepository)
            text = self._reader.text(args[0])[:100]
            return text if text[:1].isupper() and text.endswith(("Repository", "Repo")) else ""
        if name not in MADE_BY:
            return self._answered(name) if not args else ""
        for each in args[:2]:  # a context may stand in front
            found = self.model(each, depth)
            if found:
                return found
        schema = bare(args[0]) if len(args) == 1 else None
        text = self._reader.text(schema) if schema is not None else ""
        return text if text in self._reader.imports else ""  # `getRepository(orderSchema)`

    def _answered(self, name: str) -> str:
        """The entity whose repository a method of this file says it answers with."""
        if self._answers is None:
            several: dict[str, set[str]] = {}
            for match in ANSWERED.finditer(self._reader.content):
                several.setdefault(match[1].decode(), set()).add(match[2].decode())
            self._answers = {n: next(iter(m)) for n, m in several.items() if len(m) == 1}
        return self._answers.get(name, "")

    def model(self, node: Node, depth: int = 0) -> str:
        """The class that an argument names: `Order`, `this.orderRepository_`, `"Order"`."""
        given = bare(node)
        if given is None:
            return ""
        text = self._reader.text(given)[:200]
        if given.type == "identifier":
            return text if text[:1].isupper() else self._named(given, text, depth + 1)
        if given.type == "member_expression":
            last = text.rpartition(".")[2]
            if text[:1].isupper():
                return text
            if last[:1].isupper() and text.partition(".")[0] in self._reader.imports:
                return last  # `entities.Order`, of a module that names all of them
            return self.typed.get(last, "") or _by_name(last)
        return text.strip("'\"") if given.type == "string" and text[1:2].isupper() else ""

    def _named(self, node: Node, name: str, depth: int) -> str:
        reader = self._reader
        values = [bare(each) for each in scopes.all_values(reader, name, node)]
        models = {self.of(each, depth + 1) for each in values if each is not None and each != node}
        if len(models) == 1:
            return next(iter(models)) or self.typed.get(name, "") or _by_name(name)
        if models:
            return ""
        declared = bare(reader.declared.get(name))
        if declared is not None and declared.type == "call_expression":
            made = self.made(declared, depth + 1)
            if made:
                return made
        return self.typed.get(name, "") or _by_name(name)

    def _own(self, node: Node) -> str:
        """What `this` reads: the entity of a repository's class, or an entity's own class."""
        reader = self._reader
        for above in reader.ancestors(node):
            if above.type == "object":  # getRepository(Order).extend({...})
                call = above.parent.parent if above.parent is not None else None
                if call is not None and call.type == "call_expression":
                    made = self.made(call)
                    if made:
                        return made
            if above.type in reader.CLASSES:
                if above.id not in self._classes:
                    self._classes[above.id] = self._of_class(above)
                return self._classes[above.id]
        return ""

    def generic(self, node: Node) -> str:
        """The entity of `OrderService extends CrudService<Order>`."""
        body = node.child_by_field_name("body")
        start = body.start_byte if body is not None else node.end_byte
        found = GENERIC.search(self._reader.content, node.start_byte, start)
        return found[1].decode() if found is not None and len(found[1]) > 1 else ""

    def _of_class(self, node: Node) -> str:
        reader = self._reader
        body = node.child_by_field_name("body")
        start = body.start_byte if body is not None else node.end_byte
        head = reader.content[max(0, node.start_byte - 300) : start]
        over = [match[1] for match in ENTITY_REPOSITORY.finditer(head)]
        if over:
            return over[-1].decode()
        found = REPOSITORY_OF.search(reader.content, node.start_byte, start)
        if found is not None and len(found[1]) > 1:
            return found[1].decode()
        generic = "" if b"@Entity" in head else self.generic(node)
        if generic:
            return generic
        names = bases(reader, node)
        if names and names[0].endswith("Repository"):
            inner = SUPER.search(reader.content, start, node.end_byte)
            if inner is not None:
                written: bytes = inner[1] or inner[2]
                return written.decode()
        return reader.definition_name(node) if names else ""


def _by_name(name: str) -> str:
    """`orderRepository_` of a container that names what it holds after its class."""
    match = BY_NAME.fullmatch(name)
    return match[1][:1].upper() + match[1][1:] if match is not None else ""
