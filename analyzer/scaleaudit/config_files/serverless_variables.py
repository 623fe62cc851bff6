"""`${...}` of the Serverless Framework, as far as one file tells.

`${self:custom.table}` is looked up in the document, `${sls:stage}` and `${opt:stage, 'dev'}` give
the stage that is deployed by default; what comes from other files or the environment stays a hole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.cloudformation_references import HOLE
from scaleaudit.config_files.yaml_values import Text, YamlList, YamlMap, as_text, inner
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.config_files.yaml_values import YamlValue

MAX_DEPTH = 8  # of variables in variables, and of values in values
MAX_FILLS = 5_000  # of one document
MAX_TEXT = 2_000
_INNERMOST = regex(r"\$\{((?:self|opt|sls|env|param|file|aws|cf|ssm|s3)[^${}]*)\}")
_DEFAULT = regex(r"""^\s*["']?([\w./-]*)["']?\s*$""")


class Variables:
    def __init__(self, document: YamlMap) -> None:
        self._document = document
        self._left = MAX_FILLS
        self._stage = "dev"
        self._stage = self.text(as_text(inner(document, "provider", "stage"))) or "dev"
        if HOLE in self._stage:
            self._stage = "dev"

    def text(self, written: str) -> str:
        """With its variables filled in, a hole for each that the file does not tell."""
        for _ in range(MAX_DEPTH):
            if "${" not in written or len(written) > MAX_TEXT:
                break
            changed = _INNERMOST.sub(lambda found: self._one(found[1]), written)
            if changed == written:
                break
            written = changed
        return written

    def _one(self, reference: str) -> str:
        self._left -= 1
        if self._left < 0:
            return HOLE
        source, _, default = reference.partition(",")
        kind, _, path = source.strip().partition(":")
        found = ""
        if kind == "self":
            value = inner(self._document, *path.strip().split("."))
            found = as_text(value) if len(as_text(value)) <= MAX_TEXT else ""
        elif source.strip() in ("sls:stage", "opt:stage"):
            return self._stage
        if found and found != f"${{{reference}}}":
            return found
        given = _DEFAULT.match(default) if default else None
        return given[1] if given else HOLE

    def filled(self, value: YamlValue, depth: int = 0) -> YamlValue:
        """The same value with the variables of all its texts filled in."""
        if isinstance(value, Text):
            if "${" not in value:
                return value
            whole = _INNERMOST.fullmatch(str(value))
            if whole is not None and whole[1].startswith("self:") and depth < MAX_DEPTH:
                found = inner(self._document, *whole[1][5:].strip().split("."))
                if isinstance(found, YamlMap | YamlList):
                    return self.filled(found, depth + 1)
            made = Text(self.text(str(value)))
            made.line, made.column, made.plain = value.line, value.column, value.plain
            return made
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return value
        if isinstance(value, YamlMap):
            changed = YamlMap({key: self.filled(each, depth + 1) for key, each in value.items()})
            changed.line, changed.column, changed.places = value.line, value.column, value.places
            return changed
        if isinstance(value, YamlList):
            items = YamlList(self.filled(each, depth + 1) for each in value)
            items.line, items.column = value.line, value.column
            return items
        return value
