"""Interfaces of HTTP services that Spring makes clients of by groups."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.linking.test_jvm_connections import TO_STOCK, system
from tests.linking.test_starters import calls

from scaleaudit.architecture import NodeKind

GROUP = (
    "import org.springframework.web.service.registry.ImportHttpServices;\n"
    "@Configuration @ImportHttpServices({}types = {{StockApi.class}}) class Clients {{}}\n"
)


@pytest.mark.parametrize(
    ("group", "settings", "expected"),
    [
        ('group = "items", ', "spring.http.serviceclient.items.base-url=http://stock-service", 1),
        ('group = "items", ', "spring.http.serviceclient.items.base-url=${AT:http://stock-service}", 1),
        ('group = "stock-service", ', "", 1),  # by its name in the registry
        ('group = "items", ', "", 0),
        ("", "", 0),
    ],
)  # fmt: skip
def test_a_group_of_interfaces_has_one_address(group: str, settings: str, expected: int) -> None:
    found = architecture(system(GROUP.format(group), settings))
    assert calls(found) == ({TO_STOCK} if expected else set())
    assert not found.nodes(NodeKind.EXTERNAL)
