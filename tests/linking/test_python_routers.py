"""Routers of Python's frameworks: lists, functions, packages and classes that they come from."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.python import extract

ROUTER = """
    from fastapi import APIRouter
    router = APIRouter()
    @router.get("/all")
    def show(): ...
    """
START = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n"


def paths(files: dict[str, str], package: str = "fastapi") -> list[str]:
    files = {"requirements.txt": package, "shop/__init__.py": "", **files}
    texts = {name: textwrap.dedent(text) for name, text in files.items()}
    return sorted(f"{each.method} {each.path}" for each in architecture(texts).endpoints)


@pytest.mark.parametrize(
    ("main", "package"),
    [
        (
            "from shop.routes import users_router, items_router\n"
            "app.include_router(users_router, prefix='/u')\n"
            "app.include_router(items_router, prefix='/i')\n",
            "from shop.routes.users import router as users_router\n"
            "from .items import router as items_router\n",
        ),
        (
            "from shop import routes\n"
            "for each, path in [(routes.users.router, '/u'), (routes.items.router, '/i')]:\n"
            "    app.include_router(each, prefix=path)\n",
            "from . import users, items\n",
        ),
        (
            "from shop.routes import routers\n"
            "for router in routers:\n    app.include_router(router)\n",
            "from fastapi import APIRouter\nfrom shop.routes import users, items\n"
            "u = APIRouter(prefix='/u')\nu.include_router(users.router)\n"
            "i = APIRouter(prefix='/i')\ni.include_router(items.router)\nrouters = [u, i]\n",
        ),
        (
            "from shop.routes import register\nv = APIRouter()\nregister(v)\napp.include_router(v)\n",
            "from . import users, items\n"
            "def register(target):\n"
            "    target.include_router(users.router, prefix='/u')\n"
            "    target.include_router(items.router, prefix='/i')\n",
        ),
    ],
)
def test_routers_out_of_a_package(main: str, package: str) -> None:
    files = {
        "shop/main.py": START + main,
        "shop/routes/__init__.py": package,
        "shop/routes/users.py": ROUTER,
        "shop/routes/items.py": ROUTER,
    }
    assert paths(files) == ["GET /i/all", "GET /u/all"]


@pytest.mark.parametrize(
    ("call", "signature"),
    [
        ("Setup(options, api=v)", "__init__(self, options, api)"),
        ("Setup(options, v)", "__init__(self, options, api)"),
        ("Setup().add(v)", "add(self, api)"),
    ],
)
def test_an_object_that_is_given_a_router_with_a_prefix(call: str, signature: str) -> None:
    setup = (
        f"from shop import users\nclass Setup:\n    def {signature}:\n"
        "        api.include_router(users.router, prefix='/u')\n"
    )
    main = START + f"from shop.setup import Setup\nv = APIRouter(prefix='/v1')\n{call}\n"
    files = {
        "shop/main.py": main + "app.include_router(v)\n",
        "shop/setup.py": setup,
        "shop/users.py": ROUTER,
    }
    assert paths(files) == ["GET /v1/u/all"]


def test_what_a_function_returns_and_what_an_object_holds() -> None:
    users = """
        from fastapi import APIRouter
        def build():
            made = APIRouter(prefix="/z")
            @made.get("/all")
            def show(): ...
            return made
        class Orders:
            def __init__(self):
                self.router = APIRouter()
                self.router.add_api_route("/open", self.show, methods=["GET"])
        """
    main = START + (
        "from shop.users import build, Orders\n"
        "app.include_router(build(), prefix='/u')\napp.include_router(Orders().router, prefix='/o')\n"
    )
    assert paths({"shop/main.py": main, "shop/users.py": users}) == ["GET /o/open", "GET /u/z/all"]


def test_routers_of_the_projects_own_classes() -> None:
    routers = """
        from fastapi import APIRouter
        class UserRouter(APIRouter): ...
        """
    users = """
        from shop.routers import UserRouter
        from shop import orders
        router = UserRouter(prefix="/users")
        router.include_router(orders.router, prefix="/orders")
        @router.get("/open")
        def show(): ...
        """
    main = START + "from shop.users import router\napp.include_router(router)\n"
    files = {
        "shop/main.py": main,
        "shop/users.py": users,
        "shop/orders.py": ROUTER,
        "shop/routers.py": routers,
    }
    assert paths(files) == ["GET /users/open", "GET /users/orders/all"]


def test_applications_that_are_mounted() -> None:
    inner = """
        from fastapi import FastAPI
        inner = FastAPI()
        @inner.get("/all")
        def show(): ...
        """
    main = START + "from shop.inner import inner\napp.mount('/inner', inner)\n"
    assert paths({"shop/main.py": main, "shop/inner.py": inner}) == ["GET /inner/all"]


def test_blueprints_of_a_list_and_several_addresses_of_a_resource() -> None:
    main = """
        from flask import Flask
        from flask_restful import Api, Resource
        from shop.users import users
        app = Flask(__name__)
        for blueprint, path in [(users, "/u")]:
            app.register_blueprint(blueprint, url_prefix=path)
        api = Api(app, prefix="/api")
        class Order(Resource):
            def get(self): ...
        api.add_resource(Order, "/orders", "/orders/<int:id>")
        """
    users = """
        from flask import Blueprint
        users = Blueprint("users", __name__, url_prefix="/elsewhere")
        @users.route("/all")
        def show(): ...
        """
    assert paths({"shop/main.py": main, "shop/users.py": users}, "flask") == [
        "GET /api/orders",
        "GET /api/orders/{id}",
        "GET /u/all",
    ]


def test_another_name_replaces_no_prefix() -> None:
    users = """
        from flask import Blueprint
        users = Blueprint("users", __name__, url_prefix="/elsewhere")
        blueprints = [users]
        @users.route("/all")
        def show(): ...
        """
    main = """
        from flask import Flask
        from shop.users import users
        app = Flask(__name__)
        app.register_blueprint(users, url_prefix="/u")
        """
    assert paths({"shop/main.py": main, "shop/users.py": users}, "flask") == ["GET /u/all"]


@pytest.mark.parametrize(
    ("registered", "path"),
    [("parent, url_prefix='/v1'", "/v1/z/all"), ("parent", "/outer/z/all")],
)
def test_blueprints_in_blueprints(registered: str, path: str) -> None:
    files = {
        "shop/main.py": "from flask import Flask\nfrom shop.parent import parent\n"
        f"app = Flask(__name__)\napp.register_blueprint({registered})\n",
        "shop/parent.py": "from flask import Blueprint\nfrom shop.users import users\n"
        "parent = Blueprint('parent', __name__, url_prefix='/outer')\n"
        "parent.register_blueprint(users)\n",
        "shop/users.py": "from flask import Blueprint\n"
        "users = Blueprint('users', __name__, url_prefix='/z')\n"
        "@users.route('/all')\ndef show(): ...\n",
    }
    assert paths(files, "flask") == [f"GET {path}"]


DJANGO = {"manage.py": "", "shop/settings.py": "ROOT_URLCONF = 'shop.urls'"}


@pytest.mark.parametrize("router", ["router", "'shop.orders.router'"])
def test_routers_of_django_ninja(router: str) -> None:
    urls = """
        from django.contrib import admin
        from django.urls import path
        from shop.api import api
        urlpatterns = [path("admin/", admin.site.urls), path("api/", api.urls)]
        """
    api = f"""
        from ninja import NinjaAPI
        from shop.orders import router
        api = NinjaAPI()
        api.add_router("/orders/", {router})
        @api.get("/health")
        def health(request): ...
        """
    orders = """
        from ninja import Router
        router = Router()
        @router.get("/all")
        def show(request): ...
        """
    files = {**DJANGO, "shop/urls.py": urls, "shop/api.py": api, "shop/orders.py": orders}
    assert paths(files, "django") == ["GET /api/health", "GET /api/orders/all"]


def test_actions_and_nested_routers_of_the_rest_framework() -> None:
    urls = """
        from django.urls import include, path
        from rest_framework.routers import DefaultRouter
        from rest_framework_nested.routers import NestedSimpleRouter
        from shop.views import Item, Order
        router = DefaultRouter()
        router.register("orders", Order)
        items = NestedSimpleRouter(router, "orders", lookup="order")
        items.register("items", Item)
        urlpatterns = [path("api/", include(router.urls)), path("api/", include(items.urls))]
        """
    views = """
        from rest_framework.decorators import action
        from rest_framework.viewsets import ModelViewSet
        class Order(ModelViewSet):
            @action(detail=True, methods=["post", "put"], url_path="send-it")
            def send(self, request, pk): ...
            @action(detail=False)
            def recent(self, request): ...
        class Item(ModelViewSet): ...
        class Unused(ModelViewSet):
            @action(detail=False)
            def nowhere(self, request): ...
        """
    found = paths({**DJANGO, "shop/urls.py": urls, "shop/views.py": views}, "djangorestframework")
    assert {each.partition(" ")[2] for each in found} == {
        "/api/orders/",
        "/api/orders/{order_pk}/items/",
        "/api/orders/{order_pk}/items/{pk}/",
        "/api/orders/{pk}/",
        "/api/orders/recent/",
        "/api/orders/{pk}/send-it/",
    }
    assert "GET /api/orders/recent/" in found
    assert [each for each in found if "send-it" in each] == [
        "POST /api/orders/{pk}/send-it/",
        "PUT /api/orders/{pk}/send-it/",
    ]


def test_everything_that_a_module_has_is_imported() -> None:
    urls = """
        from django.urls import path
        from rest_framework.routers import DefaultRouter
        from shop.views import *
        router = DefaultRouter()
        router.register("orders", Order)
        urlpatterns = router.urls
        """
    views = """
        from rest_framework.decorators import action
        from rest_framework.viewsets import ModelViewSet
        class Order(ModelViewSet):
            @action(detail=False)
            def recent(self, request): ...
        """
    found = paths({**DJANGO, "shop/urls.py": urls, "shop/views.py": views}, "djangorestframework")
    assert {each.partition(" ")[2] for each in found} == {
        "/orders/",
        "/orders/{pk}/",
        "/orders/recent/",
    }
    main = START + "from shop.parts import *\napp.include_router(router, prefix='/v1')\n"
    files = {
        "shop/main.py": main,
        "shop/parts.py": "from shop.users import *",
        "shop/users.py": ROUTER,
    }
    assert paths(files) == ["GET /v1/all"]


def test_functions_that_hand_on_what_they_are_given() -> None:
    main = START + "from shop.setup import first\nv = APIRouter()\nfirst(v)\n"
    setup = """
        from shop import users
        def first(api):
            second(api)
            api.include_router(users.router, prefix="/a")
        def second(target):
            target.include_router(users.router, prefix="/b")
        """
    files = {
        "shop/main.py": main + "app.include_router(v, prefix='/v1')\n",
        "shop/setup.py": setup,
        "shop/users.py": ROUTER,
    }
    assert paths(files) == ["GET /v1/a/all", "GET /v1/b/all"]


def test_a_parameter_is_no_router_of_the_file_with_that_name() -> None:
    main = (
        START
        + """
from shop.setup import register
from shop import users
router = APIRouter()
app.include_router(router, prefix="/v1")
def more(router):
    register(router)
more(APIRouter())
"""
    )
    setup = """
        from fastapi import APIRouter
        from shop import users
        def register(api):
            api.include_router(users.router, prefix="/u")
        """
    files = {"shop/main.py": main, "shop/setup.py": setup, "shop/users.py": ROUTER}
    assert "GET /v1/u/all" not in paths(files)


@pytest.mark.parametrize("name", ["routers", "parts"])
def test_a_list_of_routers_by_its_name(name: str) -> None:
    main = START + (
        f"from shop.routes import {name}\nfor each in {name}:\n"
        "    app.include_router(each, prefix='/u')\n"
    )
    routes = f"from shop import users\n{name} = [users.router]\n"
    files = {"shop/main.py": main, "shop/routes.py": routes, "shop/users.py": ROUTER}
    assert paths(files) == (["GET /u/all"] if name == "routers" else ["GET /all"])


def test_a_list_of_the_function_around() -> None:
    main = (
        START
        + """
from shop import users, items
routers = [items.router]
def start():
    routers = [users.router]
    for each in routers:
        app.include_router(each, prefix="/u")
for each in routers:
    def later(each):
        app.include_router(each, prefix="/i")
"""
    )
    files = {
        "shop/main.py": main,
        "shop/users.py": ROUTER,
        "shop/items.py": ROUTER.replace("/all", "/items"),
    }
    assert paths(files) == ["GET /items", "GET /u/all"]


def test_a_prefix_that_nothing_tells_is_none() -> None:
    main = START + (
        "from shop import users\nfor each, path in [(users.router, made())]:\n"
        "    app.include_router(each, prefix=path)\n"
    )
    assert paths({"shop/main.py": main, "shop/users.py": ROUTER}) == ["GET /all"]


def test_actions_of_older_releases_and_with_methods_that_are_named() -> None:
    urls = """
        from django.urls import include, path
        from rest_framework.routers import DefaultRouter
        from shop.views import Order
        router = DefaultRouter()
        router.register("orders", Order)
        urlpatterns = [path("api/", include(router.urls))]
        """
    views = """
        from rest_framework.decorators import action, detail_route, list_route
        from rest_framework.viewsets import ModelViewSet
        class Order(ModelViewSet):
            @detail_route(methods=["post"])
            def send(self, request, pk): ...
            @list_route()
            def recent(self, request): ...
            @action(detail=False, methods=ALL)
            def others(self, request): ...
        """
    found = paths({**DJANGO, "shop/urls.py": urls, "shop/views.py": views}, "djangorestframework")
    made = ("/api/orders/", "/api/orders/{pk}/")
    assert [each for each in found if not each.endswith(made)] == [
        "GET /api/orders/others/",
        "GET /api/orders/recent/",
        "POST /api/orders/{pk}/send/",
    ]


def test_only_routers_are_known_by_the_functions_that_return_them() -> None:
    source = (
        "from fastapi import APIRouter\ndef build():\n    made = APIRouter()\n    return made\n"
        "def answer():\n    number = 42\n    return number\n"
    )
    found = [fact for fact in extract(source.encode()).facts if isinstance(fact, RouterMounted)]
    assert [(each.child, each.parent) for each in found] == [("made", "build")]
