"""One parsed file: what every language's reader has, and what each must add.

A reader turns nodes into names, values and call sites; the patterns of `patterns.py` turn call
sites into facts, the same way for every language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tree_sitter import QueryCursor

from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.file_text import FileText
from scaleaudit.languages.loops import repeats
from scaleaudit.record import Gathering
from scaleaudit.source import Span
from scaleaudit.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact, Timeout
    from scaleaudit.languages.remote_names import RemoteName

MAX_NESTING = 60  # member accesses and calls followed inside one expression
MAX_STEPS = 2_000  # expressions looked at for one value: names may lead to names
MAX_ANCESTORS = 200
MAX_PENDING = 500  # matches of a query begun and not yet ended


class Binding(Gathering):
    """What a name stands for in this file: a type, and the call that made the object."""

    type: str  # dotted, qualified: `requests.Session`
    made_by: CallSite | None = None


class Reader(FileText):
    """Base of the language readers; holds the state of one file."""

    FUNCTIONS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[frozenset[str]] = frozenset()
    LOOPS: ClassVar[frozenset[str]] = frozenset()
    STRINGS: ClassVar[frozenset[str]] = frozenset()  # nodes that a whole string literal is
    OPTION_OBJECTS: ClassVar[frozenset[str]] = frozenset()  # arguments whose members are keywords
    READS_SQL: ClassVar[bool] = False  # tells of statements in strings by itself
    SHARES_CONSTANTS: ClassVar[bool] = False  # a constant is known in all files by its name alone
    REMOTE_NAMES: ClassVar[tuple[RemoteName, ...]] = ()  # forms of the names of generated code
    CALLS: ClassVar[frozenset[str]] = frozenset()  # calls and constructors, where it is asked for

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content)
        self.root = tree.root_node
        self.namespace = ""
        self.imports: dict[str, str] = {}  # name here -> dotted qualified name
        self.bindings: dict[str, Binding] = {}  # `session`, `Class.field` -> what it stands for
        self.annotations: dict[int, list[CallSite]] = {}  # by id of the node they stand on
        self.assigned: dict[str, Node] = {}  # settings of libraries: `axios.defaults.timeout`
        self.schema_told = False  # what the file does to tables is told in its order already
        self.problem = ""  # why a part of the file was not understood
        self.endless = False  # a program that runs until it is stopped
        self.commanded = False  # a program that reads the words it is started with
        self.budget = 0  # steps left for what is being worked out
        self.known_calls: set[int] = set()  # ids of the calls that a pattern names
        self._local_query = local_query
        self._locals: dict[int, dict[str, list[Node]]] = {}
        self._parents: dict[int, Node] = {}
        self._functions: dict[int, Node | None] = {}  # by id: the innermost that it is, or is in
        self._classes: dict[int, Node | None] = {}
        self._scopes: dict[int, str] = {}  # by id of a function or class: its own and those around

    # -- what each language says

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        """First look at all captures: fills imports and bindings, yields structural facts."""
        raise NotImplementedError

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        """Last look, when imports and bindings are known: facts that no pattern can express."""
        return iter(())

    def value(self, node: Node, depth: int = 0) -> Value:
        """The symbolic value of an expression; `UNKNOWN` where it leads too far."""
        raise NotImplementedError

    def callee(self, node: Node) -> str:
        """The dotted name of what a call or annotation node calls, as written, arguments left out."""
        raise NotImplementedError

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        """Positional arguments, keywords, and whether some are not spelled out."""
        raise NotImplementedError

    def each(self, node: Node) -> list[Node]:
        """The elements of a literal list, or the node itself: `topics: ["a", "b"]`."""
        return [node]

    def described(self, node: Node) -> str:
        """What an expression is made of, for a look at its words: text, type, origin."""
        return self.text(node)

    def waits(self, timeout: Timeout, target: Value) -> Timeout:
        """A last word on how long a call waits, when the kind of file matters (browser code)."""
        return timeout

    def definition_name(self, node: Node) -> str:
        """The name of a function or class node; empty for an anonymous one."""
        named = node.child_by_field_name("name")
        return self.text(named) if named else ""

    def is_async(self, function: Node) -> bool:
        return any(child.type == "async" for child in function.children[:3])

    # -- what all share

    def goes_on(self, depth: int) -> bool:
        """Whether one more expression may be looked at; the first one, of depth 0, begins the count."""
        self.budget = self.budget - 1 if depth else MAX_STEPS
        return depth <= MAX_NESTING and self.budget >= 0

    def text(self, node: Node) -> str:
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, node: Node) -> Span:
        start, end = node.start_point, node.end_point
        return Span(start[0] + 1, start[1] + 1, end[0] + 1)

    def ancestors(self, node: Node) -> Iterator[Node]:
        """From the parent outwards, bounded."""
        parents, above = self._parents, node
        for _ in range(MAX_ANCESTORS):
            # tree-sitter looks a parent up from the root: deep trees would take square time.
            known = parents.get(above.id)
            if known is None:
                known = above.parent
                if known is None:
                    return
                parents[above.id] = known
            above = known
            yield above

    def scope(self, node: Node) -> str:
        """The dotted names of the functions and classes around a node."""
        inner: list[Node] = []
        names = ""
        for above in self.ancestors(node):
            if above.type in self.FUNCTIONS or above.type in self.CLASSES:
                known = self._scopes.get(above.id)
                if known is not None:
                    names = known
                    break
                inner.append(above)
        for holder in reversed(inner):
            name = self.definition_name(holder)
            names = f"{names}.{name}" if names and name else names or name
            self._scopes[holder.id] = names
        return names

    def function_around(self, node: Node) -> Node | None:
        return self._nearest(node, self.FUNCTIONS, self._functions)

    def class_around(self, node: Node) -> Node | None:
        return self._nearest(node, self.CLASSES, self._classes)

    def _nearest(
        self, node: Node, kinds: frozenset[str], known: dict[int, Node | None]
    ) -> Node | None:
        """The innermost node of some kinds around a node; the way there is walked once."""
        passed: list[int] = []
        found: Node | None = None
        for above in self.ancestors(node):
            at = above.id
            if at in known:
                found = known[at]
                break
            passed.append(at)
            if above.type in kinds:
                found = above
                break
        for at in passed:
            known[at] = found
        return found

    def in_loop(self, node: Node) -> bool:
        """Inside a loop of its own function that runs it once for each of several things."""
        for above in self.ancestors(node):
            if above.type in self.LOOPS and repeats(self, above, node):
                return True
            if above.type in self.FUNCTIONS:
                return False
        return False

    def in_async(self, node: Node) -> bool:
        around = self.function_around(node)
        return around is not None and self.is_async(around)

    def annotated(self, node: Node) -> Node | None:
        """The definition that an annotation or decorator stands on."""
        for above in self.ancestors(node):
            if above.type in self.FUNCTIONS or above.type in self.CLASSES:
                return above
            inner = above.child_by_field_name("definition")
            if inner is not None:
                return inner
        return None

    def site(self, node: Node) -> CallSite:
        """The call site of a call, constructor or annotation node."""
        callee, client = self.named(node)
        args, keywords, opaque = self.arguments(node)
        return CallSite(callee, node, args, keywords, opaque, client=client)

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        """The qualified callee of a call or annotation, and the call that made its receiver."""
        return self.qualify(self.callee(node), node)

    def qualify(self, dotted: str, node: Node) -> tuple[str, CallSite | None]:
        """A name as written to a qualified one, through bindings and imports of this file.

        The longest known beginning wins: `self.session.get` is looked up as `self.session`
        before `self`.
        """
        parts = dotted.split(".")
        own = self.class_around(node) if parts[0] in ("self", "this", "@") else None
        if own is not None:
            parts[0] = self.definition_name(own)
        for length in range(min(len(parts), 4), 0, -1):
            start, rest = ".".join(parts[:length]), parts[length:]
            bound = self.bindings.get(start)
            if bound is not None and (rest or own is None):
                return ".".join([bound.type, *rest]), bound.made_by
        if parts[0] in self.imports:
            return ".".join([self.imports[parts[0]], *parts[1:]]), None
        return ".".join(parts), None

    def local(self, name: str, node: Node) -> Node | None:
        """The one expression that a local variable is assigned in the function around `node`."""
        values = self.assigned_here(name, node)
        return values[0] if len(values) == 1 and values[0].id != node.id else None

    def assigned_here(self, name: str, node: Node) -> Sequence[Node]:
        """All expressions that it is assigned there."""
        around = self.function_around(node)
        if around is None or self._local_query is None:
            return ()
        known = self._locals.get(around.id)
        if known is None:
            known = self._locals[around.id] = {}
            for _, found in QueryCursor(self._local_query, match_limit=MAX_PENDING).matches(around):
                whole = found.get("assignment")
                if whole is not None:
                    left = whole[0].child_by_field_name("left")
                    right = whole[0].child_by_field_name("right")
                    if left is not None and left.type == "identifier" and right is not None:
                        known.setdefault(self.text(left), []).append(right)
                elif "name" in found and "value" in found:
                    known.setdefault(self.text(found["name"][0]), []).append(found["value"][0])
        return known.get(name, ())

    def member_of(self, site: CallSite, keyword: str, key: str) -> Node | None:
        """What a literal object under a keyword holds: `headers: {"x": y}`."""
        return site.keywords.get(f"{keyword}.{key}")

    def statement(self, node: Node) -> Value:
        """The value of a string that is a whole statement; more of it may be added later."""
        return self.value(node)

    def with_own_texts(self, value: Value) -> Value:
        """A statement with what is known of the names in it."""
        return value

    def variants(self, _node: Node) -> list[tuple[Node, Value]]:
        """The statement at the node with what each branch adds to it, and where that stands."""
        return []

    def has_options(self, _node: Node) -> bool:
        """Whether branches add to the statement: it need not ever be asked without any of them."""
        return False

    def follows(self, _node: Node) -> bool:
        """Whether `statement` has all that is added to the variable which the text is given to."""
        return False

    def is_seldom(self, node: Node) -> bool:
        """Whether the code runs only where a cache has lost its answer, or something has failed."""
        return False

    def paged(self, _node: Node) -> bool:
        """Whether a library adds a limit to the statement at the node before it runs."""
        return False

    def value_or_unknown(self, node: Node | None) -> Value:
        return UNKNOWN if node is None else self.value(node)
