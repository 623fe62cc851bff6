"""The methods of queries, by what they do. Source: SQLAlchemy's reference of `Query` and `Select`."""

from __future__ import annotations

FILTERS = frozenset({"filter", "where", "having"})
JOINS = frozenset({"join", "outerjoin", "join_from", "outerjoin_from", "leftjoin", "full_join"})
LIMITS = frozenset(
    {"limit", "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none",
     "paginate", "slice", "first_or_404", "one_or_404", "one_or_none_or_404", "fetch", "fetchone",
     "fetchmany", "exists", "get_or_404", "get"}
)  # fmt: skip
SKIPS = frozenset({"offset", "paginate"})
COUNTS = frozenset({"count"})
GROUPS = frozenset({"group_by", "distinct"})
STREAMS = frozenset({"yield_per", "partitions"})
# What comes after these is no longer a query.
ENDS = frozenset(
    {"all", "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "count",
     "get", "paginate", "first_or_404", "one_or_404", "get_or_404", "fetchall", "fetchone",
     "delete", "update", "fetchmany", "rowcount"}
)  # fmt: skip
LOADS = frozenset({"all", "fetchall", "to_list", "iterator"})
LOADERS = frozenset(
    {"joinedload", "selectinload", "subqueryload", "lazyload", "contains_eager", "immediateload",
     "eagerload", "joinedload_all", "subqueryload_all", "defaultload"}
)  # fmt: skip
READ_ALONG = LOADERS - {"lazyload", "contains_eager", "defaultload"}
HARMLESS = frozenset(
    {"options", "execution_options", "with_for_update", "correlate", "correlate_except", "params",
     "populate_existing", "enable_eagerloads", "autoflush", "prefix_with", "suffix_with",
     "with_hint", "add_columns", "add_column", "column", "add_entity", "with_only_columns",
     "with_entities", "label", "subquery", "cte", "alias", "as_scalar", "scalar_subquery",
     "select_from", "from_self", "offset", "returning", "values", "unique", "mappings", "tuples",
     "scalars", "all", "statement", "compile", "set_label_style", "apply_labels", "reset_joinpoint",
     "select", "lateral", "order_by", "with_session", "enable_assertions", "with_labels",
     "fetchall", "execute", "columns", "to_list", "on_conflict_do_nothing", "self_group", "delete",
     "update", "rowcount", "with_polymorphic", "bindparams", "reduce_columns", "add_criteria",
     "union", "union_all", "intersect", "except_", "is_", "in_", "keys", "with_transformation"}
)  # fmt: skip
# What makes a part of another query's row of a query.
INSIDE = frozenset({"scalar_subquery", "as_scalar", "exists", "lateral"})
AGGREGATES = frozenset({"count", "sum", "max", "min", "avg", "array_agg", "bool_or", "bool_and"})
# Functions and classes that read one page of the query that they are given.
PAGINATES = frozenset({"paginate", "apaginate", "Page", "Paginator", "Pagination"})
EXECUTES = frozenset(
    {"execute", "scalars", "scalar", "stream", "stream_scalars", "exec", "fetch_all", "fetch_one",
     "fetch_val", "iterate", "get_or_none", "paginate", "one_or_404", "first_or_404"}
)  # fmt: skip
FEW = frozenset({"scalar", "fetch_one", "fetch_val", *PAGINATES, "one_or_404", "first_or_404"})
