"""Which methods a route answers whose handler is a class, wherever that and those above it stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import VIEW_SET, HandlerClass
from scaleaudit.linking.endpoints.handed_exports import HandedExports

if TYPE_CHECKING:
    from scaleaudit.facts import EndpointServed
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

Key = tuple[str, str]  # file, class in it
ALL = ("list", "create", "retrieve", "update", "partial_update", "destroy")
CHANGE = ("put", "patch")
# What classes of libraries answer, by the methods that they have (Django REST framework, Django).
OF_LIBRARIES: dict[str, tuple[str, ...]] = {
    "ModelViewSet": ALL,
    "ReadOnlyModelViewSet": ("list", "retrieve"),
    "ListModelMixin": ("list",),
    "CreateModelMixin": ("create",),
    "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"),
    "DestroyModelMixin": ("destroy",),
    "ListAPIView": ("get",),
    "CreateAPIView": ("post",),
    "RetrieveAPIView": ("get",),
    "UpdateAPIView": CHANGE,
    "DestroyAPIView": ("delete",),
    "ListCreateAPIView": ("get", "post"),
    "RetrieveUpdateAPIView": ("get", *CHANGE),
    "RetrieveDestroyAPIView": ("get", "delete"),
    "RetrieveUpdateDestroyAPIView": ("get", *CHANGE, "delete"),
    "TemplateView": ("get",),
    "ListView": ("get",),
    "DetailView": ("get",),
    "FormView": ("get", "post"),
    "CreateView": ("get", "post"),
    "UpdateView": ("get", "post"),
    "DeleteView": ("get", "post"),
}
# Those that answer nothing by themselves.
PLAIN = frozenset(
    {"object", "ABC", "Generic", "View", "MethodView", "HTTPMethodView", "APIView", "GenericAPIView",
     "GenericViewSet", "ViewSet", "ViewSetMixin", "Resource", "HTTPEndpoint", "RequestHandler"}
)  # fmt: skip
ACTIONS = {
    f"{VIEW_SET} list": {"list": "GET", "create": "POST"},
    f"{VIEW_SET} detail": {
        "retrieve": "GET",
        "update": "PUT",
        "partial_update": "PATCH",
        "destroy": "DELETE",
    },
}
MAX_ABOVE = 24


class HandlerClasses:
    """`methods(path, served)`: of a route of Python that says none itself; empty when there are
    none, `*` where nothing tells them."""

    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._index = index
        self._classes: dict[Key, HandlerClass] = {}
        for path, each in index.of(HandlerClass):
            self._classes.setdefault((path, each.name), each)
        self._exports = HandedExports(index, modules)

    def methods(self, path: str, served: EndpointServed) -> list[str]:
        if served.method != "*" or not served.handler or self._index.kind(path) != "python":
            return [served.method]
        key = self._find(path, served.handler.partition("(")[0].removesuffix(".as_view"))
        if key not in self._classes:
            return ["*"]
        names, sure = self._named(key)
        if served.framework in ACTIONS:
            words = ACTIONS[served.framework]
            return [words[each] for each in words if each in names] if sure else ["*"]
        on, _, behind = served.framework.partition("*")
        found = [
            each.removeprefix(on).removesuffix(behind)
            for each in names
            if each.startswith(on) and each.endswith(behind)
        ]
        return [each.upper() for each in found if each.isalpha() and each not in ALL] or ["*"]

    def named(self, path: str, handler: str) -> dict[str, None] | None:
        """The methods of a class and of those above it; None where one of them is unknown."""
        key = self._find(path, handler)
        names, sure = self._named(key) if key in self._classes else ({}, False)
        return names if sure else None

    def _find(self, path: str, name: str) -> Key:
        for file, there, _ in self._exports.home(path, name):
            if (file, there) in self._classes:
                return file, there
        file, there, _ = self._exports.home(path, name)[0]
        return file, there

    def _named(self, key: Key) -> tuple[dict[str, None], bool]:
        """The methods of a class and of those above it; whether all of those are known."""
        found: dict[str, None] = {}
        sure = True
        border, seen = [key], {key}
        for _ in range(MAX_ABOVE):
            if not border:
                return found, sure
            file, name = border.pop(0)
            found |= dict.fromkeys(self._classes[file, name].methods)
            for base in self._classes[file, name].bases:
                above = self._find(file, base)
                if above in self._classes and above not in seen:
                    seen.add(above)
                    border.append(above)
                elif above not in self._classes and above[0] == file:
                    last = base.rpartition(".")[2]
                    found |= dict.fromkeys(OF_LIBRARIES.get(last, ()))
                    sure = sure and (last in OF_LIBRARIES or _is_plain(last))
        return found, False


def _is_plain(name: str) -> bool:
    return name in PLAIN or (name.endswith("Mixin") and not name.endswith("ModelMixin"))
