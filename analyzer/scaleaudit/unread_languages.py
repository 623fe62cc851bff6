"""Languages whose sources no extractor reads: what is not looked at is said.

Endings and names are those of GitHub's Linguist; endings that several languages share (`.m`, `.d`,
`.v`, `.cls`) tell nothing and are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.source import Skipped

UNREAD = {
    "abap": "ABAP", "c": "C", "cbl": "COBOL", "cc": "C++", "cfc": "ColdFusion", "cfm": "ColdFusion",
    "clj": "Clojure", "cljc": "Clojure", "cljs": "Clojure", "cob": "COBOL", "coffee": "CoffeeScript",
    "cpp": "C++", "cr": "Crystal", "cxx": "C++", "dart": "Dart", "dpr": "Pascal", "elm": "Elm",
    "erl": "Erlang", "f90": "Fortran", "fs": "F#", "fsx": "F#", "gleam": "Gleam", "groovy": "Groovy",
    "h": "C", "hpp": "C++", "hrl": "Erlang", "hs": "Haskell", "hx": "Haxe", "jl": "Julia", "lua": "Lua",
    "ml": "OCaml", "mli": "OCaml", "nim": "Nim", "pas": "Pascal", "pl": "Perl", "pm": "Perl",
    "purs": "PureScript", "r": "R", "rkt": "Racket", "scala": "Scala", "sol": "Solidity",
    "swift": "Swift", "vb": "Visual Basic", "zig": "Zig",
}  # fmt: skip
REASON = ("in ", ", which is not read")


def unread_reason(path: str) -> str:
    """Why a source is left out, by its ending; empty where nothing is known of it."""
    language = UNREAD.get(path.rpartition("/")[2].rpartition(".")[2].lower(), "")
    return language.join(REASON) if language else ""


def unread_languages(skipped: Iterable[Skipped]) -> list[tuple[str, int]]:
    """Files by language, the most frequent first."""
    before, after = REASON
    reasons = (each.reason for each in skipped if each.reason.endswith(after))
    found = Counter(reason.removeprefix(before).removesuffix(after) for reason in reasons)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
