"""Which member of a JavaScript workspace a command starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import resolve_path
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaleaudit.facts import PackageDeclared

MAX_SCRIPTS = 4  # that call each other
CHOSEN = regex(
    r"^(?:\w+=\S* )*(?:npx |exec )?(?:pnpm|yarn|npm|turbo|bun|lerna)\b.{0,200}?"
    r"(?:\s--filter|\s-F|\s--workspace|\s-w|\sworkspace)[ =]['\"]?([@\w./-]+)['\"]?(?: |$)"
)
SCRIPT = regex(r"^(?:\w+=\S* )*(?:exec )?(?:pnpm|yarn|npm|bun)(?: run| run-script)? ([\w:.-]+)$")


def member_started(
    command: Sequence[str], root: str, packages: Mapping[str, PackageDeclared]
) -> str | None:
    """The folder of the one member that the command, or the root's script it names, starts.

    None when it starts several, the root itself, or what cannot be told.
    """
    package = packages.get(root)
    if package is None or package.ecosystem != "npm":
        return None
    scripts = dict(package.scripts)
    text = " ".join(command[2:] if command[1:2] == ("-c",) else command)
    for _ in range(MAX_SCRIPTS):
        text = text.rpartition("&&")[2].strip()
        chosen = CHOSEN.match(text[:500])
        if chosen is not None:
            return _member(chosen[1], root, packages) if _one(text) else None
        named = SCRIPT.match(text[:500])
        if named is None or named[1] not in scripts:
            return None
        text = scripts[named[1]]
    return None


def _one(text: str) -> bool:
    return sum(word.startswith(("--filter", "-F", "--workspace")) for word in text.split()) < 2


def _member(name: str, root: str, packages: Mapping[str, PackageDeclared]) -> str | None:
    """By the name of its package, or by its folder: `@shop/api`, `./apps/api`, `apps/api`."""
    folder = resolve_path(root, name)
    if folder and folder != root and folder in packages:
        return folder
    found = [
        at for at, each in packages.items() if each.ecosystem == "npm" and each.name == name and at
    ]
    return found[0] if len(found) == 1 else None
