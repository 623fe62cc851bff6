"""Whether an index serves what a query asks of a table: decided here, once, for all rules."""

from scaleaudit.index_use.combinations import wider
from scaleaudit.index_use.matching import few_values, is_foreign_key_served
from scaleaudit.index_use.queries import Judged, attributed, by_mention, judge_query
from scaleaudit.index_use.statements import add_indexes, create_index
from scaleaudit.index_use.verdict import Verdict, Why
from scaleaudit.index_use.verdicts import judge

__all__ = [
    "Judged",
    "Verdict",
    "Why",
    "add_indexes",
    "attributed",
    "by_mention",
    "create_index",
    "few_values",
    "is_foreign_key_served",
    "judge",
    "judge_query",
    "wider",
]
