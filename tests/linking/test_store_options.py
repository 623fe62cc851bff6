"""Options of databases that stand apart from the call that takes them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    (
        "src/main.ts",
        """
        module.exports = {
          development: { client: "sqlite3", connection: { filename: "./dev.sqlite3" } },
          production: { client: "pg", connection: { host: process.env.DB_HOST || "pgdb", database: "x" } },
        };
        """,
        {"uses database:pgdb"},
    ),
    (
        "src/main.ts",
        """
        import { TypeOrmModuleOptions } from "@nestjs/typeorm";
        export const config: TypeOrmModuleOptions = { type: "postgres", host: "pgdb", port: 5432, entities: [] };
        """,
        {"uses database:pgdb"},
    ),
    (
        "src/main.ts",
        """
        import { registerAs } from "@nestjs/config";
        export default registerAs("database", () => ({ type: "postgres", host: process.env.DB_HOST ?? "pgdb", port: 5432, username: "x" }));
        """,
        {"uses database:pgdb"},
    ),
    (
        "src/main.ts",
        """
        export class DbConfig {
          createTypeOrmOptions() { return { type: "mysql", host: "mydb", username: "u" }; }
        }
        """,
        {"uses database:mydb"},
    ),
    (
        "src/main.ts",
        """
        import { defineConfig } from "drizzle-kit";
        export default defineConfig({ dialect: "postgresql", dbCredentials: { url: process.env.DATABASE_URL! } });
        """,
        set(),
    ),
    (
        "src/main.ts",
        """
        export const columns = [{ type: "postgres", label: "Postgres", host: true }];
        const x = { client: "pg" };
        """,
        set(),
    ),
]


@pytest.mark.parametrize(("path", "code", "expected"), CASES)
def test_what_options_open(
    app_edges: Callable[[dict[str, str]], set[str]], path: str, code: str, expected: set[str]
) -> None:
    assert app_edges({path: dedent(code)}) == expected
