"""HOCON: which entries are kept, and what they mean."""

from __future__ import annotations

from scaleaudit.config_files.hocon import extract
from scaleaudit.facts import SettingDefined
from scaleaudit.values import Literal, Setting, Unknown, Value, join


def entries(text: str) -> dict[str, tuple[Value, int]]:
    found = [f for f in extract(text.encode()).facts if isinstance(f, SettingDefined)]
    assert {each.source for each in found} <= {"hocon"}
    return {each.key: (each.value, each.at.line) for each in found}


def test_sections_dots_and_both_signs() -> None:
    text = """
include "shared.conf"  // with the rest
shop {
  stock { url = "http://stock:8080" } # ours
  billing.url: "http://billing:8081/pay"
  "words" : { host = words }
}
ktor.deployment.port = 8085
name = shop
tasks = ["http://a:1", {url = "http://b:1"}]
last.uri="redis://cache:6379"
"""
    assert entries(text) == {
        "shop.stock.url": (Literal("http://stock:8080"), 4),
        "shop.billing.url": (Literal("http://billing:8081/pay"), 5),
        "shop.words.host": (Literal("words"), 6),
        "ktor.deployment.port": (Literal("8085"), 8),
        "last.uri": (Literal("redis://cache:6379"), 11),
    }


def test_references_and_what_the_environment_may_say_instead() -> None:
    text = """
base = "http://stock:8080"
all = ${base}"/all"
port = 8080
port = ${?PORT}
url = ${?STOCK_URL}
"""
    assert entries(text) == {
        "base": (Literal("http://stock:8080"), 2),
        "all": (join(Setting("base"), Literal("/all")), 3),
        "port": (Setting("PORT", Literal("8080")), 5),
        "url": (Setting("STOCK_URL"), 6),
    }


def test_long_texts_secrets_and_what_is_broken() -> None:
    text = 'text = """\nurl = http://inside:1\n"""\nurl = "http://after:1"\n'
    assert entries(text) == {"url": (Literal("http://after:1"), 4)}
    secret = entries('db.url = "postgresql://shop:hunter2@db:5432/shop"')["db.url"][0]
    assert "hunter2" not in str(secret)
    assert not isinstance(secret, Unknown)
    assert entries('}}} url = "http://a:1" {{{') == {}
    assert entries("{" * 100 + 'url = "http://a:1"') == {}
    assert entries('url = "http://a:1\nhost = db') == {
        "url": (Literal("http://a:1"), 1),
        "host": (Literal("db"), 2),
    }
    assert entries("") == {}


def test_an_entry_may_be_overridden_without_end() -> None:
    text = "port = 80\n" + "port = ${?PORT}\n" * 1_500 + 'url = "http://stock:80"\n'
    assert set(entries(text)) == {"port", "url"}


def test_what_is_no_port_what_lists_hold_and_what_is_included() -> None:
    assert entries('server.port = "any"') == {}
    assert entries('all = [["http://a:1"], { url = "http://b:1" }]') == {}
    included = 'include "other.conf"\nurl = "http://a:1"\ninclude file("more.conf")\n'
    assert set(entries(included)) == {"url"}


def test_only_the_first_of_very_many_entries() -> None:
    text = "".join(f"a{n}.port = 80\n" for n in range(3_000))
    assert len(entries(text)) == 2_000
