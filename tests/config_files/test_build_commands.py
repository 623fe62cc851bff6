"""Which program the commands of a Dockerfile build."""

import pytest

from scaleaudit.config_files.build_commands import built


@pytest.mark.parametrize(
    ("run", "programs"),
    [
        ("CGO_ENABLED=0 GOOS=linux go build -tags x -o /bin/app ./cmd/api", [("go", "./cmd/api")]),
        ('go build -ldflags "-s -w" -o app cmd/worker/main.go', [("go", "cmd/worker")]),
        ("go mod download && cd cmd/mail && go build -o /mail", [("go", "cmd/mail/.")]),
        ("go build ./...", []),
        ("go install github.com/some/tool@latest", []),
        ("go test ./cmd/api", []),
        ("--mount=type=cache,target=/go go build ./cmd/${APP}", [("go", "./cmd/${APP}")]),
        ('dotnet publish "src/Basket/Basket.csproj" -c Release', [("dotnet", "src/Basket/Basket.csproj")]),
        ("cd Shop && dotnet publish -p:Commit=${X} --output /app/ -c Release", [("dotnet", "Shop/.")]),
        ("dotnet publish --no-restore -o /app Shop.sln", []),
        ("dotnet restore src/Basket/Basket.csproj", []),
        ("./mvnw -B package -pl orders,:stock -am", [("maven", "orders"), ("maven", "stock")]),
        ("./gradlew :services:orders:bootJar --no-daemon", [("gradle", "services/orders")]),
        ("pnpm install && pnpm --filter @shop/api... run build", [("npm", "@shop/api")]),
        ("npm install -w api", []),
        ("npx nx build checkout --prod", [("npm", "checkout")]),
        ("cargo build --release --bin api", [("cargo", "api")]),
        ("cargo build --release -p ${CRATE}", [("cargo", "${CRATE}")]),
        ("cd app && cargo install --locked --path crates/api", [("cargo", "crates/api")]),
        ("cargo build --release", []),
        ("cargo test -p api", []),
        ("echo go build ./cmd/api", []),
        ("go build '", [("go", "'")]),
    ],
)  # fmt: skip
def test_programs_that_a_command_builds(run: str, programs: list[tuple[str, str]]) -> None:
    assert list(built(run)) == programs


def test_a_command_without_end_takes_no_time() -> None:
    assert len(list(built("go build ./a && " * 100_000))) <= 50
