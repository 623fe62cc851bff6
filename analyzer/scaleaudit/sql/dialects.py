"""Which engine a script was written for, by marks that others do not have."""

from __future__ import annotations

import re

# Weighted by how sure a mark is; the engine with the greatest sum wins. The words are taken from
# the engines' own manuals.
MARKS: tuple[tuple[str, int, str], ...] = (
    ("mysql", 3, r"\bENGINE\s*=|\bAUTO_INCREMENT\b|\bUNSIGNED\b|\bDEFAULT CHARSET\b|\bCHARACTER SET\b"
                 r"|/\*!\d{5}|\bON UPDATE CURRENT_TIMESTAMP|\b(MEDIUM|LONG|TINY)(TEXT|BLOB|INT)\b"),
    ("mysql", 2, r"`\w+`|\bDATETIME\s*\(|\bINT\s*\(\d+\)|\bMODIFY\s+COLUMN\b|\bFULLTEXT\b"),
    ("postgres", 3, r"\b(BIG|SMALL)?SERIAL\b|\bTIMESTAMPTZ\b|\bJSONB\b|\bBYTEA\b|::\w|\bcharacter varying\b"
                    r"|\bUSING\s+(btree|gin|gist|brin|hash)\b|\bCONCURRENTLY\b|\$\$|\bnextval\s*\("
                    r"|\bALTER TABLE ONLY\b|\bwith(out)? time zone\b|\bCREATE EXTENSION\b|\bplpgsql\b"
                    r"|\bTEXT\[\]|\bpg_catalog\b|\bCITEXT\b|\bOWNER TO\b|\bOWNED BY\b"),
    ("postgres", 1, r"\bAS IDENTITY\b|\bUUID\b|\bBOOLEAN\b|\bnow\(\)|\bRETURNING\b|\bON CONFLICT\b"),
    ("sqlite", 3, r"\bAUTOINCREMENT\b|\bPRAGMA\s+\w|\bWITHOUT ROWID\b|\bsqlite_\w+|\bSTRICT\s*;"),
    ("tsql", 3, r"\[dbo\]|\bdbo\.|\bIDENTITY\s*\(\s*\d+\s*,|\bNVARCHAR\b|\bUNIQUEIDENTIFIER\b|\bDATETIME2\b"
                r"|\b(NON)?CLUSTERED\b|^[ \t]*GO[ \t]*\r?$"),
    ("oracle", 3, r"\bVARCHAR2\s*\(|\bNUMBER\s*\(\d+|\bNUMBER\b\s*,|\bENABLE ROW MOVEMENT\b"),
)  # fmt: skip
_MARKS = tuple(
    (dialect, weight, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for dialect, weight, pattern in MARKS
)
MAX_LOOKED_AT = 40_000  # characters; a dump shows its hand early
ENOUGH = 20  # occurrences of one kind of mark that are counted


def guess_dialect(text: str) -> str:
    """sqlglot's name of the engine, empty when nothing tells or two are as likely."""
    looked_at = text[:MAX_LOOKED_AT]
    points: dict[str, int] = {}
    for dialect, weight, mark in _MARKS:
        count = 0
        for _ in mark.finditer(looked_at):
            count += 1
            if count == ENOUGH:
                break
        if count:
            points[dialect] = points.get(dialect, 0) + weight * count
    ranked = sorted(points.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
