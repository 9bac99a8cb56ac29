"""What keeps the demo apart from everything real: settings, accounts and a database of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlalchemy import select

from ..settings import Settings
from ..store.database import connect, normal_url
from ..store.migrate import migrate
from ..store.tables import people

DATABASE = "sqlite:///var/demo.db"
ACCOUNT = "AC" + "0" * 32
NUMBER = "+16175550100"
SECRET = "the-demo-has-no-secrets"  # noqa: S105  # it guards doubles that only this computer can reach
BOT = f"700000:{SECRET}"


class Apart(Settings):
    """The demo's settings. Nothing of the operator's environment reaches it: no account, no server, no database."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def settings(pages: str, twilio: str, telegram: str, given: Mapping[str, Any]) -> Settings:
    """The demo's settings for servers at these addresses; ``given`` goes before its own."""
    own: dict[str, Any] = {
        "database_url": DATABASE,
        "public_url": pages,
        "organization": "Riverbend School District",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": SECRET,
        "twilio_from": NUMBER,
        "twilio_base_url": twilio,
        "telegram_token": BOT,
        "telegram_secret": SECRET,
        "telegram_base_url": telegram,
        "sms_rate": 0,  # the doubles take whatever comes
        "telegram_rate": 0,
        "allow_drafts": True,  # every translation of the demo is a machine's draft, and says so
    }
    return Apart(**own | dict(given))


async def prepare(url: str) -> bool:
    """Bring the database to the newest shape; return whether nobody is in it. The demo's own is begun anew."""
    if url == DATABASE:
        _remove(url)
    database = connect(url)
    try:
        await migrate(database)
        async with database.read() as db:
            return (await db.execute(select(people.c.id).limit(1))).first() is None
    finally:
        await database.close()


def _remove(url: str) -> None:
    file = normal_url(url).database
    for name in (f"{file}", f"{file}-wal", f"{file}-shm"):
        Path(name).unlink(missing_ok=True)
