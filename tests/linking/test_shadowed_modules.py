"""Modules of Python that a package of the same name hides: nobody can import them."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

ROUTER = """
    import requests
    from fastapi import APIRouter
    router = APIRouter()
    @router.get("/{}")
    def orders(): return requests.get("http://{}/")
    """
SHOP = {
    "compose.yml": "services:\n  shop: {build: .}\n  new: {image: acme/new}\n  old: {image: acme/old}\n",
    "Dockerfile": "FROM python:3.12\nCOPY . .\n",
    "requirements.txt": "fastapi\nrequests\n",
    "main.py": """
        from fastapi import FastAPI
        from shop.orders import router
        app = FastAPI()
        app.include_router(router, prefix="/api")
        """,
    "shop/__init__.py": "",
    "shop/orders.py": ROUTER.format("old", "old"),
    "shop/orders/__init__.py": ROUTER.format("new", "new"),
}


def test_what_a_package_hides_neither_serves_nor_calls() -> None:
    found = architecture(SHOP)
    assert {each.path for each in found.endpoints} == {"/api/new"}
    assert {e.target for e in found.edges(EdgeKind.CALLS)} == {"service:new"}


def test_a_folder_that_is_no_package_hides_nothing() -> None:
    folder = {path.replace("__init__.py", "names.py"): text for path, text in SHOP.items()}
    folder["shop/orders/names.py"] = ""
    assert {each.path for each in architecture(folder).endpoints} == {"/api/old"}
