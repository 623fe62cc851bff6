"""Stores of which code tells the kind alone, and nothing where they are."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture
from tests.rules.findings import find

from scaleaudit.architecture import Architecture, EdgeKind, NodeKind

OPENS = """
    const express = require('express');
    const { Pool } = require('pg');
    const pool = new Pool({ host: process.env.DB_HOST, database: 'shop' });
    const app = express();
    app.get('/items', async (req, res) => res.json(await pool.query('SELECT id FROM items LIMIT 5')));
    app.listen(80);
    """
PACKAGE = (
    '{"name": "NAME", "scripts": {"start": "node ."}, "dependencies": {"express": "5", "pg": "8"}}'
)


def system(**settings: str) -> dict[str, str]:
    """Two programs that nothing deploys, with the `.env.example` of each."""
    files: dict[str, str] = {}
    for name in ("orders", "stock"):
        files[f"{name}/package.json"] = PACKAGE.replace("NAME", name)
        files[f"{name}/index.js"] = OPENS
        if name in settings:
            files[f"{name}/.env.example"] = settings[name]
    return files


def uses(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.USES)
    }


ONE = {("orders", "postgresql"), ("stock", "postgresql")}


def test_one_server_stands_for_all_whose_place_is_not_told() -> None:
    assert uses(architecture(system())) == ONE


ADDRESSED = OPENS.replace(
    "{ host: process.env.DB_HOST, database: 'shop' }", "{ connectionString: process.env.DB_URL }"
)


def at_ports(orders: int | None, stock: int | None) -> set[tuple[str, str]]:
    """Whom the two use, by the ports of the developer's machine that they name."""
    files: dict[str, str] = {}
    for name, port in (("orders", orders), ("stock", stock)):
        if port is not None:
            address = f"DB_URL=postgres://localhost:{port}/shop\n"
            files |= {p: t for p, t in system(**{name: address}).items() if p.startswith(name)}
            files[f"{name}/index.js"] = ADDRESSED
    return uses(architecture(files))


def test_a_port_of_its_own_tells_one_server_from_another() -> None:
    apart = {("orders", "postgresql-5433"), ("stock", "postgresql-5434")}
    assert at_ports(5433, 5434) == apart
    assert at_ports(5432, 5434) == {("orders", "postgresql"), ("stock", "postgresql-5434")}
    assert at_ports(5433, None) == {("orders", "postgresql")}, "of one program there is no other"


QUEUE = """
    const express = require('express');
    const amqp = require('amqplib');
    amqp.connect(process.env.QUEUE).then((connection) => connection.createChannel());
    express().listen(80);
    """


def test_systems_of_one_repository_have_servers_of_their_own() -> None:
    def used(code: str, library: str) -> set[tuple[str, str]]:
        files: dict[str, str] = {}
        for name in ("clinic", "bank"):
            files |= {
                f"apps/{name}/compose.yaml": "services: {api: {build: ./api}}\n",
                f"apps/{name}/api/Dockerfile": "FROM node\nCOPY . .\n",
                f"apps/{name}/api/package.json": PACKAGE.replace('"pg"', f'"{library}"'),
                f"apps/{name}/api/index.js": code,
            }
        return uses(architecture(files))

    assert used(OPENS, "pg") == {
        ("bank-api", "bank-postgresql"),
        ("clinic-api", "clinic-postgresql"),
    }
    # A broker is there to stand between applications.
    assert used(QUEUE, "amqplib") == {("bank-api", "rabbitmq"), ("clinic-api", "rabbitmq")}


def test_what_lies_in_it_is_not_said_to_be_shared() -> None:
    found = architecture(system())
    tables = {node.id for node in found.nodes(NodeKind.TABLE)}
    assert tables == {"table:orders/items", "table:stock/items"}
    assert find("shared-database", system()) == []
    here = "DB_HOST=localhost\n"
    assert find("shared-database", system(orders=here, stock=here)), "of the machine's it is said"


@pytest.mark.parametrize(
    "host", ["your_host", "your-db-host", "my_database_server", "myhost", "xxxx", "changeme"]
)
def test_a_host_to_be_filled_in_is_no_place(host: str) -> None:
    told = f"DB_HOST={host}\n"
    assert uses(architecture(system(orders=told, stock=told))) == ONE


@pytest.mark.parametrize("host", ["hostel", "server1", "mysql-main", "yourshop", "my-orders-db"])
def test_a_host_with_a_name_is_one(host: str) -> None:
    found = architecture(system(orders=f"DB_HOST={host}\n"))
    assert uses(found) == {("orders", host), ("stock", "postgresql")}


def test_a_store_that_the_environment_names_in_the_words_of_net_is_opened() -> None:
    """`ConnectionStrings__Shop` is what the code asks for as `ConnectionStrings:Shop`."""
    found = architecture(
        {
            "compose.yaml": """
                services:
                  orders:
                    build: ./Orders
                    environment:
                      ConnectionStrings__Shop: "Server=host.docker.internal;Database=Orders;User Id=sa"
                """,
            "Orders/Dockerfile": "FROM mcr.microsoft.com/dotnet/aspnet\nCOPY . .\n",
            "Orders/Orders.csproj": """
                <Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>
                  <PackageReference Include="Microsoft.EntityFrameworkCore.SqlServer" Version="9" />
                </ItemGroup></Project>
                """,
            "Orders/Program.cs": """
                using Microsoft.EntityFrameworkCore;
                var builder = WebApplication.CreateBuilder(args);
                builder.Services.AddDbContext<ShopContext>(options =>
                    options.UseSqlServer(builder.Configuration.GetConnectionString("Shop")));
                builder.Build().Run();
                """,
        }
    )
    assert uses(found) == {("orders", "sqlserver")}
