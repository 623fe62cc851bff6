"""Flask: what stands before the routes of blueprints and of the namespaces of Flask-RESTX."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

RESOURCE = '@{}.route("/<id>")\nclass Order(Resource):\n    def get(self, id): ...\n'
ORDERS = (
    "from flask_restx import Namespace, Resource\n"
    'orders = Namespace("orders", description="Orders"{})\n' + RESOURCE.format("orders")
)
VIEW = '@shop.route("/items")\ndef items(): ...\n'


def paths(**modules: str) -> set[str]:
    files = {f"web/{name}.py": text for name, text in modules.items()}
    found = architecture(
        {
            "compose.yml": "services: {web: {build: web, ports: ['80:5000']}}",
            "web/Dockerfile": "FROM python:3\nCOPY . .\nCMD python app.py\n",
            **files,
        }
    )
    return {each.path for each in found.endpoints}


@pytest.mark.parametrize(
    ("own", "added", "path"),
    [
        ("", "orders", "/orders/{id}"),
        (', path="/shop/orders"', "orders", "/shop/orders/{id}"),
        ("", 'orders, path="/v2/orders"', "/v2/orders/{id}"),
    ],
)
def test_the_name_of_a_namespace_is_its_path_unless_one_is_given(
    own: str, added: str, path: str
) -> None:
    app = (
        "from flask import Blueprint, Flask\nfrom flask_restx import Api\n"
        "from orders import orders\n"
        'blueprint = Blueprint("api", __name__, url_prefix="/api")\n'
        "api = Api(blueprint)\n"
        f"api.add_namespace({added})\n"
        "app = Flask(__name__)\napp.register_blueprint(blueprint)\n"
    )
    assert paths(app=app, orders=ORDERS.format(own)) == {f"/api{path}"}


def test_a_namespace_made_by_an_interface() -> None:
    app = (
        "from flask import Flask\nfrom flask_restx import Api, Resource\n"
        'api = Api(Flask(__name__), prefix="/api")\n'
        'orders = api.namespace("orders")\n' + RESOURCE.format("orders")
    )
    assert paths(app=app) == {"/api/orders/{id}"}
    # an interface out of another file, as a factory makes it
    app = (
        "from flask_restx import Resource\nfrom core import make\n"
        'ns = make().namespace("orders")\n' + RESOURCE.format("ns")
    )
    assert paths(app=app) == {"/orders/{id}"}


@pytest.mark.parametrize(
    ("given", "path"), [("", "/shop/items"), (', url_prefix="/v1"', "/v1/items")]
)
def test_a_prefix_at_the_registration_replaces_that_of_the_blueprint(given: str, path: str) -> None:
    shop = 'from flask import Blueprint\nshop = Blueprint("shop", __name__, url_prefix="/shop")\n'
    app = (
        "from flask import Flask\nfrom shop import shop\n"
        f"app = Flask(__name__)\napp.register_blueprint(shop{given})\n"
    )
    assert paths(app=app, shop=shop + VIEW) == {path}


def test_blueprints_of_smorest_and_apiflask() -> None:
    orders = (
        "from flask.views import MethodView\nfrom flask_smorest import Blueprint\n"
        'orders = Blueprint("orders", __name__, url_prefix="/orders")\n'
        '@orders.route("", methods=["POST"])\ndef place(): ...\n'
        '@orders.route("/<int:id>")\nclass Order(MethodView):\n    def get(self, id): ...\n'
    )
    stock = (
        "from apiflask import APIBlueprint\n"
        'stock = APIBlueprint("stock", __name__, url_prefix="/stock")\n'
        '@stock.get("/left")\ndef left(): ...\n'
    )
    app = (
        "from flask_smorest import Api\nfrom orders import orders\nfrom stock import stock\n"
        "def add(app):\n    api = Api(app)\n    api.register_blueprint(orders)\n"
        "    app.register_blueprint(stock)\n"
    )
    assert paths(app=app, orders=orders, stock=stock) == {"/orders", "/orders/{id}", "/stock/left"}
