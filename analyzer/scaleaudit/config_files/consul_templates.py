"""Templates of consul-template: servers that a registry names, as the names of their services.

`{{range service "orders"}}server {{.Address}}:{{.Port}};{{end}}` is `server orders;`. What stands in
`{{range services}}` is for all that are registered, whoever that is: `EACH_REGISTERED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

EACH_REGISTERED = "each-registered-service"
_ACTION = regex(r"\{\{([^{}]{0,300})\}\}")
_OPENS = regex(r"(?:range|with|if)\b")
# `tag.name@center~near|filter`; of the name no more is said than that.
_SERVICE = regex(
    r"\b(?:range|with)\b[^\"]{0,100}\bservice\s+\"(?:[\w-]+\.)?([\w-]+)(?:[@~|?][^\"]{0,200})?\""
)
_OF_EACH = regex(r"\b(?:range|with)\b[^\"]{0,100}\bservice\s+[$.]")
_SERVICES = regex(r"\brange\b.{0,100}\bservices\b")
_ADDRESS = regex(r"(?:\$\w+)?\.(?:Address|NodeAddress|Node)$")
_PORT = regex(r"(?:\$\w+)?\.Port$")
_NAME = regex(r"(?:\$\w+)?\.Name(?:\s*\|.{0,100})?$")
_NO_PORT = "\0"
_LEFT_OUT = "-"  # what stands here only when nothing is registered
MAX_NESTING = 50


def is_consul_template(text: str) -> bool:
    return "{{" in text and ("service " in text or "services" in text)


def named_services(lines: Iterable[str]) -> Iterator[str]:
    """The same lines, with what the registry fills in."""
    around: list[str] = []
    for line in lines:
        if "{{" not in line:
            yield "" if _LEFT_OUT in around else line
            continue
        parts: list[str] = []
        at = 0
        for found in _ACTION.finditer(line):
            if _LEFT_OUT not in around:
                parts.append(line[at : found.start()])
                parts.append(_printed(found, around))
            at = found.end()
            _enter(_written(found), around)
        parts.append("" if _LEFT_OUT in around else line[at:])
        yield "".join(parts).replace(f":{_NO_PORT}", "").replace(_NO_PORT, "")


def _written(found: re.Match[str]) -> str:
    """An action without the signs that trim the text around it."""
    return found[1].removeprefix("-").removesuffix("-").strip()


def _enter(action: str, around: list[str]) -> None:
    if action == "end" and around:
        around.pop()
    elif action.startswith("else") and around:
        around[-1] = _LEFT_OUT if around[-1] else ""
    elif _OPENS.match(action) and len(around) < MAX_NESTING:
        service = _SERVICE.search(action)
        each = EACH_REGISTERED in around and _OF_EACH.search(action) is not None
        if service is not None:
            around.append(service[1])
        else:
            around.append(EACH_REGISTERED if each or _SERVICES.search(action) else "")


def _printed(found: re.Match[str], around: list[str]) -> str:
    """What an action prints of the service around; other actions stay as they are."""
    action = _written(found)
    service = next((each for each in reversed(around) if each), "")
    if service and _ADDRESS.match(action):
        return service
    if service and _PORT.match(action):
        return _NO_PORT
    if service == EACH_REGISTERED and _NAME.match(action):
        return service
    if action in ("end", "else") or _OPENS.match(action):
        return ""
    return found[0]
