"""Build units that several applications contain."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, Origin
from scaleaudit.facts import QueryFound

PLUGIN = "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
ENDPOINT = (
    "import org.springframework.web.bind.annotation.*;\n"
    '@RestController class Items {{ @GetMapping("{}") void all() {{}} }}\n'
)


def pom(name: str, *dependencies: str, runs: bool = False) -> str:
    needed = "".join(
        f"<dependency><groupId>shop</groupId><artifactId>{each}</artifactId></dependency>"
        for each in dependencies
    )
    return (
        f"<project><artifactId>{name}</artifactId><dependencies>{needed}</dependencies>"
        f"{PLUGIN if runs else ''}</project>"
    )


@pytest.fixture
def shop() -> Architecture:
    return architecture(
        {
            "pom.xml": "<project><artifactId>shop</artifactId><packaging>pom</packaging>"
            "<modules><module>mgmt</module></modules></project>",
            "mgmt/pom.xml": pom("mgmt", "resource", runs=True),
            "ddi/pom.xml": pom("ddi", "jpa", runs=True),
            "resource/pom.xml": pom("resource", "jpa", "spring-core"),
            "jpa/pom.xml": pom("jpa", "resource"),
            "only/pom.xml": pom("only"),
            "resource/src/Items.java": ENDPOINT.format("/both"),
            "mgmt/src/Own.java": ENDPOINT.format("/own"),
            "only/src/Lost.java": ENDPOINT.format("/lost"),
        }
    )


def test_a_shared_library_serves_in_each_application_that_contains_it(shop: Architecture) -> None:
    assert sorted((e.component, e.path) for e in shop.endpoints) == [
        ("", "/lost"),
        ("service:ddi", "/both"),
        ("service:mgmt", "/both"),
        ("service:mgmt", "/own"),
    ]


def test_a_library_of_one_application_belongs_to_it() -> None:
    found = architecture(
        {
            "web/Web.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>'
            '<ProjectReference Include="..\\Core\\Core.csproj" /></ItemGroup></Project>',
            "Core/Core.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
            "Core/Dao.cs": 'class Dao { void F() { db.Query("select id from orders where id = 1"); } }',
        }
    )
    sites = found.sites(QueryFound)
    assert [(site.component, site.at.path) for site in sites] == [("service:web", "Core/Dao.cs")]


def test_changes_of_liquibase_in_code_are_migrations() -> None:
    found = architecture(
        {
            "app/pom.xml": pom("app", runs=True),
            "app/src/Widen.java": "import liquibase.change.custom.CustomTaskChange;\n"
            'class Widen implements CustomTaskChange { String q = "select id from orders"; }',
        }
    )
    assert [site.origin for site in found.sites(QueryFound)] == [Origin.MIGRATION]


def test_a_class_that_migrates_data_runs_once() -> None:
    found = architecture(
        {
            "app/pom.xml": pom("app", runs=True),
            "app/src/main/java/shop/DataMigrator.java": "class DataMigrator {\n"
            'void run() { jdbc.queryForList("select id from orders where total = 0"); } }',
        }
    )
    assert [site.origin for site in found.sites(QueryFound)] == [Origin.MIGRATION]


def test_projects_of_gradle_belong_to_those_that_name_them() -> None:
    boot = "plugins { id 'org.springframework.boot' }\n"
    found = architecture(
        {
            "settings.gradle": "include 'orders:orders-web', 'orders:orders-main', 'stock:stockWeb'\n"
            "include 'stock:main'\n",
            "orders/orders-main/build.gradle": boot
            + 'dependencies { implementation project(":orders:orders-web") }\n',
            "orders/orders-web/build.gradle": "dependencies { implementation 'a:b:1' }\n",
            "orders/orders-web/src/main/java/Items.java": ENDPOINT.format("/orders"),
            "stock/main/build.gradle": boot
            + "dependencies { implementation(projects.stock.stockWeb) }\n",
            "stock/stock-web/build.gradle": "dependencies { implementation 'a:b:1' }\n",
            "stock/stock-web/src/main/java/Items.java": ENDPOINT.format("/stock"),
        }
    )
    assert sorted((e.component, e.path) for e in found.endpoints) == [
        ("service:main", "/stock"),
        ("service:orders-main", "/orders"),
    ]


def test_a_unit_nobody_has_named_is_called_by_its_folder() -> None:
    found = architecture(
        {
            "compose.yml": "services: {db: {image: postgres}}",
            "favourites/pom.xml": pom("code-with-quarkus", runs=True),
            "favourites/src/Items.java": ENDPOINT.format("/items"),
            "orders/pom.xml": pom("shop-orders", runs=True),
            "orders/src/Items.java": ENDPOINT.format("/orders"),
        }
    )
    names = {n.name for n in found.nodes()}
    assert {"favourites", "shop-orders"} <= names
    assert "code-with-quarkus" not in names
