"""A district's office: the whole web side on a store, with staff of every role who have signed in."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
from bs4 import BeautifulSoup
from campaign_world import Phone

from bot import staff
from bot.app import opened
from bot.settings import Settings
from bot.store import staff as rows
from bot.translation import Glossary
from bot.web.app import create

HOME = "https://office.riverbend.example"
SETTINGS = {
    "public_url": HOME,
    "secret_key": "made up for tests",
    "start_survey": "",
    "allow_drafts": True,
    "sms_rate": 0,
    "organization": "Riverbend",
    "timezone": "America/New_York",
}


class Desk:
    """One member of staff at a browser without scripts. ``member`` is their account."""

    def __init__(self, client, member, csrf):
        self.client = client
        self.member = member
        self.csrf = csrf

    async def see(self, path, status=200, **more):
        """A page, as soup. Redirects are followed."""
        answer = await self.client.get(path, follow_redirects=True, **more)
        assert answer.status_code == status, answer.text[:2000]
        return BeautifulSoup(answer.text, "html.parser")

    async def get(self, path, **more):
        return await self.client.get(path, **more)

    async def post(self, path, data=None, *, files=None, headers=None):
        """A form sent from one of our pages; gives the answer itself (303 where it was taken)."""
        return await self.client.post(
            path,
            data={"csrf": self.csrf} | (data or {}),
            files=files,
            headers={"Sec-Fetch-Site": "same-origin", "Origin": HOME} | (headers or {}),
        )

    async def do(self, path, data=None, status=200, **more):
        """Send a form and see the page that it leads to."""
        answer = await self.post(path, data, **more)
        if answer.status_code == 303:
            return await self.see(answer.headers["location"], status)
        assert answer.status_code == status, answer.text[:2000]
        return BeautifulSoup(answer.text, "html.parser")


class Office:
    def __init__(self, app, web, clock, phone):
        self.app, self.web, self.clock, self.phone = app, web, clock, phone
        self._clients = []

    async def sign_in(self, *roles, name="Ines Muster", email=None):
        """A new member of staff with these roles, each a word or a pair of role and school, in a browser of their own."""
        email = email or f"{name.split()[0].lower()}.{len(self._clients)}@riverbend.example"
        now = self.clock()
        async with self.app.database.begin() as db:
            member = await staff.add(db, now, email, name)
            for role in roles:
                what, school = (role, None) if isinstance(role, str) else role
                await rows.give_role(db, member.id, what, school, now)
            session = await staff.open_session(db, now, member, timedelta(days=1))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.web),
            base_url=HOME,
            cookies={"__Host-openline": session.token},
        )
        self._clients.append(client)
        return Desk(client, member, session.csrf)

    def plain(self):
        """A browser in which nobody has signed in."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.web), base_url=HOME)
        self._clients.append(client)
        return client

    async def close(self):
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def office(url, clock, *, known=(), fails=lambda outgoing: None, **settings):
    """``known``: what the translator knows, as (source, target, text, translation). ``settings`` beside those above."""
    phone = Phone(clock, fails)
    made = Settings(database_url=url, _env_file=None, **(SETTINGS | settings))
    translators = [Glossary(known, origin="machine:test")] if known else []
    async with opened(made, clock=clock, channels={"sms": phone}, translators=translators) as app:
        app.lately.patience = app.at_hand.patience = app.at_hand.quick = 60.0  # a busy machine counts slowly
        here = Office(app, create(app), clock, phone)
        yield here
        await here.close()


def plain(node) -> str:
    """The words of a node, as one line."""
    return " ".join(node.get_text(" ").split())
