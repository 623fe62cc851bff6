"""explain-edge"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "edge-v1.json"

FILES = {
    "compose.yml": """\
services:
  front:
    build: ./front
    environment:
      PRICES_URL: http://prices-api:8080
  prices:
    build: ./prices
    hostname: prices-api
    environment:
      DATABASE_URL: postgresql://shop:hunter2@db:5432/shop
  db:
    image: postgres:16
  lonely:
    image: nginx
""",
    "front/Dockerfile": "FROM python:3.12\nCMD python app.py\n",
    "front/app.py": """\
import os
import requests

PRICES = os.environ["PRICES_URL"]


def price(sku):
    return requests.get(f"{PRICES}/prices/{sku}")


def image(request):
    return requests.get(request.args["image"])
""",
    "prices/Dockerfile": "FROM python:3.12\nCMD python app.py\n",
    "prices/app.py": """\
import os
import psycopg

db = psycopg.connect(os.environ["DATABASE_URL"])
""",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "shop"


@pytest.mark.usefixtures("shop")
def test_the_trail_of_a_call(run: Callable[..., Result]) -> None:
    result = run("explain-edge", "front", "prices-api", "shop")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "front -> prices  calls (sure)\n"
        "\n"
        "  1  call         front/app.py:8  front calls through requests\n"
        '                  | return requests.get(f"{PRICES}/prices/{sku}")\n'
        "  2  constant     front/app.py:4  PRICES is defined here\n"
        '                  | PRICES = os.environ["PRICES_URL"]\n'
        "  3  environment  compose.yml:5  PRICES_URL is set in the deployment\n"
        "                  | PRICES_URL: http://prices-api:8080\n"
        "  4  target       compose.yml:6  prices is declared here\n"
        "                  | prices:\n"
        "  address  http://prices-api:8080/prices/{}\n"
        "  sure: every step from the call to the name of the target was read\n"
        "\n"
        "prices -> front  no connection is known this way round\n"
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_credentials_are_not_shown(run: Callable[..., Result], shop: Path, form: str) -> None:
    result = run("explain-edge", "prices", "db", str(shop), "--format", form)
    assert "hunter2" not in result.output
    assert "postgresql://***@db:5432/shop" in result.stdout


@pytest.mark.usefixtures("shop")
def test_the_path_is_the_current_folder(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("shop")
    assert run("explain-edge", "front", "prices").stdout.startswith("front -> prices  calls")


@pytest.mark.usefixtures("shop")
def test_no_connection(run: Callable[..., Result]) -> None:
    result = run("explain-edge", "front", "db", "shop")
    assert result.exit_code == 0
    assert result.stdout == (
        "front -> db  no connection is known, in neither direction\n"
        "\n"
        "The shortest way over others:\n"
        "  front -calls-> prices -uses-> db\n"
        "\n"
        "1 call of front leads to an address that the repository does not tell; it may be\n"
        "this one:\n"
        "  - front/app.py:12  requests GET\n"
        '    | return requests.get(request.args["image"])\n'
        "    `request.args.image` is known at run time only\n"
    )
    alone = run("explain-edge", "lonely", "front", "shop").stdout
    assert "No way over others leads from lonely to front.\n" in alone
    same = run("explain-edge", "prices", "prices-api", "shop").stdout
    assert same == "prices: both names are of this one component\n"


@pytest.mark.usefixtures("shop")
def test_an_unknown_name(run: Callable[..., Result]) -> None:
    result = run("explain-edge", "front", "price", "shop")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "scaleaudit: nothing is named price; did you mean prices?\n"


@pytest.mark.usefixtures("shop")
def test_json(run: Callable[..., Result]) -> None:
    def explained(first: str, second: str) -> Any:
        found = json.loads(run("explain-edge", first, second, "shop", "-f", "json").stdout)
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(found)
        return found

    # The same two ends the other way round: the connection is the same.
    found = explained("prices-api", "front")
    (connection,) = found["connections"]
    assert (connection["source"], connection["target"]) == ("service:front", "service:prices")
    (way,) = connection["ways"]
    assert [(step["step"], step["line"]) for step in way["steps"]] == [
        ("call", 8),
        ("constant", 4),
        ("environment", 5),
        ("target", 6),
    ]
    assert way["steps"][1]["text"] == 'PRICES = os.environ["PRICES_URL"]'
    assert way["address"] == "http://prices-api:8080/prices/{}"
    none = explained("front", "db")
    assert [hop["node"] for hop in none["over"]] == [
        "service:front",
        "service:prices",
        "database:db",
    ]
    assert [each["cause"] for each in none["unresolved"]] == ["input"]


def test_hostile_names_and_lines(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "bad"
    (root / "a").mkdir(parents=True)
    (root / "compose.yml").write_text(
        'services:\n  "a\\e[31m":\n    build: ./a\n    environment:\n'
        '      B_URL: "http://b:1" # \x1b]0;title\x07 ::error::x\n  b:\n    image: nginx\n'
    )
    (root / "a" / "Dockerfile").write_text("FROM python\nCMD python a.py\n")
    (root / "a" / "a.py").write_bytes(
        b"import os, requests\nrequests.get(os.environ['B_URL']) # \x1b[2J \xff" + b"y" * 9000
    )
    monkeypatch.chdir(tmp_path)
    for form in ("text", "json"):
        result = run("explain-edge", "b", "a", "bad", "-f", form)
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
        assert max(map(len, result.stdout.splitlines())) < 600
    assert "\\x1b[2J" in run("explain-edge", "a", "b", "bad").stdout
