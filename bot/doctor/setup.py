"""Whether the set-up is whole: database, address, channels, models."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from analysis.embed import NoEmbedder

from ..app import embedder
from ..settings import Settings
from ..store import queue
from ..store.database import connect, ready
from ..store.migrate import newest, revision
from .finding import Finding


async def look(settings: Settings) -> list[Finding]:
    """What has to be there before the first message goes out."""
    return [
        await _database(settings),
        await _queue(settings),
        _address(settings),
        _sms(settings),
        _telegram(settings),
        _secret(settings),
        _embedder(settings),
        _drafts(settings),
    ]


async def _queue(settings: Settings) -> Finding:
    database = connect(settings.database_url)
    try:
        async with database.read() as db:
            states = await queue.counts(db)
    except DBAPIError:
        return Finding("note", "the queue of messages cannot be read", "Run: openline migrate")
    finally:
        await database.close()
    counted = {state: sum(n for (_, s), n in states.items() if s == state) for _, state in states}
    told = ", ".join(f"{number} {state}" for state, number in sorted(counted.items())) or "none yet"
    if unsure := counted.get("held", 0) + counted.get("uncertain", 0):
        return Finding(
            "note",
            f"messages: {told}",
            f"Of {unsure} nobody can say whether they arrived: the service was cut off while sending them. "
            "Uncertain ones are looked into by themselves; held ones stay aside (OPENLINE_UNCERTAIN).",
        )
    return Finding("good", f"messages: {told}")


async def _database(settings: Settings) -> Finding:
    try:
        database = connect(settings.database_url)
    except ValueError as error:
        return Finding("bad", "database", str(error))
    try:
        if not await ready(database):
            at = None
        else:
            at = await revision(database)
    finally:
        await database.close()
    if at is None:
        return Finding(
            "bad", f"database ({database.dialect}): empty or out of reach", "Run: openline migrate"
        )
    if at != newest():
        return Finding(
            "bad", f"database: at version {at}, this release needs {newest()}", "Run: openline migrate"
        )
    return Finding("good", f"database ({database.dialect}), version {at}")


def _address(settings: Settings) -> Finding:
    if settings.public_url.startswith("https://"):
        return Finding("good", f"public address {settings.public_url}")
    return Finding(
        "note",
        f"public address {settings.public_url} is not https",
        "Providers deliver only to a public https address: set OPENLINE_PUBLIC_URL. "
        "Telegram works without one: set OPENLINE_TELEGRAM_POLLING=true.",
    )


def _sms(settings: Settings) -> Finding:
    given = {
        "OPENLINE_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "OPENLINE_TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "OPENLINE_TWILIO_FROM": settings.twilio_from,
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return Finding("note", "SMS is not set up", f"Set {', '.join(given)}.")
    if missing:
        return Finding("bad", "SMS is set up in part", f"Also set {', '.join(missing)}.")
    return Finding(
        "good",
        "SMS by Twilio",
        f"In Twilio's console, send messages by POST to "
        f"{settings.public_url}/in/sms#rc=2&rp=5xx,ct,rt (the part after # has Twilio try again when we fail)",
    )


def _telegram(settings: Settings) -> Finding:
    if not settings.telegram_token.get_secret_value():
        return Finding("note", "Telegram is not set up", "Set OPENLINE_TELEGRAM_TOKEN.")
    if settings.telegram_polling:
        return Finding("good", "Telegram by polling")
    if not settings.telegram_secret.get_secret_value():
        return Finding(
            "bad",
            "Telegram has no secret: its webhook is shut",
            "Set OPENLINE_TELEGRAM_SECRET to a long random word.",
        )
    return Finding("good", f"Telegram by webhook at {settings.public_url}/in/telegram")


def _secret(settings: Settings) -> Finding:
    if len(settings.secret_key.get_secret_value()) >= 32:
        return Finding("good", "secret key")
    return Finding(
        "note",
        "no lasting secret key: sign-in pages that are open go stale at each restart",
        "Set OPENLINE_SECRET_KEY to 32 random characters or more; all web processes need the same.",
    )


def _embedder(settings: Settings) -> Finding:
    try:
        return Finding("good", f"theme coding with {embedder(settings).name}")
    except NoEmbedder as error:
        return Finding("bad", "theme coding has no embedding model", str(error))


def _drafts(settings: Settings) -> Finding:
    if settings.allow_drafts:
        return Finding(
            "note", "machine-drafted texts go out without a person's approval (OPENLINE_ALLOW_DRAFTS)"
        )
    return Finding("good", "only approved texts go out")
