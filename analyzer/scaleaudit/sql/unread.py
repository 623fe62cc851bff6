"""What of a script is not understood: definitions that tell nothing, and a language that is not SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.sql.statements import statements

if TYPE_CHECKING:
    from collections.abc import Container

# Comments, and then the word that says what a statement does.
_FIRST = regex(
    r"(?:\s++|--[^\n]*+(?:\n|$)|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/|#[ \t!][^\n]*+(?:\n|$)"
    r"|\{\{(?:[^}]|\}(?!\}))*+\}\}|\{%(?:[^%]|%(?!\}))*+%\}|\{#(?:[^#]|#(?!\}))*+#\}|\()*(?P<word>[A-Za-z_]*)"
)
_DEFINES = regex(
    r"(?i)CREATE\s+(?:UNLOGGED\s+|COLUMN\s+|OR\s+REPLACE\s+)?"
    r"(?:TABLE\s+(?![^(]{0,400}\b(?:PARTITION\s+OF|AS|USING|LIKE)\b)[^(;]{1,200}\((?!\s*(?:SELECT|WITH)\b)"
    r"|(?:UNIQUE\s+)?INDEX\s[^(]{1,400}\()"
)
# With which a statement of some dialect may begin, and a step of a routine that was cut apart.
_WORDS = frozenset(
    regex(r"\w+").findall(
        """alter analyze analyse attach audit backup begin break bulk call case checkpoint close cluster comment commit
    connect continue copy create deallocate declare define delete delimiter deny desc describe detach disable
    discard do drop else elsif elseif enable end exception exec execute exit explain export fetch flush for foreach
    from get go goto grant handle if import insert into iterate kill leave listen load lock loop merge move no
    noaudit notify null open optimize package perform pragma prepare print prompt purge raise raiserror reassign
    refresh reindex release rename repair repeat replace reset resignal restore return revoke rollback save
    savepoint security select set show shutdown signal source spool start stop system table then throw transaction
    truncate unlock until update upsert use using vacuum values waitfor when whenever where while with xa"""
    )
)
SHOWN = 60  # characters
MANY = 1 / 3  # of the statements: fewer are slips, or words of a client


def not_understood(script: str, dialect: str, told: Container[int]) -> str:
    """Why a part of a script says nothing; empty where nothing of it is missed.

    `told`: the lines on which its facts begin.
    """
    strange: list[int] = []
    count = 0
    for statement in statements(script, dialect):
        first = _FIRST.match(statement.text)
        if first is None or (not first["word"] and not statement.text[first.end() :].strip("/ \n")):
            continue
        count += 1
        begin = first.start("word")
        line = statement.line + statement.text.count("\n", 0, begin)
        if _DEFINES.match(statement.text, begin):
            if line not in told:
                shown = " ".join(statement.text[begin : begin + SHOWN].split())
                return f"a definition that is not understood: line {line}, {shown}"
        elif first["word"].lower() not in _WORDS:
            strange.append(line)
    if strange and len(strange) >= count * MANY:
        return f"statements of a language that is not known: line {strange[0]}"
    return ""
