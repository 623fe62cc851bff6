"""What only the routes of administrators ask, few people wait for."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, origins

from scaleaudit.architecture import Origin
from scaleaudit.schema import Growth

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


def test_a_page_of_administrators_by_its_route() -> None:
    found = origins(GO)
    assert (found["newestUsers"], found["usersNamed"]) == (Origin.ADMIN, Origin.HANDLER)


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


HOLIDAYS = {
    "schema.sql": """
        CREATE TABLE holidays (id serial PRIMARY KEY, name text, made timestamptz);
    """,
    "holidays.py": """
        import psycopg2
        from flask import Flask

        app = Flask(__name__)


        @app.post("/holidays")
        @GUARD
        def add(name):
            psycopg2.connect().cursor().execute("INSERT INTO holidays (name) VALUES (%s)", [name])
    """,
}


@pytest.mark.parametrize(
    ("guard", "growth"),
    [
        ("admins_only", Growth.UNKNOWN),
        ("require_super_admin", Growth.UNKNOWN),
        ("staff_only", Growth.UNKNOWN),
        ("login_required", Growth.GROWING),
    ],
)
def test_what_only_the_staff_puts_in_no_use_fills(guard: str, growth: Growth) -> None:
    files = HOLIDAYS | {"holidays.py": HOLIDAYS["holidays.py"].replace("GUARD", guard)}
    assert architecture(files).schema.tables["holidays"].growth is growth


GUARDED = {
    "Orders.cs": """
        [MARK]
        public class OrdersController : Controller {
            public IActionResult List() { return Ok(db.Query("SELECT id FROM orders WHERE a = 1")); }
        }
    """,
    "orders.ts": """
        export class Orders {
            @MARK
            async list() { return await this.db.query("SELECT id FROM orders WHERE a = 1"); }
        }
    """,
}


@pytest.mark.parametrize(
    ("path", "mark", "staff"),
    [
        ("Orders.cs", 'Authorize(Roles = "admin")', True),
        ("Orders.cs", 'Authorize(Roles = "admin, vendor")', False),
        ("orders.ts", "UseGuards(GqlAuthGuard, GqlAdminGuard)", True),
        ("orders.ts", "UseGuards(GqlAuthGuard, NonAdminGuard)", False),
        ("orders.ts", "UseGuards(GqlAuthGuard)", False),
    ],
)
def test_guards_that_let_the_staff_alone_through(path: str, mark: str, staff: bool) -> None:
    found = origins({path: GUARDED[path].replace("MARK", mark)})
    assert [origin is Origin.ADMIN for origin in found.values()] == [staff]
