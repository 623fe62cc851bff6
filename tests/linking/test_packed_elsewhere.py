"""Dockerfiles in a folder of their own, which take their files from the whole repository."""

from __future__ import annotations

from tests.linking.system import architecture, deployed

from scaleaudit.architecture import EdgeKind

DOCKERFILE = """
    FROM golang:1.24 AS build
    COPY go.mod ./
    COPY . .
    RUN go build -o /bin/it ./cmd/{}
    FROM scratch
    COPY --from=build /bin/it /it
    COPY cmd/{}/config.yaml /config.yaml
    """
PROGRAM = """
    package main
    import "net/http"
    func main() {{
        http.HandleFunc("/{0}", func(w http.ResponseWriter, r *http.Request) {{ {1} }})
        http.ListenAndServe(":80", nil)
    }}
    """
FILES = {
    "go.mod": "module acme.io/shop\n\ngo 1.24\n",
    "cmd/orders/main.go": PROGRAM.format("orders", 'http.Get("http://bills/bills")'),
    "cmd/bills/main.go": PROGRAM.format("bills", ""),
    "cmd/orders/config.yaml": "a: b\n",
    "cmd/bills/config.yaml": "a: b\n",
    **{
        f"deploy/docker/{name}/Dockerfile": DOCKERFILE.format(name, name)
        for name in ("orders", "bills")
    },
}


def found(files: dict[str, str]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    made = architecture({**FILES, **files})
    return (
        {(e.source, e.target) for e in made.edges(EdgeKind.CALLS)},
        {(each.component, each.path) for each in made.endpoints},
    )


RIGHT = (
    {("service:orders", "service:bills")},
    {("service:orders", "/orders"), ("service:bills", "/bills")},
)


def test_images_of_manifests_that_are_packed_so() -> None:
    manifests = {
        f"k8s/{name}.yaml": deployed(name, f"acme/shop/{name}:1") for name in ("orders", "bills")
    }
    assert found(manifests) == RIGHT
    folders = {
        path: text.replace("COPY go.mod ./", "COPY cmd ./cmd").replace("config.yaml", "settings")
        for path, text in FILES.items()
        if path.endswith("Dockerfile")
    }
    assert found({**manifests, **folders}) == RIGHT


def test_a_compose_file_that_is_meant_to_be_run_from_the_root() -> None:
    compose = "services:\n" + "".join(
        f"  {name}: {{build: {{context: ., dockerfile: deploy/docker/{name}/Dockerfile}}}}\n"
        for name in ("orders", "bills")
    )
    assert found({"deploy/compose.yml": compose}) == RIGHT


def test_of_a_program_that_nothing_tells_the_folder_stays() -> None:
    files = {
        f"deploy/docker/{name}/Dockerfile": DOCKERFILE.replace("./cmd/{}", "./cmd/$PART").format(
            name
        )
        for name in ("orders", "bills")
    }
    manifests = {
        f"k8s/{name}.yaml": deployed(name, f"acme/shop/{name}:1") for name in ("orders", "bills")
    }
    made = architecture({**FILES, **files, **manifests})
    owned = {each.path for each in made.nodes() if str(each.kind) == "service"}
    assert owned == {"deploy/docker/orders", "deploy/docker/bills"}
