"""Connections that stay open, and GraphQL over HTTP: whom JavaScript's clients speak to."""

from scaleaudit.facts import Timeout
from scaleaudit.languages.javascript.rpc import NestClients, Subgraphs
from scaleaudit.languages.patterns import Arg, HttpCall, Pattern

URL = Arg(0, ("url",))

SOCKETS: tuple[Pattern, ...] = (
    HttpCall(
        callees=(
            "socket.io-client",
            "socket.io-client.{io,connect,lookup,Manager,io.connect}",
            "ws",
            "{ws,isomorphic-ws}.WebSocket",
            "{WebSocket,window.WebSocket,isomorphic-ws,reconnecting-websocket,sockjs-client}",
            "websocket.w3cwebsocket",
            "subscriptions-transport-ws.SubscriptionClient",
            "graphql-ws.createClient",
            "{@microsoft,@aspnet}/signalr.HubConnectionBuilder.withUrl",
            "phoenix.Socket",
            "@rails/actioncable.createConsumer",
        ),
        library="websocket",
        url=URL,
        protocol="websocket",
        without=Timeout.UNKNOWN,
        when=lambda site, _: bool(site.args or "url" in site.keywords),
    ),
    HttpCall(
        callees=("@stomp/stompjs.Client", "@stomp/stompjs.Stomp.client"),
        library="stomp",
        url=Arg(0, ("brokerURL",)),
        protocol="websocket",
    ),
    HttpCall(
        callees=(
            "{@apollo/client,@apollo/client/core,@apollo/client/link/http}.{HttpLink,createHttpLink}",
            "{apollo-link-http,apollo-client-preset}.{HttpLink,createHttpLink}",
            "{apollo-upload-client,apollo-upload-client/createUploadLink.mjs}",
            "apollo-upload-client.createUploadLink",
            "{@apollo/client,@apollo/client/core,apollo-boost,apollo-client}.ApolloClient",
            "apollo-boost",
        ),
        library="apollo-client",
        url=Arg(-1, ("uri",)),
        method="POST",
        protocol="graphql",
        when=lambda site, _: "uri" in site.keywords,
    ),
    HttpCall(
        callees=("{urql,@urql/core,@urql/vue,@urql/svelte}.{createClient,Client}",),
        library="urql",
        url=Arg(-1, ("url",)),
        method="POST",
        protocol="graphql",
    ),
    # gRPC through transports and channels that are made apart from their clients.
    HttpCall(
        callees=(
            "{@connectrpc,@bufbuild}/{connect-web,connect-node}"
            ".{createConnectTransport,createGrpcTransport,createGrpcWebTransport}",
            "@protobuf-ts/grpcweb-transport.GrpcWebFetchTransport",
        ),
        library="grpc",
        url=Arg(-1, ("baseUrl",)),
        protocol="grpc",
        timeout=("defaultTimeoutMs", "timeout"),
    ),
    HttpCall(
        callees=("@protobuf-ts/grpc-transport.GrpcTransport",),
        library="grpc",
        url=Arg(-1, ("host",)),
        protocol="grpc",
    ),
    HttpCall(callees=("nice-grpc.createChannel",), library="grpc", protocol="grpc"),
    NestClients(
        callees=(
            "@nestjs/microservices.ClientsModule.{register,registerAsync}",
            "@nestjs/microservices.ClientProxyFactory.create",
        ),
    ),
    NestClients(callees=("@nestjs/microservices.Client",), annotation=True),
    Subgraphs(callees=("{@apollo/gateway,@apollo/federation}.{ApolloGateway,IntrospectAndCompose}",)),
)  # fmt: skip
