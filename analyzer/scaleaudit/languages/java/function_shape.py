"""How methods stand in files of Java, and how they say who runs them; Kotlin has much of it."""

from __future__ import annotations

from scaleaudit.languages.function_marks import ANY_CASE
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

JVM_ANNOTATION = regex(rb"@(?<!\w@)([\w.]+)")
JVM_HARMLESS = regex(
    rb"(?:\w+\.)*(?:Override|\w*Transactional|Nullable|N(?:ot|on)[Nn]ull|Suppress\w*|Deprecated|Query|NativeQuery|Modifying|Select|Update|Insert"
    rb"|Delete|Lock|EntityGraph|Cache\w+|Caching|Async|Retryable|Timed|Jvm\w+|Synchronized|SneakyThrows|VisibleForTesting|Param"
    rb"|QueryHints?|Autowired|PreAuthorize|PostAuthorize|Secured|RolesAllowed|Authorized|Results?|Sql\w+|Bind\w*|Nonnull|CheckReturnValue"
    rb"|Throws|Loggable|Logging|ResultMap|Options|SafeVarargs|SuppressFBWarnings|Value|Qualifier|Inject|Valid|Contract|Language|WithSpan|NewSpan|Observed|Counted|Trace\w*)"
)

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
