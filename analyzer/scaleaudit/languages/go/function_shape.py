"""How functions stand in files of Go, and how they say who runs them."""

from __future__ import annotations

from scaleaudit.languages.function_marks import ANY_CASE
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

GO_CONTEXT = rb"\.(?:Context|Ctx|HandlerFunc)\b"
GO = Shape(
    functions=frozenset({"function_declaration", "method_declaration"}),
    classes=frozenset(),
    through=frozenset(),
    skipped=frozenset({"import_declaration", "package_clause", "type_declaration", "comment"}),
    bodies=frozenset(),
    openings=(),
    telling=ANY_CASE,
    tests=regex(rb"\*testing\.[TBFM]\b"),
    test_marks=(b"testing.",),
    root_marks=(b"time.NewTicker(", b"time.Tick(", b"icker.C"),
    asked=regex(
        rb"http\.(?:ResponseWriter|Request|HandlerFunc)\b"
        rb"|gin(?<!\wgin)"
        + GO_CONTEXT
        + rb"|echo(?<!\wecho)"
        + GO_CONTEXT
        + rb"|fiber(?<!\wfiber)"
        + GO_CONTEXT
        + rb"|iris(?<!\wiris)"
        + GO_CONTEXT
        + rb"|beego(?<!\wbeego)"
        + GO_CONTEXT
        + rb"|pb(?<!\wpb)\.\w|pb(?<=\wpb)\.\w+Request\b|emptypb(?<!\wemptypb)\."
        rb"|ctx(?<!\wctx) context\.Context, \w* ?\*?\w+pb\.\w|connect\.Request\b|\*graphql\.|grpc(?<!\wgrpc)\.ServerStream"
    ),
    inner_job=regex(
        rb"(?![^\n]*(?:http\.|gin\.|echo\.|fiber\.|websocket|connect\.|grpc\.|[Rr]equest|[Rr]esponse))"
        rb"[^\0]*(?:\btime\.(?:NewTicker|Tick)\(|(?:\brange |<-\s*)(?:\w+\.)*\w*[tT]icker\.C\b)"
    ),
)
