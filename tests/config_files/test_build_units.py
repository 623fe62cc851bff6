"""Build units: names, dependencies, members, and what of them runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files import (
    appsettings,
    cargo,
    composer,
    dotnet,
    gemfile,
    go_mod,
    gradle,
    maven,
    npm_workspace,
    package_json,
    python_project,
    python_requirements,
    rails_config,
)
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import PackageDeclared, SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_an_npm_package(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{
  "name": "@shop/web",
  "version": "1.0.0",
  "workspaces": {"packages": ["packages/*", "apps/*"]},
  "scripts": {"start": "node server.js", "test": "jest", "deploy": "TOKEN=hunter2 ./ship"},
  "dependencies": {"express": "^4.18.0", "pg": "8.11.0"},
  "devDependencies": {"jest": "29.0.0"}
}
"""
    found = stored(package_json.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2),
            "@shop/web",
            "npm",
            dependencies=(("express", "^4.18.0"), ("pg", "8.11.0")),
            members=("packages/*", "apps/*"),
            scripts=(("start", "node server.js"), ("test", "jest"), ("deploy", "TOKEN=*** ./ship")),
            runnable=True,
        ),
    )


def test_an_npm_library(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{"name": "left-pad", "main": "index.js", "peerDependencies": {"react": "*"}, // why
"workspaces": ["a"],}
"""
    found = stored(package_json.extract(text.encode()))
    assert found.problem == ""
    entry = (("", "index.js"),)
    assert found.facts == (
        PackageDeclared(Span(1), "left-pad", "npm", members=("a",), entries=entry),
    )


def test_lerna(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{"packages": ["packages/*"], "version": "independent"}
"""
    found = stored(package_json.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (PackageDeclared(Span(1), "", "npm", members=("packages/*",)),)


def test_a_broken_package_keeps_its_beginning(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{"name": "web", "dependencies": {"express": "4"},
"scripts": {"start" "node"}}
"""
    found = stored(package_json.extract(text.encode()))
    assert found.problem == "line 2: no valid JSON"
    assert found.facts == (
        PackageDeclared(Span(1), "web", "npm", dependencies=(("express", "4"),)),
    )


def test_pnpm(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
packages:
  - "packages/*"
  - "!**/test/**"
"""
    found = stored(npm_workspace.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(Span(1), "", "npm", members=("packages/*", "!**/test/**")),
    )


def test_a_python_project(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
[build-system]
requires = ["hatchling"]

[project]
name = "shop-web"
dependencies = ["Django>=5,<6", "psycopg[binary] ~= 3.1", "celery ; python_version > '3.8'"]

[project.optional-dependencies]
dev = ["pytest"]

[project.scripts]
shop = "shop.cli:main"

[tool.uv.workspace]
members = ["packages/*"]
"""
    found = stored(python_project.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(5),
            "shop-web",
            "pypi",
            dependencies=(("Django", ">=5,<6"), ("psycopg", "~= 3.1"), ("celery", "")),
            members=("packages/*",),
            scripts=(("shop", "shop.cli:main"),),
            runnable=True,
        ),
    )


def test_poetry(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
[tool.poetry]
name = "old"

[tool.poetry.dependencies]
python = "^3.11"
fastapi = "^0.110"
redis = {version = "5", extras = ["hiredis"]}

[tool.poetry.group.dev.dependencies]
pytest = "8"
"""
    found = stored(python_project.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2), "old", "pypi", dependencies=(("fastapi", "^0.110"), ("redis", "5"))
        ),
    )


def test_broken_toml(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
[project]
name = "web"
dependencies = [
"""
    found = stored(python_project.extract(text.encode()))
    assert found.problem == "no valid TOML: Invalid value (at end of document)"
    assert found.facts == ()


def test_requirements(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
# web
Django==5.0  # lts
-r base.txt
--index-url https://user:hunter2@pypi.example.org/simple
git+https://github.com/a/lib.git@main#egg=lib
celery[redis]>=5 \\
    --hash=sha256:abc
./local
uvicorn @ https://example.org/uvicorn.whl
"""
    found = stored(python_requirements.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2),
            "",
            "pypi",
            dependencies=(("Django", "==5.0"), ("celery", ">=5"), ("uvicorn", "")),
        ),
    )


def test_a_maven_module(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
<project>
  <parent><groupId>com.shop</groupId><artifactId>shop-parent</artifactId><version>1</version></parent>
  <artifactId>orders</artifactId>
  <properties><boot.version>3.2.0</boot.version></properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
      <version>${boot.version}</version>
    </dependency>
    <dependency>
      <groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope>
    </dependency>
  </dependencies>
  <build><plugins><plugin>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-maven-plugin</artifactId>
  </plugin></plugins></build>
</project>
"""
    found = stored(maven.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(3),
            "orders",
            "maven",
            dependencies=(("org.springframework.boot:spring-boot-starter-web", "3.2.0"),),
            runnable=True,
            parent="com.shop:shop-parent",
        ),
    )


def test_an_archive_of_spring_boot_that_nothing_starts() -> None:
    text = """\
<project><artifactId>shared</artifactId><build><plugins><plugin>
  <artifactId>spring-boot-maven-plugin</artifactId>
  <executions><execution><configuration><layout>{}</layout></configuration></execution></executions>
</plugin></plugins></build></project>
"""
    for layout, runs in (("NONE", False), ("ZIP", True)):
        (package,) = maven.extract(text.format(layout).encode()).facts
        assert isinstance(package, PackageDeclared)
        assert package.runnable is runs


def test_a_maven_parent(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>com.shop</groupId>
  <artifactId>shop-parent</artifactId>
  <packaging>pom</packaging>
  <modules>
    <module>orders</module>
    <module>stock</module>
  </modules>
</project>
"""
    found = stored(maven.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(Span(3), "shop-parent", "maven", members=("orders", "stock")),
    )


def test_gradle(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
plugins {
    id 'java'
    id 'org.springframework.boot' version '3.2.0'
}
// implementation 'not:this:1'
dependencies {
    implementation 'org.springframework.boot:spring-boot-starter-web'
    implementation("org.postgresql:postgresql:42.7.1")
    testImplementation 'junit:junit:4.13'
    implementation project(':common')
}
"""
    found = stored(gradle.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2),
            "",
            "gradle",
            dependencies=(
                ("org.springframework.boot:spring-boot-starter-web", ""),
                ("org.postgresql:postgresql", "42.7.1"),
                (":common", ""),
            ),
            runnable=True,
        ),
    )


@pytest.mark.parametrize(
    ("sdk", "more", "expected"),
    [
        ("Microsoft.NET.Sdk", "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>", True),
        ("Microsoft.NET.Sdk", "<PropertyGroup><OutputType>Exe</OutputType><PackAsTool>true</PackAsTool></PropertyGroup>", False),
        ("Microsoft.NET.Sdk", '<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><PackageReference Include="System.CommandLine"/></ItemGroup>', False),
        ("Microsoft.NET.Sdk", '<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><PackageReference Include="xunit.v3"/></ItemGroup>', False),
        ("Microsoft.NET.Sdk.Web", '<ItemGroup><PackageReference Include="System.CommandLine"/></ItemGroup>', True),
    ],
)  # fmt: skip
def test_programs_of_dotnet_that_run_by_themselves(sdk: str, more: str, expected: bool) -> None:
    (unit,) = dotnet.extract(f'<Project Sdk="{sdk}">{more}</Project>'.encode()).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.runnable is expected


def test_a_plugin_alone_tells_what_a_program_of_gradle_is_made_with() -> None:
    text = "plugins {\n    alias(libs.plugins.spring.boot)\n    id('acme.conventions')\n}\n"
    (unit,) = gradle.extract(text.encode()).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.dependencies == (("org.springframework.boot:spring-boot", ""),)
    (unit,) = gradle.extract(text.replace("spring.boot", "kotlin.jvm").encode()).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.dependencies == ()


def test_gradle_gives_its_modules_dependencies(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
allprojects {
    repositories { mavenCentral() }
    dependencies { implementation 'a:web:1' }
}
configure(subprojects.findAll { it.name != 'docs' }) {
    dependencies { implementation 'a:jdbc:1' }
}
dependencies { implementation 'a:own:1' }
"""
    (unit,) = stored(gradle.extract(text.encode())).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.for_modules == (("a:web", "1"), ("a:jdbc", "1"))
    assert len(unit.dependencies) == 3


def test_what_a_dependency_is_not_to_bring_along(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
dependencies {
    implementation(project(":common")) {
        exclude(group = "org.flywaydb")
        exclude group: 'a', module: 'jpa'
        exclude(module = "kafka")
    }
    implementation("a:web:1") { exclude(module = "tomcat") }
}
"""
    (unit,) = stored(gradle.extract(text.encode())).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.left_out == (
        (":common", "org.flywaydb:"),
        (":common", "a:jpa"),
        (":common", ":kafka"),
    )
    text = """\
<project><artifactId>orders</artifactId><dependencies><dependency>
  <groupId>shop</groupId><artifactId>common</artifactId>
  <exclusions>
    <exclusion><groupId>a</groupId><artifactId>jpa</artifactId></exclusion>
    <exclusion><groupId>org.flywaydb</groupId><artifactId>*</artifactId></exclusion>
  </exclusions>
</dependency></dependencies></project>
"""
    (unit,) = stored(maven.extract(text.encode())).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.left_out == (("shop:common", "a:jpa"), ("shop:common", "org.flywaydb:"))


def test_gradle_calls_an_application_otherwise_than_its_folder() -> None:
    for form in ('applicationName = "orders-server"', 'applicationName.set("orders-server")'):
        text = f"plugins {{\n    application\n}}\napplication {{\n    {form}\n}}\n"
        (unit,) = gradle.extract(text.encode()).facts
        assert isinstance(unit, PackageDeclared)
        assert (unit.name, unit.runnable) == ("orders-server", True)


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("bootJar.enabled = true\njar.enabled = false", True),
        ("bootJar { enabled = true }\njar { enabled = false }", True),
        ("bootJar.enabled = false\njar.enabled = true", False),
        ("bootJar {\n    enabled = false\n}", False),
        ('tasks.getByName<BootJar>("bootJar") { isEnabled = false }', False),
        ('tasks.named("bootJar")\n{\n    enabled = false\n}', False),
    ],
)
def test_the_archive_that_gradle_does_not_make(written: str, runs: bool) -> None:
    text = f"plugins {{\n    id 'org.springframework.boot' version '3.2.0'\n}}\n{written}\n"
    (unit,) = gradle.extract(text.encode()).facts
    assert isinstance(unit, PackageDeclared)
    assert unit.runnable is runs


def test_gradle_settings(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
rootProject.name = "shop"
include("orders", ":stock:api")
include 'mail'
"""
    found = stored(gradle.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(Span(1), "shop", "gradle", members=("orders", "stock/api", "mail")),
    )


def test_a_go_module(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
module github.com/shop/orders

go 1.22

require (
	github.com/gin-gonic/gin v1.9.1
	github.com/lib/pq v1.10.9 // indirect
)
require github.com/redis/go-redis/v9 v9.4.0
replace github.com/shop/common => ../common
"""
    found = stored(go_mod.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(1),
            "github.com/shop/orders",
            "go",
            dependencies=(
                ("github.com/gin-gonic/gin", "v1.9.1"),
                ("github.com/redis/go-redis/v9", "v9.4.0"),
            ),
        ),
    )


def test_a_go_workspace(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
go 1.22
use (
	./orders
	./stock
)
use ./mail
"""
    found = stored(go_mod.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(Span(3), "", "go", members=("./orders", "./stock", "./mail")),
    )


def test_a_gemfile(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
source "https://rubygems.org"
ruby "3.3.0"
gem "rails", "~> 7.1"
gem 'pg'
# gem "not"
group :development, :test do
  gem "rspec-rails"
end
gem "sidekiq", require: false
gemspec
"""
    found = stored(gemfile.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(3), "", "gem", dependencies=(("rails", "~> 7.1"), ("pg", ""), ("sidekiq", ""))
        ),
    )


def test_composer_json(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{
  "name": "shop/web",
  "require": {"php": ">=8.2", "laravel/framework": "^11.0"},
  "require-dev": {"phpunit/phpunit": "^11"}
}
"""
    found = stored(composer.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2), "shop/web", "composer", dependencies=(("laravel/framework", "^11.0"),)
        ),
    )


def test_a_dotnet_project(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework><AssemblyName>Orders</AssemblyName></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Npgsql" Version="8.0.1" />
    <PackageReference Include="Dapper"><Version>2.1</Version></PackageReference>
    <ProjectReference Include="..\\Common\\Common.csproj" />
  </ItemGroup>
</Project>
"""
    found = stored(dotnet.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2),
            "Orders",
            "nuget",
            dependencies=(
                ("Npgsql", "8.0.1"),
                ("Dapper", "2.1"),
                ("../Common/Common.csproj", ""),
                ("Microsoft.AspNetCore.App", ""),  # with the SDK
            ),
            runnable=True,
        ),
    )


def test_appsettings_json(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{
  // local
  "ConnectionStrings": {
    "Default": "Host=db;Database=orders;Username=app;Password=hunter2"
  },
  "Services": ["http://stock", "http://mail"],
  "Jwt": {"Secret": "hunter2"},
}
"""
    found = stored(appsettings.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(
            Span(4),
            "ConnectionStrings:Default",
            Literal("Host=db;Database=orders;Username=app;Password=***"),
            "dotnet",
        ),
        SettingDefined(Span(6), "Services:0", Literal("http://stock"), "dotnet"),
        SettingDefined(Span(6), "Services:1", Literal("http://mail"), "dotnet"),
        SettingDefined(Span(7), "Jwt:Secret", SECRET, "dotnet"),
    )


def test_a_rails_database(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
default: &default
  adapter: postgresql
  host: <%= ENV.fetch("DB_HOST", "localhost") %>
  password: <%= ENV["DB_PASSWORD"] %>
production:
  <<: *default
  database: shop
  url: <%= ENV["DATABASE_URL"] %>
  secret_token: hunter2
"""
    found = stored(rails_config.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(
            Span(2, 3), "default.adapter", Literal("postgresql"), "rails", group="default"
        ),
        SettingDefined(
            Span(3, 3),
            "default.host",
            Setting("DB_HOST", Literal("localhost")),
            "rails",
            group="default",
        ),
        SettingDefined(
            Span(4, 3), "default.password", Setting("DB_PASSWORD"), "rails", group="default"
        ),
        SettingDefined(
            Span(7, 3), "production.database", Literal("shop"), "rails", group="production"
        ),
        SettingDefined(
            Span(8, 3), "production.url", Setting("DATABASE_URL"), "rails", group="production"
        ),
        SettingDefined(Span(9, 3), "production.secret_token", SECRET, "rails", group="production"),
        SettingDefined(
            Span(2, 3), "production.adapter", Literal("postgresql"), "rails", group="production"
        ),
        SettingDefined(
            Span(3, 3),
            "production.host",
            Setting("DB_HOST", Literal("localhost")),
            "rails",
            group="production",
        ),
        SettingDefined(
            Span(4, 3), "production.password", Setting("DB_PASSWORD"), "rails", group="production"
        ),
    )


def test_a_package_of_cargo(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
[package]
name = "orders"

[[bin]]
name = "orders-worker"
path = "src/worker.rs"

[dependencies]
axum = "0.7"
store = { package = "shop-store", path = "../store" }
sqlx = { version = "0.8", features = ["postgres"] }
serde = { workspace = true }

[dev-dependencies]
wiremock = "0.6"
"""
    assert stored(cargo.extract(text.encode())).facts == (
        PackageDeclared(
            Span(2),
            "orders",
            "cargo",
            (("axum", "0.7"), ("shop-store", ""), ("sqlx", "0.8"), ("sqlx[postgres]", ""), ("serde", "")),
            scripts=(("orders-worker", "src/worker.rs"),),
            runnable=True,
        ),
    )  # fmt: skip


def test_a_workspace_of_cargo(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = '[workspace]\nmembers = ["orders", "crates/*"]\n'
    assert stored(cargo.extract(text.encode())).facts == (
        PackageDeclared(Span(2), "", "cargo", members=("orders", "crates/*")),
    )
    assert cargo.extract(b"[patch.crates-io]\n").facts == ()
    (odd,) = cargo.extract(b'bin = ["a", {path = "b.rs"}]\n[package]\nname = "orders"\n').facts
    assert isinstance(odd, PackageDeclared)
    assert (odd.scripts, odd.runnable) == ((), False)
    assert cargo.extract(b"[package\n").problem
