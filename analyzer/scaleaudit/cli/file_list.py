"""`--show-files`: what a scan reads, and what it leaves out with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.reports.escaping import no_commands, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.source import Skipped, SourceFile


def file_list(files: Sequence[SourceFile], skipped: Sequence[Skipped]) -> str:
    """One line a file: `read  python      storefront/orders/views.py`."""
    kinds = max((len(file.kind) for file in files), default=0)
    lines = [f"read     {file.kind:{kinds}}  {visible(file.path)}" for file in files]
    lines += [f"skipped  {visible(each.path)}: {visible(each.reason)}" for each in skipped]
    lines.append(f"{len(files):,} read, {len(skipped):,} skipped")
    return "".join(f"{no_commands(line)}\n" for line in lines)
