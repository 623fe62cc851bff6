"""Active Record's methods, by what they do to a query."""

from __future__ import annotations

from scaleaudit.languages.engine import prefix_tree
from scaleaudit.regex import regex

FRAMEWORK = "activerecord"

FILTERS = frozenset(
    ["where", "where!", "find_by", "find_by!", "rewhere", "exists?", "find_sole_by", "invert_where",
     "where_all", "where_each", "where_single_value"]  # the last three are Sequel's
)  # fmt: skip
# Sequel's, when they are given attributes.
BY_ATTRIBUTES = frozenset(["first", "first!", "find", "last", "filter"])
TABLE_JOINS = frozenset(["join", "inner_join", "left_join", "left_outer_join", "join_table"])
# ROM's, on the relation of a table: they say how rows are shown, or give the only one.
ROM_SHOWS = frozenset(
    [
        "map_to",
        "map_with",
        "as",
        "aggregate",
        "combine",
        "node",
        "wrap",
        "project",
        "qualified",
        "rename",
    ]
)
ROM_ONE = frozenset(["one", "one!", "exist?"])
# They look for a row by these attributes, and make one where there is none.
LOOK_UPS = frozenset(
    [
        "find_or_create_by",
        "find_or_create_by!",
        "find_or_initialize_by",
        "create_or_find_by",
        "create_or_find_by!",
        "find_or_new_by",
        "find_or_create",  # Sequel's
        "find_or_new",
    ]
)
# Their blocks are given rows, or fill in a new one.
ROW_BLOCKS = LOOK_UPS | {"where_all", "where_each"}
SORTS = frozenset(
    [
        "order",
        "order!",
        "reorder",
        "reorder!",
        "order_by",
        "in_order_of",
        "order_append",
        "order_prepend",
        "order_more",
        "reverse",
    ]
)
JOINS = frozenset(
    ["joins", "joins!", "left_joins", "left_outer_joins", "includes", "preload", "eager_load", "eager_graph", "eager", "association_join", "association_inner_join",
     "association_left_join", "references"]
)  # fmt: skip
HARMLESS = frozenset(
    ["all", "readonly", "lock", "select", "strict_loading", "extending", "annotate", "unscope", "offset",
     "having", "none", "from", "with", "includes_values", "distinct", "uniq", "scoped", "load", "optimizer_hints",
     "reverse_order", "reselect", "tap", "then", "unscoped", "with_deleted", "only", "except",
     "create_with", "reload", "spawn", "clone", "dup", "freeze", "load_async", "to_relation", "reset",
     # Sequel's
     "dataset", "for_update", "for_share", "skip_locked", "nowait", "naked", "qualify", "unordered", "select_all",
     "select_append", "select_more", "returning", "server", "from_self", "insert_conflict", "exists"]
)  # fmt: skip
GROUPS = frozenset(["group", "distinct", "uniq", "group_and_count", "select_group", "group_append"])
# What Sequel's data sets end with; on a class or with other arguments it may be anything.
ONE_VALUE = frozenset(["single_record", "single_record!", "single_value", "single_value!", "get"])
ROW_CHANGES = frozenset(["delete", "destroy", "update"])
LIMITS = frozenset(
    ["limit", "page", "per", "paginate", "per_page", "find", "find_by", "find_by!", "find_sole_by", "sole",
     "where_single_value", "exists?", "any?", "none?", "empty?", "pick", "many?", "one?", "first_or_create", "first_or_create!",
     "first_or_initialize", "include?", "member?"]
)  # fmt: skip
SKIPS = frozenset(["offset", "page", "paginate"])  # also Kaminari's and will_paginate's
# What gives one record, or none.
ONE = frozenset(
    ["first", "first!", "last", "last!", "take", "take!", "find", "find_by", "find_by!", "find_sole_by",
     "sole", "second", "third", "fourth", "fifth", "second_to_last", "third_to_last", "first_or_create",
     "first_or_create!", "first_or_initialize", "get!", "with_pk", "with_pk!", "new", "create", "create!", "build",
     *LOOK_UPS]
)  # fmt: skip
MAKES = frozenset(["new", "create", "create!", "build", "insert", "insert_all", "insert_all!", "upsert",
                   "upsert_all", "insert!", "import", "import!", "multi_insert"])  # fmt: skip
CREATES = frozenset(["create", "create!"])
COUNTS = frozenset(
    ["count", "sum", "average", "minimum", "maximum", "calculate", "async_count", "async_sum", "size",
     "total_count", "total_entries", "length"]
)  # fmt: skip
BATCHES = frozenset(
    [
        "find_each",
        "find_in_batches",
        "in_batches",
        "each_row",
        "each_instance",
        "find_in_chunks",
        "paged_each",
    ]
)
DELETES = frozenset(["delete_all", "destroy_all", "delete_by", "destroy_by", "really_destroy_all!"])
CHANGES = frozenset(["update_all", "touch_all", "update_counters", "increment_counter"]) | DELETES
# What is no association of a record's.
METHODS = (
    CHANGES
    | MAKES
    | FILTERS
    | LOOK_UPS
    | SORTS
    | JOINS
    | frozenset(["limit", "not", "or", "merge"])
)
# From here on it is an object of Ruby's own: all rows are read.
LOADS = frozenset(
    """
    to_a to_ary load each map each_with_index each_with_object flat_map pluck ids as_json to_json group_by
    index_by sort_by filter_map to_set inject reduce collect each_slice partition find_all entries records
    to_h sum_by detect reject sort min_by max_by min max compact join uniq_by collect_concat zip all?
    index_with each_entry each_cons inspect each_value each_pair present? blank? presence in_groups_of
    shuffle sample flatten reverse push concat to_xml to_csv sum_of tally take_while drop_while first_n
    map! select! reject! empty collect! uniq! values keys to_sentence cycle lazy find_index rindex
    where_all where_each select_map select_order_map select_hash select_hash_groups as_hash to_hash delete_if keep_if permutation combination
    """.split()  # noqa: SIM905 - a table to be read
)
# What says how the query is run or written, not what it finds.
NOT_READING = frozenset(["to_sql", "sql", "select_sql", "delete_sql", "update_sql", "arel", "explain", "model", "klass", "table_name", "connection", "class",
                         "arel_table", "quoted_table_name", "column_names", "cache_key", "logger", "name"])  # fmt: skip
FINDER = regex(r"find_(?P<many>all_|last_)?by_(?!sql\b)(?P<names>[a-z_]\w*?)(?P<bang>!?)")
MADE_FINDER = regex(r"find_or_(?:create|initialize)_by_(?P<names>[a-z_]\w*?)!?")
MAKING = regex(r"find_or_create(?:_by|$)|create_or_find_by|first_or_create|find_or_new_by")
# Options of finders before Rails 4: `find(:all, :conditions => ..)`.
OLD_OPTIONS = frozenset(
    [
        "conditions",
        "order",
        "limit",
        "include",
        "joins",
        "group",
        "select",
        "offset",
        "having",
        "per_page",
    ]
)
# Methods that only Active Record has by these names; without one it may be any class.
CERTAIN = frozenset(
    ["where", "where!", "find_by", "find_by!", "order", "order!", "reorder", "includes", "preload", "eager_load", "joins", "left_joins",
     "left_outer_joins", "find_each", "in_batches", "find_in_batches", "pluck", "rewhere", "update_all",
     "delete_all", "destroy_all", "delete_by", "destroy_by", "exists?", "unscoped", "first_or_create",
     "first_or_create!", "first_or_initialize", "pick", "find_sole_by", "where_all", "where_each",
     "where_single_value", *LOOK_UPS]
)  # fmt: skip
# In a method of a class, what is asked of its rows.
ALONE_ON_CLASS = (
    CERTAIN
    | HARMLESS
    | LIMITS
    | JOINS
    | {"find", "all", "count", "first", "last", "sum", "maximum", "minimum"}
)
_SEARCHED = {
    name.rstrip("?!")
    for name in (CERTAIN | MAKES | {"limit", "page", "paginate", "unscope", "reverse_order"})
    - {"unscoped", "new"}
}
_CALL = (
    rb"(?P<name>(?:" + prefix_tree(_SEARCHED).encode() + rb")[?!]?(?![\w?!:]|[ \t]*=[^=~>])"
    rb"|find_(?:all_|last_|or_\w+_)?by_[a-z_]\w*!?(?=[ (]))"
)
AFTER_A_DOT = regex(rb"\.(?:[ \t]*\n[ \t]*)?" + _CALL)
# On the class around. The signs before it are spelled out, since `\s` would make the search twice as long.
ALONE = regex(rb"[ \n\t(!\[{|,\r\f\v]" + _CALL)
# Options of finders before Rails 4, inside a call that is one.
OPTION = regex(
    rb":(?<![\w:]:)(?:conditions|order)[ \t]*=>|c(?<![\w:]c)onditions:[ ]|o(?<![\w:]o)rder:[ ]"
)
OPTIONED = frozenset(
    ["find", "all", "first", "last", "count", "sum", "maximum", "minimum", "average", "exists?", "paginate",
     "find_each", "find_in_batches", "delete_all", "destroy_all", "calculate"]
)  # fmt: skip
# `user.devices.active`: what may be a scope of the relation's.
SCOPED = regex(
    rb"\.([a-z_]\w*(?:s|ren|people|data|_dataset))\.([a-z_]\w{2,60})(?![\w?!:]|[ \t]*=[^=~>])"
)
NO_SCOPES = METHODS | HARMLESS | LIMITS | ONE | COUNTS | BATCHES | LOADS | NOT_READING | frozenset(
    """
    each push append add delete include key fetch dig store merge update replace insert clear shift unshift
    pop slice values_at keep_if to_s to_i to_sym downcase upcase strip split gsub sub match start_with end_with
    id ids name type class send public_send respond_to nil empty any all none blank present errors messages
    full_messages message default permit require params build new create save destroy save_all valid
    concat dup freeze tap then try itself object_id hash inspect method instance_of is_a humanize titleize
    parameterize constantize singularize pluralize camelize underscore to_param to_time to_date to_f to_json
    join each_key each_pair has_key transform_keys transform_values compact_blank excluding without including
    second third length size sum uniq sort sort_by reverse rotate flatten first last min max minmax zip
    build_stubbed attributes headers body code status config options logger root path to_path host url
    ago from_now since until hours minutes seconds days weeks months years set get call perform_later
    perform_async deliver_later deliver_now html_safe safe_join presence in groups_of
    """.split()  # noqa: SIM905 - a table to be read
)  # fmt: skip
# A call on a constant, up to the dot of the next call. It begins with a letter from a fixed set and gives
# nothing back, which is what makes the search fast.
_FIRST = rb"[A-Z](?<![\w.:@$][A-Z])"
_ON_CLASS = (
    rb"(?:\w*+::(?:[A-Z]\w*+::){0,3}[A-Z])?(?=[A-Z0-9_]*+[a-z])\w*+\s{0,40}+\."
    rb"(?P<scope>[a-z_]\w{2,60}+)(?:\([^()\n]{0,80}\))?\s{0,60}+(?P<dot>\.)"
)
_NEXT = rb"([a-z_]\w{2,60})(?![\w?!:])"
ON_CLASS = regex(_FIRST + rb"(?=" + _ON_CLASS + rb")")
# `Order.recent.page(2)`: a scope of a model's, and how much of it is read.
READ_ON = regex(
    rb"(?:page|paginate|limit|per|first|last|take|count|find_each|in_batches|each|map|to_a|pluck|any\?|none\?|size|all|ids)\b"
)
# A part of the model's own on another: `Order.of(user).open`.
NARROWED_ON = regex(_NEXT)
SCOPED_TWICE = regex(_FIRST + _ON_CLASS + _NEXT)
# `list.merge(Order.open)`
MERGED = regex(rb"\.merge\(\s{0,20}((?:[A-Z]\w*::){0,4}[A-Z]\w*)\.([a-z_]\w{2,60})(?![\w?!:])")
# What cuts the list that it is given into pages.
PAGER = regex(rb"(?<![\w.:@])(pagy(?:_\w+)?|paginate(?:_\w+)?)[ (]")
PAGERS = regex(r"pagy(?:_\w+)?|paginate(?:_\w+)?")
# Sequel's `Order.first(code: x)`, `Order[code: x]`, `DB[:orders]`.
_COMPARED = (
    rb"[\"'][\w. (`]{1,60}(?:[<>=!]|\s(?i:is|in|like|between|not)\b)"  # `filter("a > ?", x)`
)
ATTRIBUTED = regex(
    rb"\.(?:(?:first!?|find|last|filter|exclude)\([ ]*(?=\w+:[ ]|:\w+[ ]*=>)|filter\([ ]*(?="
    + _COMPARED
    + rb")|filter[ ]?(?=\{[ \n]*[\w(])|reverse\((?=:\w))"  # `filter { a > x }`, `reverse(:at)`
)
OWN_ROW = regex(  # in its class
    rb"(?<=[\s(!])(?:(?:first!?|find|filter)\([ ]*(?=\w+:[ ]|:\w+[ ]*=>)|filter\([ ]*(?="
    + _COMPARED
    + rb"))"
)
LOOKED_UP = regex(rb"(\[)(?=[a-z_]\w*:[ \],]|:\w+[ ]*=>|Sequel\.function\()")
TABLE = regex(
    rb"(?:(?<![\w.])(?:@?(?:db|database)|(?:[A-Z]\w*::)*DB)|(?<=\w\.)db)(?:(\[):\w+\]|\.from\(:\w+\))\."
)
DATABASES = regex(r"@?(?:db|database)|(?:\w+::)*DB|[\w.:@]{1,80}\.db")
# Before `[:orders]`.
HANDLES = regex(r"(?:[\w.:@]{1,80}\.|@)?(?:db|database|conn|connection|relations)|(?:\w+::)*DB")
MADE = regex(rb"\.new\b(?![\w?!:=])")  # where the file saves what it makes
# `@orders = Order.all`: what a view goes through, in a controller that asks for nothing else.
ALL_KEPT = regex(rb"@[a-z_]\w{0,60}\s{0,4}(?:\|\|)?=\s{0,4}[A-Z][\w:]{0,120}\.all\b")
# One of these stands in every file that asks for anything.
MARKS = (
    b"where", b"find_by", b"order", b"joins", b"includes", b"pluck", b"find_each", b"exists?", b"_all",
    b"find_or_", b":conditions", b"conditions:", b"delete_by", b"destroy_by", b"first_or_", b".create", b".save",
    b".build", b"in_batches", b"preload", b"eager_load", b".pick", b"limit", b"dataset", b"Sequel", b"DB[", b".first", b".find(", b".filter", b".reverse(",
    b".page(", b"paginate", b"pagy",
)  # fmt: skip
