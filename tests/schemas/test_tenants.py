"""When a tenant in front of indexes counts as asked for by every query."""

from __future__ import annotations

import pytest

from scaleaudit.schemas import sql_files
from scaleaudit.schemas.replay import replay
from scaleaudit.schemas.tenants import with_tenants
from scaleaudit.source import Span
from scaleaudit.sql import read_query

TABLE = "CREATE TABLE notes (id bigint PRIMARY KEY, {0} bigint, code text, label text);"
INDEXES = "CREATE INDEX a ON notes ({0}, code); CREATE INDEX b ON notes ({0}, label);"
SILENT = "SELECT id FROM notes WHERE code = ?"
SAID = "SELECT id FROM notes WHERE code = ? AND {0} = ?"
JOINED = "SELECT n.id FROM notes n JOIN tenants t ON t.id = n.{0} WHERE n.code = ?"
UNASKED = "SELECT id FROM notes ORDER BY {0} LIMIT 1"


def tenant(script: str, queries: list[str], column: str = "tenant_id") -> str:
    schema = replay([("schema.sql", sql_files.extract(script.format(column).encode()))])
    read = [read_query(text.format(column), Span(1)) for text in queries]
    return with_tenants(schema, [each for each in read if each is not None]).tables["notes"].tenant


@pytest.mark.parametrize(
    ("queries", "column"),
    [
        ([], "tenant_id"),
        ([SILENT], "tenant_id"),
        ([SILENT, SAID], ""),
        ([SAID], ""),
        ([SILENT] * 9 + [SAID], "tenant_id"),  # a report over all of them, in SQL by hand
        ([SILENT] * 8 + [SAID], ""),
        ([SILENT, JOINED, UNASKED], "tenant_id"),  # joined and sorted by is not narrowed by
    ],
)
def test_a_tenant_that_queries_leave_out_is_added_by_a_framework(
    queries: list[str], column: str
) -> None:
    assert tenant(TABLE + INDEXES, queries) == column


@pytest.mark.parametrize(
    ("indexes", "name", "column"),
    [
        ("CREATE INDEX a ON notes ({0}, code);", "tenant_id", ""),
        ("CREATE INDEX a ON notes ({0}, code); CREATE INDEX b ON notes ({0});", "tenant_id", ""),
        (INDEXES, "organisation_id", "organisation_id"),
        (INDEXES, "account", "account"),
        (INDEXES, "org_id", "org_id"),
        (INDEXES, "companyid", "companyid"),
        (INDEXES, "workspace_id", "workspace_id"),
        (INDEXES, "site_id", "site_id"),
        (INDEXES, "TenantId", "tenantid"),
        (INDEXES, "sub_account_id", ""),
        (INDEXES, "organization_name", ""),
        (
            "CREATE INDEX a ON notes ({0}, code); ALTER TABLE notes ADD PRIMARY KEY ({0}, id);",
            "org",
            "",
        ),
        (INDEXES, "author_id", ""),
    ],
)
def test_a_tenant_leads_two_indexes_of_several_columns(
    indexes: str, name: str, column: str
) -> None:
    assert tenant(TABLE + indexes, [SILENT], name) == column


def test_what_a_query_asks_of_another_table_is_not_asked_of_this_one() -> None:
    other = "SELECT n.id FROM notes n JOIN pages p ON p.id = n.code WHERE p.{0} = ? AND n.label = ?"
    assert tenant(TABLE + INDEXES, [SILENT, other]) == "tenant_id"
    assert tenant(TABLE + INDEXES, [SILENT, SAID.replace("{0}", "Tenant_ID")]) == ""
