"""The full paths of frameworks that few programs use, as their manuals show them."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture


def paths(files: dict[str, str]) -> list[str]:
    texts = {name: textwrap.dedent(text) for name, text in files.items()}
    return sorted(f"{each.method} {each.path}" for each in architecture(texts, "shop").endpoints)


STARLETTE = {
    "requirements.txt": "starlette\n",
    "app.py": """
        from starlette.applications import Starlette
        from starlette.endpoints import HTTPEndpoint
        from starlette.routing import Mount, Route
        from boats import routes as boat_routes
        async def home(request): ...
        class Crews(HTTPEndpoint):
            async def get(self, request): ...
            async def post(self, request): ...
        app = Starlette(routes=[
            Route("/", home),
            Route("/crews", Crews),
            Mount("/boats", routes=boat_routes),
        ])
        app.add_route("/late", home)
        app.add_route("/people", Crews)
        """,
    "boats.py": """
        from starlette.routing import Mount, Route
        async def one(request): ...
        inner = [Route("/deep", one)]
        routes = [Route("/{id:int}", one, methods=["GET", "DELETE"]), Mount("/in", routes=inner)]
        """,
}
TORNADO = {
    "requirements.txt": "tornado\n",
    "main.py": """
        import tornado.ioloop, tornado.web
        from handlers import BoatHandler
        from urls import more
        class Application(tornado.web.Application):
            def __init__(self):
                handlers = [
                    (r"/boats/([0-9]+)", BoatHandler),
                    tornado.web.url(r"/docks/(?P<dock>[^/]+)", BoatHandler, name="dock"),
                    (r"/static/(.*)", tornado.web.StaticFileHandler, {"path": "static"}),
                ] + more
                super().__init__(handlers)
        """,
    "handlers.py": """
        from tornado.web import RequestHandler
        class Base(RequestHandler): ...
        class BoatHandler(Base):
            async def get(self, boat): ...
            async def put(self, boat): ...
        class CrewHandler(Base):
            def post(self): ...
        """,
    "urls.py": """
        from handlers import CrewHandler
        more = [(r"/crews/?", CrewHandler)]
        pair = (r"/nothing", CrewHandler)
        kinds = [("/etc/hosts", str)]
        """,
}
RESTX = {
    "requirements.txt": "flask\nflask-restx\n",
    "app.py": """
        from flask import Flask
        from flask_restx import Api, Namespace, Resource
        app = Flask(__name__)
        api = Api(app)
        boats = Namespace("boats")
        @boats.route("/", "/all")
        class Boats(Resource):
            def get(self): ...
        api.add_namespace(boats)
        """,
}
CONTRACT = """
    openapi: 3.0.0
    servers:
      - url: /v1
    paths:
      /NAME:
        get: {operationId: app.show}
    """
CONNEXION = {
    "requirements.txt": "connexion[flask]\n",
    "app.py": """
        import connexion
        app = connexion.App(__name__, specification_dir="openapi/")
        app.add_api("boats.yaml", base_path="/api")
        app.add_api("crews.yaml")
        def show(): ...
        """,
    "openapi/boats.yaml": CONTRACT.replace("NAME", "boats"),
    "openapi/crews.yaml": CONTRACT.replace("NAME", "crews"),
    "docs/others.yaml": CONTRACT.replace("NAME", "others"),
}
GO_ZERO = {
    "go.mod": "module example.com/shop\ngo 1.22\nrequire github.com/zeromicro/go-zero v1.6.0\n",
    "internal/handler/routes.go": """
        package handler
        import (
            "net/http"
            "github.com/zeromicro/go-zero/rest"
        )
        func RegisterHandlers(server *rest.Server, ctx *Context) {
            server.AddRoutes(
                []rest.Route{
                    {Method: http.MethodGet, Path: "/boats", Handler: list(ctx)},
                    {Method: http.MethodPost, Path: "/boats", Handler: add(ctx)},
                },
                rest.WithPrefix("/v1"),
            )
            server.AddRoutes(rest.WithMiddlewares(
                []rest.Middleware{ctx.Guard},
                []rest.Route{{Method: http.MethodDelete, Path: "/boats/:id", Handler: drop(ctx)}}...,
            ))
            server.AddRoute(rest.Route{Method: http.MethodGet, Path: "/up", Handler: up()})
        }
        """,
}
KOA = {
    "package.json": '{"name": "shop", "dependencies": {"koa": "2", "@koa/router": "12"}}',
    "index.js": """
        import Koa from 'koa';
        import Router from '@koa/router';
        import boats from './boats.js';
        const app = new Koa();
        const root = new Router({ prefix: '/api' });
        root.use(boats.routes());
        app.use(root.routes());
        """,
    "boats.js": """
        import Router from '@koa/router';
        const router = new Router();
        router.prefix('/boats');
        router.get('one', '/:id', ctx => {});
        router.register('/raw', ['get', 'put'], ctx => {});
        router.get(['/', '/all'], ctx => {});
        export default router;
        """,
}
HAPI = {
    "package.json": '{"name": "shop", "dependencies": {"@hapi/hapi": "21"}}',
    "server.js": """
        const Hapi = require('@hapi/hapi');
        const boats = require('./boats');
        const server = Hapi.server({ port: 3000 });
        server.route(boats);
        server.register(require('./docks'), { routes: { prefix: '/docks' } });
        """,
    "boats.js": """
        module.exports = [
          { method: ['PUT', 'PATCH'], path: '/boats/{id}', options: { handler: () => [] } },
        ];
        """,
    "docks.js": """
        const routes = (handler) => [{ method: 'GET', path: '/free', handler: handler.free }];
        const other = (handler) => [{ method: 'GET', path: '/nowhere', handler: handler.free }];
        module.exports = { name: 'docks', register: (server, given) => { server.route(routes(given)); } };
        """,
}
RESTIFY = {
    "package.json": '{"name": "shop", "dependencies": {"restify": "11", "restify-router": "1"}}',
    "server.js": """
        const restify = require('restify');
        const { Router } = require('restify-router');
        const server = restify.createServer();
        server.get({ path: '/boats', version: '1.0.0' }, show);
        const router = new Router();
        router.post('/crews', show);
        router.applyRoutes(server, '/inner');
        function show (req, res, next) { next() }
        """,
}
AXUM = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\n[dependencies]\naxum = "0.7"\n',
    "src/main.rs": """
        use axum::{routing::get, Router};
        mod ports;
        async fn main() { axum::serve(listener, Router::new().nest("/ports", ports::routes())).await; }
        """,
    "src/ports.rs": """
        use axum::{routing::get, Router};
        pub fn routes() -> Router {
            let mut router = Router::new();
            router = router.route("/all", get(list));
            let held = Router::new().route("/held", get(list));
            router.route("/free", get(list)).nest("/inner", held)
        }
        """,
}
GRAPE = {
    "Gemfile": 'gem "grape"\n',
    "app/api.rb": """
        class API < Grape::API
          prefix :api
          mount Boats => "/boats"
        end
        class Boats < Grape::API
          route :any, "/wild" do
          end
          route ["GET", "POST"], "/many" do
          end
        end
        """,
}
RODA = {
    "Gemfile": 'gem "roda"\n',
    "app.rb": """
        class App < Roda
          plugin :hash_branches
          route do |r|
            r.hash_branches
          end
          hash_branch "admin" do |r|
            r.get "users" do
            end
          end
        end
        """,
}
SINATRA = {
    "Gemfile": 'gem "sinatra"\n',
    "app.rb": """
        require "sinatra"
        get "/boats/?" do
        end
        get "/crews/:id?" do
        end
        """,
}
WEB = '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="FastEndpoints" /></ItemGroup></Project>'
FAST_ENDPOINTS = {
    "Shop.csproj": WEB,
    "Program.cs": """
        var app = WebApplication.CreateBuilder(args).Build();
        app.UseFastEndpoints(c => { c.Endpoints.RoutePrefix = "api"; });
        """,
    "Boats.cs": """
        public class Show : EndpointWithoutRequest {
            public override void Configure() { Get("boats/{id}"); Group<Night>(); }
        }
        [HttpDelete("/boats/{id}")]
        public class Drop : Endpoint<Request> { }
        public class Other { [HttpDelete("/none")] class Inner : Shared { } }
        """,
    "Groups.cs": """
        public class Admin : Group { public Admin() { Configure("admin", ep => { }); } }
        public class Night : SubGroup<Admin> { public Night() { Configure("night", ep => { }); } }
        """,
}

SLICES = {
    "Shop.csproj": WEB,
    "Program.cs": """
        var app = WebApplication.CreateBuilder(args).Build();
        RouteGroupBuilder group = app.MapGroup("api/v{version:apiVersion}").WithTags("all");
        app.MapEndpoints(group);
        var inner = app.MapGroup("/inner");
        Crews.MapAll(inner);
        """,
    "Endpoints.cs": """
        public static class Extensions {
            public static IApplicationBuilder MapEndpoints(this WebApplication app, RouteGroupBuilder? group = null) {
                IEndpointRouteBuilder builder = group is null ? app : group;
                foreach (IEndpoint endpoint in app.Services.GetRequiredService<IEnumerable<IEndpoint>>()) {
                    endpoint.MapEndpoint(builder);
                }
                return app;
            }
        }
        public interface IEndpoint { void MapEndpoint(IEndpointRouteBuilder app); }
        """,
    "Boats.cs": """
        public class Show : IEndpoint {
            public void MapEndpoint(IEndpointRouteBuilder app) { app.MapGet("boats/{id:guid}", () => 1); }
        }
        public static class Crews {
            public static void MapAll(RouteGroupBuilder routes) { routes.MapPost("/crews", () => 1); }
        }
        """,
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            STARLETTE,
            "DELETE /boats/{id} | GET / | GET /boats/in/deep | GET /boats/{id} | GET /crews | GET /late"
            " | GET /people | POST /crews | POST /people",
            id="starlette",
        ),
        pytest.param(TORNADO,
            "GET /boats/{} | GET /docks/{dock} | POST /crews/ | PUT /boats/{} | PUT /docks/{dock}",
            id="tornado",
        ),
        pytest.param(RESTX, "GET /boats/ | GET /boats/all", id="flask-restx"),
        pytest.param(CONNEXION, "GET /api/boats | GET /v1/crews", id="connexion"),
        pytest.param(
            GO_ZERO,
            "DELETE /boats/{id} | GET /up | GET /v1/boats | POST /v1/boats",
            id="go-zero",
        ),
        pytest.param(
            KOA,
            "GET /api/boats | GET /api/boats/all | GET /api/boats/raw | GET /api/boats/{id}"
            " | PUT /api/boats/raw",
            id="koa",
        ),
        pytest.param(HAPI, "GET /docks/free | PATCH /boats/{id} | PUT /boats/{id}", id="hapi"),
        pytest.param(RESTIFY, "GET /boats | POST /inner/crews", id="restify"),
        pytest.param(
            AXUM, "GET /ports/all | GET /ports/free | GET /ports/inner/held", id="axum"
        ),
        pytest.param(
            GRAPE,
            "* /api/boats/wild | GET /api/boats/many | POST /api/boats/many",
            id="grape",
        ),
        pytest.param(RODA, "GET /admin/users", id="roda"),
        pytest.param(SINATRA, "GET /boats | GET /crews/{id}", id="sinatra"),
        pytest.param(
            FAST_ENDPOINTS,
            "DELETE /api/boats/{id} | GET /api/admin/night/boats/{id}",
            id="fast-endpoints",
        ),
        pytest.param(
            SLICES, "GET /api/v{version}/boats/{id} | POST /inner/crews", id="slices-of-dotnet"
        ),
    ],
)  # fmt: skip
def test_full_paths(files: dict[str, str], expected: str) -> None:
    assert " | ".join(paths(files)) == expected
