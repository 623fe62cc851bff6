"""What the commands and actions of a CI job are for, as a table.

A command line is split at `&&`, `||`, `;` and `|`; what installs or prints is left out, for
`pip install pytest` runs no test. Every purpose that some command serves counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

PURPOSES = ("test", "lint", "build", "deploy", "migrate", "scan")
MAX_LINES = 5_000  # of all scripts of one job
MAX_LINE = 1_000  # characters of one command line

# `npm run x`, `pnpm -r x`, `yarn workspace a x`: the script's name follows.
_NODE = r"(?:npm|yarn|pnpm|bun)(?: (?:run|run-script|exec|workspaces?|-\S+|@\S+|--\S+))* "
_TARGET = r"(?:make|gmake|just|task|rake|invoke|nox -s|tox -e|composer(?: run)?|mage)(?: -\S+)* "

COMMANDS = {
    "test": (
        r"pytest|py\.test|tox|nox|unittest|manage\.py test|trial|behave|locust",
        r"rspec|minitest|rails test\S*|rake (?:test|spec)\S*|cucumber",
        r"phpunit|pest|codecept|artisan test",
        r"jest|vitest|mocha|ava|karma|ng test|cypress run|playwright test|c8|nyc|node --test",
        r"go test|gotestsum|ginkgo|cargo (?:test|nextest)|dotnet test|ctest|bats|mix test",
        r"sbt \S*test\S*|bazel test|swift test|xcodebuild test|flutter test",
        rf"{_NODE}\S*(?:test|e2e|coverage|spec)\S*",
        rf"{_TARGET}\S*(?:test|check|spec|coverage)\S*",
        r"\S*/(?:run[-_]?)?tests?(?:\.sh|\.py)?(?=\s|$)|\S*\brun[-_]?tests?\S*|t\.sh",
    ),
    "lint": (
        r"ruff|flake8|pylint|black .*--check|isort|mypy|pyright|pyre|djlint|pre-commit run|prek",
        r"eslint|prettier|biome|jshint|stylelint|tsc .*--noEmit|oxlint|knip|commitlint",
        r"rubocop|standardrb|erb_lint|erblint|reek|haml-lint|slim-lint|srb tc",
        r"golangci-lint|go vet|staticcheck|gofmt|gofumpt|revive|buf lint",
        r"cargo (?:clippy|fmt)|ktlint|detekt|checkstyle|spotless\S*|pmd|dotnet format",
        r"phpcs|phpstan|psalm|php-cs-fixer|pint|shellcheck|hadolint|yamllint|actionlint|tflint",
        rf"{_NODE}\S*(?:lint|typecheck|type-check|ts:check|format:check|check-types|tsc)\S*",
        rf"{_TARGET}\S*(?:lint|vet|fmt|format|style|typecheck)\S*",
    ),
    "build": (
        r"docker (?:buildx )?(?:build|bake)|docker[- ]compose .*build|podman build|buildah|kaniko",
        r"pack build|goreleaser|jib\S*|ko build|earthly|nix build|bazel build|skaffold build",
        r"go (?:build|install \.)|cargo build|dotnet (?:build|publish)|sbt \S*(?:assembly|package)",
        r"webpack|vite build|ng build|next build|tsc -p|tsc --build|turbo .*build|nx .*build",
        r"python3? -m build|poetry build|uv build|setup\.py (?:sdist|bdist\w*)|gem build",
        r"assets:precompile|collectstatic",
        rf"{_NODE}\S*build\S*",
        r"make(?=\s*$)",
        rf"{_TARGET}\S*(?:build|package|image|dist|compile|install|deb|rpm)\S*",
    ),
    "deploy": (
        r"kubectl (?:\S+ )*?(?:apply|set image|rollout|replace|patch)|helm (?:\S+ )*?(?:upgrade|install)",
        r"helmfile (?:apply|sync)|argocd app|flux reconcile|oc (?:apply|rollout)",
        r"(?:terraform|tofu|terragrunt) (?:\S+ )*?apply|pulumi up|cdk deploy|cloudformation deploy",
        r"(?:serverless|sls|sam|eb|copilot|firebase|fly|flyctl|kamal|cap \w+) deploy|wrangler deploy",
        r"wrangler publish|vercel|netlify deploy|railway up|nomad (?:job )?run|skaffold (?:run|deploy)",
        r"gcloud (?:beta |alpha )?(?:run|app|functions|deploy)(?: \S+)* ?deploy|gcloud builds submit",
        r"az (?:webapp|containerapp|functionapp|aks)\b.*(?:deploy|up|update|config)",
        r"aws ecs (?:update-service|deploy|run-task)|aws lambda update-function-code|aws s3 sync",
        r"aws deploy|aws apprunner|aws elasticbeanstalk|heroku container:release|git push .*heroku",
        r"git push .*dokku|docker stack deploy|ansible-playbook|ssh \S|rsync .*\S+:|scp .*\S+:",
        rf"{_NODE}\S*deploy\S*",
        rf"{_TARGET}\S*(?:deploy|rollout)\S*",
        r"\S*/deploy\S*",
    ),
    "migrate": (
        r"manage\.py migrate|alembic (?:\S+ )*?upgrade|flask db upgrade|aerich upgrade|yoyo apply",
        r"(?:rails|rake) (?:\S+ )*?db:(?:migrate|prepare|schema:load)\S*",
        r"prisma (?:migrate|db push)|knex migrate\S*|sequelize(?:-cli)? db:migrate|migration:run",
        r"drizzle-kit (?:migrate|push)|flyway\S* migrate|flyway:migrate|liquibase\S* (?:update|migrate)",
        r"goose (?:\S+ )*?up|migrate (?:\S+ )*?up|atlas migrate apply|dbmate (?:\S+ )*?up|sql-migrate up",
        r"ef database update|artisan migrate\S*|doctrine:migrations:migrate|phinx migrate",
        rf"{_NODE}\S*migrat\S*",
        rf"{_TARGET}\S*migrat\S*",
    ),
    "scan": (
        r"trivy|snyk|semgrep|bandit|pip-audit|safety (?:check|scan)|osv-scanner|grype|syft",
        r"(?:npm|yarn|pnpm) (?:npm )?audit|bundler?[- ]audit|brakeman|govulncheck|gosec|nancy",
        r"gitleaks|trufflehog|checkov|tfsec|terrascan|kics|kubescape|zizmor|cargo (?:audit|deny)",
        r"sonar-scanner|sonar:sonar|sonarqube|dependency-check\S*|dotnet list .*--vulnerable",
        r"composer audit|codeql|zap-\S+\.py",
    ),
}  # fmt: skip

# Actions, pipes and images by their names, without version.
ACTIONS = {
    "test": r"pytest|cypress-io/|playwright|publish-unit-test|test-reporter|junit|test-results",
    "lint": r"lint|pre-commit/|prek-action|reviewdog|psf/black|ruff-action|/rubocop|checkstyle|vale-",
    "build": r"build-push|bake-action|goreleaser|kaniko|buildah-build|maven-action|gradle-build"
    r"|github-builder|aws-ecr-action|pypa/cibuildwheel",
    "deploy": r"deploy(?!ments)|flyctl|appleboy/(?:ssh|scp)-action|serverless/|vercel-action|netlify"
    r"|wrangler-action|rsync|argocd|helm-upgrade|update-ecs|amplify|s3-sync|terraform-apply",
    "migrate": r"migrat|ariga/atlas",
    "scan": r"codeql-action/analyze|trivy|snyk|scorecard|dependency-review|zizmor|gitleaks|semgrep"
    r"|sonar|dependency-check|anchore|trufflehog|brakeman|bandit|checkov|tfsec|security",
}  # fmt: skip

_START = r"(?:^|[\s/(\"'])"
_END = r"(?=$|[\s;)\"':@])"
_COMMAND = {
    purpose: regex(f"{_START}(?:{'|'.join(patterns)}){_END}")
    for purpose, patterns in COMMANDS.items()
}
_ACTION = {purpose: regex(pattern, re.IGNORECASE) for purpose, pattern in ACTIONS.items()}
_WORDS = {
    "test": regex(r"\b(?:unit|e2e|integration)?-?tests?\b|\bspecs?\b"),
    "lint": regex(r"\blint\w*|\btype-?check|\bformat\b"),
    "build": regex(r"\bbuild\w*|\bimages?\b|\bcontainers\b|\bpackage\b"),
    "deploy": regex(r"\bdeploy\w*|\brollout\b"),
    "scan": regex(r"\bscan\w*|\bsecurity\b|\bcodeql\b|\bsast\b|\baudit\b"),
}
_SILENT = regex(
    r"(?:sudo )?(?:echo|printf|cat|cp|mv|rm|mkdir|ls|which|export|apt|apt-get|apk|brew|gem install"
    r"|(?:python3? -m )?pip3? install|uv (?:pip|tool|add|sync|lock)|poetry (?:install|add)"
    r"|pipx install|(?:npm|pnpm|yarn|bun) (?:install|ci|add|i)|yarn$|go install \S+@"
    r"|cargo install|composer (?:install|require)|bundle (?:install|config)|dotnet tool"
    r"|git (?!push)|gh |curl |wget |jq |if \[|test )\b"
)
# Maven and Gradle say several purposes in one word.
_MAVEN = regex(r"(?:^|[\s/])mvnw?\s(?P<goals>.*)")
_GRADLE = regex(r"(?:^|[\s/])gradlew?\s(?P<goals>.*)")
_SKIPS_TESTS = regex(r"-DskipTests|-Dmaven\.test\.skip|-x\s*test|-Pfast")


def purposes_of_commands(scripts: Iterable[str]) -> set[str]:
    """The purposes of shell scripts, line by line."""
    found: set[str] = set()
    lines = [line for script in scripts for line in script.replace("\\\n", " ").splitlines()]
    for line in lines[:MAX_LINES]:
        if len(line) <= MAX_LINE and not line.lstrip().startswith("#"):
            for command in re.split(r"&&|\|\|?|;", line):
                words = " ".join(command.split())
                if words and not _SILENT.match(words):
                    found |= _of_command(words)
    return found


def _of_command(command: str) -> set[str]:
    found = {purpose for purpose, pattern in _COMMAND.items() if pattern.search(command)}
    for tool, tests, builds in (
        (_MAVEN, r"\b(?:test|verify|install|package|deploy)\b", r"\b(?:package|install|verify)\b"),
        (_GRADLE, r"\b(?:\w*[tT]est|check|build)\b", r"\b(?:build|assemble|bootJar|jar)\b"),
    ):
        if said := tool.search(command):
            if re.search(tests, said["goals"]) and not _SKIPS_TESTS.search(command):
                found.add("test")
            if re.search(builds, said["goals"]):
                found.add("build")
    return found


def purposes_of_action(name: str) -> set[str]:
    """The purposes of a ready-made step: an action, an orb, a pipe."""
    plain = name.partition("@")[0]
    return {purpose for purpose, pattern in _ACTION.items() if pattern.search(plain)}


def purposes_of_words(name: str) -> set[str]:
    """What the name of a job or stage promises, for jobs whose steps stand elsewhere."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower())
    return {purpose for purpose, pattern in _WORDS.items() if pattern.search(words)}


def ordered(purposes: set[str]) -> tuple[str, ...]:
    return tuple(purpose for purpose in PURPOSES if purpose in purposes)
