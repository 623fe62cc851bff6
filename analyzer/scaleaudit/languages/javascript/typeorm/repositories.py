"""Classes of one's own that stand for the repository of an entity: they read its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined
from scaleaudit.languages.javascript.typeorm.receivers import NAME
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "typeorm"
FORMS = (
    # a service over a generic one, which holds the repository: `extends CrudService<Order>`
    regex(
        rb"class\s+([A-Z]\w*)\s+extends\s+\w*(?:Service|Repo|D[Aa][Oo]|Crud)\w*\s*<\s*"
        + NAME
        + rb"\s*[,>]"
    ),
    regex(rb"class\s+([A-Z]\w*)\s+extends\s+\w*Repository\s*<\s*" + NAME + rb"\s*[,>]"),
    regex(
        rb"(?:const|let)\s+([A-Z]\w*)\s*(?::[^=\n]{1,120})?=\s*[\w$.()\s]{0,80}?get(?:Tree)?Repository"
        rb"(?:<[^()\n]{0,80}>)?\(\s*" + NAME + rb"\s*\)\s*\.\s*extend\b"
    ),
    regex(
        rb"class\s+([A-Z]\w*(?:Repository|Repo))\b[^{]{0,200}\{[^}]{0,1500}?super\(\s*"
        + NAME
        + rb"\s*,"
    ),
)
# `export const Orders = getRepository(Order)`, which other files ask; old ones name a class of it.
KEPT = regex(
    rb"(?m)^export\s+const\s+(\w+)\s*(?::[^=\n]{1,120})?=\s*"
    rb"(?:[\w$.()\s]{0,80}?get(?:Tree|Custom)?Repository(?:<[^()\n]{0,80}>)?\(\s*"
    + NAME
    + rb"\s*\)"
    rb"|\(?\s*([A-Z]\w*Repository)\s*\)?\s*;)"
)
OF_NAME = regex(rb"[A-Z]\w*|\w+(?:Repository|Repo)")
OVER = regex(
    rb"@EntityRepository\(\s*"
    + NAME
    + rb"\s*\)\s*(?:@\w+\([^)\n]*\)\s*)*(?:export\s+)?(?:default\s+)?class\s+([A-Z]\w*)"
)
MAX_CLASSES = 200


def repositories(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    """A class of the entity's own table, by which other files know the repository."""
    if b"epository" not in reader.content:
        return
    pairs = [(m[2], m[1], m) for m in OVER.finditer(reader.content)]
    pairs += [(m[1], m[2], m) for form in FORMS for m in form.finditer(reader.content)]
    pairs += [
        (m[1][:1].upper() + m[1][1:], m[2] or m[3], m)
        for m in KEPT.finditer(reader.content)
        if OF_NAME.fullmatch(m[1]) is not None
    ]
    seen: set[str] = set()
    for name, entity, match in pairs[:MAX_CLASSES]:
        written = name.decode()
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if written in seen or leaf is None or leaf.type == "comment" or len(entity) == 1:
            continue
        seen.add(written)
        yield ModelDefined(
            reader.span(leaf), written, FRAMEWORK, bases=(entity.decode(),), same_table=True
        )
