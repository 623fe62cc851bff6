"""Signs that the name of a callee does not give: modes, services, who receives the call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

VERBS = regex(
    r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?:,\s*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)){0,6}"
)
WRITING = regex(r"[wax+]")
PATH_TEXT = regex(r"""^[rbuf]*["'][/<{]""")
# How an upload is spelled in Django, Flask, Starlette, DRF and aiohttp.
UPLOADED = regex(rb"request\.(FILES|files)\b|\bUploadFile\b|\bUploadedFile\b|\.chunks\(\)")
LOCKED = regex(r"advisory_lock|redlock|\.lock\(|\block\s*\(|_lock\(|Lock\(", re.IGNORECASE)
WAITED = regex(r"\b(gather|wait|as_completed|wait_for|TaskGroup|create_task_group)\s*\(")
MAX_TEXT = 100_000


def first_is(*texts: str) -> Callable[[CallSite, Reader], bool]:
    """The first argument (or `service_name=`) is one of these literals."""

    def check(site: CallSite, reader: Reader) -> bool:
        node = site.argument(0, "service_name")
        return node is not None and literal_text(reader.value(node)) in texts

    return check


def client_is(*texts: str) -> Callable[[CallSite, Reader], bool]:
    """The same of the call that made the receiver: `boto3.client("sqs")`."""
    made = first_is(*texts)

    def check(site: CallSite, reader: Reader) -> bool:
        return site.client is not None and made(site.client, reader)

    return check


def method_and_path_given(site: CallSite, reader: Reader) -> bool:
    """A method and a path, as literals: `@http("GET,POST", "/orders")`."""
    if len(site.args) < 2:
        return False
    methods = literal_text(reader.value(site.args[0]))
    path = literal_text(reader.value(site.args[1]))
    return bool(methods and path and VERBS.fullmatch(methods) and path.startswith("/"))


def writes(position: int) -> Callable[[CallSite, Reader], bool]:
    """The mode argument opens the file for writing."""

    def check(site: CallSite, reader: Reader) -> bool:
        node = site.argument(position, "mode")
        mode = literal_text(reader.value(node)) if node is not None else None
        return mode is not None and len(mode) <= 4 and WRITING.search(mode) is not None

    return check


def writes_upload(site: CallSite, reader: Reader) -> bool:
    """A written file whose content comes from an upload that the function handles."""
    around = reader.function_around(site.node)
    if around is None:
        return False
    end = min(around.end_byte, around.start_byte + MAX_TEXT)
    return UPLOADED.search(reader.content[around.start_byte : end]) is not None


def both(*checks: Callable[[CallSite, Reader], bool]) -> Callable[[CallSite, Reader], bool]:
    return lambda site, reader: all(check(site, reader) for check in checks)


def neither(check: Callable[[CallSite, Reader], bool]) -> Callable[[CallSite, Reader], bool]:
    return lambda site, reader: not check(site, reader)


def saves_upload(site: CallSite, reader: Reader) -> bool:
    """`request.files["x"].save(path)`, directly or through a local name."""
    function = site.node.child_by_field_name("function")
    receiver = function.child_by_field_name("object") if function is not None else None
    if receiver is None or not site.args or receiver.end_byte - receiver.start_byte > 200:
        return False
    made: Node | None = receiver
    if receiver.type == "identifier":
        made = reader.local(reader.text(receiver), receiver)
    written = reader.text(made)[:200] if made is not None else ""
    return written.startswith(("request.files", "flask.request.files"))


def of_namespace(site: CallSite, _reader: Reader) -> bool:
    """`ns.route(...)` after `ns = made_elsewhere.namespace("orders")`."""
    return site.callee.endswith(".namespace.route")


def path_given(site: CallSite, reader: Reader) -> bool:
    """A decorator that takes a URL path, on an object that another file made."""
    node = site.argument(0, "path", "rule", "uri")
    if node is None or node.type != "string" or site.callee.startswith("?"):
        return False
    if of_namespace(site, reader):
        return False
    return PATH_TEXT.match(reader.text(node)[:10]) is not None


def names_route(site: CallSite, reader: Reader) -> bool:
    """Pyramid: a name and then a pattern, both written out; the other way round it is Falcon."""
    name, path = site.argument(0, "name"), site.argument(1, "pattern", "path")
    if name is None or path is None or name.type != "string" or path.type != "string":
        return False
    if ".router.add_route" in site.callee:
        return False  # aiohttp: the first is the method
    return not PATH_TEXT.match(reader.text(name)[:10]) and bool(
        PATH_TEXT.match(reader.text(path)[:10])
    )


def of_function(site: CallSite, reader: Reader) -> bool:
    """A route's handler whose name is written like that of a function."""
    handler = site.argument(1, "route", "endpoint")
    return handler is not None and is_function(reader.text(handler)[:200])


def is_function(written: str) -> bool:
    """By the case of its name: `views.home`, and not `views.Home`."""
    return written.rpartition(".")[2][:1].islower()


def of_celery(site: CallSite, reader: Reader) -> bool:
    """`@app.task` too: the application is made in one file and imported by the others."""
    return "celery" in site.callee.lower() or f".{site.callee}".endswith(".app.task")


def of_huey(site: CallSite, reader: Reader) -> bool:
    return "huey" in site.callee.lower()


def on_task(site: CallSite, reader: Reader) -> bool:
    """The receiver is a function: imported, or a task of this file; no pool and no variable."""
    head = reader.callee(site.node).partition(".")[0]
    if site.callee.startswith("?"):
        return False
    return head in reader.imports or is_task(head, reader)


def is_task(name: str, reader: Reader) -> bool:
    for sites in reader.annotations.values():
        for each in sites:
            if each.target is not None and reader.definition_name(each.target) == name:
                return each.name in ("task", "shared_task", "periodic_task", "actor", "job")
    return False


def on_actor(site: CallSite, reader: Reader) -> bool:
    """`.send` is dramatiq's only on an actor that this file defines."""
    head = reader.callee(site.node).partition(".")[0]
    return any(
        each.name == "actor" and reader.definition_name(each.target) == head
        for sites in reader.annotations.values()
        for each in sites
        if each.target is not None
    )


def of_schedule(site: CallSite, reader: Reader) -> bool:
    return site.callee.startswith("schedule.every")


def job_is_locked(site: CallSite, reader: Reader) -> bool:
    """The job's function stands in this file and takes a lock that processes share."""
    target = site.target
    if target is None and site.args and site.args[0].type == "identifier":
        name = reader.text(site.args[0])
        pattern = rf"(?ms)^\s*(?:async )?def {re.escape(name)}\(.*?(?=^(?:async )?def |^class |\Z)"
        found = re.search(pattern.encode(), reader.content[:MAX_TEXT])
        text = found[0].decode("utf-8", "replace") if found else ""
    else:
        text = reader.text(target)[:MAX_TEXT] if target is not None else ""
    return LOCKED.search(text) is not None and "threading" not in text


def fills_its_process(site: CallSite, reader: Reader) -> bool:
    """Its `start()` never comes back: nothing else is done there, unless a thread is made for it."""
    return b"Thread" not in reader.content or job_is_locked(site, reader)


def left_alone(site: CallSite, reader: Reader) -> bool:
    """Nobody waits for the task or thread in the function that starts it."""
    above = site.node.parent
    if above is not None and above.type == "await":
        return False
    around = reader.function_around(site.node)
    text = reader.text(around)[:MAX_TEXT] if around is not None else ""
    if WAITED.search(text) or ".join(" in text or "await_all" in text:
        return False
    if above is not None and above.type == "assignment":
        left = above.child_by_field_name("left")
        name = re.escape(reader.text(left)[:100]) if left is not None else ""
        return re.search(rf"await\s+{name}\b|{name}\.(result|cancel)\(", text) is None
    return True


def kept_executor(site: CallSite, reader: Reader) -> bool:
    """An executor that outlives the function: made at module level or kept in a field."""
    made = site.client
    if made is None or made.node.parent is None or made.node.parent.type == "as_pattern":
        return False
    above = site.node.parent
    if above is None or above.type != "expression_statement":
        return False
    left = made.node.parent.child_by_field_name("left")
    in_field = left is not None and left.type == "attribute"
    return in_field or reader.function_around(made.node) is None


def on_disk(site: CallSite, reader: Reader) -> bool:
    """A database file; `:memory:` goes with its connection."""
    node = site.argument(0, "database")
    return node is None or ":memory:" not in reader.text(node)[:100]


def is_handed_out(site: CallSite, _reader: Reader) -> bool:
    """A client with an address that a function returns or yields: others call through it."""
    above = site.node.parent
    if "base_url" not in site.keywords or above is None:
        return False
    return above.type in ("return_statement", "yield")
