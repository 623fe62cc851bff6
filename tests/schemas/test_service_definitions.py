"""Definitions of remote services: protocol buffers, Thrift, GraphQL."""

from __future__ import annotations

import pytest

from scaleaudit.facts import ServiceDefined, SettingDefined
from scaleaudit.schemas import graphql, protobuf, thrift
from scaleaudit.source import Span
from scaleaudit.values import Literal

PROTO = b"""
/* service Hidden { rpc No (A) returns (B); } */
package shop.v1;
message Item { message Inner { string rpc = 1; } string service = 2; }
service Cart {
  option deprecated = true;
  rpc Add(Item) returns (Item) {
    option (google.api.http) = { post: "/v1/{name=carts/*}/items" body: "*"
      additional_bindings { put: '/v1/items/{id}' } };
    option (docs.operation) = { description: "get: it" get: "/not/a/route" };
  }
  rpc Watch (stream .shop.v1.Item) returns (stream Item);
  rpc Get(Item) returns (Item) { option (google.api.http).get = "/v1/items"; }
}
service Stock {}
"""


def test_services_of_protocol_buffers() -> None:
    assert protobuf.extract(PROTO).facts == (
        ServiceDefined(
            Span(5),
            "grpc",
            "shop.v1.Cart",
            ("Add", "Watch", "Get"),
            (
                ("POST", "/v1/{name}/items", "Add"),
                ("PUT", "/v1/items/{id}", "Add"),
                ("GET", "/v1/items", "Get"),
            ),
        ),
        ServiceDefined(Span(15), "grpc", "shop.v1.Stock"),
    )


def test_services_of_thrift() -> None:
    source = b"""
    struct Item { 1: string name = "service Hidden {" }  // service Gone {
    service Cart extends shared.Base {
      list<Item> items(1: i32 id = 1, 2: optional string of) throws (1: Failed why),
      oneway void clear();
    }
    service Empty {}
    """
    assert thrift.extract(source).facts == (
        ServiceDefined(Span(3), "thrift", "Cart", ("items", "clear")),
        ServiceDefined(Span(7), "thrift", "Empty"),
    )


def test_operations_of_graphql() -> None:
    source = b"""
    query carts { carts { id } }
    type Query { carts(of: [ID!] = ["x"]): [Cart!]! @cost(value: 2)
      _service: _Service!  "hidden: Int" cart: Cart }
    extend type Mutation @a(b: "c") { add(item: Item = {name: "x"}): Cart }
    type Cart { id: ID }
    """
    assert graphql.extract(source).facts == (
        ServiceDefined(Span(3), "graphql", "Query", ("carts", "cart")),
        ServiceDefined(Span(5), "graphql", "Mutation", ("add",)),
    )


def test_of_a_supergraph_only_the_addresses_of_its_parts_are_kept() -> None:
    source = b"""
    enum join__Graph { CART @join__graph(name: "cart" url: "http://cart:4001/graphql") }
    type Query { carts: [Cart] @join__field(graph: CART) }
    """
    address = Literal("http://cart:4001/graphql")
    assert graphql.extract(source).facts == (
        SettingDefined(Span(2), "subgraph:cart", address, "graphql-gateway"),
    )


@pytest.mark.parametrize("extract", [protobuf.extract, thrift.extract, graphql.extract])
@pytest.mark.parametrize(
    "content",
    [
        b"service A {" * 20_000,
        b"service A { rpc " + b"a(" * 50_000,
        b"service A { " + b"a" * 200_000,
        b"type Query {" * 20_000,
        b"type Query {" + b"a(b:" * 50_000,
        b"/*" * 50_000 + b'"' * 50_001,
        b"\xff\x00" * 1_000,
        b"",
    ],
)
def test_hostile_definitions_are_bounded(extract: object, content: bytes) -> None:
    assert callable(extract)
    assert len(extract(content).facts) <= 500
