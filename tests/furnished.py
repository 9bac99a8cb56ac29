"""A district in which there is something of everything, so that no page is empty, and an address for every page there is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
from campaign_world import Phone
from ground.district import SURVEY, fill
from office import SETTINGS, Desk
from sqlalchemy import select

from analysis import codebook
from bot import appointing, duties, staff, tokens
from bot.app import App, opened
from bot.at_hand import NotYet
from bot.clock import utcnow
from bot.demo import content, office
from bot.outreach import audience
from bot.problems import Problems
from bot.settings import Settings
from bot.store.tables import alerts, answers, api_tokens, messages, people, translations
from bot.web.app import create
from bot.writing import beginning, drafts

PASSWORD = "the bus came late again"
EMAIL = "ines@riverbend.example"
ROSTER = b"""\
Student ID,First name,Grade,School,Parent name,Parent phone,Home language
S-1,Leo,3,School 01,Rosa Ejemplo,+1 413 555 0191,Spanish
S-2,Mia,4,School 02,Wilner Egzanp,413,Haitian Creole
"""


class Place:
    """The server's ``address``, a ``token`` of an admin's session, and the ``words`` for the gaps of addresses."""

    def __init__(self, address: str) -> None:
        self.address, self.token = address, ""
        self.words: dict[str, dict[str, Any]] = {}
        self.web: Any = None

    def fill(self, path: str) -> str:
        """The address of a route, its gaps filled by what is known in its room; KeyError names the first that is not."""
        _, room, *further = path.split("/")
        inner = f"{room}/{further[0]}" if further else room
        known = self.words.get("", {}) | self.words.get(room, {}) | self.words.get(inner, {})
        return re.sub(r"{(\w+)[^}]*}", lambda gap: str(known[gap[1]]), path)


@asynccontextmanager
async def place(url: str, address: str, *, empty: bool = False, persons: int = 260) -> AsyncIterator[Place]:
    """A place on a migrated store, with an admin who has signed in; ``empty`` as it is on the first day."""
    settings = Settings(
        database_url=url,
        _env_file=None,
        **(SETTINGS | {"public_url": address, "oidc_google_client_id": "made-up"}),
    )
    async with opened(settings, clock=utcnow, channels={} if empty else {"sms": Phone(utcnow)}) as app:
        app.lately.patience = app.at_hand.patience = app.at_hand.quick = 60.0  # a busy machine counts slowly
        made = Place(address)
        made.web = create(app)
        now = utcnow()
        async with app.database.begin() as db:
            ines, _ = await appointing.admit(db, now, None, EMAIL, "Ines Muster", "admin", password=PASSWORD)
            session = await staff.open_session(db, now, ines, timedelta(hours=8), "Firefox/Windows")
            made.words = {
                "": {
                    "as_": "csv",
                    "file": "csv",
                    "kind": "csv",
                    "token": await staff.make_link(db, now, EMAIL, timedelta(hours=1)),
                }
            }
        made.token = session.token
        if not empty:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=made.web),
                base_url=address,
                cookies={"openline": session.token},
            )
            async with client:
                await _furnish(app, made, Desk(client, ines, session.csrf), persons)
        yield made


async def _furnish(app: App, made: Place, ines: Desk, persons: int) -> None:
    now = utcnow()
    await fill(app.database, persons=persons, waiting=6, now=now)
    await office.furnish(app, SURVEY, content.replies())
    async with app.database.begin() as db:
        two = (await db.execute(select(people.c.id).order_by(people.c.id).limit(2))).scalars().all()
        alert, seen = (await db.execute(select(alerts.c.id).order_by(alerts.c.id).limit(2))).scalars()
        open_ = (
            select(answers.c.id, answers.c.survey_id).where(answers.c.kind == "open").order_by(answers.c.id)
        )
        answer = (await db.execute(open_.limit(1))).scalar_one()
        # Somebody who wrote in another language, and whose words are translated.
        said = (
            select(messages.c.id, answers.c.person_id)
            .join(answers, answers.c.message_id == messages.c.id)
            .join(translations, translations.c.source == answers.c.language)
            .where(answers.c.language == "es", answers.c.kind == "open")
        )
        message, speaker = (await db.execute(said.order_by(messages.c.id).limit(1))).one()
        await duties.enter(db, [(answer, "needs.housing")], codebook.load(), now, app.new_id)
        duty = (await duties.store.ids(db))[0]
        await tokens.create(db, now, "nightly-absences", ["people:write"], 90, EMAIL)
        token = (await db.execute(select(api_tokens.c.id))).scalar_one()
        await drafts.begin(
            db,
            "transport-family",
            beginning.from_library("transport-family"),
            None,
            ines.member.id,
            now,
            app.new_id,
        )
        await audience.save(db, "spanish", "respondent = family and language = es", now)
    with suppress(NotYet):
        await app.at_hand.find(SURVEY)
    await app.at_hand.settled()
    work = Problems(app.database, app.books, app.releases, utcnow, app.new_id)
    drafted = await work.draft(SURVEY, "Riverbend", shown=(await app.at_hand.find(SURVEY)).summary)

    async def sent(path: str, data: dict[str, Any], **more: Any) -> str:
        """The id at the end of the address to which a form leads."""
        answer = await ines.post(path, data, headers={"Origin": made.address}, **more)
        assert answer.status_code == 303, (path, answer.text[-2000:])
        return answer.headers["location"].rpartition("/")[2]

    upload = await sent("/people/import", {}, files={"file": ("roster.csv", ROSTER, "text/csv")})
    report = await sent("/reports", {"what": "report", "survey": SURVEY})
    await sent(f"/people/{two[1]}/stop", {"how": "phone"})
    await sent(f"/alerts/{seen}/see", {})
    made.words |= {
        "people": {"person": two[0], "other": two[1], "upload_id": upload},
        "inbox": {"person": speaker, "message": message},
        "alerts": {"alert": alert, "seen": seen},
        "surveys": {"survey": SURVEY, "key": "transport-family", "where": "0", "kind": "yaml"},
        "surveys/download": {"kind": "csv"},
        "findings": {"survey": SURVEY},
        "replies": {"survey": SURVEY},
        "coding": {"survey": SURVEY, "answer": answer},
        "codebooks": {"key": "school_barriers", "code": "transport", "how": "edit", "kind": "yaml"},
        "campaigns": {"key": "thanks-03"},
        "audiences": {"key": "spanish"},
        "problems": {"id_": drafted[0].id if drafted else ""},
        "duties": {"id_": duty},
        "reports": {"id_": report},
        "translations": {"language": "es", "context": f"survey:{SURVEY}/title", "key": "bus_stop"},
        "settings": {"id_": ines.member.id},
        "settings/tokens": {"id_": token},
        "account": {"key": "google"},
        "signin": made.words[""] | {"key": "google"},
    }
