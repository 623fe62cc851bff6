"""XML as a small tree with lines; entities and their bombs are refused (defusedxml)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.handler import ContentHandler

import msgspec

from scaleaudit.config_files.reading import NotUnderstoodError
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.sax.xmlreader import AttributesImpl, Locator

MAX_DEPTH = 64
MAX_PROLOGUE = 10_000  # bytes before the root
DOCTYPE = regex(rb"<!DOCTYPE\s[^\[\]<>]{0,1000}>")
MAX_ELEMENTS = 100_000


class Element(Gathering):
    """`tag` and attributes are without namespace prefix; `text` is stripped."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = msgspec.field(default_factory=list)
    text: str = ""

    def all(self, *path: str) -> Iterator[Element]:
        """The elements at a path of tags below this one."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> Element | None:
        return next(self.all(*path), None)

    def text_at(self, *path: str) -> str:
        found = self.first(*path)
        return found.text if found else ""

    def everywhere(self, tag: str) -> Iterator[Element]:
        """The elements of this tag at any depth, in file order."""
        open_elements = [self]
        while open_elements:
            element = open_elements.pop()
            if element.tag == tag:
                yield element
            open_elements.extend(reversed(element.children))


class _TooMuch(Exception):
    """The document is deeper or larger than any that people write."""


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._count += 1
        if len(self._open) >= MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise _TooMuch
        line = (self._locator.getLineNumber() if self._locator else None) or 1
        given = {key.rpartition(":")[2]: value for key, value in attrs.items()}
        element = Element(name.rpartition(":")[2], line, given)
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def endElement(self, name: str) -> None:  # noqa: N802
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def characters(self, content: str) -> None:
        if self._texts:
            self._texts[-1].append(content)


def without_doctype(content: bytes) -> bytes:
    """A document's type that only names a file elsewhere declares nothing; nobody fetches it."""
    match = DOCTYPE.search(content, 0, MAX_PROLOGUE)
    if match is None:
        return content
    return content[: match.start()] + b"\n" * match[0].count(b"\n") + content[match.end() :]


def parse_xml(content: bytes) -> tuple[Element | None, str]:
    """The root, as far as the document can be read, and why it ends there (empty: it is whole)."""
    from xml.sax import SAXException, SAXParseException

    from defusedxml import sax
    from defusedxml.common import DefusedXmlException

    builder = _Builder()
    try:
        sax.parseString(without_doctype(content), builder)
    except DefusedXmlException:
        return None, "XML entities are not read"
    except SAXParseException as error:
        return builder.root, f"line {error.getLineNumber()}: no valid XML"
    except _TooMuch:
        return builder.root, f"XML is nested more than {MAX_DEPTH} deep, or too large"
    except (SAXException, ValueError, LookupError):
        return builder.root, "no valid XML"
    return builder.root, ""


def xml_root(content: bytes, tag: str) -> Element:
    """The root with that tag; the reason as `NotUnderstoodError` when there is none."""
    root, problem = parse_xml(content)
    if root is None or root.tag != tag:
        raise NotUnderstoodError(problem or f"no <{tag}> at the top")
    return root
