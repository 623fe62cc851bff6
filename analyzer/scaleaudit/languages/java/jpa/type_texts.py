"""Types as they are written: `Map<String, List<Order>>`."""

from __future__ import annotations

from scaleaudit.regex import regex

MAX_TYPE = 500
NAME = regex(r"[A-Za-z_$][\w$.]*")


def last_name(written: str) -> str:
    """`com.acme.Order<T>` is `Order`; of what is no name, nothing."""
    match = NAME.search(written[:MAX_TYPE])
    return match[0].rpartition(".")[2] if match is not None else ""


def arguments_of_type(written: str) -> list[str]:
    """What stands between the outermost `<` and `>`."""
    written = written[:MAX_TYPE]
    start, end = written.find("<"), written.rfind(">")
    if start < 0 or end < start:
        return []
    found: list[str] = []
    depth, part = 0, ""
    for letter in written[start + 1 : end]:
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and depth == 0:
            found.append(part.strip())
            part = ""
        else:
            part += letter
    return [*found, part.strip()]


def element_type(written: str) -> str:
    """The class inside collections and wrappers: the last argument, all the way in."""
    for _ in range(5):
        inner = arguments_of_type(written)
        if not inner:
            break
        written = inner[-1].removeprefix("out ").removeprefix("? extends ").strip()
    return last_name(written.rstrip("?")) if written not in ("?", "*") else ""
