"""Whether the set-up is whole: database, address, channels, models."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from analysis.embed import NoEmbedder
from survey_flows.told import listed, told

from ..app import embedder
from ..settings import Settings
from ..store import queue
from ..store.database import connect, ready
from ..store.migrate import newest, revision
from .finding import Finding

MIGRATE = told("Run: openline migrate")
STATES = {
    "queued": told("queued"), "sending": told("sending"), "sent": told("sent"), "delivered": told("delivered"),
    "failed": told("failed"), "held": told("held"), "uncertain": told("uncertain"), "cancelled": told("cancelled"),
    "undelivered": told("undelivered"), "received": told("received"),
}  # fmt: skip
"""How a message stands, as it is kept and as it is said."""


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
        return Finding("note", told("the queue of messages cannot be read"), MIGRATE)
    finally:
        await database.close()
    counted = {state: sum(n for (_, s), n in states.items() if s == state) for _, state in states}
    states_told = listed(
        told("{n} {state}", n=number, state=STATES.get(state, state))
        for state, number in sorted(counted.items())
    )
    what = told("messages: {states}", states=states_told) if counted else told("messages: none yet")
    if unsure := counted.get("held", 0) + counted.get("uncertain", 0):
        return Finding(
            "note",
            what,
            told(
                "Of {n} nobody can say whether they arrived: the service was cut off while sending them. "
                "Uncertain ones are looked into by themselves; held ones stay aside (OPENLINE_UNCERTAIN).",
                n=unsure,
            ),
        )
    return Finding("good", what)


async def _database(settings: Settings) -> Finding:
    try:
        database = connect(settings.database_url)
    except ValueError as error:
        return Finding("bad", told("database"), str(error))
    try:
        if not await ready(database):
            at = None
        else:
            at = await revision(database)
    finally:
        await database.close()
    if at is None:
        what = told("database ({kind}): empty or out of reach", kind=database.dialect)
        return Finding("bad", what, MIGRATE)
    if at != newest():
        what = told("database: at version {now}, this release needs {needed}", now=at, needed=newest())
        return Finding("bad", what, MIGRATE)
    return Finding("good", told("database ({kind}), version {now}", kind=database.dialect, now=at))


def _address(settings: Settings) -> Finding:
    if settings.public_url.startswith("https://"):
        return Finding("good", told("public address {address}", address=settings.public_url))
    return Finding(
        "note",
        told("public address {address} is not https", address=settings.public_url),
        told(
            "Providers deliver only to a public https address: set OPENLINE_PUBLIC_URL. "
            "Telegram works without one: set OPENLINE_TELEGRAM_POLLING=true."
        ),
    )


def _sms(settings: Settings) -> Finding:
    given = {
        "OPENLINE_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "OPENLINE_TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "OPENLINE_TWILIO_FROM": settings.twilio_from,
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return Finding(
            "note", told("SMS is not set up"), told("Set {variables}.", variables=", ".join(given))
        )
    if missing:
        cure = told("Also set {variables}.", variables=", ".join(missing))
        return Finding("bad", told("SMS is set up in part"), cure)
    return Finding(
        "good",
        told("SMS by Twilio"),
        told(
            "In Twilio's console, send messages by POST to {address} (the part after # has Twilio try again when we fail)",
            address=f"{settings.public_url}/in/sms#rc=2&rp=5xx,ct,rt",
        ),
    )


def _telegram(settings: Settings) -> Finding:
    if not settings.telegram_token.get_secret_value():
        return Finding(
            "note",
            told("Telegram is not set up"),
            told("Set {variables}.", variables="OPENLINE_TELEGRAM_TOKEN"),
        )
    if settings.telegram_polling:
        return Finding("good", told("Telegram by polling"))
    if not settings.telegram_secret.get_secret_value():
        return Finding(
            "bad",
            told("Telegram has no secret: its webhook is shut"),
            told("Set OPENLINE_TELEGRAM_SECRET to a long random word."),
        )
    address = f"{settings.public_url}/in/telegram"
    return Finding("good", told("Telegram by webhook at {address}", address=address))


def _secret(settings: Settings) -> Finding:
    if len(settings.secret_key.get_secret_value()) >= 32:
        return Finding("good", told("secret key"))
    return Finding(
        "note",
        told("no lasting secret key: sign-in pages that are open go stale at each restart"),
        told("Set OPENLINE_SECRET_KEY to 32 random characters or more; all web processes need the same."),
    )


def _embedder(settings: Settings) -> Finding:
    try:
        return Finding("good", told("theme coding with {model}", model=embedder(settings).name))
    except NoEmbedder as error:
        return Finding("bad", told("theme coding has no embedding model"), str(error))


def _drafts(settings: Settings) -> Finding:
    if settings.allow_drafts:
        what = told("machine-drafted texts go out without a person's approval (OPENLINE_ALLOW_DRAFTS)")
        return Finding("note", what)
    return Finding("good", told("only approved texts go out"))
