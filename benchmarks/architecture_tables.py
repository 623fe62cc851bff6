"""What `architecture.py` prints: Markdown tables, and lists of what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from architecture_scoring import Score, Tally

PARTS = ("components", "connections", "endpoints")
# F1, connections without direction, over 17 Java systems: Schneider et al., "Comparison of Static
# Analysis Architecture Recovery Tools for Microservice Applications", arXiv:2412.08352.
PUBLISHED = {
    "best single tool (Java only)": {
        "components": 0.975,
        "connections": 0.874,
        "endpoints": 0.664,
        "overall": 0.86,
    },
    "best combination of four tools": {"overall": 0.907},
}


def table(scores: Mapping[str, Score], groups: Mapping[str, Mapping[str, Tally]]) -> str:
    """F1 (found/invented/missed) of each system; precision, recall and F1 of each group."""
    head = ["F1 (found/invented/missed)", *PARTS]
    rows = [
        [
            name,
            *(
                _counts(dict(each.parts())[part].tally) if part in dict(each.parts()) else "-"
                for part in PARTS
            ),
        ]
        for name, each in scores.items()
    ]
    averages = [
        [name, *(_rates(sums[part]) if part in sums else "-" for part in (*PARTS, "overall"))]
        for name, sums in groups.items()
    ]
    title = ["precision, recall, F1", *PARTS, "overall"]
    return _markdown(head, rows) + "\n\n" + _markdown(title, averages)


def comparison(groups: Mapping[str, Mapping[str, Tally]]) -> str:
    """F1 beside the published figures; the systems are not the same ones, which a reader must know."""
    parts = (*PARTS, "overall")
    rows = [
        [
            f"scaleaudit, {name}",
            *(f"{sums[part].f1:.3f}" if part in sums else "-" for part in parts),
        ]
        for name, sums in groups.items()
    ]
    rows += [
        [name, *(f"{figures[part]:.3f}" if part in figures else "-" for part in parts)]
        for name, figures in PUBLISHED.items()
    ]
    return _markdown(["F1, undirected", *parts], rows)


def items(scores: Mapping[str, Score]) -> str:
    """Every invented and missed item."""
    lines = []
    for name, each in scores.items():
        for part, verdicts in each.parts():
            lines += [f"{name}  {part}  invented  {item}" for item in verdicts.invented]
            lines += [f"{name}  {part}  missed    {item}" for item in verdicts.missed]
    return "\n" + "\n".join(lines)


def _counts(tally: Tally) -> str:
    return f"{tally.f1:.2f} ({tally.found}/{tally.invented}/{tally.missed})"


def _rates(tally: Tally) -> str:
    return f"{tally.precision:.3f}, {tally.recall:.3f}, {tally.f1:.3f}"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )
