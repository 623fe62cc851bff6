"""Why the target of a call is not known: the words of the reason, and the kind of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Cause
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.addresses import Address

# Texts of reasons; what a call's own expression adds stands before them.
AT_RUN_TIME = "is known at run time only"
NO_CONSTANT = "is not a constant of the repository"
NOT_SET = "is not set in the repository"
OWN_HOST = "it leads to the caller's own host"
ABOUT_THE_MACHINE = "it asks the cloud about the caller's own machine"
NO_HOST = "it is a path without a host"
UNSAID = "the address is not in the source"

MAX_SHOWN = 80  # characters of an expression

_CAUSES = (
    (NOT_SET, Cause.SETTING),
    (NO_CONSTANT, Cause.NAME),
    (AT_RUN_TIME, Cause.RUN_TIME),
    (OWN_HOST, Cause.OWN_HOST),
    (ABOUT_THE_MACHINE, Cause.OWN_HOST),
    (NO_HOST, Cause.RELATIVE),
    ("refers to itself", Cause.NAME),
    ("too many steps", Cause.NAME),
)
# What expressions are called that hold what a caller, a user or a record brought.
_INPUT = regex(
    r"^(?:self\.|this\.|await )?(?:req(?:uest)?|ctx|context|params?|query|body|payload|form|input|args?"
    r"|event|message|msg|job|data|row|record|entry|item|user|webhook|hook|subscription|subscriber"
    r"|integration|feed|bookmark|link)(?:\.|\[|->|\?\.|$)",
)


_PATH = regex(r"/(?!/)|[A-Za-z][\w-]*/")


def at_run_time(expression: str) -> str:
    """The reason for an expression that no reading can tell, in one line."""
    line = " ".join(expression.split())
    return f"`{line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 3] + '...'}` {AT_RUN_TIME}"


def not_told(function: str, parameter: str) -> str:
    """The reason for a parameter that no call in the repository hands a known text to."""
    return f"`{parameter}`, which no caller of `{function}` tells, {AT_RUN_TIME}"


def without_value(name: str) -> str:
    """The reason for a name that nothing defines: it stands for input, or is not known."""
    if "*" in name:
        return f"an entry of `{name.partition('.*')[0]}` {AT_RUN_TIME}"
    if name.endswith("()") or _INPUT.search(name):
        return at_run_time(name)
    return f"`{name}` {NO_CONSTANT}"


def cause_of(reason: str) -> Cause:
    """By the words of this module."""
    for words, cause in _CAUSES:
        if reason.endswith(words):
            return Cause.INPUT if cause is Cause.RUN_TIME and _from_input(reason) else cause
    return Cause.UNSAID


def _from_input(reason: str) -> bool:
    return _INPUT.search(reason.partition("`")[2].rpartition("`")[0]) is not None


def is_path(text: str) -> bool:
    """A path alone, whatever stands behind its first part: `/orders/{}`, `api/orders?id={}`."""
    return _PATH.match(text) is not None


def unreachable(address: Address) -> str:
    """Why an address leads to nobody."""
    if address.host.startswith("metadata.") or address.host.startswith("169.254."):
        return ABOUT_THE_MACHINE
    return OWN_HOST if address.is_loopback else NO_HOST
