"""Made-up families to look around with. They can be removed again, and nothing is ever sent to them."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .app import App
from .store.tables import list_entries

LIST = "Sample families"
"""The contact list that they are on, and nobody else is."""


async def there(db: AsyncConnection) -> bool:
    """Whether they are in."""
    return bool((await db.execute(select(exists().where(list_entries.c.list == LIST)))).scalar())


async def load(app: App) -> int:
    """Put them in; how many people there are."""
    raise NotImplementedError


async def remove(app: App) -> int:
    """Erase exactly them; how many there were."""
    raise NotImplementedError
