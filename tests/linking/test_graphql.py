"""GraphQL: operations of schemas and of code, and whom gateways and clients ask."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.architecture import Architecture, EdgeKind
from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile


def architecture(files: dict[str, str]) -> Architecture:
    sources = []
    for path, text in files.items():
        kind = file_kinds()(path)
        assert kind is not None, path
        content = dedent(text).encode()
        sources.append(SourceFile(path, kind, role_of(path)[0], content=content))
    return scan(sources, []).architecture


def calls(found: Architecture) -> list[str]:
    return [f"{e.source} {e.target}" for e in found.edges(EdgeKind.CALLS)]


COMPOSE = """
    services:
      front:
        build: ./front
      cart:
        build: ./cart
    """
SDL = '''
    """type Query { none: Int }"""
    extend type Query @key(fields: "id") {
      "the cart" cart(id: ID!, of: [String!] = ["a"]): Cart @auth(requires: USER)
      carts: [Cart!]!  # all
    }
    type Cart { id: ID! }
    type Mutation { addItem(item: ItemInput!): Cart! }
    '''
CODE = {
    "sdl": {
        "cart/schema.graphql": SDL,
        "cart/package.json": '{"name": "cart", "dependencies": {"@apollo/server": "4"}}',
    },
    "sdl of gqlgen": {
        "cart/graph/schema.graphqls": SDL,
        "cart/go.mod": "module example.org/cart\nrequire github.com/99designs/gqlgen v0.17.0\n",
    },
    "sdl in a text": {
        "cart/package.json": '{"name": "cart", "dependencies": {"apollo-server": "3"}}',
        "cart/schema.ts": f"import gql from 'graphql-tag';\nexport const typeDefs = gql`{SDL}`;\n",
    },
    "sdl in a Python text": {
        "cart/requirements.txt": "ariadne==0.23\n",
        "cart/schema.py": "type_defs = gql('''" + SDL + "''')\n",
    },
    "nest": {
        "cart/src/cart.resolver.ts": """
            import { Query, Mutation, Resolver } from '@nestjs/graphql';
            @Resolver(() => Cart)
            export class CartResolver {
              @Query(() => Cart, { name: 'cart' })
              findOne(id: string) {}
              @Query(() => [Cart])
              carts() {}
              @Mutation(() => Cart)
              addItem(item: ItemInput) {}
            }
            """
    },
    "spring": {
        "cart/src/main/java/acme/CartController.java": """
            package acme;
            import org.springframework.graphql.data.method.annotation.*;
            @Controller
            class CartController {
              @QueryMapping public Cart cart(@Argument String id) { return null; }
              @SchemaMapping(typeName = "Query", field = "carts") List<Cart> all() { return null; }
              @MutationMapping("addItem") Cart add(@Argument ItemInput item) { return null; }
              @SchemaMapping(typeName = "Cart", field = "items") List<Item> items() { return null; }
            }
            """
    },
    "strawberry": {
        "cart/schema.py": """
            import strawberry
            @strawberry.type
            class Query:
                @strawberry.field
                def cart(self, id: str) -> Cart: ...
                @strawberry.field
                def carts(self) -> list[Cart]: ...
            @strawberry.type
            class Mutation:
                @strawberry.mutation
                def add_item(self, item: str) -> Cart: ...
            @strawberry.type
            class Cart:
                @strawberry.field
                def items(self) -> int: ...
            """
    },
    "graphene": {
        "cart/schema.py": """
            import graphene
            class Query(graphene.ObjectType):
                cart = graphene.Field(Cart)
                carts = graphene.List(Cart)
                def resolve_cart(self, info): ...
            class CartMutations(graphene.ObjectType):
                add_item = AddItem.Field()
            """
    },
    "graphql-ruby": {
        "cart/app/graphql/types/query_type.rb": """
            module Types
              class QueryType < Types::BaseObject
                field :cart, Types::CartType, null: false
                field :carts, resolver: Resolvers::Carts
              end
            end
            """,
        "cart/app/graphql/types/mutation_type.rb": """
            class Types::MutationType < Types::BaseObject
              field :add_item, mutation: Mutations::AddItem
            end
            """,
    },
    "HotChocolate": {
        "cart/cart.csproj": """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <ItemGroup><PackageReference Include="HotChocolate.AspNetCore" Version="13" /></ItemGroup>
            </Project>
            """,
        "cart/Query.cs": """
            namespace Acme;
            public class Query {
              public Cart GetCart(string id) => null;
              public Task<List<Cart>> GetCartsAsync() => null;
              private int Hidden() => 1;
            }
            [ExtendObjectType(OperationTypeNames.Mutation)]
            public class CartMutations {
              public Cart AddItem(string item) => null;
            }
            """,
    },
}


@pytest.mark.parametrize("library", CODE)
def test_operations_are_endpoints(library: str) -> None:
    found = architecture({"compose.yaml": COMPOSE, **CODE[library]})
    assert sorted((e.protocol, e.method, e.path) for e in found.endpoints) == [
        ("graphql", "MUTATION", "Mutation.addItem"),
        ("graphql", "QUERY", "Query.cart"),
        ("graphql", "QUERY", "Query.carts"),
    ]
    assert {e.component for e in found.endpoints} == {"service:cart"}


def test_the_schema_that_a_client_keeps_is_not_its_own() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "front/schema.graphql": SDL,
            "front/package.json": '{"name": "front", "dependencies": {"@apollo/client": "3"}}',
            "front/types.ts": "export type Query = { cart: string };\n",
        }
    )
    assert found.endpoints == ()
