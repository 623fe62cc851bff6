"""Paths as they are written, in one spelling; and those that frameworks take from files' names."""

from __future__ import annotations

import re

from scaleaudit.facts import PROCEDURE, VERSION
from scaleaudit.regex import regex

QUERY = regex(r"\{[?&][^{}]*\}")  # of RFC 6570: `/items{?max,offset}`
PARAMETER = regex(
    r"(?<!\{)<(?:\w+:)?(\w+)>|(?<=/):(\w+)(?:\([^)]*\)|\{[^{}]*\})?\??|\{!?(\w+)\s?[:?<](?:[^{}]|\{[^{}]*\})*\}|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)"
)
NAMES = regex(rf"/?{PROCEDURE}")
VERSIONS = regex(rf"/?{VERSION}([^/]*)")  # the one furthest in counts


def normal(path: str) -> str:
    """One slash between parts, one at the start, parameters as `{name}`, no pattern signs."""
    if VERSION in path:
        path = f"{VERSIONS.findall(path)[-1]}/{VERSIONS.sub('', path)}"
    if PROCEDURE in path:
        first, *names = NAMES.split(path)
        path = f"{first}/{'.'.join(names)}"
    path = re.sub(r"[\^$]", "", QUERY.sub("", path))
    path = PARAMETER.sub(lambda m: "{" + next(g for g in m.groups() if g) + "}", path)
    path = re.sub(r"/{2,}", "/", f"/{path}")
    return path if path == "/" or not path.endswith("//") else path.rstrip("/")


def file_route(file: str) -> str | None:
    """`app/api/users/[id]/route.ts` -> `/api/users/{id}`; None where no framework looks.

    Next.js: `route` files below `app`, and files below `pages/api`. SvelteKit: `+server` files
    below `routes`. Medusa and its like: `route` files below `src/api`, which is not in the path.
    Functions of hosting services: files below a folder `api` at the root of a project.
    """
    *folders, name = file.split("/")
    stem = name.rpartition(".")[0]
    if stem == "route" and "app" in folders:
        parts = folders[last_project(folders, "app") + 1 :]
    elif stem == "route" and "api" in folders:
        parts = folders[folders.index("api") + 1 :]
    elif stem == "+server" and "routes" in folders:
        parts = folders[folders.index("routes") + 1 :]
    elif "pages" in folders and "api" in folders[folders.index("pages") :]:
        parts = [*folders[folders.index("pages") + 1 :], *([] if stem == "index" else [stem])]
    elif folders[:1] == ["api"]:
        parts = [*folders, *([] if stem == "index" else [stem])]
    else:
        return None
    kept = [part for part in parts if not part.startswith(("(", "@"))]
    return "/" + re.sub(r"\[{1,2}(?:\.\.\.)?([\w-]+)\]{1,2}", r"{\1}", "/".join(kept))


NITRO = regex(
    r"(?:^|/)server/(api|routes)/(.+?)(?:\.(get|post|put|patch|delete|head|options))?\.[cm]?[jt]s$"
)


def nitro_route(file: str) -> tuple[str, str] | None:
    """`server/api/orders/[id].get.ts` -> `GET`, `/api/orders/{id}`; None where Nuxt looks not."""
    found = NITRO.search(file)
    if found is None:
        return None
    parts = [*(["api"] if found[1] == "api" else []), *found[2].split("/")]
    parts = parts[:-1] if parts[-1] == "index" else parts
    path = re.sub(r"\[(?:\.\.\.)?([\w-]+)\]", r"{\1}", "/".join(parts))
    return (found[3] or "*").upper(), f"/{path}"


def last_project(folders: list[str], name: str) -> int:
    """Where a folder of that name begins the routes: not as the name of a package itself."""
    first = folders.index(name)
    inside = folders[first + 1 :]
    nested = inside.index(name) if name in inside[:2] and inside[0] in (name, "src") else -1
    return first + 1 + nested if nested >= 0 else first
