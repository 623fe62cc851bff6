"""What only the routes of administrators ask, few people wait for."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.architecture import Origin
from scaleaudit.facts import QueryFound
from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

GO = {
    "routes.go": """
        package main

        import "github.com/gorilla/mux"

        func routes(r *mux.Router) {
            r.HandleFunc("/admin/users", guard(showUsers)).Methods("GET")
            r.HandleFunc("/users/{name}", showUser).Methods("GET")
        }
    """,
    "pages.go": """
        package main

        import "net/http"

        func showUsers(w http.ResponseWriter, r *http.Request) {
            newestUsers()
        }

        func showUser(w http.ResponseWriter, r *http.Request) {
            usersNamed("x")
        }
    """,
    "store.go": """
        package main

        import "database/sql"

        var db *sql.DB

        func newestUsers() {
            db.Query("SELECT id FROM users ORDER BY created DESC LIMIT 30")
        }

        func usersNamed(name string) {
            db.Query("SELECT id FROM users WHERE name = ?", name)
        }
    """,
}
EXPRESS = {
    "app.js": """
        const express = require("express");
        const { allOrders, ownOrders } = require("./orders");
        const app = express();
        const staff = express.Router();
        staff.get("/orders", allOrders);
        app.use("/admin", staff);
        app.get("/orders", ownOrders);
    """,
    "orders.js": """
        const { Pool } = require("pg");
        const pool = new Pool();
        async function allOrders(req, res) {
            res.json(await pool.query("SELECT id FROM orders ORDER BY made DESC LIMIT 30"));
        }
        async function ownOrders(req, res) {
            res.json(await pool.query("SELECT id FROM orders WHERE customer = $1", [req.user]));
        }
        module.exports = { allOrders, ownOrders };
    """,
}


def origins(files: dict[str, str]) -> dict[str, Origin]:
    """Of the queries, by the function that each stands in."""
    sources = []
    for path, text in files.items():
        kind = file_kinds()(path)
        assert kind is not None, path
        sources.append(SourceFile(path, kind, role_of(path)[0], content=dedent(text).encode()))
    found = scan(sources, []).architecture.sites(QueryFound)
    return {site.fact.scope.rpartition(".")[2]: site.origin for site in found}


def test_a_page_of_administrators_by_its_route() -> None:
    found = origins(GO)
    assert (found["newestUsers"], found["usersNamed"]) == (Origin.ADMIN, Origin.UNKNOWN)


def test_a_route_below_a_mounted_router() -> None:
    assert origins(EXPRESS) == {"allOrders": Origin.ADMIN, "ownOrders": Origin.HANDLER}


@pytest.mark.parametrize(
    "also",
    [
        {"more.go": GO["routes.go"].replace("/admin/users", "/people").replace("routes(", "more(")},
        {"other.go": "package other\n\nfunc showUsers() {}\n"},
    ],
    ids=["also a public route", "two functions of the name"],
)
def test_what_others_may_ask_for_too(also: dict[str, str]) -> None:
    assert origins(GO | also)["newestUsers"] is not Origin.ADMIN
