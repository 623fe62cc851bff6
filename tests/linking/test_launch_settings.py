"""Programs of .NET that no container holds find each other by the ports of the machine."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind

PROJECT = """
    <Project Sdk="Microsoft.NET.Sdk.Web">
      <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
      <ItemGroup>{}</ItemGroup>
    </Project>
    """
PROGRAM = """
    var builder = WebApplication.CreateBuilder(args);
    var app = builder.Build();
    app.Run();
    """
LAUNCH = """
    {{"profiles": {{
      "Shop": {{"commandName": "Project", "applicationUrl": "https://localhost:{0}1;http://localhost:{0}0"}},
      "IIS Express": {{"commandName": "IISExpress"}}
    }}}}
    """
YARP = """
    {"ReverseProxy": {"Clusters": {
      "orders": {"Destinations": {"orders/one": {"Address": "https://localhost:6001/"}}}
    }},
    "Discovery": {"Address": "http://localhost:8500"}}
    """
OCELOT = """
    {"Routes": [{"DownstreamHostAndPorts": [{"Host": "localhost", "Port": 6000}]}]}
    """
COMPOSE = """
    services:
      consul: {image: "hashicorp/consul:1.19", ports: ["8500:8500"]}
    """
YARP_PACKAGE = '<PackageReference Include="Yarp.ReverseProxy" Version="2.0.0" />'


def shop(**more: str) -> dict[str, str]:
    return {
        "Orders/Orders.csproj": PROJECT.format(""),
        "Orders/Program.cs": PROGRAM,
        "Orders/Properties/launchSettings.json": LAUNCH.format("600"),
        "Gate/Gate.csproj": PROJECT.format(YARP_PACKAGE),
        "Gate/Program.cs": PROGRAM,
        "Gate/Properties/launchSettings.json": LAUNCH.format("700"),
        "compose.yaml": COMPOSE,
        **more,
    }


def calls(found: Architecture) -> set[tuple[str, str]]:
    return {
        (found.node(edge.source).name, found.node(edge.target).name)
        for edge in found.edges(EdgeKind.CALLS)
    }


def test_destinations_and_addresses_of_the_machine() -> None:
    found = architecture(shop(**{"Gate/appsettings.json": YARP}))
    assert calls(found) == {("Gate", "Orders"), ("Gate", "consul")}
    (edge,) = [e for e in found.edges(EdgeKind.CALLS) if e.target == "service:Orders"]
    assert edge.evidence[-1].at.path == "Orders/Properties/launchSettings.json"


def test_ocelot_has_host_and_port_apart() -> None:
    assert calls(architecture(shop(**{"Gate/ocelot.json": OCELOT}))) == {("Gate", "Orders")}


def test_what_a_container_holds_does_not_reach_the_machine() -> None:
    files = shop(**{"Gate/appsettings.json": YARP, "Gate/Dockerfile": "FROM scratch\n"})
    files["compose.yaml"] = COMPOSE.replace("consul:", "gate: {build: ./Gate}\n      consul:")
    assert calls(architecture(files)) == set()


def test_a_gateway_in_a_container_beside_those_whose_open_ports_it_names() -> None:
    image = "FROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY . .\n"
    files = shop(
        **{
            "Gate/ocelot.json": OCELOT,
            "Gate/Dockerfile": image,
            "Orders/Dockerfile": image,
            "compose.yaml": """
                services:
                  gate: {build: ./Gate, ports: ["7000:7000"]}
                  orders: {build: ./Orders, ports: ["6000:6000"]}
                """,
        }
    )
    assert calls(architecture(files)) == {("gate", "orders")}


SECTION = '{"ServiceUrls": {"OrdersAPI": "https://localhost:44301", "Issuer": "x"}, "Cors": {"Hosts": "*"}}'
EXPRESS = """
    {"iisSettings": {"iisExpress": {"applicationUrl": "http://localhost:23801", "sslPort": 44301}},
     "profiles": {"IIS Express": {"commandName": "IISExpress"}}}
    """


def test_the_ports_of_visual_studios_own_server() -> None:
    """A section of addresses, each under the name of whom it leads to."""
    express = {"Orders/Properties/launchSettings.json": EXPRESS}
    asks = {"Gate/appsettings.json": SECTION}
    assert calls(architecture(shop(**express, **asks))) == {("Gate", "Orders")}
    plain = {
        "Gate/appsettings.json": SECTION.replace(
            "https://localhost:44301", "http://localhost:23801"
        )
    }
    assert calls(architecture(shop(**express, **plain))) == {("Gate", "Orders")}
    without = {"Orders/Properties/launchSettings.json": EXPRESS.replace("44301", "0")}
    assert calls(architecture(shop(**without, **asks))) == set()


def test_a_section_of_addresses_by_its_name() -> None:
    def asked(section: str, address: str = "https://localhost:44301") -> set[tuple[str, str]]:
        express = {"Orders/Properties/launchSettings.json": EXPRESS}
        settings = f'{{"{section}": {{"OrdersAPI": "{address}"}}}}'
        return calls(architecture(shop(**express, **{"Gate/appsettings.json": settings})))

    for name in ("Urls", "BaseUris", "Endpoints", "Addresses", "hosts", "Services", "Apis"):
        assert asked(name) == {("Gate", "Orders")}, name
    assert asked("Urls", "HTTPS://localhost:44301") == {("Gate", "Orders")}
    for name in ("Titles", "HostsAllowed"):
        assert asked(name) == set(), name
    assert asked("Urls", "localhost:44301") == set(), "which may be a name for people"


def test_whose_tokens_are_trusted_is_asked_for_its_keys() -> None:
    program = """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddAuthentication("Bearer").AddJwtBearer("Bearer", options =>
        {
            options.Authority = "https://localhost:6001/";
        });
        builder.Build().Run();
        """
    assert calls(architecture(shop(**{"Gate/Program.cs": program}))) == {("Gate", "Orders")}
