"""Alembic's entry: always on a connection that the caller opened (see ``bot.store.migrate``)."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from bot.store import searching
from bot.store.tables import metadata
from bot.store.types import Instant


def render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own column types into new revisions by their names."""
    if kind == "type" and isinstance(item, Instant):
        return "Instant()"
    if kind == "type" and isinstance(item, JSON):
        return "Json"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
    include_name=lambda name, *_: not searching.is_part(name),
)
context.run_migrations()
