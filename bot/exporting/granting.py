"""Lets a program such as Tableau, Power BI or Metabase read findings from the database, and nothing else."""

from __future__ import annotations

import re

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

VIEWS = ("openline_findings", "openline_response", "openline_change")
"""Read-only views over ``figures``, which holds what findings show (migration 0005)."""
ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")


class CannotGrant(ValueError):  # noqa: N818
    """The role cannot be given this, or has more already; the text says how that is mended."""


def statements(role: str) -> list[str]:
    """What gives a PostgreSQL role the views. Raises CannotGrant for a name that is none."""
    if not ROLE.fullmatch(role):
        raise CannotGrant(f"{role!r} is no name of a role: letters, digits, _ and - behind a letter.")
    return [
        f'GRANT USAGE ON SCHEMA public TO "{role}";',
        f'GRANT SELECT ON {", ".join(VIEWS)} TO "{role}";',
    ]


async def grant(db: AsyncConnection, role: str) -> None:
    """Give it. Raises CannotGrant where there is no such role, or where it could read anything else of Openline's."""
    if db.dialect.name != "postgresql":
        raise CannotGrant(
            "SQLite knows no roles: whoever can open its file reads everything. Hand on an export instead "
            "(`openline export survey KEY --to findings.xlsx`), or use PostgreSQL."
        )
    for statement in statements(role):
        if (
            await db.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
        ).first() is None:
            raise CannotGrant(
                f"There is no role {role}. An administrator of the database makes one: "
                f"CREATE ROLE \"{role}\" LOGIN PASSWORD '…';"
            )
        await db.execute(text(statement))
    if more := await readable(db, role):
        raise CannotGrant(
            f"Nothing was changed: {role} can read {', '.join(more[:5])}{' …' if more[5:] else ''} already. "
            f'Take that away (REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}";), also from roles that it is a '
            "member of, or use another role."
        )


async def readable(db: AsyncConnection, role: str) -> list[str]:
    """What else in Openline's schema this role can read, whole or by columns, or change."""
    rows = await db.execute(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND c.relname <> ALL(:views) "
            "AND (has_any_column_privilege(:role, c.oid, 'SELECT, INSERT, UPDATE') "
            "OR has_table_privilege(:role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')) ORDER BY c.relname"
        ),
        {"role": role, "views": list(VIEWS)},
    )
    return list(rows.scalars())
