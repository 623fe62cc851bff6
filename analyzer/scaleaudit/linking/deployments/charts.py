"""The values of Helm charts: what a template's `.Values.image.tag` is, as far as files tell."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared, SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.technologies import of_image
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import Join, Literal, Setting, literal_text, text_with_holes

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.source import Location
    from scaleaudit.values import Value

MAX_PARENTS = 4  # charts inside charts
MAX_ROUNDS = 6  # values that name values
_HOLE = regex(r"\{\{(\.[\w.-]+|include \"[\w./-]+\")(?:\|([^{}|]*))?\}\}")
_KIND = regex(
    r"(?:^|[-_])(?:deployment|deploy|dep|statefulset|sts|daemonset|ds|pod|cronjob|job)(?:$|(?=[-_]))"
)
_FULL_NAME = regex(r'include "([\w-]+)\.(?:fullname|name)"')
_LISTED = regex(r"(\[\d{1,4}\])\.name")
_MEMBER = regex(r"\.[A-Za-z_][\w-]*")
_OFF = {"", "false", "0", "null"}  # what a template's `if` takes for no
_EDGE = regex(r"^(?:\{\}[-_.]*)+|(?:[-_.]*\{\})+$")


class Charts:
    """Looks values up for a file of a chart; a chart around it overrides, as Helm has it."""

    def __init__(self, index: FactsIndex) -> None:
        self.names = {
            folder_of(path): fact.name
            for path, fact in index.of(PackageDeclared)
            if fact.ecosystem == "helm"
        }
        self._charts: dict[str, str | None] = {}  # found so far, by folder
        self._values: dict[str, dict[str, Value]] = {}
        self._keys: dict[str, list[str]] = {}  # of the values of a chart, in order
        for path, setting in sorted(
            (pair for pair in index.of(SettingDefined) if pair[1].source == "helm-values"),
            key=lambda pair: (_rank(pair[0]), pair[0]),
        ):
            known = self._values.setdefault(folder_of(path), {})
            if not literal_text(known.get(setting.key, Literal(""))):
                known[setting.key] = setting.value

        self._templates: dict[tuple[str, str], list[tuple[str, Value]]] = {}
        for path, setting in index.of(SettingDefined):
            if setting.source == "helm-template":
                where = self.chart_of(path) or folder_of(path)
                told = self._templates.setdefault((where, setting.key), [])
                told.append((setting.group, setting.value))

    def stores(self, index: FactsIndex) -> Iterator[tuple[str, str, str, Location]]:
        """Databases and the like that charts bring in as dependencies of well-known names.

        Yields chart, dependency, technology and place; not those that `enabled: false` leaves out
        and not those whose own chart stands in the repository.
        """
        own = set(self.names.values())
        for path, fact in index.of(PackageDeclared):
            if fact.ecosystem != "helm" or index.role(path) is not Role.SOURCE:
                continue
            values = self._values.get(folder_of(path), {})
            for name, _ in fact.dependencies:
                known = of_image(name)
                switch = literal_text(values.get(f".Values.{name}.enabled"))
                if known is not None and name not in own and switch != "false":
                    yield fact.name, name, known[1], fact.at.in_file(path)

    def chart_of(self, path: str) -> str | None:
        """The folder of the innermost chart around a file."""
        folder = folder_of(path)
        if folder not in self._charts:
            parts = folder.split("/")
            above = ("/".join(parts[:count]) for count in range(len(parts), -1, -1))
            self._charts[folder] = next((each for each in above if each in self.names), None)
        return self._charts[folder]

    def value(self, key: str, path: str) -> Value | None:
        """What a key that begins with a dot is in a file; None when the files do not tell."""
        chart = self.chart_of(path)
        if key in (".Chart.Name", ".Release.Name"):
            return Literal(self.names[chart]) if chart is not None else None
        if key.startswith("include "):
            return self._defined(key, path)
        if not key.startswith(".Values"):
            return None
        if chart is None:
            around = [folder for folder in self._values if is_below(path, folder)]
            return self._values[max(around, key=len)].get(key) if around else None
        found = self._values.get(chart, {}).get(key)
        inside = key.removeprefix(".Values")
        for _ in range(MAX_PARENTS):
            name = self.names[chart]
            chart = self.chart_of(chart) if chart else None  # the one around it
            if chart is None:
                break
            inside = inside if inside.startswith(".global.") else f".{name}{inside}"
            found = self._values.get(chart, {}).get(f".Values{inside}", found)
        return found

    def table(self, key: str, path: str) -> Iterator[tuple[str, Value]]:
        """The entries of a table of the values: of a map by their keys, of a list by their `name`."""
        chart = self.chart_of(path)
        if chart is None:
            return
        known = self._values.get(chart, {})
        if chart not in self._keys:
            self._keys[chart] = sorted(known)
        start = f".Values.{key}"
        keys = self._keys[chart]
        for each in islice(keys, bisect_left(keys, start), None):
            if not each.startswith(start):
                break
            inner = each.removeprefix(start)
            listed = _LISTED.fullmatch(inner)
            if listed is not None:
                name, value = (
                    literal_text(known[each]),
                    self.value(f"{start}{listed[1]}.value", path),
                )
            elif _MEMBER.fullmatch(inner):
                name, value = inner[1:], self.value(each, path)
            else:
                continue
            if name and value is not None:
                yield name, value

    def _defined(self, key: str, path: str) -> Value | None:
        """What a named template prints: of its own chart, else of a chart around it."""
        chart = self.chart_of(path)
        for _ in range(MAX_PARENTS):
            if chart is None:
                break
            for condition, value in self._templates.get((chart, key), ()):
                switch = self.value(condition.lstrip("!"), path) if condition else None
                off = switch is None or literal_text(switch) in _OFF
                if not condition or off == condition.startswith("!"):
                    return value
            chart = self.chart_of(chart) if chart else None  # the one around it
        own, helper = self.chart_of(path), _FULL_NAME.fullmatch(key)
        if own is not None and helper is not None and helper[1] not in self.names.values():
            return Literal(self.names[own])  # a helper copied under another chart's name
        return None

    def is_off(self, switch: str, path: str) -> bool:
        """The values say that a part of the chart is left out; where nothing is said, it is not."""
        found = self.value(switch, path) if switch else None
        return found is not None and literal_text(found) in _OFF

    def filled(self, text: str, path: str) -> str:
        """A plain text of a template (a label, a reference) with its values; what no file tells
        stays as it is written."""
        for _ in range(MAX_ROUNDS):
            before = text
            if "{{" in text:
                text = _HOLE.sub(lambda found: self._text(found, path), text)[:1_000]
            if text == before:
                break
        return text

    def name(self, text: str, path: str) -> str:
        """The same for a name, without unknown ends: `{}-web` is `web`."""
        if "{" not in text:
            return text
        return _EDGE.sub("", _HOLE.sub("{}", self.filled(text, path)))

    def name_of_file(self, path: str) -> str:
        """What a workload is called when its template does not tell: the chart, and the folder of
        the template, else its file without the kind: `shop-web` for `templates/web/deploy.yaml`."""
        chart = self.chart_of(path)
        around, _, file = path.rpartition("/")
        folder = around.rpartition("/")[2]
        part = folder if folder != "templates" else _KIND.sub("", file.partition(".")[0])
        names = (self.names[chart] if chart is not None else "", part)
        return "-".join(name for name in names if name) or folder

    def in_release(self, name: str, path: str) -> str:
        """What a part of a chart inside another is called where that one is installed under its own
        name: `shop-orders`. Empty for a chart that stands alone."""
        own = chart = self.chart_of(path)
        for _ in range(MAX_PARENTS):
            above = self.chart_of(chart) if chart else None  # the one around it
            if above is None:
                break
            chart = above
        return f"{self.names[chart]}-{name}" if chart is not None and chart != own else ""

    def _text(self, hole: re.Match[str], path: str) -> str:
        value = self.value(hole[1], path)
        return (_spelled(value) if value is not None else "") or hole[2] or hole[0]


def _spelled(value: Value) -> str:
    """A value of a chart as the text of a template, so that what it names is filled in too."""
    match value:
        case Join(parts=parts):
            return "".join(_spelled(part) for part in parts)
        case Setting(key=key, default=default) if key.startswith((".", "include ")):
            otherwise = f"|{_spelled(default)}" if default is not None else ""
            return f"{{{{{key}{otherwise}}}}}"
    return text_with_holes(value)


def _rank(path: str) -> int:
    """`values.yaml` holds the defaults, which the files beside it change for one deployment."""
    return 0 if path.rpartition("/")[2] in ("values.yaml", "values.yml") else 1
