"""Queries of SQLAlchemy that a method of the repository begins."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.python import extract
from scaleaudit.linking import link
from scaleaudit.source import Role, SourceFile

MODELS = """
from sqlalchemy import Column, Integer, String
class File(Base):
    __tablename__ = "files"
    id = Column(Integer, primary_key=True)
    path = Column(String)
    owner = Column(Integer, index=True)
"""
BASE = """
from sqlalchemy import select
class RepositoryBase[M]:
    def get_base_statement(self):
        return {}
"""
SOFT = """
class SoftDeletion(RepositoryBase):
    def get_base_statement(self, gone=False):
        statement = super().get_base_statement()
        if not gone:
            statement = statement.where(self.model.deleted_at.is_(None))
        return statement
"""
FILES = """
from sqlalchemy.orm import Session
from shop.models import File
from shop.base import RepositoryBase
class Files(RepositoryBase[File]):
{}
    async def at(self, path):
        statement = self.get_base_statement().where(File.path == path)
        return await self.get_one_or_none(statement)
"""
OVERRIDE = """
    def get_base_statement(self):
        return super().get_base_statement().where(File.owner == self.owner)
"""
TENANTS = """
class OfTenant(RepositoryBase):
    def get_base_statement(self):
        return super().get_base_statement().where(self.model.tenant_id == self.tenant)
"""
OTHERS = """
class Orders(RepositoryBase[Order]):
    def get_base_statement(self):
        return super().get_base_statement().where(Order.kind == "sale")
"""


def partial(base: str, files: str) -> bool:
    sources = {
        "shop/models.py": MODELS, "shop/base.py": base, "shop/soft.py": SOFT, "shop/files.py": files,
    }  # fmt: skip
    found = link(
        {path: extract(text.encode()) for path, text in sources.items()},
        {path: SourceFile(path, "python", Role.SOURCE) for path in sources},
        "shop",
    )
    (query,) = [s.fact for s in found.sites(QueryFound) if "File.path" in s.fact.text]
    assert [(p.table, p.column, p.operator) for p in query.predicates] == [("files", "path", "=")]
    return query.partial


def test_rows_that_are_gone_are_left_out_as_an_index_may_do() -> None:
    marked = MODELS + "    deleted_at = Column(DateTime)\n"
    sources = {
        "shop/models.py": marked, "shop/base.py": BASE.format("select(self.model)"),
        "shop/soft.py": f"from sqlalchemy import Select{SOFT}", "shop/files.py": FILES.format(""),
    }  # fmt: skip
    found = link(
        {path: extract(text.encode()) for path, text in sources.items()},
        {path: SourceFile(path, "python", Role.SOURCE) for path in sources},
        "shop",
    )
    (query,) = [s.fact for s in found.sites(QueryFound) if "File.path" in s.fact.text]
    told = {(p.column, p.operator) for p in query.predicates}
    assert told == {("path", "="), ("deleted_at", "is-null")}


@pytest.mark.parametrize(
    ("base", "files", "expected"),
    [
        (BASE.format("select(self.model)"), FILES.format(""), False),
        (BASE.format("self.session.query(self.model)"), FILES.format(""), False),
        (
            BASE.format("select(self.model).where(self.model.hidden == False)"),
            FILES.format(""),
            False,
        ),
        (BASE.format("select(self.model).where(self.model.tenant == 1)"), FILES.format(""), True),
        (BASE.format("select(self.model)"), FILES.format(OVERRIDE), True),
        (BASE.format("made_elsewhere()"), FILES.format(""), True),
        (BASE.format("select(self.model)") + TENANTS, FILES.format(""), True),
        (BASE.format("select(self.model)") + OTHERS, FILES.format(""), False),
    ],
)
def test_what_a_repository_begins_with(base: str, files: str, expected: bool) -> None:
    assert partial(base, files) is expected
