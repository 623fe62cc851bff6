"""Every package that is installed along stands in the list of licences, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_each_locked_package_has_its_licence_named() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    page = (ROOT / "docs/third-party.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)[1:]
    named = [name for row in rows for name in row.strip().split(", ")]
    assert sorted(named) == sorted(set(locked))
