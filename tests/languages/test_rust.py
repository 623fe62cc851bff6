"""How Rust spells values, imports and settings."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ConstantDefined, ImportFound, RemoteCall, SettingRead
from scaleaudit.languages.rust import extract
from scaleaudit.values import Join, Literal, Name, Setting, Unknown, Value

SETTING = Setting("ORDERS_URL")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ('"http://orders/7"', Literal("http://orders/7")),
        ('r#"http://orders/7"#', Literal("http://orders/7")),
        ('format!("http://orders/{}", id)', Join((Literal("http://orders/"), Unknown("id")))),
        ('format!("{HOST}/a")', Literal("http://stock/a")),
        ('format!("{0}/a/{0}", self.config.url)', Join((
            Name("config.url"), Literal("/a/"), Name("config.url"),
        ))),
        ('concat!("http://", "stock")', Literal("http://stock")),
        ('format!("{}/{}", f(a, g(b)), HOST)', Join((Unknown("f(a, g(b))"), Literal("/http://stock")))),
        ('format!("{}/{}", f("(,"), HOST)', Join((Unknown('f("(,")'), Literal("/http://stock")))),
        ('format!("{h}/{}", 7, h = HOST)', Join((Literal("http://stock/"), Unknown("7")))),
        ('std::env::var("ORDERS_URL").expect("set")', SETTING),
        ('env!("ORDERS_URL")', SETTING),
        ('&env::var("ORDERS_URL").unwrap_or("http://o".into())', Setting("ORDERS_URL", Literal("http://o"))),
        ("HOST.to_owned()", Literal("http://stock")),
        ('HOST.to_string() + "/b"', Literal("http://stock/b")),
        ("given", Literal("http://given")),
        ("asked", Unknown("asked")),
        ("crate::config::ORDERS_URL", Name("config.ORDERS_URL")),
    ],
)  # fmt: skip
def test_values(address: str, expected: Value) -> None:
    source = f"""
        use std::env;
        const HOST: &str = "http://stock";
        async fn ask(asked: &str) {{
            let given = "http://given";
            reqwest::get({address}).await;
        }}
        """
    (call,) = [fact for fact in extract(source.encode()).facts if isinstance(fact, RemoteCall)]
    assert call.target == expected


def test_what_a_use_takes_in() -> None:
    source = b"use crate::orders::{self, list, paid::{late as overdue, Open}, *};\nuse serde;\n"
    found = {(f.module, *f.names[0]) for f in extract(source).facts if isinstance(f, ImportFound)}
    assert found == {
        ("crate", "orders", "orders"),
        ("crate.orders", "list", "list"),
        ("crate.orders.paid", "late", "overdue"),
        ("crate.orders.paid", "Open", "Open"),
        ("crate.orders", "*", "*"),
        ("", "serde", "serde"),
    }


def test_fields_that_variables_fill() -> None:
    source = b"""
        struct Config {
            #[envconfig(from = "ORDERS_URL", default = "http://orders")]
            pub orders_url: String,
            #[arg(long, env, default_value = "80")]
            port: u16,
            #[serde(rename = "other")]
            other: String,
        }
        """
    facts = extract(source).facts
    kept = {f.name: f.value for f in facts if isinstance(f, ConstantDefined)}
    assert kept == {
        "Config.orders_url": Setting("ORDERS_URL", Literal("http://orders")),
        "Config.port": Setting("PORT", Literal("80")),
    }
    assert [f.key for f in facts if isinstance(f, SettingRead)] == ["ORDERS_URL", "PORT"]


def test_a_request_is_what_is_sent() -> None:
    source = b"""
        use reqwest::Client;
        fn look(map: &Map, client: &Client) {
            map.get("http://word");
            client.get("http://orders").header("a", "b").send();
            client.request(Method::PUT, "http://stock").body(x).send();
        }
        """
    found = [f for f in extract(source).facts if isinstance(f, RemoteCall)]
    assert [(f.method, f.target) for f in found] == [
        ("GET", Literal("http://orders")),
        ("PUT", Literal("http://stock")),
    ]
