"""GraphQL: operations of schemas and of code, and whom gateways and clients ask."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind


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


CLIENTS = {
    "Apollo gateway": (
        "front/gateway.js",
        """
        const { ApolloGateway, IntrospectAndCompose } = require('@apollo/gateway');
        const gateway = new ApolloGateway({
          supergraphSdl: new IntrospectAndCompose({
            subgraphs: [{ name: 'cart', url: process.env.CART_URL || 'http://cart:4001/graphql' }],
          }),
        });
        """,
    ),
    "Apollo gateway of the second version": (
        "front/gateway.ts",
        """
        import { ApolloGateway } from '@apollo/gateway';
        const serviceList = [{ name: 'cart', url: 'http://cart:4001/graphql' }];
        const gateway = new ApolloGateway({ serviceList });
        """,
    ),
    "NestJS gateway": (
        "front/app.module.ts",
        """
        import { IntrospectAndCompose } from '@apollo/gateway';
        @Module({ imports: [GraphQLModule.forRoot({ gateway: { supergraphSdl:
          new IntrospectAndCompose({ subgraphs: [{ name: 'cart', url: 'http://cart/graphql' }] }) } })] })
        export class AppModule {}
        """,
    ),
    "supergraph": (
        "front/supergraph.graphql",
        """
        enum join__Graph {
          CART @join__graph(name: "cart", url: "http://cart:4001/graphql")
        }
        type Query { cart: Cart @join__field(graph: CART) }
        """,
    ),
    "Apollo client": (
        "front/client.js",
        """
        import { ApolloClient, HttpLink } from '@apollo/client';
        export const client = new ApolloClient({ link: new HttpLink({ uri: 'http://cart:4001/graphql' }) });
        """,
    ),
    "urql": (
        "front/client.js",
        """
        import { createClient } from 'urql';
        export const client = createClient({ url: 'http://cart:4001/graphql', exchanges: [] });
        """,
    ),
    "genqlient": (
        "front/main.go",
        """
        package main
        import "github.com/Khan/genqlient/graphql"
        var client = graphql.NewClient("http://cart:4001/query", http.DefaultClient)
        """,
    ),
    "socket.io": (
        "front/client.js",
        """
        import { io } from 'socket.io-client';
        const socket = io('http://cart:3000', { transports: ['websocket'] });
        """,
    ),
    "ws": (
        "front/client.js",
        """
        import WebSocket from 'ws';
        const socket = new WebSocket('ws://cart:3000/live');
        """,
    ),
    "SignalR": (
        "front/Client.cs",
        """
        var connection = new HubConnectionBuilder().WithUrl("http://cart/hubs/live").Build();
        """,
    ),
    "websockets": (
        "front/client.py",
        """
        import websockets
        async def listen():
            async with websockets.connect("ws://cart:3000/live") as socket:
                pass
        """,
    ),
    "gorilla": (
        "front/main.go",
        """
        package main
        import "github.com/gorilla/websocket"
        func listen() { c, _, err := websocket.DefaultDialer.Dial("ws://cart:3000/live", nil) }
        """,
    ),
    "Spring's STOMP": (
        "front/src/main/java/acme/Live.java",
        """
        package acme;
        import org.springframework.web.socket.messaging.WebSocketStompClient;
        class Live {
          WebSocketStompClient client = new WebSocketStompClient(transport);
          void listen() { client.connectAsync("ws://cart:3000/live", handler); }
        }
        """,
    ),
    "RSocket": (
        "front/src/main/java/acme/Live.java",
        """
        package acme;
        import org.springframework.messaging.rsocket.RSocketRequester;
        class Live {
          RSocketRequester requester(RSocketRequester.Builder builder) { return builder.tcp("cart", 7000); }
        }
        """,
    ),
}


@pytest.mark.parametrize("library", CLIENTS)
def test_a_client_leads_to_its_server(library: str) -> None:
    path, text = CLIENTS[library]
    found = architecture({"compose.yaml": COMPOSE, path: text})
    assert calls(found) == ["service:front service:cart"]


ADDRESSES = {
    "connect-go": (
        "front/main.go",
        """
        package main
        import "example.org/shop/gen/shopv1connect"
        var carts = shopv1connect.NewCartClient(http.DefaultClient, "http://cart:8080")
        """,
    ),
    "kitex": (
        "front/main.go",
        """
        package main
        import (
            "example.org/shop/kitex_gen/shop/cartservice"
            "github.com/cloudwego/kitex/client"
        )
        var carts, err = cartservice.NewClient("cart", client.WithResolver(r))
        """,
    ),
    "connect-es": (
        "front/carts.ts",
        """
        import { createGrpcTransport } from '@connectrpc/connect-node';
        const transport = createGrpcTransport({ baseUrl: 'http://cart:8080', httpVersion: '2' });
        """,
    ),
    "grpc-web": (
        "front/carts.js",
        """
        const { CartClient } = require('./gen/cart_grpc_web_pb');
        const carts = new CartClient('http://cart:8080');
        """,
    ),
    "NestJS": (
        "front/app.module.ts",
        """
        import { ClientsModule, Transport } from '@nestjs/microservices';
        @Module({
          imports: [
            ClientsModule.register([
              { name: 'CART', transport: Transport.GRPC, options: { url: 'cart:50051', package: 'shop' } },
            ]),
          ],
        })
        export class AppModule {}
        """,
    ),
    "NestJS over TCP": (
        "front/app.module.ts",
        """
        import { ClientProxyFactory, Transport } from '@nestjs/microservices';
        const carts = ClientProxyFactory.create({
          transport: Transport.TCP,
          options: { host: 'cart', port: 3001 },
        });
        """,
    ),
    "ruby": (
        "front/app.rb",
        """
        require 'cart_services_pb'
        CARTS = Shop::V1::Cart::Stub.new('cart:50051', :this_channel_is_insecure)
        """,
    ),
    "php": (
        "front/index.php",
        """
        <?php
        $carts = new \\Shop\\V1\\CartClient('cart:50051', [
            'credentials' => \\Grpc\\ChannelCredentials::createInsecure(),
        ]);
        """,
    ),
}


@pytest.mark.parametrize("library", ADDRESSES)
def test_a_grpc_client_leads_to_its_address(library: str) -> None:
    path, text = ADDRESSES[library]
    found = architecture({"compose.yaml": COMPOSE, path: text})
    assert calls(found) == ["service:front service:cart"]


SERVED = {
    "Rails' cable": (
        "cart/config/routes.rb",
        """
        Rails.application.routes.draw do
          mount ActionCable.server => "/live"
        end
        """,
        ("websocket", "/live"),
    ),
    "strawberry in FastAPI": (
        "cart/main.py",
        """
        from fastapi import FastAPI
        from strawberry.fastapi import GraphQLRouter
        app = FastAPI()
        carts = GraphQLRouter(schema)
        app.include_router(carts, prefix="/live")
        """,
        ("graphql", "/live"),
    ),
    "ariadne mounted": (
        "cart/main.py",
        """
        from ariadne.asgi import GraphQL
        app.mount("/live", GraphQL(schema))
        """,
        ("graphql", "/live"),
    ),
    "Apollo in express": (
        "cart/index.js",
        """
        const express = require('express');
        const { expressMiddleware } = require('@apollo/server/express4');
        const app = express();
        app.use('/live', express.json(), expressMiddleware(server));
        """,
        ("graphql", "/live"),
    ),
    "Apollo of the third version": (
        "cart/index.js",
        """
        const { ApolloServer } = require('apollo-server-express');
        const server = new ApolloServer({ typeDefs, resolvers });
        server.applyMiddleware({ app, path: '/live' });
        """,
        ("graphql", "/live"),
    ),
    "yoga": (
        "cart/index.js",
        """
        import { createYoga } from 'graphql-yoga';
        const yoga = createYoga({ schema, graphqlEndpoint: '/live' });
        """,
        ("graphql", "/live"),
    ),
    "socket.io in Python": (
        "cart/main.py",
        """
        import socketio
        server = socketio.AsyncServer(async_mode="asgi")
        """,
        ("websocket", "/socket.io"),
    ),
}


@pytest.mark.parametrize("library", SERVED)
def test_where_a_server_takes_its_requests(library: str) -> None:
    path, text, expected = SERVED[library]
    found = architecture({"compose.yaml": COMPOSE, path: text})
    assert [(e.protocol, e.path) for e in found.endpoints] == [expected]


def test_of_the_programs_of_a_module_the_one_that_loads_the_library_serves() -> None:
    found = architecture(
        {
            "compose.yaml": """
                services:
                  front: {build: {context: ., dockerfile: front/Dockerfile}}
                  cart: {build: {context: ., dockerfile: cart/Dockerfile}}
                """,
            "go.mod": "module example.org/shop\nrequire github.com/99designs/gqlgen v0.17.0\n",
            "front/Dockerfile": "FROM golang\nCOPY . .\nRUN go build -o /app ./front/cmd/front\n",
            "cart/Dockerfile": "FROM golang\nCOPY . .\nRUN go build -o /app ./cart/cmd/cart\n",
            "front/cmd/front/main.go": """
                package main
                import "github.com/99designs/gqlgen/graphql/handler"
                func main() { http.Handle("/query", handler.New(schema)) }
                """,
            "cart/cmd/cart/main.go": "package main\nfunc main() {}\n",
            "graph/schema.graphqls": SDL,
        }
    )
    operations = [e for e in found.endpoints if e.protocol == "graphql"]
    assert {e.component for e in operations} == {"service:front"}
    assert len(operations) == 3
