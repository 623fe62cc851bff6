"""How functions stand in files of Python, and how they say who runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.function_marks import DECORATOR, SNAKE
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node


def exported(node: Node) -> bool:
    """`__all__ = ["ship_order"]`: what a module hands on, which calls nothing."""
    said = node.children[0] if node.type == "expression_statement" and node.children else node
    if said.type not in ("assignment", "augmented_assignment"):
        return False
    left = said.child_by_field_name("left")
    return left is not None and left.text == b"__all__"


PYTHON_HARMLESS = regex(
    rb"(?:\w+\.)*(?:\w*property|staticmethod|classmethod|abstractmethod|atomic|on_commit|lru_cache|cache|cached|cache_\w+"
    rb"|cached_\w+|memoi[sz]e\w*|\w*contextmanager|wraps|overload|override|sync_to_async|async_to_sync|retry\w*|hybrid_method"
    rb"|setter|deleter|expression|comparator|timed|timeit|timer|traced?|log_\w+|deprecated|on_exception|final|no_type_check|validate_call"
    rb"|statsd\w*|metrics?|metered|measured?|monitor(?:ed)?|instrument(?:ed)?|profiled?|transactional|transaction|synchronized"
    rb"|(?:begin|provide|with|inject|use)_\w*session|singledispatch|silk_profile)"
)

PYTHON = Shape(
    functions=frozenset({"function_definition"}),
    exported=exported,
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
    marked=DECORATOR,
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
