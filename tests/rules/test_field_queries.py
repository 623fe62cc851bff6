"""GraphQL fields that ask for each object, in whole small repositories."""

from __future__ import annotations

import pytest
from tests.rules.findings import find

PRISMA = """
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Team {
  id    Int    @id
  slug  String @unique
  posts Post[]
}

model User {
  id       Int @id
  teamId   Int
  teamSlug String
}

model Post {
  id     Int  @id
  teamId Int
  team   Team @relation(fields: [teamId], references: [id])
}
"""
CLIENT = """
import { PrismaClient } from '@prisma/client';
export const prisma = new PrismaClient();
"""


def messages(resolvers: str) -> list[tuple[str, str]]:
    files = {"prisma/schema.prisma": PRISMA, "src/db.ts": CLIENT, "src/resolvers.ts": resolvers}
    return [(finding.subject, finding.message) for finding in find("n-plus-one", files)]


def resolvers(*fields: str, parent: str = "User") -> str:
    return (
        "import { prisma } from './db';\n"
        "export const resolvers = {\n"
        "  Query: { users: () => prisma.user.findMany({ take: 50 }) },\n"
        f"  {parent}: {{\n    " + ",\n    ".join(fields) + "\n  },\n};\n"
    )


FIRST = "{}: (user) => prisma.team.findFirst({{ where: {{ slug: user.teamSlug }} }})"


def test_a_field_by_itself_is_named() -> None:
    ((subject, message),) = messages(resolvers(FIRST.format("team")))
    assert subject == "User.team"
    assert message.startswith("User.team asks team once for each object")


def test_many_fields_of_one_application_are_one_finding() -> None:
    fields = [FIRST.format(name) for name in ("a", "b", "c", "d")]
    ((subject, message),) = messages(resolvers(*fields))
    assert subject == "fields of the application"
    assert message.startswith("4 fields of the application, User.a, User.b, User.c and User.d, ask")


@pytest.mark.parametrize(
    "source",
    [
        # Prisma makes one query of all that are asked for by a unique key at one moment
        resolvers("team: (user) => prisma.team.findUnique({ where: { slug: user.teamSlug } })"),
        resolvers("team: (user) => teams.load(user.teamSlug)"),
        resolvers("posts: () => prisma.post.findMany({ take: 5 })"),
        resolvers(FIRST.format("team"), parent="UserPayload"),
    ],
)
def test_fields_that_gather_or_are_asked_for_once(source: str) -> None:
    assert messages(source) == []
