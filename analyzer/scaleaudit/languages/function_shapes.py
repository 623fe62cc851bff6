"""How functions stand in the files of each language, and how they say who runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.class_calls import OnClass
from scaleaudit.languages.function_names import Shape
from scaleaudit.languages.queued_calls import QUEUED_CSHARP
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

# Every function of every file is asked: expressions begin with fixed letters, and look behind them.
# Names of several words: one word alone may be any name, of a field, of another function.
SNAKE = regex(rb"_*[a-z][a-z0-9]*_\w{1,60}")
CAMEL = regex(rb"_*[a-z][a-z0-9]*[A-Z]\w{1,60}")
ANY_CASE = regex(rb"[A-Za-z][A-Z]*[a-z0-9]+[A-Z]\w{1,60}")

PYTHON_DECORATOR = regex(rb"@(?<![\w.)\]]@)([\w.]+)")
PYTHON_HARMLESS = regex(
    rb"(?:\w+\.)*(?:\w*property|staticmethod|classmethod|abstractmethod|atomic|on_commit|lru_cache|cache|cached|cache_\w+"
    rb"|cached_\w+|memoi[sz]e\w*|\w*contextmanager|wraps|overload|override|sync_to_async|async_to_sync|retry\w*|hybrid_method"
    rb"|setter|deleter|expression|comparator|timed|timeit|timer|traced?|log_\w+|deprecated|on_exception|final|no_type_check|validate_call"
    rb"|statsd\w*|metrics?|metered|measured?|monitor(?:ed)?|instrument(?:ed)?|profiled?|transactional|transaction|synchronized"
    rb"|(?:begin|provide|with|inject|use)_\w*session|singledispatch|silk_profile)"
)
JVM_ANNOTATION = regex(rb"@(?<!\w@)([\w.]+)")
JVM_HARMLESS = regex(
    rb"(?:\w+\.)*(?:Override|\w*Transactional|Nullable|N(?:ot|on)[Nn]ull|Suppress\w*|Deprecated|Query|NativeQuery|Modifying|Select|Update|Insert"
    rb"|Delete|Lock|EntityGraph|Cache\w+|Caching|Async|Retryable|Timed|Jvm\w+|Synchronized|SneakyThrows|VisibleForTesting|Param"
    rb"|QueryHints?|Autowired|PreAuthorize|PostAuthorize|Secured|RolesAllowed|Authorized|Results?|Sql\w+|Bind\w*|Nonnull|CheckReturnValue"
    rb"|Throws|Loggable|Logging|ResultMap|Options|SafeVarargs|SuppressFBWarnings|Value|Qualifier|Inject|Valid|Contract|Language|WithSpan|NewSpan|Observed|Counted|Trace\w*)"
)
TS_DECORATOR = PYTHON_DECORATOR
TS_HARMLESS = regex(
    rb"(?i)(?:transactional|inject\w*|span|traced?|log\w*|cache\w*|memoi[sz]e\w*|deprecated|retry\w*|measure\w*|withspan|override)"
)
ATTRIBUTE = regex(rb"\[(?<![\w\])>]\[)(?:\w+[\\.])*([A-Za-z]\w*)")
ATTRIBUTE_HARMLESS = regex(
    rb"Override|Pure|Deprecated|NoDiscard|SensitiveParameter|ReturnTypeWillChange|Obsolete|MethodImpl|DebuggerStepThrough"
    rb"|SuppressMessage|NotNull|MaybeNull|return|Conditional"
)

PYTHON = Shape(
    functions=frozenset({"function_definition"}),
    classes=frozenset({"class_definition"}),
    wrapping=frozenset({"decorated_definition"}),
    through=frozenset(
        {"if_statement", "else_clause", "try_statement", "except_clause", "block", "with_statement"}
    ),
    skipped=frozenset({"import_statement", "import_from_statement", "future_import_statement", "comment"}),
    bodies=frozenset({"block"}),
    openings=(b"def ",),
    telling=SNAKE,
    tests=regex(rb"(?m)^(?:import|from) (?:pytest|unittest|django\.test)\b|^@pytest\.|^[ ]{4}@pytest\."),
    test_marks=(b"pytest", b"unittest", b"django.test"),
    root_marks=(b"task", b"job", b"actor", b"cron", b"periodic", b"daily", b"hourly", b"nightly", b"staff", b"admin", b"manager_", b"moderator", b"uperuser", b"Admin", b"Staff", b".command", b"BaseCommand"),
    marked=PYTHON_DECORATOR,
    harmless=PYTHON_HARMLESS,
    asked=regex(rb"\(\s*(?:self,\s*)?_?request\b|\(\s*self,\s*request,\s*context\b"),
    job=regex(
        rb"@(?:[\w.]+\.)?(?:shared_task|task|periodic_task|db_task|db_periodic_task|actor|scheduled_job|cron|crontab)\b"
        rb"|@(?:[\w.]+\.)?job\b"
        rb"|@receiver\(\s*(?:signal\s*=\s*)?[\w.]*(?:periodic|cron|daily|hourly|nightly)\w*"
        rb"|\([^)\n]*\bCronJobBase\b"
    ),
    staff=regex(
        rb"@(?:[\w.]+\.)?(?:staff_member_required|(?:superuser|staff|admin|manager|moderator)s?_(?:required|only)|require_(?:super_?)?admin)\b"
        rb"|@user_passes_test\(\s*lambda \w+: \w+\.is_(?:staff|superuser)\b"
        rb"|@(?:click|typer|cli|manager|(?:\w+\.)*cli)\.command\b"
        rb"|^class [^:]{0,300}\b(?:Staff|Superuser|Admin)(?:User|Member)?Required\w*"
        rb"|\([^)\n]*\bBaseCommand\b"
    ),
    own_staff=regex(rb"permission_classes\s*=\s*[\[(]\s*(?:\w+\.)*IsAdminUser\s*,?\s*[\])]"),
    turned_away=regex(
        rb"\bif not (?:\w+\.)*user\.is_(?:staff|superuser)\b(?: and not (?:\w+\.)*user\.is_(?:staff|superuser)\b)?:\s*"
        rb"(?:raise\b|abort\(|return (?:\w+\.)*(?:HttpResponse(?:Forbidden|Redirect|NotFound)|redirect|permission_denied)\()"
    ),
)  # fmt: skip

RUBY = Shape(
    functions=frozenset({"method", "singleton_method"}),
    classes=frozenset({"class", "module"}),
    through=frozenset(
        {"body_statement", "singleton_class", "call", "do_block", "block", "argument_list", "begin", "program"}
    ),
    skipped=frozenset({"comment", "superclass"}),
    bodies=frozenset({"body_statement"}),
    openings=(b"def ",),
    telling=SNAKE,
    tests=regex(
        rb"(?m)^\s*RSpec\.|^describe |^require ['\"](?:rails_helper|spec_helper|test_helper|minitest/\w+)['\"]"
        rb"|^require_relative ['\"][./\w]*(?:test_helper|spec_helper)['\"]|< ActiveSupport::TestCase\b"
    ),
    test_marks=(b"RSpec", b"describe", b"_helper", b"minitest", b"TestCase"),
    root_marks=(b"Job", b"Worker", b"admin", b"staff", b"superuser"),
    sigils=b"@$",
    on_class=OnClass(
        regex(rb"[A-Z](?<!\w[A-Z])\w*+(\.[a-z][a-z0-9]*_\w{1,60})"),
        (b"class", b"klass", b"model", b"constantize"),
    ),
    job=regex(rb"<\s*(?:::)?(?:ApplicationJob|ActiveJob::Base|ApplicationWorker|Struct\.new\(.*\bDelayed)\b"),
    own_job=regex(rb"(?:include|prepend) (?:::)?Sidekiq::(?:Worker|Job)\b|include Shoryuken::Worker\b"),
    own_staff=regex(
        rb"before_action[ (]:(?:(?:require|ensure|authenticate|authorize|authorise|verify|check|must_be)_\w*"
        rb"(?:admin|staff|superuser)\w*[!?]?|(?:admin|staff|superuser)_(?:only|required)!?)\)?\s*\Z"
    ),
)  # fmt: skip

FUNCTION_VALUES = {"arrow_function", "function_expression", "generator_function"}
HOLDERS = {
    "variable_declarator", "pair", "field_definition", "public_field_definition",
    "assignment_expression",
}  # fmt: skip


def value_function(node: Node) -> Node | None:
    """The function that a name is given: plain, or as an argument of what wraps it."""
    if node.type not in HOLDERS:
        return None
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is None or value.type in FUNCTION_VALUES:
        return value
    given = value.child_by_field_name("arguments") if value.type == "call_expression" else None
    for each in given.named_children[:4] if given is not None else ():
        if each.type in FUNCTION_VALUES:
            return each
    return None


def exported(node: Node) -> bool:
    """`export { a, b }`, `module.exports = { a, b }`: the names alone, under which others use them."""
    if node.type == "export_clause":
        return all(each.child_by_field_name("alias") is None for each in node.named_children)
    if node.type == "shorthand_property_identifier":
        return node.parent is not None and _is_exports(node.parent)
    if node.type == "object" and _is_exports(node):
        return all(each.type == "shorthand_property_identifier" for each in node.named_children)
    return False


def _is_exports(node: Node) -> bool:
    left = node.parent.child_by_field_name("left") if node.parent is not None else None
    return left is not None and left.text in (b"module.exports", b"exports")


JAVASCRIPT = Shape(
    functions=frozenset({"function_declaration", "generator_function_declaration", "method_definition"}),
    classes=frozenset({"class_declaration", "abstract_class_declaration", "class"}),
    wrapping=frozenset(),
    through=frozenset(
        {"export_statement", "lexical_declaration", "variable_declaration", "variable_declarator",
         "expression_statement", "assignment_expression", "object", "pair", "internal_module",
         "statement_block", "as_expression", "satisfies_expression"}
    ),
    skipped=frozenset(
        {"import_statement", "comment", "interface_declaration", "type_alias_declaration"}
    ),
    bodies=frozenset({"class_body"}),
    openings=(b"=>", b"function", b") {", b"class ", b"export", b"):"),
    telling=CAMEL,
    tests=None,
    test_marks=(
        b"\ndescribe(", b"\ndescribe.", b"\ntest(", b"\nit(", b"\nsuite(", b"vitest", b"@jest/globals",
        b"@playwright/test", b"@nestjs/testing",
    ),
    root_marks=(b"@", b"WorkerHost"),
    idle=(b"useState(", b"useEffect(", b"use client", b"React.FC", b"@angular/core"),
    marked=TS_DECORATOR,
    harmless=TS_HARMLESS,
    asked=regex(rb"\(\s*_?(?:req|request)\b"),
    job=regex(
        rb"@(?:Cron|Interval|Timeout|Process|Processor|OnQueue\w+|OnWorkerEvent|EventPattern|SqsMessageHandler)\("
        rb"|extends(?<!\wextends) WorkerHost\b"
    ),
    staff=regex(
        rb"@Roles\(\s*(?:\w+\.|['\"])(?:SUPER_?)?ADMIN['\"]?\s*\)|@UseGuards\([^)]*\b\w*(?<!Non)(?<!Not)Admin(?:Auth)?Guard\b"
    ),
    beside=frozenset({"decorator"}),
    value=value_function,
    exported=exported,
)  # fmt: skip

JVM_JOB = (
    rb"@(?:Scheduled|KafkaListener|KafkaHandler|RabbitListener|RabbitHandler|JmsListener|SqsListener|PulsarListener"
    rb"|StreamListener|XxlJob|Recurring|Schedules?|PostConstruct|PreDestroy)\b"
    rb"|@(?:Incoming|JobWorker|ServiceActivator)\b"
    # What Spring makes once, to run when the program starts or as a batch.
    rb"|@Bean\b[^{]{0,300}\b(?:CommandLineRunner|ApplicationRunner|Tasklet|IntegrationFlow)\b"
    rb"|@EventListener\(\s*(?:(?:classes|value)\s*=\s*)?\{?\s*Application(?:Ready|Started|Prepared)Event\b"
)
JVM_ASKED = rb"(?:H(?<!\wH)ttpServlet(?:Request|Response)|S(?<!\wS)(?:erverRequest|erverWebExchange|treamObserver)"
JVM_STAFF = (
    rb"@PreAuthorize\(\s*\"hasRole\('(?:ROLE_)?(?:SUPER_?)?ADMIN'\)\"\s*\)"
    rb"|@(?:Secured|RolesAllowed)\(\s*\{?\s*\"(?:ROLE_)?(?:SUPER_?)?ADMIN\"\s*\}?\s*\)"
)
JVM_TESTS = regex(
    rb"(?m)^import (?:static )?(?:org\.junit|org\.testng|io\.kotest|kotlin\.test|org\.mockito)\b"
)

JVM_TEST_MARKS = (b"junit", b"testng", b"kotest", b"kotlin.test", b"mockito")
JVM_ROOT_MARKS = (b"@", b"Job", b"Tasklet", b" Item", b"Runner")

JAVA = Shape(
    functions=frozenset({"method_declaration", "constructor_declaration", "compact_constructor_declaration"}),
    classes=frozenset(
        {"class_declaration", "interface_declaration", "enum_declaration", "record_declaration"}
    ),
    through=frozenset({"enum_body_declarations"}),
    skipped=frozenset({"import_declaration", "package_declaration", "line_comment", "block_comment"}),
    bodies=frozenset({"class_body", "interface_body", "enum_body"}),
    openings=(b"(",),
    telling=ANY_CASE,
    tests=JVM_TESTS,
    test_marks=JVM_TEST_MARKS,
    root_marks=JVM_ROOT_MARKS,
    marked=JVM_ANNOTATION,
    harmless=JVM_HARMLESS,
    asked=regex(JVM_ASKED + rb")\b"),
    job=regex(
        JVM_JOB + rb"|extends(?<!\wextends) QuartzJobBean\b"
        rb"|implements(?<!\wimplements) [\w<>, .]*\b(?:Job|Tasklet|CommandLineRunner|ApplicationRunner|StatefulJob|InterruptableJob|ItemReader|ItemWriter|ItemProcessor)\b"
    ),
    staff=regex(JVM_STAFF),
)  # fmt: skip

KOTLIN = Shape(
    functions=frozenset({"function_declaration", "secondary_constructor"}),
    classes=frozenset({"class_declaration", "object_declaration", "companion_object"}),
    through=frozenset({"ERROR"}),
    skipped=frozenset({"import", "package_header", "line_comment", "block_comment"}),
    bodies=frozenset({"class_body", "enum_class_body"}),
    openings=(b"fun ",),
    telling=ANY_CASE,
    tests=JVM_TESTS,
    test_marks=JVM_TEST_MARKS,
    root_marks=JVM_ROOT_MARKS,
    marked=JVM_ANNOTATION,
    harmless=JVM_HARMLESS,
    asked=regex(JVM_ASKED + rb"|A(?<!\wA)pplicationCall)\b"),
    job=regex(
        JVM_JOB
        + rb"|\)?\s*:\s*[\w<>(), .]*\b(?:Job|Tasklet|QuartzJobBean|CommandLineRunner|ApplicationRunner)\b\(?\)?\s*\Z"
    ),
    staff=regex(JVM_STAFF),
)

PHP = Shape(
    functions=frozenset({"function_definition", "method_declaration"}),
    classes=frozenset(
        {"class_declaration", "trait_declaration", "interface_declaration", "enum_declaration"}
    ),
    through=frozenset({"namespace_definition", "compound_statement", "if_statement"}),
    skipped=frozenset({"namespace_use_declaration", "php_tag", "comment"}),
    bodies=frozenset({"declaration_list", "enum_declaration_list"}),
    openings=(b"function ",),
    telling=CAMEL,
    tests=regex(rb"(?m)^use (?:PHPUnit\\|Tests\\|Pest\\)|extends (?:\w+\\)*TestCase\b"),
    test_marks=(b"PHPUnit", b"Tests\\", b"Pest\\", b"TestCase"),
    root_marks=(b"ShouldQueue", b"AsMessageHandler", b"AsCronTask", b"AsPeriodicTask", b"Command", b"IsGranted", b"prunable"),
    sigils=b"$",
    needs=(b"function", b"->", b"::"),
    marked=ATTRIBUTE,
    harmless=ATTRIBUTE_HARMLESS,
    asked=regex(rb"[(\s]\w*Request(?:Interface)? \$"),
    job=regex(
        rb"\bimplements [\w\\, ]*\bShouldQueue\b|#\[(?:AsMessageHandler|AsCronTask|AsPeriodicTask)\b"
        rb"|\bfunction prunable\(\)"  # what `model:prune` deletes, as a schedule calls it
    ),
    staff=regex(rb"\bextends (?:\\?\w+\\)*(?:Command|ContainerAwareCommand)\b|#\[AsCommand\b|#\[IsGranted\('ROLE_(?:SUPER_)?ADMIN'\)"),
)  # fmt: skip

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
