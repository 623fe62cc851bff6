"""Goroutines that outlive the request that started them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import WorkSpawned
from scaleaudit.languages.go.candidates import go_statements
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

# Parameters that only handlers of requests have.
HANDLER_TYPES = {
    "net/http.ResponseWriter",
    "github.com/gin-gonic/gin.Context",
    "github.com/labstack/echo.Context",
    "github.com/gofiber/fiber.Ctx",
    "github.com/valyala/fasthttp.RequestCtx",
    "github.com/julienschmidt/httprouter.Params",
    "github.com/kataras/iris.Context",
    "github.com/astaxie/beego/context.Context",
}
# The handler waits for the goroutine, or the goroutine serves the open connection itself.
AWAITED = regex(
    r"\.Wait\(\)|<-\s*\w|select\s*\{|\brange\s+(results?|ch\w*|out\w*|errs?)\b|\.Upgrade\(|\.Hijack\("
    r"|io\.Pipe\(|\.CopyTo\(|websocket\."
)


def work_spawned(reader: GoReader) -> Iterator[Fact]:
    if not HANDLER_PACKAGES.intersection(reader.imports.values()):
        return
    for node in go_statements(reader.content, reader.root):
        handler = handler_around(reader, node)
        if handler is None or AWAITED.search(reader.text(handler)):
            continue
        call = node.named_children[0] if node.named_children else node
        function = call.child_by_field_name("function")
        named = function is not None and function.type != "func_literal"
        yield WorkSpawned(
            at=reader.span(node),
            library="go",
            what=reader.text(function)[:80] if function is not None and named else "",
            in_handler=True,
            scope=reader.scope(node),
        )


HANDLER_PACKAGES = {name.rpartition(".")[0] for name in HANDLER_TYPES}


def handler_around(reader: GoReader, node: Node) -> Node | None:
    """The function around a node that takes what only handlers take."""
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            holder = above.child_by_field_name("parameters")
            for parameter in holder.named_children if holder is not None else ():
                declared = parameter.child_by_field_name("type")
                if reader.receivers.type_name(declared) in HANDLER_TYPES:
                    return above
    return None
