"""What surveys and campaigns are called, by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....outreach import campaign_file
from ....store.tables import campaigns


async def of_surveys(db: AsyncConnection, app: App, keys: Iterable[str]) -> dict[str, str]:
    """The titles of these surveys, as staff know them."""
    found = {}
    for key in set(keys):
        latest = await app.shelf.latest(db, key)
        found[key] = latest[1].title[latest[1].source] if latest else key
    return found


async def of_campaigns(db: AsyncConnection, keys: Iterable[str]) -> dict[str, str]:
    """The titles of these campaigns; the key of one that has none."""
    wanted = select(campaigns.c.key, campaigns.c.text).where(campaigns.c.key.in_(sorted(set(keys))))
    return {key: _title(text) or key for key, text in await db.execute(wanted)}


@lru_cache(256)
def _title(text: str) -> str:
    try:
        return campaign_file.loads(text, "campaign").title
    except Exception:  # a draft that cannot be read yet: its key will do
        return ""
