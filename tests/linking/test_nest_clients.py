"""NestJS clients whose options stand in settings of the program's own."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

COMPOSE = """
    services:
      gateway: {build: gateway, environment: {PEER_HOST: orders, PEER_PORT: "8001"}}
      orders: {build: orders, environment: {OWN_HOST: gateway}}
    """
SETTINGS = """
    import { Transport } from '@nestjs/microservices';
    export class Settings {
      constructor() {
        this.peer = {
          options: { host: process.env.PEER_HOST, port: process.env.PEER_PORT },
          transport: Transport.TCP,
        };
      }
    }
    """
SERVER = """
    import { NestFactory } from '@nestjs/core';
    import { Transport } from '@nestjs/microservices';
    const own = { transport: Transport.TCP, options: { host: process.env.OWN_HOST } };
    NestFactory.createMicroservice(AppModule, own);
    """


def test_options_that_are_kept_name_the_other_side() -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "gateway/package.json": '{"dependencies": {"@nestjs/core": "10"}}',
            "gateway/Dockerfile": "FROM node\nCOPY . .\n",
            "gateway/settings.ts": SETTINGS,
            "orders/package.json": '{"dependencies": {"@nestjs/core": "10"}}',
            "orders/Dockerfile": "FROM node\nCOPY . .\n",
            "orders/main.ts": SERVER,
        }
    )
    edges = [(e.source, e.target, e.confidence) for e in found.edges(EdgeKind.CALLS)]
    assert edges[0] == ("service:gateway", "service:orders", "high")
    # Where a file starts a server, such options are the server's own.
    assert not any(
        "main.ts" in evidence.at.path
        for e in found.edges(EdgeKind.CALLS)
        for evidence in e.evidence
    )
