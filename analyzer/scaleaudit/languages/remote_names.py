"""How generated clients and servers of remote services are called, by language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re


class RemoteName(Record, frozen=True, kw_only=True):
    """How a language's generated clients or servers are called: group 1 is the service.

    Files without one of `marks` have none, nor have those without one of `also`, where the form
    alone is common. `served`: the name is that of a server, whose class is group 2. `address`: which
    argument of a client's constructor is the address, or the name that a registry knows.
    `qualified`: the package's name stands before the match, and tells services of one name apart.
    `doubled`: the service's name stands before the match as well.
    """

    names: re.Pattern[bytes]
    marks: tuple[bytes, ...]
    also: tuple[bytes, ...] = ()
    protocol: str = "grpc"
    served: bool = False
    address: int = -1
    qualified: bool = False
    doubled: bool = False


JVM_MODIFIERS = rb"(?:(?:@\w+|private|public|protected|final|lateinit|var)\s+){0,4}"
JVM_TYPE = rb"(?:\w+\s*:\s*)?(?:[a-z]\w*\.)*([A-Z]\w*)"
JVM_ARGUMENTS = rb"(?:\((?:[^()]|\([^()]*\)){0,400}\))?"

GO = (
    # pb.NewCartClient(conn)
    RemoteName(names=regex(rb"\.New([A-Z]\w*)Client\("), marks=(b"Client(",)),
    # connect's NewCartClient(http, url); twirp's NewCartProtobufClient(url, http)
    RemoteName(
        names=regex(rb"connect\.New([A-Z]\w*)Client\("), marks=(b"connect.New",), address=1
    ),
    RemoteName(
        names=regex(rb"\.New([A-Z]\w*)(?:Protobuf|JSON)Client\("),
        marks=(b"ProtobufClient(", b"JSONClient("),
        address=0,
    ),
    # kitex: cartservice.NewClient("cart"), cartservice.NewServer(impl)
    RemoteName(
        names=regex(rb"\b([a-z]\w*service)\.(?:Must)?NewClient\("),
        marks=(b"NewClient(",),
        also=(b"kitex",),
        address=0,
    ),
    RemoteName(
        names=regex(rb"\b([a-z]\w*service)\.NewServer\((?:new\()?&?([\w.]+)"),
        marks=(b"NewServer(",),
        also=(b"kitex",),
        served=True,
    ),
    # go-micro: pb.NewCartService("cart", service.Client())
    RemoteName(
        names=regex(
            rb"\.New(?!Publisher\(|Event\()([A-Z]\w*?)(?:Service|Client)?\("
            rb"\s*(?:\"[^\"\n]*\"|[\w.]+),\s*[\w.]+\.Client\(\)"
        ),
        marks=(b".Client()",),
        also=(b"micro",),
        address=0,
    ),
    # a gateway forwards: gw.RegisterCartHandlerFromEndpoint(ctx, mux, address, options)
    RemoteName(
        names=regex(rb"\.Register([A-Z]\w*?)Handler(?:FromEndpoint|Client)?\(\s*(?:\w*[cC]tx|context\.)"),
        marks=(b"Handler",),
    ),
    # s.RegisterService(&pb.Cart_ServiceDesc, impl), and what wraps it
    RemoteName(
        names=regex(rb"\.([A-Z]\w*)_ServiceDesc,\s*&?([\w.]+)"),
        marks=(b"_ServiceDesc",),
        served=True,
        qualified=True,
    ),
    # connect and twirp
    RemoteName(
        names=regex(rb"\wconnect\.New([A-Z]\w*)Handler\(\s*&?([\w.]+)"),
        marks=(b"connect.New",),
        served=True,
        qualified=True,
    ),
    RemoteName(
        names=regex(rb"\.New([A-Z]\w*)Server\(\s*&?([\w.]+)"),
        marks=(b"Server(",),
        also=(b"twirp",),
        served=True,
    ),
    RemoteName(
        names=regex(rb"\.New([A-Z]\w*?)Client(?:Factory|Protocol)\("),
        marks=(b"Client",),
        also=(b"thrift",),
        protocol="thrift",
    ),
    RemoteName(
        names=regex(rb"\.New([A-Z]\w*?)Processor\(\s*&?([\w.]+)"),
        marks=(b"Processor(",),
        also=(b"thrift",),
        protocol="thrift",
        served=True,
    ),
)  # fmt: skip
PYTHON = (
    RemoteName(names=regex(rb"\b(?!_)(\w+?)(?:Async)?Stub\s*\("), marks=(b"Stub",)),
    RemoteName(
        names=regex(rb"\b([A-Z]\w*)\.Client\s*\("),
        marks=(b".Client(",),
        also=(b"thrift",),
        protocol="thrift",
    ),
    RemoteName(
        names=regex(rb"\b([A-Z]\w*)\.Processor\s*\(\s*(\w+)"),
        marks=(b".Processor(",),
        also=(b"thrift",),
        protocol="thrift",
        served=True,
    ),
)
JVM = (
    # CartGrpc.newBlockingStub(channel), CartGrpc.CartStub; Mutiny, Reactor and Rx put a word before
    RemoteName(
        names=regex(
            rb"\b(?:Mutiny|Reactor|Rx3?)?([A-Z]\w*?)Grpc(?:Kt)?\s*\.\s*(?:new\w*Stub\b|\w+Stub\b)"
        ),
        marks=(b"Stub",),
    ),
    # Quarkus: @GrpcClient("cart") Cart cart; @GrpcService class Carts implements Cart
    RemoteName(
        names=regex(rb"@GrpcClient" + JVM_ARGUMENTS + rb"\s+" + JVM_MODIFIERS + JVM_TYPE + rb"\b(?!\.)"),
        marks=(b"@GrpcClient",),
    ),
    RemoteName(
        names=regex(
            rb"@GrpcService\b\s+(?:@\w+\s+|public\s+)*class\s+(?:\w+)\s+implements\s+(?:Mutiny)?([A-Z]\w*)"
        ),
        marks=(b"@GrpcService",),
        served=True,
    ),
    # Dubbo, SOFA: @DubboReference private CartService cart; @DubboService class Carts implements ...
    RemoteName(
        names=regex(
            rb"@(?:DubboReference|SofaReference|Reference)\b" + JVM_ARGUMENTS + rb"\s+" + JVM_MODIFIERS + JVM_TYPE
        ),
        marks=(b"Reference",),
        also=(b"dubbo.config.annotation", b"sofa.runtime.api.annotation"),
        protocol="dubbo",
    ),
    RemoteName(
        names=regex(
            rb"@(?:DubboService|SofaService|Service)\b" + JVM_ARGUMENTS
            + rb"\s+(?:@\w+(?:\([^()]{0,200}\))?\s+|public\s+)*class\s+\w+(?:\s+extends\s+[\w<>, ]+?)?"
            + rb"\s*(?:implements|:)\s+([A-Z]\w*)"
        ),
        marks=(b"Service",),
        also=(b"dubbo.config.annotation.DubboService", b"dubbo.config.annotation.Service",
              b"sofa.runtime.api.annotation"),
        protocol="dubbo",
        served=True,
    ),
    RemoteName(
        names=regex(rb"\b([A-Z]\w*)\.(?:Async)?Client\s*\("),
        marks=(b"Client(",),
        also=(b"thrift",),
        protocol="thrift",
    ),
    RemoteName(
        names=regex(rb"\b([A-Z]\w*)\.Processor(?:<[^<>]{0,80}>)?\s*\("),
        marks=(b".Processor",),
        also=(b"thrift",),
        protocol="thrift",
        served=True,
    ),
)  # fmt: skip
# Cart.CartClient, wherever the type is named
CSHARP = (RemoteName(names=regex(rb"\.(\w+)Client\b"), marks=(b"Client",), doubled=True),)
SCRIPT = (
    # grpc-js, grpc-web, protobuf-ts: new CartClient(...), new CartServicePromiseClient(url); not AWS's
    # S3Client
    RemoteName(
        names=regex(rb"\bnew\s+(?:\w+\.)*(?![A-Z0-9]+Client)([A-Z]\w*?)(?:Promise)?Client\s*\("),
        marks=(b"Client(",),
        also=(b"grpc", b"_pb", b"@protobuf-ts"),
    ),
    # grpc-web: the address stands in the constructor of a client
    RemoteName(
        names=regex(rb"\bnew\s+(?:\w+\.)*([A-Z]\w*?)(?:Promise)?Client\s*\("),
        marks=(b"Client(",),
        also=(b"grpc_web_pb", b"grpc-web"),
        address=0,
    ),
    # NestJS: this.client.getService<CartService>("CartService")
    RemoteName(
        names=regex(rb"\.getService(?:<[^<>()]{0,80}>)?\(\s*['\"]?([A-Z]\w*?)(?:_SERVICE_NAME)?\b['\"]?\s*,?\s*\)"),
        marks=(b"getService",),
    ),
    # ts-proto for NestJS: @CartServiceControllerMethods() class CartController
    RemoteName(
        names=regex(rb"@(\w+)ControllerMethods\(\)\s*(?:export\s+)?class\s+(\w+)"),
        marks=(b"ControllerMethods(",),
        served=True,
    ),
    # connect: createClient(CartService, transport); nice-grpc: createClient(CartDefinition, channel)
    RemoteName(
        names=regex(
            rb"\bcreate(?:Promise|Callback)?Client(?:<[^<>()]{0,80}>)?\(\s*(?:\w+\.)*([A-Z]\w*?)(?:Definition)?\s*,"
        ),
        marks=(b"Client(", b"Client<"),
        also=(b"connect", b"grpc", b"_pb"),
    ),
    RemoteName(
        names=regex(rb"\b\w*[rR]outer\.service\(\s*(\w+)\s*,\s*(\w*)"),
        marks=(b".service(",),
        also=(b"@connectrpc", b"@bufbuild"),
        served=True,
    ),
    RemoteName(
        names=regex(rb"\.add\(\s*(\w+)Definition\s*,\s*(\w*)"),
        marks=(b"Definition",),
        also=(b"nice-grpc",),
        served=True,
    ),
)  # fmt: skip
RUBY = (
    RemoteName(
        names=regex(rb"\b((?:\w+::){0,8}\w+)::Stub\.new\b"), marks=(b"Stub.new",), address=0
    ),
    RemoteName(
        names=regex(rb"\b(?:\w+::){0,8}(\w+)Client\.new\b"),
        marks=(b"Client.new",),
        also=(b"twirp", b"Twirp"),
        address=0,
    ),
    RemoteName(
        names=regex(rb"\bclass\s+[\w:]+\s*<\s*(?:::)?((?:\w+::)+)Service\b(?!::)"),
        marks=(b"::Service",),
        also=(b"grpc", b"GRPC", b"_pb"),
        served=True,
    ),
)
PHP = (
    RemoteName(
        names=regex(rb"\bnew\s+(?:\\?\w+\\)*([A-Z]\w*?)Client\s*\("),
        marks=(b"Client(",),
        also=(b"ChannelCredentials", b"Grpc\\", b"grpc"),
        address=0,
    ),
    RemoteName(
        names=regex(rb"->registerService\(\s*(?:\\?\w+\\)*(\w+?)Interface::class,\s*(?:new\s+)?([\w\\$]*)"),
        marks=(b"registerService(",),
        served=True,
    ),
    # RoadRunner's: who implements the generated interface serves, who takes it asks.
    RemoteName(
        names=regex(rb"\bclass\s+(?!\w*Client\b)\w+\s+(?:extends\s+[\w\\]+\s+)?implements\s+(?:[\w\\]+,\s*){0,4}(?:\\?\w+\\)*([A-Z]\w*Service)Interface\b"),
        marks=(b"Interface",),
        also=(b"RoadRunner\\GRPC",),
        served=True,
    ),
    RemoteName(
        names=regex(rb"[(,\s](?:\\?\w+\\)*([A-Z]\w*Service)Interface\s+\$\w"),
        marks=(b"Interface $",),
        also=(b"use GRPC\\", b"\\GRPC\\", b"\\Grpc\\", b"use Grpc\\"),
    ),
)  # fmt: skip
