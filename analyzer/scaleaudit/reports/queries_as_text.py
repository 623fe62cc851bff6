"""What is asked of tables, for people: the missing first, each with the places that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.reports.asked_tables import State, asked_tables
from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import number
from scaleaudit.reports.schema_choice import SchemaChoice
from scaleaudit.reports.style import cells, wrapped

if TYPE_CHECKING:
    from scaleaudit.reports.asked_tables import Asked
    from scaleaudit.reports.style import Style
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Table

SHOWN_PLACES = 3
MARKS = {
    State.MISSING: ("no index", "red"),
    State.OPEN: ("open", "yellow"),
    State.SERVED: ("served", "green"),
}


def render(
    result: ScanResult, choice: SchemaChoice | None = None, options: RenderOptions | None = None
) -> str:
    """Raises `UnknownTableError`."""
    options = options or RenderOptions()
    choice = choice or SchemaChoice()
    style = options.style
    found = asked_tables(result.architecture, choice)
    if not choice.tables:
        found = [(table, ways) for table, ways in found if ways]
    ways = [way for _, each in found for way in each]
    missing = sum(way.state == State.MISSING for way in ways)
    said = f"{number(len(ways), 'way')} to ask {number(len(found), 'table')}"
    said += f", {missing} without an index" if missing else ""
    lines = [f"{style.paint(visible(result.title), 'bold')}  {said}", ""]
    for table, each in found:
        lines += [*_table(table, each, options), ""]
    return "".join(f"{no_commands(line.rstrip())}\n" for line in lines).rstrip("\n") + "\n"


def _table(table: Table, ways: list[Asked], options: RenderOptions) -> list[str]:
    style = options.style
    place = [] if table.at is None else [style.paint(visible(str(table.at)), "cyan")]
    lines = ["  ".join([style.paint(visible(table.name), "bold"), *place])]
    if not ways:
        lines.append("  no query on it was found")
    for way in ways:
        lines += _way(way, options)
    return lines


def _way(way: Asked, options: RenderOptions) -> list[str]:
    style = options.style
    word, colour = MARKS[way.state]
    lead = f"  {word.ljust(8)}  "
    first, *rest = wrapped(way.conditions, style.width, lead, " " * len(lead))
    lines = [first.replace(word, style.paint(word, colour), 1), *rest]
    margin = " " * len(lead)
    lines += [style.paint(line, "dim") for line in wrapped(way.why, style.width, margin)]
    listed = way.sites if options.unfold else way.sites[:SHOWN_PLACES]
    for site in listed:
        place = visible(str(site.at))
        room = style.width - len(margin) - cells(place) - 2
        text = " ".join(visible(site.fact.text).split())
        shown = text if cells(text) <= room else f"{text[: max(0, room - 1)]}…" if room > 20 else ""
        linked = style.file(style.paint(place, "cyan"), site.at.path)
        lines.append(f"{margin}{linked}  {shown}")
    if len(way.sites) > len(listed):
        more = f"{margin}{number(len(way.sites) - len(listed), 'more place')} (--all)"
        lines.append(_dim(more, style))
    return lines


def _dim(text: str, style: Style) -> str:
    return style.paint(text, "dim")
