"""Code that can speak to several kinds of databases, of which a deployment starts one."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import NodeKind

COMPOSE = "services:\n  db: {image: '%s'}\n  shop: {build: ./shop}\n"
PYTHON = """
    from fastapi import FastAPI
    from sqlalchemy.ext.asyncio import create_async_engine

    app = FastAPI()

    async def create_engine(url: str):
        return create_async_engine(url)
    """
GO = """
    package main

    import (
        "net/http"

        "gorm.io/driver/mysql"
        "gorm.io/driver/postgres"
        "gorm.io/driver/sqlserver"
        "gorm.io/gorm"
    )

    func dialect(kind, dsn string) gorm.Dialector {
        switch kind {
        case "mysql":
            return mysql.Open(dsn)
        case "sqlserver":
            return sqlserver.Open(dsn)
        }
        return postgres.Open(dsn)
    }

    func main() {
        gorm.Open(dialect("postgres", dsn()), &gorm.Config{})
        http.ListenAndServe(":80", nil)
    }
    """


def stores(files: dict[str, str], image: str) -> tuple[list[str], list[str]]:
    """The databases, and those that the program connects to."""
    found = architecture({"compose.yml": COMPOSE % image, **files})
    used = [found.node(e.target).name for e in found.edges()]
    return sorted(n.name for n in found.nodes(NodeKind.DATABASE)), sorted(set(used))


@pytest.mark.parametrize(
    ("image", "used"), [("postgres:16", ["db"]), ("mysql:8", []), ("acme/x", [])]
)
def test_of_several_drivers_that_of_what_is_deployed(image: str, used: list[str]) -> None:
    files = {
        "shop/Dockerfile": "FROM python:3.12\nCOPY . .\nCMD uvicorn main:app\n",
        "shop/requirements.txt": "fastapi\nsqlalchemy\nasyncpg\naiosqlite\n",
        "shop/main.py": PYTHON,
    }
    assert stores(files, image)[1] == used


def test_kinds_that_one_file_opens_beside_what_is_deployed() -> None:
    files = {
        "shop/Dockerfile": "FROM golang:1.24\nCOPY . .\nRUN go build -o shop .\nCMD ./shop\n",
        "shop/go.mod": "module acme/shop\n",
        "shop/main.go": GO,
    }
    assert stores(files, "postgres:16") == (["db"], ["db"])
    assert len(stores(files, "acme/x")[0]) == 3
