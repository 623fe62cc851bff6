"""Web frameworks of Python that route by decorators."""

from scaleaudit.languages.patterns import Arg, Mount, Route, Serve

METHODS = "{get,post,put,patch,delete,head,options}"
PREFIX = Arg(-1, ("prefix", "url_prefix"))

WEB = (
    Route(
        callees=(f"fastapi.{{FastAPI,APIRouter}}.{METHODS}", f"flask.{{Flask,Blueprint}}.{METHODS}"),
        path=Arg(0, ("path", "rule")),
        base=PREFIX,
        annotation=True,
    ),
    Route(
        callees=("fastapi.{FastAPI,APIRouter}.{api_route,route}", "flask.{Flask,Blueprint}.route"),
        path=Arg(0, ("path", "rule")),
        base=PREFIX,
        method_arg=Arg(-1, ("methods",)),
        annotation=True,
    ),
    Mount(
        callees=("fastapi.{FastAPI,APIRouter}.include_router", "flask.Flask.register_blueprint"),
        prefix=PREFIX,
        child=Arg(0, ("router", "blueprint")),
    ),
    # Flask says of its own server: do not use it in production.
    Serve(callees=("flask.Flask.run",), library="flask", port=Arg(1, ("port",)), development=True),
    Serve(callees=("uvicorn.run",), library="uvicorn", port=Arg(-1, ("port",))),
)
