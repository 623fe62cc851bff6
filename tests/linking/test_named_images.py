"""Images that are called otherwise than the folder they are built from: what builds them says it."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture, deployed

from scaleaudit.architecture import EdgeKind

SOURCES = {
    **{f"parts/{each}/Dockerfile": "FROM node:22\nCMD node i.js\n" for each in ("front", "till")},
    **{
        f"parts/{each}/package.json": f'{{"name": "{each}", "dependencies": {{"express": "4"}}}}'
        for each in ("front", "till")
    },
    "parts/front/i.js": "const app = require('express')()\napp.get('/', () => fetch('http://payments/pay'))\n",
    "parts/till/i.js": "const app = require('express')()\napp.post('/pay', (q, r) => r.end())\n",
    "k8s/kiosk.yaml": deployed("kiosk", "reg.acme.io/kiosk:1"),
    "k8s/payments.yaml": deployed("payments", "reg.acme.io/payments:1"),
}
ACTIONS = """
    on: push
    jobs:
      images:
        runs-on: ubuntu-latest
        {matrix}
        steps:
        {steps}
    """
WORKFLOW = ".github/workflows/images.yml"
PUSH = """- uses: docker/build-push-action@v6
          with: {{context: '{}', tags: "reg.acme.io/{}:latest, reg.acme.io/{}:1", file: "{}"}}"""


def actions(steps: str, matrix: str = "") -> str:
    return ACTIONS.format(steps=steps, matrix=matrix)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            WORKFLOW,
            actions(
                "- run: |\n"
                "            docker build --push -t reg.acme.io/kiosk:${{ github.sha }} \\\n"
                "              --build-arg X=1 parts/front\n"
                "        - run: docker buildx build . -t reg.acme.io/payments\n"
                "          working-directory: ./parts/till\n"
            ),
        ),
        (
            WORKFLOW,
            actions(
                PUSH.format("./parts/front", "kiosk", "kiosk", "")
                + "\n        "
                + PUSH.format(".", "payments", "payments", "parts/till/Dockerfile")
            ),
        ),
        (
            WORKFLOW,
            actions(
                PUSH.format("${{ matrix.at }}", *("${{ matrix.name }}",) * 2, ""),
                "strategy: {matrix: {include: [{name: kiosk, at: parts/front}, {name: payments, at: parts/till}]}}",
            ),
        ),
        (
            WORKFLOW,
            actions(
                PUSH.format(
                    "${{ matrix.root }}/${{ matrix.at }}", *("${{ matrix.name }}",) * 2, ""
                ),
                "strategy: {matrix: {name: [kiosk, payments], include:"
                " [{name: kiosk, at: front}, {name: payments, at: till}, {root: parts}]}}",
            ),
        ),
        (
            WORKFLOW,
            actions(
                "- run: |\n"
                "            docker build -t kiosk front\n"
                "            docker build -t payments till\n",
                "defaults: {run: {working-directory: parts}}",
            ),
        ),
        (
            "build.sh",
            "docker build -t kiosk -f parts/front/Dockerfile .\n"
            "docker build --file=parts/till/Dockerfile --tag payments .\n",
        ),
        (
            ".gitlab-ci.yml",
            "images:\n  script:\n    - docker build -t $CI_REGISTRY_IMAGE/kiosk:$TAG parts/front\n"
            "    - cd parts/till && docker build -t $CI_REGISTRY_IMAGE/payments .\n",
        ),
        (
            "Jenkinsfile",
            "node {\n  docker.build('reg.acme.io/kiosk:1', '-f parts/front/Dockerfile parts/front')\n"
            "  sh 'docker build -t payments parts/till'\n}\n",
        ),
        (
            "cloudbuild.yaml",
            "steps:\n"
            "- name: gcr.io/cloud-builders/docker\n  dir: parts\n"
            "  args: [build, -t, 'gcr.io/$PROJECT_ID/kiosk', ./front]\n"
            "- name: gcr.io/cloud-builders/docker\n"
            "  args: [build, -t, 'gcr.io/$PROJECT_ID/payments', parts/till]\n",
        ),
        (
            "Makefile",
            "images:\n\tcd parts/front && docker build -t kiosk:$(TAG) .\n"
            "\tdocker build -t payments parts/till\n",
        ),
        (
            "scripts/build.sh",
            "TAG=7\ncd parts/front\npodman build -t kiosk:$TAG .\ncd ../..\n"
            "docker build -t payments parts/till | grep -f words.txt\n",
        ),
        (
            "skaffold.yaml",
            "apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n"
            "  - {image: reg.acme.io/kiosk, context: parts/front}\n"
            "  - image: reg.acme.io/payments\n    docker: {dockerfile: parts/till/Dockerfile}\n",
        ),
        (
            "Tiltfile",
            "docker_build('reg.acme.io/kiosk', 'parts/front')\n"
            "docker_build('reg.acme.io/payments', context='.', dockerfile='parts/till/Dockerfile')\n",
        ),
        (
            "docker-bake.hcl",
            'target "a" {\n  context = "parts/front"\n  tags = ["reg.acme.io/kiosk:1"]\n}\n'
            'target "b" {\n  context = "parts/till"\n  tags = ["reg.acme.io/payments:1"]\n}\n',
        ),
    ],
)
def test_what_builds_an_image_says_its_folder(path: str, text: str) -> None:
    found = architecture({**SOURCES, path: text})
    services = {each.id for each in found.nodes() if str(each.kind) == "service"}
    assert services == {"service:kiosk", "service:payments"}
    assert [(e.source, e.target) for e in found.edges(EdgeKind.CALLS)] == [
        ("service:kiosk", "service:payments")
    ]
    assert {f"{each.component} {each.path}" for each in found.endpoints} == {
        "service:kiosk /",
        "service:payments /pay",
    }


@pytest.mark.parametrize(
    "text",
    [
        "docker build -t kiosk parts/front\ndocker build -t kiosk parts/till\n",  # one of two
        "docker build -t $NAME parts/front\n",  # a name that nothing tells
        "docker build -t kiosk $FOLDER\n",
        "docker build -t kiosk https://acme.io/kiosk.git\n",
        "docker build -t kiosk parts/nowhere\n",
        "# docker build -t kiosk parts/front\n",
        "cd parts\ncd elsewhere\ndocker build -t kiosk .\n",
    ],
)
def test_what_is_not_sure_is_not_taken(text: str) -> None:
    found = architecture({**SOURCES, "build.sh": text})
    assert {each.component for each in found.endpoints} == {"service:front", "service:till"}


def test_one_build_with_names_of_several_programs_is_none_of_theirs() -> None:
    files = {
        **SOURCES,
        "Dockerfile": "FROM node:22\nCOPY . .\n",
        "build.sh": "docker build -t kiosk .\ndocker build --build-arg PART=till -t payments .\n",
    }
    found = architecture(files)
    assert {each.component for each in found.endpoints} == {"service:front", "service:till"}


def test_folders_that_were_repositories_have_pipelines_of_their_own() -> None:
    """Both call their image the same, as one pipeline was copied from the other."""
    step = "- run: docker build -t acme/kiosk:latest ."
    files = {k: v for k, v in SOURCES.items() if not k.startswith("k8s/")}
    files["parts/front/k8s/kiosk.yaml"] = SOURCES["k8s/kiosk.yaml"]
    files["compose.yml"] = "services: {payments: {build: ./parts/till}}"
    for part in ("front", "till"):
        files[f"parts/{part}/{WORKFLOW}"] = actions(step)
    found = architecture(files)
    calls = [(found.node(e.source).name, found.node(e.target).name) for e in found.edges()]
    assert calls == [("kiosk", "payments")]


def test_a_folder_of_which_its_dockerfile_alone_tells_what_it_is() -> None:
    files = {path: text for path, text in SOURCES.items() if path != "parts/front/package.json"}
    found = architecture({**files, "build.sh": "docker build -t kiosk parts/front\n"})
    kiosk = next(each for each in found.nodes() if each.name == "kiosk")
    assert kiosk.path == "parts/front"


def test_the_folder_that_a_deployment_itself_names_is_its_own() -> None:
    files = {path: text for path, text in SOURCES.items() if not path.startswith("k8s/")}
    files["compose.yml"] = "services: {kiosk: {image: reg.acme.io/kiosk, build: parts/till}}\n"
    found = architecture({**files, "build.sh": "docker build -t kiosk parts/front\n"})
    assert {f"{each.component} {each.path}" for each in found.endpoints} >= {"service:kiosk /pay"}


STAGES = """
    FROM python:3.13 AS shop_web
    COPY shop shop
    CMD ["gunicorn", "shop.wsgi"]
    FROM python:3.13 AS shop_worker
    COPY shop shop
    CMD ["celery", "-A", "shop", "worker"]
    """


def test_stages_of_one_file_are_several_images() -> None:
    found = architecture(
        {
            "Dockerfile": STAGES,
            "shop/__init__.py": "",
            "shop/tasks.py": "from celery import shared_task\n@shared_task\ndef pack(): pass\n",
            "requirements.txt": "django\ncelery\n",
            "Makefile": "images:\n\tdocker buildx build --target shop_web -t acme/shop-web:$(TAG) .\n"
            "\tdocker buildx build --target shop_worker -t acme/shop-worker:$(TAG) .\n",
            "compose.yaml": """
                services:
                  web: {image: "${PREFIX:-}acme/shop-web:1", ports: ["80:80"]}
                  worker: {image: "${PREFIX:-}acme/shop-worker:1"}
                  queue: {image: redis}
                """,
        },
        name="emporium",
    )
    services = {n.name: n.application for n in found.nodes() if n.id.startswith("service:")}
    assert services == {"web": ".", "worker": "."}
    taking = {e.source for e in found.edges(EdgeKind.CONSUMES)}
    assert taking == {"service:worker"}  # by the command of its stage


def test_tags_of_one_image_tell_programs_apart() -> None:
    folders = {
        f"apps/{each}/{file}": text
        for each in ("front", "back")
        for file, text in (
            ("Dockerfile", "FROM node:22\nCMD node i.js\n"),
            ("package.json", f'{{"name": "{each}-end", "dependencies": {{"express": "4"}}}}'),
            ("i.js", "require('express')().get('/', () => 1)\n"),
        )
    }
    found = architecture(
        {
            **folders,
            "apps/cli/shop/pyproject.toml": """
                [project]
                name = "shop"
                [project.scripts]
                shop = "shop.cli:main"
                """,
            "apps/cli/shop/src/shop/cli.py": "def main(): pass\n",
            "compose.yaml": """
                services:
                  front: {image: "acme/shop:front-1"}
                  back: {image: "acme/shop:back-1"}
                """,
        }
    )
    services = {n.name: n.path for n in found.nodes() if n.id.startswith("service:")}
    assert services == {"front": "apps/front", "back": "apps/back"}
