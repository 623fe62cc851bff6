"""Routes of Python whose handler is a class of another file: its methods are what they answer."""

from __future__ import annotations

from tests.linking.system import architecture

DJANGO = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/__init__.py": "",
    "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\n',
}


def served(files: dict[str, str], library: str) -> list[str]:
    found = architecture({"requirements.txt": f"{library}\n", **files})
    return sorted(f"{each.method} {each.path}" for each in found.endpoints)


def test_a_resource_of_falcon_with_a_base_class_and_a_suffix() -> None:
    main = """
        import falcon
        from app.resources import Items, Orders
        def create():
            app = falcon.App()
            orders = Orders()
            app.add_route("/orders", orders)
            app.add_route("/items", Items())
            app.add_route("/items/count", Items(), suffix="count")
            return app
        """
    resources = """
        class Base:
            def on_patch(self, req, resp): ...
        class Items(Base):
            async def on_get(self, req, resp): ...
            def on_get_count(self, req, resp): ...
            def only_helps(self): ...
        class Orders:
            def on_post(self, req, resp): ...
        """
    files = {"app/__init__.py": "", "app/main.py": main, "app/resources.py": resources}
    assert served(files, "falcon") == [
        "GET /items",
        "GET /items/count",
        "PATCH /items",
        "POST /orders",
    ]


def test_views_of_django_and_of_flask() -> None:
    urls = """
        from django.urls import path
        from shop import views
        urlpatterns = [
            path("orders/", views.Orders.as_view()),
            path("items/", views.Items.as_view()),
            path("about/", views.about),
            path("shop/", views.Shop.as_view()),
        ]
        """
    views = """
        from django.views import View
        from rest_framework import generics
        from elsewhere import Made
        class Named(View):
            def get(self, request): ...
        class Orders(Named):
            def post(self, request): ...
        class Items(generics.ListCreateAPIView): ...
        class Shop(Made): ...
        def about(request): ...
        """
    files = {**DJANGO, "shop/urls.py": urls, "shop/views.py": views}
    assert served(files, "django") == [
        "* /about/",
        "* /shop/",  # nothing tells what the library's class answers
        "GET /items/",
        "GET /orders/",
        "POST /items/",
        "POST /orders/",
    ]
    app = """
        from flask import Flask
        from shop.views import Orders
        app = Flask(__name__)
        app.add_url_rule("/orders", view_func=Orders.as_view("orders"))
        """
    views = """
        from flask.views import MethodView
        class Orders(MethodView):
            def get(self): ...
            def delete(self): ...
        """
    files = {"shop/__init__.py": "", "shop/app.py": app, "shop/views.py": views}
    assert served(files, "flask") == ["DELETE /orders", "GET /orders"]


def test_a_view_set_has_the_routes_of_its_mixins_and_methods() -> None:
    urls = """
        from django.urls import path
        from rest_framework.routers import DefaultRouter
        from shop import views
        router = DefaultRouter()
        router.register("orders", views.Orders)
        router.register("items", views.Items)
        router.register("others", views.Others)
        urlpatterns = [
            *router.urls,
            path("one/", views.Orders.as_view({"get": "list", "post": "make"})),
        ]
        """
    views = """
        from rest_framework.mixins import CreateModelMixin, ListModelMixin
        from rest_framework.viewsets import GenericViewSet
        from library.views import EverythingModelMixin
        class Orders(ListModelMixin, CreateModelMixin, GenericViewSet): ...
        class Items(GenericViewSet):
            def retrieve(self, request, pk): ...
        class Others(EverythingModelMixin, GenericViewSet): ...
        """
    files = {**DJANGO, "shop/urls.py": urls, "shop/views.py": views}
    assert served(files, "djangorestframework") == [
        "* /others/",
        "* /others/{pk}/",
        "GET /items/{pk}/",
        "GET /one/",
        "GET /orders/",
        "POST /one/",
        "POST /orders/",
    ]
