"""Pieces of Ruby in templates: loops, attributes that are read, partials that are rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.templates.steps import Steps

ENGINE = "rails"
_GIVEN = rb"(?:\([^()\n]{0,200}\))?"
CHAIN = rb"@?[a-z_]\w*(?:&?\.[a-z_]\w*[?!]?" + _GIVEN + rb")*"
_YIELDED = rb"\|[ \t]*\(?(?P<item>[a-z_]\w*)[^|\n]{0,80}\|"
JSON_LIST = rb"json\.(?:array!|[a-z_]\w*)[ (]+"
TOKEN = regex(
    rb"(?P<comment>(?m:^)[ \t]*#[^\n]*)"
    rb"|(?P<render>(?<![\w.@])(?:render|json\.partial!|json\.array!(?=[^\n]*partial:))(?![\w:])(?P<words>[^\n]{0,400}(?:,[ \t]*\n[^\n]{0,300}){0,6}))"
    rb"|(?:(?P<json>"
    + JSON_LIST
    + rb")(?P<list>"
    + CHAIN
    + rb")\)?[ \t]*(?P<jsonopen>do|\{)[ \t]*\|[ \t]*(?P<each>[a-z_]\w*)[^|\n]{0,80}\|)"
    rb"|(?P<assigned>(?<![\w.@:])@?[a-z_]\w*)[ \t]*(?:\|\|)?=(?![=~>])[ \t]*(?P<value>"
    + CHAIN
    + rb")[ \t]*(?=\n|%|$|;)"
    rb"|(?P<chain>(?<![\w.@:$])" + CHAIN + rb")(?:[ \t]*(?P<open>do|\{)[ \t]*" + _YIELDED + rb")?"
    rb"|(?P<brace>\{)|(?P<close>\})"
)
TELLING = (b".", b"=", b"|", b"render")  # one of these stands in a piece that is a step
SYMBOL = regex(rb"\(&:(?P<name>[a-z_]\w*)\)")
ARGUMENTS = regex(rb"\([^()]*\)")
POSITIONAL = regex(
    rb"^[ (]*(?:(?:partial:|:partial[ ]*=>)[ ]*)?(?:[\"'](?P<name>[\w/.-]+)[\"']|(?P<rows>@?[a-z_][\w.]*)(?![\w(:]))"
)
PARTIAL = regex(rb"(?<!\w):?partial:?[ ]*(?:=>)?[ ]*[\"'](?P<name>[\w/.-]+)[\"']")
COLLECTION = regex(rb"(?<!\w):?collection:?[ ]*(?:=>)?[ ]*(?P<rows>@?[a-z_]\w*(?:\.[a-z_]\w*)*)")
AS = regex(rb"(?<!\w):?as:?[ ]*(?:=>)?[ ]*:(?P<name>\w+)")
LOCAL = regex(
    rb"(?<![\w:])(?::?(?P<name>[a-z_]\w*)(?::[ ]*|[ ]*=>[ ]*)(?P<path>@?[a-z_]\w*(?:\.[a-z_]\w*)*))"
)
WORDS = frozenset({"partial", "collection", "as", "layout", "locals", "status", "formats", "handlers", "spacer_template", "cached"})  # fmt: skip
# Names that no rows stand behind.
PLAIN = frozenset(
    """
    params request session flash f form builder json xml t l if unless else elsif end do while until case when
    and or not in then return yield super nil true false self current_user helpers controller
    """.split()  # noqa: SIM905 - a table to be read
)
# Methods that give their block each item; other blocks are forms, captures and tags.
YIELDING = frozenset(
    """
    each map each_with_index each_with_object flat_map find_each collect select reject filter_map sort_by
    group_by detect any? all? sum partition find_all each_pair reverse_each filter min_by max_by uniq
    """.split()  # noqa: SIM905 - a table to be read
)
MAX_TOKENS = 3_000


class RubyCode:
    """Reads pieces of Ruby in their order; knows which loops stand open."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.blocks: list[str] = []  # `each`, or `` for any other block with an `end`
        self.left = MAX_TOKENS

    def read(self, start: int, end: int) -> bool:
        """One statement; whether it leaves a loop open that an `end` or the indentation closes."""
        braces: list[bool] = []  # of the braces open: whether a loop's
        left_open = False
        for match in TOKEN.finditer(self.steps.content, start, end):
            self.left -= 1
            if self.left < 0:
                return left_open
            if match.lastgroup == "chain" and b"." not in match[0]:
                continue  # a name alone
            at = match.start()
            if match["render"] is not None:
                self.render(match["words"], at)
            elif match["json"] is not None:
                self.steps.add("each", at, text(match["each"]), path_of(match["list"]))
                left_open = self.opened(match["jsonopen"], braces) or left_open
            elif match["assigned"] is not None:
                path = path_of(match["value"])
                self.steps.add("read", at, path=path)
                self.steps.add("with", at, text(match["assigned"]), path)
            elif match["chain"] is not None:
                left_open = self.chain(match["chain"], match["item"], match["open"], at, braces) or left_open  # fmt: skip
            elif match["brace"] is not None:
                braces.append(False)
            elif match["close"] is not None and braces and braces.pop():
                self.steps.add("end", at)
        for _ in range(sum(braces)):
            self.steps.add("end", end)
        return left_open

    def opened(self, word: bytes, braces: list[bool]) -> bool:
        if word == b"{":
            braces.append(True)
            return False
        return True

    def chain(
        self,
        written: bytes,
        item: bytes | None,
        word: bytes | None,
        at: int,
        braces: list[bool],
    ) -> bool:
        if item is None and b"." not in written:
            return False
        path = path_of(written)
        first, _, rest = path.partition(".")
        if item is not None and word is not None:
            if path.rpartition(".")[2] in YIELDING:
                self.steps.add("each", at, text(item), path)
                return self.opened(word, braces)
            braces += [False] if word == b"{" else []
        if first in PLAIN or not rest:
            return False
        self.steps.add("read", at, path=path)
        symbol = SYMBOL.search(written)
        if symbol is not None:  # `order.lines.map(&:product)`
            self.steps.add("each", at, "<item>", path_of(written[: symbol.start()]))
            self.steps.add("read", at, path=f"<item>.{text(symbol['name'])}")
            self.steps.add("end", at)
        return False

    def render(self, words: bytes, at: int) -> None:
        """`render @orders`, `render "order", order: o`, `render partial: "x", collection: xs, as: :y`."""
        words = words.partition(b"%>")[0]
        named = PARTIAL.search(words)
        first = POSITIONAL.match(words)
        name = text(named["name"]) if named is not None else ""
        if not name and first is not None and first["name"]:
            name = text(first["name"])
        collection = COLLECTION.search(words)
        alias = AS.search(words)
        given = tuple(
            (text(each["name"]), path_of(each["path"]))
            for each in LOCAL.finditer(words)
            if text(each["name"]) not in WORDS
        )
        for _, path in given:
            if "." in path:
                self.steps.add("read", at, path=path)
        given = tuple(
            (name.rpartition("/")[2].lstrip("_") if key == "object" else key, path)
            for key, path in given
        )
        if collection is None and named is not None and first is not None and first["rows"]:
            collection = first  # `json.array! @orders, partial: "orders/order", as: :order`
        if collection is not None:
            head = (text(alias["name"]), "") if alias is not None else ("", "")
            self.steps.add("include-each", at, name, path_of(collection["rows"]), (head, *given))
        elif name:
            self.steps.add("include", at, name, given=given)
        elif first is not None and first["rows"] and b"." not in first["rows"]:
            self.steps.add("include-each", at, "", path_of(first["rows"]), (("", ""), *given))


def path_of(written: bytes) -> str:
    """A chain of calls as a dotted path, arguments left out."""
    for _ in range(3):
        if b"(" not in written:
            break
        written = ARGUMENTS.sub(b"", written)
    return text(written.replace(b"&", b""))


def text(written: bytes) -> str:
    return written.decode("utf-8", "replace")
