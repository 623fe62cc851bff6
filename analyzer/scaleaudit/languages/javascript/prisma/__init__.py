"""Queries through Prisma's client: `prisma.order.findMany({ where: { customerId } })`."""

from scaleaudit.languages.javascript.prisma.calls import queries

__all__ = ["queries"]
