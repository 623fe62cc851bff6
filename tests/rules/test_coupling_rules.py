"""Which circles of modules the rules on coupling report, and how grave they are."""

from __future__ import annotations

import pytest

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.findings import Severity
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

RULES = {rule.id: rule for rule in load_rules()}


def ring(folders: list[str]) -> list[Severity]:
    """The findings over modules, one in each folder given, of which each imports the next."""
    paths = [f"{folder}/part{number}.js" for number, folder in enumerate(folders)]
    sources: list[SourceFile] = []
    for number, path in enumerate(paths):
        up = "../" * path.count("/")
        text = f'import {{ run }} from "{up}{paths[(number + 1) % len(paths)]}";\nexport const a = run;\n'
        kind = file_kinds()(path)
        assert kind is not None, path
        sources.append(SourceFile(path, kind, role_of(path)[0], "", text.encode()))
    return [found.severity for found in scan(sources, [RULES["cyclic-dependency"]]).findings]


@pytest.mark.parametrize(
    ("folders", "severities"),
    [
        (["shop/orders", "shop/billing"], [Severity.MEDIUM]),
        (["shop/orders", "shop/orders"], []),
        (["shop/orders", "shop/orders/lines"], []),
        (["shop/orders"] * 12, []),
        (["shop/orders"] * 9 + ["shop/orders/lines"], [Severity.LOW]),
        (["shop/orders"] * 8 + ["shop/orders/lines"], []),
    ],
)
def test_circles_of_modules(folders: list[str], severities: list[Severity]) -> None:
    assert ring(folders) == severities
