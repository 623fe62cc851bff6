"""How methods stand in files of C#, and how they say who runs them."""

from __future__ import annotations

from scaleaudit.languages.function_marks import ANY_CASE, ATTRIBUTE, ATTRIBUTE_HARMLESS
from scaleaudit.languages.function_names import Shape
from scaleaudit.languages.queued_calls import QUEUED_CSHARP
from scaleaudit.regex import regex

CSHARP = Shape(
    functions=frozenset({"method_declaration", "constructor_declaration"}),
    classes=frozenset(
        {"class_declaration", "record_declaration", "struct_declaration", "interface_declaration"}
    ),
    through=frozenset({"namespace_declaration", "declaration_list", "file_scoped_namespace_declaration"}),
    skipped=frozenset({"using_directive", "comment"}),
    bodies=frozenset({"declaration_list"}),
    openings=(b"(",),
    telling=ANY_CASE,
    tests=regex(rb"(?m)^\s*using (?:Xunit|NUnit|Microsoft\.VisualStudio\.TestTools|Moq|FluentAssertions)\b"),
    test_marks=(b"Xunit", b"NUnit", b"TestTools", b"Moq", b"FluentAssertions"),
    root_marks=(b"BackgroundService", b"IHostedService", b"IStartup", b"IJob", b"IInvocable", b"IConsumer", b"CapSubscribe", b"AutomaticRetry", b"DisableConcurrentExecution", b"Trigger", b"Authorize"),
    marked=ATTRIBUTE,
    harmless=ATTRIBUTE_HARMLESS,
    queued=QUEUED_CSHARP,
    asked=regex(rb"\b(?:HttpContext|HttpRequest|ServerCallContext|IActionResult|ActionResult|IResult)\b"),
    job=regex(
        rb"class \w+[^{]*:\s*[\w<>., ]*\b(?:BackgroundService|IHostedService|IStartupTask|IStartupFilter|IJob|IInvocable|IConsumer<)"
        rb"|\[(?:CapSubscribe|AutomaticRetry|DisableConcurrentExecution|TimerTrigger|QueueTrigger|ServiceBusTrigger)\b"
    ),
    staff=regex(rb"\[Authorize\(\s*Roles\s*=\s*\"(?i:super)?[aA]dmin(?:istrator)?s?\"\s*\)\]"),
)  # fmt: skip
