"""gRPC, Thrift and Dubbo: services by their definitions, clients by their generated names."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind


def calls(found: Architecture) -> list[str]:
    return [f"{e.source} {e.target}" for e in found.edges(EdgeKind.CALLS)]


def endpoints(found: Architecture, component: str) -> list[tuple[str, str, str]]:
    wanted = f"service:{component}"
    return [(e.protocol, e.method, e.path) for e in found.endpoints if e.component == wanted]


COMPOSE = """
    services:
      front:
        build: ./front
      cart:
        build: ./cart
    """
PROTO = """
    syntax = "proto3";
    package shop.v1;  // of the shop
    message Item { string service = 1; }
    service Cart {
      rpc Add (Item) returns (stream Item) {
        option (google.api.http) = {
          post: "/v1/carts/{name=users/*}/items"
          body: "*"
          additional_bindings { put: "/v1/items" }
        };
      }
      // rpc Gone (Item) returns (Item);
      rpc List(Item) returns (Item) {}
    }
    """
SERVERS = {
    "go": (
        "cart/main.go",
        """
        package main
        import (
            pb "example.org/shop/genproto"
            "google.golang.org/grpc"
        )
        func main() {
            srv := grpc.NewServer()
            pb.RegisterCartServer(srv, &cart{})
        }
        """,
    ),
    "connect-go": (
        "cart/main.go",
        """
        package main
        import "example.org/shop/gen/shopv1connect"
        func main() {
            path, handler := shopv1connect.NewCartHandler(&cart{})
            mux.Handle(path, handler)
        }
        """,
    ),
    "twirp": (
        "cart/main.go",
        """
        package main
        import (
            "example.org/shop/rpc/shop"
            "github.com/twitchtv/twirp"
        )
        func main() {
            http.ListenAndServe(":80", shop.NewCartServer(&cart{}, twirp.WithServerPathPrefix("/")))
        }
        """,
    ),
    "python": (
        "cart/main.py",
        """
        import grpc
        from protos import cart_pb2_grpc
        server = grpc.server(pool)
        cart_pb2_grpc.add_CartServicer_to_server(Carts(), server)
        """,
    ),
    "java": (
        "cart/src/main/java/acme/Carts.java",
        """
        package acme;
        public class Carts extends CartGrpc.CartImplBase {}
        """,
    ),
    "quarkus": (
        "cart/src/main/java/acme/Carts.java",
        """
        package acme;
        @GrpcService
        public class Carts implements Cart {}
        """,
    ),
    "kotlin": (
        "cart/src/main/kotlin/acme/Carts.kt",
        """
        package acme
        class Carts : CartGrpcKt.CartCoroutineImplBase() {}
        """,
    ),
    "csharp": (
        "cart/Carts.cs",
        """
        namespace Acme;
        public class Carts : Cart.CartBase {}
        """,
    ),
    "node": (
        "cart/server.js",
        """
        const grpc = require('@grpc/grpc-js');
        const server = new grpc.Server();
        server.addService(shop.Cart.service, { add, list });
        """,
    ),
    "nest": (
        "cart/src/cart.controller.ts",
        """
        import { GrpcMethod } from '@nestjs/microservices';
        export class CartController {
          @GrpcMethod('Cart', 'Add')
          add(item) { return item; }
          @GrpcMethod('Cart')
          list(item) { return item; }
        }
        """,
    ),
    "connect-es": (
        "cart/src/routes.ts",
        """
        import { ConnectRouter } from '@connectrpc/connect';
        import { Cart } from './gen/cart_pb';
        export default (router: ConnectRouter) => router.service(Cart, carts);
        """,
    ),
    "ruby": (
        "cart/server.rb",
        """
        require 'cart_services_pb'
        class CartServer < Shop::V1::Cart::Service
          def add(item, _call) = item
        end
        """,
    ),
    "php": (
        "cart/worker.php",
        """
        <?php
        use Spiral\\RoadRunner\\GRPC\\Server;
        $server = new Server();
        $server->registerService(CartInterface::class, new Carts());
        """,
    ),
}


@pytest.mark.parametrize("language", SERVERS)
def test_a_service_is_served_with_all_its_methods(language: str) -> None:
    path, text = SERVERS[language]
    found = architecture({"compose.yaml": COMPOSE, "protos/cart.proto": PROTO, path: text})
    assert endpoints(found, "cart") == [
        ("grpc", "*", "/shop.v1.Cart/Add"),
        ("grpc", "*", "/shop.v1.Cart/List"),
    ]


CLIENTS = {
    "go": (
        "front/main.go",
        """
        package main
        import pb "example.org/shop/genproto"
        func carts(conn *grpc.ClientConn) pb.CartClient {
            return pb.NewCartClient(conn)
        }
        """,
    ),
    "connect-go": (
        "front/main.go",
        """
        package main
        import "example.org/shop/gen/shopv1connect"
        var carts = shopv1connect.NewCartClient(http.DefaultClient, address())
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
        var carts = cartservice.MustNewClient("cart", client.WithResolver(r))
        """,
    ),
    "python": (
        "front/main.py",
        """
        from protos import cart_pb2_grpc
        def carts(channel):
            return cart_pb2_grpc.CartStub(channel)
        """,
    ),
    "java": (
        "front/src/main/java/acme/Front.java",
        """
        package acme;
        class Front {
          Front(Channel channel) { this.carts = CartGrpc.newBlockingStub(channel); }
        }
        """,
    ),
    "spring": (
        "front/src/main/java/acme/Front.java",
        """
        package acme;
        class Front {
          @GrpcClient("shop") private CartGrpc.CartBlockingStub carts;
        }
        """,
    ),
    "quarkus": (
        "front/src/main/java/acme/Front.java",
        """
        package acme;
        class Front {
          @GrpcClient
          Cart carts;
        }
        """,
    ),
    "kotlin": (
        "front/src/main/kotlin/acme/Front.kt",
        """
        package acme
        class Front(channel: Channel) {
          private val carts = CartGrpcKt.CartCoroutineStub(channel)
        }
        """,
    ),
    "csharp": (
        "front/Front.cs",
        """
        namespace Acme;
        public class Front(Cart.CartClient carts) {}
        """,
    ),
    "node": (
        "front/index.js",
        """
        const grpc = require('@grpc/grpc-js');
        const carts = new shop.Cart(address(), grpc.credentials.createInsecure());
        """,
    ),
    "grpc-web": (
        "front/index.js",
        """
        const { CartPromiseClient } = require('./gen/cart_grpc_web_pb');
        const carts = new CartPromiseClient(address());
        """,
    ),
    "nest": (
        "front/src/front.service.ts",
        """
        import { ClientGrpc } from '@nestjs/microservices';
        export class FrontService {
          constructor(private client: ClientGrpc) {}
          onModuleInit() { this.carts = this.client.getService<CartClient>('Cart'); }
        }
        """,
    ),
    "connect-es": (
        "front/src/carts.ts",
        """
        import { createClient } from '@connectrpc/connect';
        import { Cart } from './gen/cart_pb';
        export const carts = createClient(Cart, transport);
        """,
    ),
    "ruby": (
        "front/app.rb",
        """
        require 'cart_services_pb'
        CARTS = Shop::V1::Cart::Stub.new(address, :this_channel_is_insecure)
        """,
    ),
    "php": (
        "front/index.php",
        """
        <?php
        $carts = new \\Shop\\V1\\CartClient($address, [
            'credentials' => \\Grpc\\ChannelCredentials::createInsecure(),
        ]);
        """,
    ),
}


@pytest.mark.parametrize("language", CLIENTS)
def test_a_client_without_a_known_address_speaks_to_the_only_server(language: str) -> None:
    path, text = CLIENTS[language]
    server, code = SERVERS["go"]
    if language == "kitex":
        code = code.replace("RegisterCartServer", "RegisterCartServiceServer")
    found = architecture({"compose.yaml": COMPOSE, path: text, server: code})
    assert calls(found) == ["service:front service:cart"]
    evidence = " ".join(e.note for edge in found.edges(EdgeKind.CALLS) for e in edge.evidence)
    assert "cart is the only server of" in evidence
    assert found.unresolved == ()


def test_a_gateway_offers_the_http_routes_of_the_definition() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "protos/cart.proto": PROTO,
            SERVERS["go"][0]: SERVERS["go"][1],
            "front/main.go": """
                package main
                import gw "example.org/shop/genproto"
                func main() {
                    err := gw.RegisterCartHandlerFromEndpoint(ctx, mux, "cart:9090", options)
                }
                """,
        }
    )
    assert endpoints(found, "front") == [
        ("http", "POST", "/v1/carts/{name}/items"),
        ("http", "PUT", "/v1/items"),
    ]
    assert calls(found) == ["service:front service:cart"]


def test_the_client_package_of_a_server_belongs_to_who_imports_it() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "go.mod": "module example.org/shop\n",
            "cart/main.go": SERVERS["go"][1],
            "cart/client/client.go": """
                package client
                import pb "example.org/shop/genproto"
                func New(address string) pb.CartClient { return pb.NewCartClient(dial(address)) }
                """,
            "front/main.go": """
                package main
                import "example.org/shop/cart/client"
                func main() { carts := client.New(address) }
                """,
        }
    )
    assert calls(found) == ["service:front service:cart"]


def test_of_two_servers_of_a_service_none_is_taken() -> None:
    compose = f"{COMPOSE}  basket:\n        build: ./basket\n"
    found = architecture(
        {
            "compose.yaml": compose,
            "cart/main.go": SERVERS["go"][1],
            "basket/main.go": SERVERS["go"][1],
            "front/main.py": CLIENTS["python"][1],
        }
    )
    assert calls(found) == []
    assert [each.reason for each in found.unresolved] == [
        "more than one component serves it: basket, cart"
    ]


def test_a_name_that_nobody_serves_and_a_comment_make_no_edge() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "cart/main.go": SERVERS["go"][1],
            "front/main.go": """
                package main
                // carts := pb.NewCartClient(conn)
                var other = pb.NewStockClient(conn)
                var text = "pb.NewCartClient(conn)"
                """,
        }
    )
    assert calls(found) == []


def test_health_and_reflection_are_the_frameworks_own() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "cart/main.py": """
                health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
                reflection.enable_server_reflection(names, server)
                """,
        }
    )
    assert endpoints(found, "cart") == []


def test_dubbo_services_are_interfaces() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "cart/src/main/java/acme/Carts.java": """
                package acme;
                import org.apache.dubbo.config.annotation.DubboService;
                @DubboService(version = "1.0.0", timeout = 300)
                public class Carts implements CartService {}
                """,
            "front/src/main/java/acme/Front.java": """
                package acme;
                import org.apache.dubbo.config.annotation.DubboReference;
                class Front {
                  @DubboReference(version = "1.0.0")
                  private CartService carts;
                }
                """,
        }
    )
    assert calls(found) == ["service:front service:cart"]
    assert endpoints(found, "cart") == [("dubbo", "*", "/CartService")]


def test_thrift_services_have_methods() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "cart.thrift": """
                namespace py shop
                struct Item { 1: string name }
                service Cart extends base.Service {
                  Item add(1: Item item, 2: map<string, i32> more) throws (1: Failed why),
                  oneway void clear() // all of it
                }
                """,
            "cart/main.py": """
                from thrift.server import TServer
                from shop import Cart
                processor = Cart.Processor(handler)
                """,
            "front/main.py": """
                from thrift.protocol import TBinaryProtocol
                from shop import Cart
                client = Cart.Client(protocol)
                """,
        }
    )
    assert calls(found) == ["service:front service:cart"]
    assert endpoints(found, "cart") == [
        ("thrift", "*", "/Cart/add"),
        ("thrift", "*", "/Cart/clear"),
    ]


def test_services_of_one_name_are_told_apart_by_their_package() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "protos/one.proto": "package shop.v1;\nservice Cart { rpc Add (Item) returns (Item); }\n",
            "protos/two.proto": "package shop.v2;\nservice Cart { rpc Put (Item) returns (Item); }\n",
            "cart/main.go": """
                package main
                import "example.org/shop/gen/shopv2connect"
                func main() { mux.Handle(shopv2connect.NewCartHandler(&cart{})) }
                """,
        }
    )
    assert endpoints(found, "cart") == [("grpc", "*", "/shop.v2.Cart/Put")]


def test_a_description_of_a_service_registers_it_through_any_wrapper() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "protos/cart.proto": PROTO,
            "cart/main.go": """
                package main
                import pb "example.org/shop/genproto"
                func main() { server := wrapper.New().Add(&pb.Cart_ServiceDesc, impl) }
                """,
        }
    )
    assert [(e.path, e.handler) for e in found.endpoints] == [
        ("/shop.v1.Cart/Add", "impl"),
        ("/shop.v1.Cart/List", "impl"),
    ]


def test_an_unknown_name_of_a_channel_is_answered_by_its_stubs() -> None:
    files = {
        "compose.yaml": COMPOSE,
        "front/main.py": """
            import grpc
            from protos import cart_pb2_grpc
            channel = grpc.insecure_channel("registered-carts:50051")
            stub = cart_pb2_grpc.CartStub(channel)
            """,
    }
    alone = architecture(files)
    assert calls(alone) == ["service:front external:registered-carts"]
    found = architecture({**files, "cart/main.go": SERVERS["go"][1]})
    assert calls(found) == ["service:front service:cart"]
    assert found.unresolved == ()


def test_a_browser_calls_the_proxy_that_its_client_names() -> None:
    """gRPC-Web goes to Envoy, which passes it on; the page never speaks to the server."""
    compose = """
        services:
          page: {build: page}
          carts: {build: carts}
          edge: {image: "envoyproxy/envoy:v1.30", ports: ["8080:8080"]}
        """
    client = """
        import { createClient } from '@connectrpc/connect';
        import { createGrpcWebTransport } from '@connectrpc/connect-web';
        import { Cart } from './gen/cart_connect';
        const transport = createGrpcWebTransport({ baseUrl: '%s' });
        export const carts = createClient(Cart, transport);
        """
    files = {
        "compose.yaml": compose,
        "page/package.json": '{"name": "page", "dependencies": {"vue": "3"}}',
        "page/Dockerfile": "FROM node\nCOPY . .\n",
        "carts/Dockerfile": "FROM node\nCOPY . .\n",
        "carts/package.json": '{"name": "carts", "dependencies": {"@connectrpc/connect": "1"}}',
        "carts/server.ts": """
            import { ConnectRouter } from '@connectrpc/connect';
            import { Cart } from './gen/cart_connect';
            export default (router: ConnectRouter) => { router.service(Cart, { add() {} }); };
            """,
    }
    called = {}
    for address in ("http://edge:8080", "http://carts:8080"):
        found = architecture({**files, "page/client.ts": client % address})
        called[address] = {e.target for e in found.edges(EdgeKind.CALLS)}
    assert called == {
        "http://edge:8080": {"service:edge"},
        "http://carts:8080": {"service:carts"},
    }
