"""The methods of Laravel's query builders, by what they do to a query."""

from __future__ import annotations

# First words of conditions; `or` in front joins by OR.
COMPARING = frozenset({"where", "whereNot", "firstWhere", "having"})
# What base classes of repositories have: those of l5-repository, and alike.
FINDERS_AMONG = {"findWhereIn": "in", "findWhereNotIn": "not-in", "findWhereBetween": "between"}
FINDERS = frozenset(FINDERS_AMONG) | {
    "findWhere", "findFirstWhere", "findOneWhere", "findAllWhere", "findByField", "findFirstByField", "findBy",
    "findOneBy", "findAllBy",
}  # fmt: skip
EQUAL_DATE = {
    "whereDate": "date",
    "whereDay": "day",
    "whereMonth": "month",
    "whereYear": "year",
    "whereTime": "time",
}
MEMBERSHIP = {
    "whereIn": "in",
    "whereNotIn": "not-in",
    "whereIntegerInRaw": "in",
    "whereIntegerNotInRaw": "not-in",
    "whereBetween": "between",
    "whereNotBetween": "!=",
    "whereLike": "like",
    "whereNotLike": "search",
    "whereFullText": "search",
    "whereJsonContains": "search",
    "whereJsonDoesntContain": "search",
    "whereJsonLength": "search",
    "whereNull": "is-null",
    "whereNotNull": "is-not-null",
    "whereBeforeToday": "<",
    "whereAfterToday": ">",
    "wherePast": "<",
    "whereFuture": ">",
    "whereNowOrPast": "<=",
    "whereNowOrFuture": ">=",
}
ANY_OF = {"whereAny": True, "whereAll": False}
RELATED = frozenset(
    {"whereHas", "whereRelation", "withWhereHas", "whereHasMorph", "whereAttachedTo"}
)
WITHOUT = frozenset({"whereDoesntHave", "doesntHave", "has", "whereExists", "whereNotExists",
                     "whereDoesntHaveMorph", "whereMorphDoesntHaveRelation",
                     "whereDoesntHaveRelation", "whereKeyNot", "whereMorphedTo", "hasMorph"})  # fmt: skip
SORTS = {"orderBy", "orderByDesc", "reorder", "latest", "oldest", "reorderDesc"}
GROUPS = frozenset({"groupBy", "groupByRaw", "distinct"})
JOINS = frozenset({"join", "leftJoin", "rightJoin", "joinWhere", "leftJoinWhere"})
OTHER_JOINS = frozenset({"crossJoin", "joinSub", "leftJoinSub", "rightJoinSub", "joinLateral", "fromSub", "fromRaw",
                         "union", "unionAll", "mergeConstraintsFrom"})  # fmt: skip
LOADS = frozenset(
    {"with", "load", "loadMissing", "withCount", "loadCount", "withExists", "withOnly"}
)
OFFERED = frozenset({"allowedFilters", "allowedSorts"})
OFFERS = ("::exact", "::partial", "::field", "::beginsWithStrict")
# What a query goes without that every other query of the model has; `*` is all of it.
LIFTED = {"withTrashed": "softDeletes", "onlyTrashed": "softDeletes", "withoutGlobalScopes": "*",
          "newQueryWithoutScopes": "*", "withoutGlobalScope": "globalScope"}  # fmt: skip
OPTIONS = frozenset({"when", "unless"})
LIMITS = frozenset({"limit", "take", "forPage"})
SKIPS = frozenset({"offset", "skip", "forPage", "paginate", "simplePaginate", "fastPaginate"})
# Methods after which the rows are there, by what they say of them.
BY_KEY = frozenset({"find", "findOrFail", "findOr", "findOrNew", "findMany"})
ENDS_LIMITED = BY_KEY | frozenset(
    ["first", "firstOrFail", "firstOr", "firstOrNew", "sole", "value", "soleValue", "exists", "doesntExist", "existsOr", "doesntExistOr", "paginate",
     "simplePaginate", "cursorPaginate", "firstWhere", "fastPaginate"]
)  # fmt: skip
ENDS_COUNTED = frozenset({"count", "sum", "avg", "average", "min", "max", "numericAggregate"})
ENDS_STREAMED = frozenset({"cursor", "chunk", "chunkById", "chunkByIdDesc", "chunkMap", "each", "eachById", "lazy",
                           "lazyById", "lazyByIdDesc"})  # fmt: skip
ENDS_WHOLE = frozenset({"get", "all", "pluck", "implode", "getModels", "modelKeys"})
ENDS_CHANGED = frozenset({"update", "increment", "decrement", "touch", "restore", "incrementEach"})
ENDS_DELETED = frozenset({"delete", "forceDelete", "truncate"})
ENDS_INSERTED = frozenset({"create", "createMany", "insert", "insertGetId", "insertOrIgnore", "upsert", "forceCreate",
                           "save", "saveMany", "insertUsing", "createQuietly"})  # fmt: skip
# Looks for a row by the members of the first argument, and makes it where there is none.
FIND_OR_MAKE = frozenset(
    {"firstOrCreate", "updateOrCreate", "firstOrNew", "updateOrInsert", "createOrFirst"}
)
NO_ROWS = frozenset({"toSql", "toRawSql", "make", "attach", "detach", "sync", "syncWithoutDetaching", "toggle",
                     "associate", "dissociate", "updateExistingPivot", "getModel", "newInstance", "factory",
                     "getTable", "getKey", "getKeyName", "observe", "mixin", "macro", "withoutEvents", "getQuery",
                     "addGlobalScope", "creating", "created", "updating", "updated", "saving", "saved", "deleting",
                     "deleted", "resolveRelationUsing", "preventLazyLoading", "unguard", "unguarded", "boot",
                     "shouldReceive", "search", "morphMap", "getForeignKeyName", "instance"})  # fmt: skip
# Methods that change nothing of what is looked up.
HARMLESS = frozenset(
    ["query", "newQuery", "newModelQuery", "newQueryWithoutScopes", "select", "addSelect", "selectRaw", "selectSub",
     "withTrashed", "withoutTrashed", "lockForUpdate", "sharedLock", "lock", "withoutGlobalScopes", "from", "onWriteConnection",
     "withoutGlobalScope", "toBase", "clone", "offset", "skip", "useWritePdo", "on", "setModel", "tap", "without",
     "withCasts", "withSum", "withMax", "withMin", "withAvg", "withAggregate", "withPivot", "as", "using", "getBaseQuery",
     "withTimestamps", "afterQuery", "dump", "dd", "ddRawSql", "applyScopes", "beforeQuery", "withDefault",
     "havingRaw", "orHaving", "havingNull", "having", "havingBetween", "groupByRaw", "inRandomOrder", "chaperone",
     "setEagerLoads", "hydrate", "qualifyColumn", "ofMany", "latestOfMany", "oldestOfMany", "remember",
     "useIndex", "forceIndex", "ignoreIndex", "sortBy", "straightJoin", "getEloquentBuilder", "crossJoinSub"]
)  # fmt: skip
ENDS = (
    ENDS_LIMITED
    | ENDS_COUNTED
    | ENDS_STREAMED
    | ENDS_WHOLE
    | ENDS_CHANGED
    | ENDS_DELETED
    | ENDS_INSERTED
    | FIND_OR_MAKE
)
# Methods by which one can tell a builder from any other object.
CERTAIN = (
    COMPARING | set(EQUAL_DATE) | set(MEMBERSHIP) | set(ANY_OF) | RELATED | WITHOUT | SORTS | JOINS | LOADS
    | {"whereRaw", "orderByRaw", "query", "newQuery", "newModelQuery", "withTrashed", "onlyTrashed", "select", "selectRaw",
       "chunkById", "whereColumn", "whereBelongsTo", "whereKey", "withoutGlobalScopes", "withoutGlobalScope", "inRandomOrder"}
)  # fmt: skip
