"""Patterns of names and marks of functions that several languages share."""

from __future__ import annotations

from scaleaudit.regex import regex

# Every function of every file is asked: expressions begin with fixed letters, and look behind them.
# Names of several words: one word alone may be any name, of a field, of another function.
SNAKE = regex(rb"_*[a-z][a-z0-9]*_\w{1,60}")
CAMEL = regex(rb"_*[a-z][a-z0-9]*[A-Z]\w{1,60}")
ANY_CASE = regex(rb"[A-Za-z][A-Z]*[a-z0-9]+[A-Z]\w{1,60}")

DECORATOR = regex(rb"@(?<![\w.)\]]@)([\w.]+)")
ATTRIBUTE = regex(rb"\[(?<![\w\])>]\[)(?:\w+[\\.])*([A-Za-z]\w*)")
ATTRIBUTE_HARMLESS = regex(
    rb"Override|Pure|Deprecated|NoDiscard|SensitiveParameter|ReturnTypeWillChange|Obsolete|MethodImpl|DebuggerStepThrough"
    rb"|SuppressMessage|NotNull|MaybeNull|return|Conditional"
)
