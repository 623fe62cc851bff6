"""The trail of each connection between two components, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind
from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.explained_edge import SURE
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import number
from scaleaudit.reports.source_lines import line_reader, shown, without_secrets
from scaleaudit.reports.style import Style, cells, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scaleaudit.architecture import Node, Unresolved
    from scaleaudit.findings import Evidence
    from scaleaudit.reports.explained_edge import Connection, Explanation, Way
    from scaleaudit.result import ScanResult

SHOWN_WAYS = 3
SHOWN_UNRESOLVED = 5
INDENT = "     "  # left of a source line: two blanks, a number, two blanks


def render(
    result: ScanResult, explanation: Explanation, options: RenderOptions | None = None
) -> str:
    """Both directions, each with its trails; where there is none, what comes near."""
    options = options or RenderOptions()
    read = line_reader(options.read)
    lines: list[str] = []
    for connection in (*explanation.there, *explanation.back):
        lines += _connection(connection, options, read)
    if not explanation.there and not explanation.back:
        lines += _nothing(explanation, options, read)
    elif not explanation.there or not explanation.back:
        ends = (explanation.first, explanation.second)
        source, target = ends if explanation.back else ends[::-1]
        said = f"{_names(source)} -> {_names(target)}  no connection is known this way round"
        lines += [options.style.paint(line, "dim") for line in wrapped(said, options.style.width)]
    return "".join(f"{no_commands(line.rstrip())}\n" for line in lines)


def _connection(
    connection: Connection, options: RenderOptions, read: Callable[[str, int], str]
) -> list[str]:
    style = options.style
    edge = connection.edge
    detail = f" {edge.detail}" if edge.detail else ""
    said = visible(without_secrets(f"{edge.kind.value}{detail}"))
    names = f"{_name(connection.source)} -> {_name(connection.target)}"
    doubt = SURE[edge.confidence]
    lines = [f"{style.paint(names, 'bold')}  {said} ({doubt})", ""]
    ways = connection.ways if options.unfold else connection.ways[:SHOWN_WAYS]
    for way in ways:
        lines += [*_way(way, style, read), ""]
    left = connection.ways[len(ways) :]
    if left:
        more = f"  {number(len(left), 'more place')} that lead there (--all)"
        lines += [style.paint(more, "dim"), ""]
    return lines


def _way(way: Way, style: Style, read: Callable[[str, int], str]) -> list[str]:
    lines = []
    for position, step in enumerate(way.steps, 1):
        lines += _step(position, step, style, read)
    if way.address:
        lines += wrapped(f"address  {without_secrets(way.address)}", style.width, "  ", " " * 11)
    doubt = SURE[way.confidence]
    return [*lines, *wrapped(f"{doubt}: {way.why}", style.width, "  ", "    ")]


def _step(
    position: int, step: Evidence, style: Style, read: Callable[[str, int], str]
) -> list[str]:
    """`1  call  path:line  note`, and the line itself below it."""
    kind = (step.step.value if step.step else "place").ljust(len("environment"))
    place, note = visible(str(step.at)), visible(without_secrets(step.note))
    linked = style.file(style.paint(place, "cyan"), step.at.path)
    head = f"  {position}  {style.paint(kind, 'dim')}  "
    left = 7 + len(kind)
    if left + cells(place) + 2 + cells(note) <= style.width:
        lines = [f"{head}{linked}  {note}"]
    else:
        lines = [f"{head}{linked}", *wrapped(note, style.width, " " * left)]
    text = shown(read(step.at.path, step.at.line), max(40, style.width - left - 2))
    return [*lines, style.paint(f"{' ' * left}| {text}", "dim")] if text else lines


def _nothing(
    explanation: Explanation, options: RenderOptions, read: Callable[[str, int], str]
) -> list[str]:
    style = options.style
    first, second = _names(explanation.first), _names(explanation.second)
    if explanation.first == explanation.second:
        return wrapped(f"{first}: both names are of this one component", style.width)
    lines = wrapped(
        f"{first} -> {second}  no connection is known, in neither direction", style.width
    )
    if explanation.over:
        lines += ["", *wrapped("The shortest way over others:", style.width)]
        lines += wrapped(_over(explanation), style.width, "  ", "    ")
    elif explanation.first and explanation.second:
        lines += ["", *wrapped(f"No way over others leads from {first} to {second}.", style.width)]
    if explanation.unresolved:
        lines += ["", *_unresolved(explanation.unresolved, first, options, read)]
    return lines


def _over(explanation: Explanation) -> str:
    """`a -calls-> b -publishes-> topic <-consumes- c`"""
    said = ""
    for node, edge in explanation.over:
        if edge is None:
            said = _name(node)
        elif edge.kind is EdgeKind.CONSUMES:
            said += f" <-consumes- {_name(node)}"
        else:
            said += f" -{edge.kind.value}-> {_name(node)}"
    return said


def _unresolved(
    found: Sequence[Unresolved],
    first: str,
    options: RenderOptions,
    read: Callable[[str, int], str],
) -> list[str]:
    style = options.style
    if len(found) == 1:
        leads = "leads to an address that the repository does not tell; it may be this one:"
    else:
        leads = "lead to an address that the repository does not tell; one of them may be it:"
    said = f"{number(len(found), 'call')} of {first} {leads}"
    lines = wrapped(said, style.width)
    listed = found if options.unfold else found[:SHOWN_UNRESOLVED]
    for each in listed:
        place = style.file(style.paint(visible(str(each.at)), "cyan"), each.at.path)
        what = visible(each.what)
        lines.append(f"  - {place}  {what}")
        text = shown(read(each.at.path, each.at.line), max(40, style.width - 6))
        lines += [style.paint(f"    | {text}", "dim")] if text else []
        lines += wrapped(without_secrets(each.reason), style.width, "    ")
    if len(found) > len(listed):
        lines.append(style.paint(f"  - {len(found) - len(listed):,} more (--all)", "dim"))
    return lines


def _name(node: Node) -> str:
    return visible(node.name)


def _names(nodes: Sequence[Node]) -> str:
    """Several of one name are told apart by their ids."""
    twice = Counter(node.name for node in nodes)
    return " or ".join(visible(n.id if twice[n.name] > 1 else n.name) for n in nodes)
