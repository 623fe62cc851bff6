"""Variables of one file that all are handed, which libraries read by themselves; RoadRunner's gRPC."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind

COMPOSE = """
    services:
      web: {build: ./web, env_file: [.env]}
      users: {build: ./users, env_file: [.env]}
      errors: {image: "acme/sentry-like"}
      temporal:
        image: temporalio/auto-setup
        environment: {DB: postgres12, POSTGRES_SEEDS: db}
      db: {image: postgres}
    """
CLIENT = """
    <?php
    namespace App;
    use GRPC\\Services\\Users\\UsersServiceInterface;
    use App\\Domain\\ClockInterface;
    final class Show {
        public function __invoke(ClockInterface $clock, UsersServiceInterface $users) {
            return $users->Get();
        }
    }
    """
SERVER = """
    <?php
    namespace App;
    use GRPC\\Services\\Users\\UsersServiceInterface;
    use Spiral\\RoadRunner\\GRPC;
    final readonly class Users implements LoggedInterface, UsersServiceInterface {
        public function Get(GRPC\\ContextInterface $ctx, GetRequest $in): GetResponse {}
    }
    """
GENERATED = """
    <?php
    namespace GRPC\\Services\\Users;
    use Spiral\\RoadRunner\\GRPC;
    class UsersServiceClient implements UsersServiceInterface {}
    """


def composer(*names: str) -> str:
    return '{"require": {' + ", ".join(f'"{name}": "^1"' for name in names) + "}}"


SHOP = {
    "compose.yml": COMPOSE,
    ".env": "SENTRY_DSN=http://key@errors:8000/1\nTEMPORAL_ADDRESS=temporal:7233\n",
    **{f"{name}/Dockerfile": "FROM php:8\nCOPY . .\n" for name in ("web", "users")},
    "web/composer.json": composer("spiral/framework", "acme/sentry-bridge"),
    "users/composer.json": composer("spiral/framework", "spiral/temporal-bridge"),
}


def edges(found: Architecture) -> set[str]:
    kinds = (EdgeKind.CALLS, EdgeKind.USES)
    pairs = {(e.source, e.target) for kind in kinds for e in found.edges(kind)}
    return {f"{a.partition(':')[2]} {b.partition(':')[2]}" for a, b in pairs}


def test_who_is_built_with_the_library_uses_its_variable() -> None:
    assert edges(architecture(SHOP)) == {"web errors", "users temporal", "temporal db"}


def test_a_generated_interface_is_served_by_one_and_taken_by_others() -> None:
    code = {
        "web/src/Show.php": CLIENT,
        "users/src/Users.php": SERVER,
        "users/generated/UsersServiceClient.php": GENERATED,
    }
    assert "web users" in edges(architecture({**SHOP, **code}))
    served = {(e.component, e.path) for e in architecture({**SHOP, **code}).endpoints}
    assert served == {("service:users", "/UsersService")}
