"""Builds the service from its settings: store, channels, surveys, translator, clock. Everything is handed on from here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import survey_flows
from analysis import embed
from analysis.embed import Embedder
from analysis.items import Results
from analysis.summary import Summary
from analysis.tally import reckon
from analysis.views import View
from channels.base import Channel
from channels.sms import Sms
from channels.telegram import CHAT_GAP, Telegram
from survey_flows import danger, segments

from . import ids, items, releases, waves
from .at_hand import AtHand, Held, Pairs
from .clock import Clock, utcnow
from .codebooks import Books
from .coding import Coding
from .glossary import WORDLIST
from .ids import NewId
from .inbox import Inbox
from .interpreting import Interpreter, Wishes
from .learning import Coders, Learning
from .listening import Desk
from .outbox import Outbox
from .outreach.dispatch import Dispatch
from .outreach.lately import Lately
from .releases import Releases
from .settings import Settings
from .shelf import Shelf
from .store import erased
from .store.database import Database, connect
from .store.migrate import newest, revision
from .store.pacing import FREELY, Pace
from .translation import Chain, Translator, engines
from .translation.gate import Judge, confidence
from .translation.memory import Memory, Remembered
from .viewing import Viewed, view


class NotReady(Exception):  # noqa: N818
    """The service cannot start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A survey that has been published."""

    key: str
    title: str


@dataclass(frozen=True)
class App:
    """The built service. Use ``opened`` to get one."""

    settings: Settings
    database: Database
    channels: Mapping[str, Channel]
    shelf: Shelf
    desk: Desk
    inbox: Inbox
    books: Books
    coders: Coders
    coding: Coding
    learning: Learning
    interpreter: Interpreter
    memory: Memory
    judge: Judge
    translator: Translator | None
    releases: Releases
    at_hand: AtHand
    lately: Lately
    clock: Clock
    new_id: NewId

    def outboxes(self) -> list[Outbox]:
        """One sender for each channel; every call makes new ones, each with a token of its own."""
        lease = timedelta(seconds=self.settings.lease_seconds)
        paces = {
            "sms": Pace(self.settings.sms_rate, lambda words: segments.count(words).parts),
            "telegram": Pace(self.settings.telegram_rate),
        }
        return [
            Outbox(self.database, channel, self.clock, self.new_id, lease, paces.get(name, FREELY))
            for name, channel in self.channels.items()
        ]

    @property
    def rates(self) -> dict[str, float]:
        """How many messages (SMS parts) a second each channel's sender may send, over all workers; 0 is no limit."""
        return {name: float(getattr(self.settings, f"{name}_rate", 0)) for name in self.channels}

    def dispatch(self) -> Dispatch:
        """What carries campaigns out in this process."""
        return Dispatch(
            self.database, self.desk, self.shelf, self.settings, self.rates, self.clock, self.new_id
        )

    async def surveys(self) -> Sequence[Listed]:
        """Every survey that has been published."""
        async with self.database.read() as db:
            found = [(key, await self.shelf.latest(db, key)) for key in await self.shelf.keys(db)]
        return [Listed(key, latest[1].title[latest[1].source]) for key, latest in found if latest]

    async def findings(
        self,
        survey: str,
        focus: str | None = None,
        *,
        wave: str | None = None,
        pairs: Sequence[tuple[str, str]] = (),
    ) -> Summary | None:
        """The findings of one survey in the state that is shown (releases.py): of its newest wave, or the one that is
        named, where it has waves. None where nobody has been asked.

        ``focus`` keeps one top theme, ``pairs`` are dimensions to be crossed. Raises KeyError for a theme that there is
        not, waves.NoWave for a wave.
        """
        found = await self.releases.summary(survey, wave, pairs)
        return releases.focused(found, focus) if found and focus else found

    async def viewed(
        self, survey: str, how: View = "named", wave: str | None = None, against: str | None = None
    ) -> Viewed | None:
        """The findings of a survey in the order of one view, of its newest wave or the one that is named. None where nobody has
        been asked. Raises waves.NoWave for a wave, or something to compare with, that there is not."""
        async with self.database.read() as db:
            found, book = await waves.of_survey(db, survey), await self.books.of_survey(db, survey)
            keys = await self.shelf.keys(db)
        chosen = waves.pick(found, wave, self.clock())
        return await view(self.releases.summary, book, survey, found, chosen, keys, how, against)

    async def glance(
        self, survey: str, how: View = "named", wave: str | None = None, against: str | None = None
    ) -> Viewed | None:
        """The same as pages show it: as of the last look, without waiting for a newer one (at_hand.py).

        Raises at_hand.NotYet where nobody has looked before, and what ``viewed`` raises.
        """
        async with self.database.read() as db:
            found, book = await waves.of_survey(db, survey), await self.books.of_survey(db, survey)
            keys = await self.shelf.keys(db)
        chosen = waves.pick(found, wave, self.clock())
        looks: list[Held] = []

        async def shown(key: str, name: str | None) -> Summary | None:
            looks.append(await self.at_hand.find(key, name))
            return looks[-1].summary

        seen = await view(shown, book, survey, found, chosen, keys, how, against)
        return seen and replace(seen, at=looks[0].at, coders=looks[0].coders)

    async def crossed(self, survey: str, wave: str | None, pairs: Pairs) -> Summary | None:
        """The findings with pairs of dimensions crossed, as pages show them. Raises at_hand.NotYet and waves.NoWave."""
        return (await self.at_hand.find(survey, wave, pairs)).summary

    async def results(self, survey: str) -> Results | None:
        """What people chose at each closed question of one survey; None where there is no such survey."""
        async with self.database.read() as db:
            latest = await self.shelf.latest(db, survey)
            if latest is None:
                return None
            asked, given, left_out = await items.gather(db, self.shelf, survey, self.settings.organization)
        minimum = self.settings.minimum_cell
        reckoned = await asyncio.to_thread(reckon, asked, given, minimum=minimum)
        title = latest[1].title[latest[1].source]
        return Results(survey, title, minimum, reckoned, tuple(left_out))

    async def chosen(self, survey: str) -> tuple[Results, datetime] | None:
        """The same as pages show it: as it was counted last, and when (at_hand.py). Raises at_hand.NotYet where nobody
        has looked before."""
        async with self.database.read() as db:
            if await self.shelf.latest(db, survey) is None:
                return None
        held = await self.at_hand.last(("chosen", survey), partial(self.results, survey))
        return (held.value, held.at) if held.value is not None else None


def make_channels(settings: Settings) -> dict[str, Channel]:
    """Every channel that has what it needs."""
    made: dict[str, Channel] = {}
    if settings.twilio_account_sid:
        made["sms"] = Sms(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_from,
            public_url=settings.public_url,
            base_url=settings.twilio_base_url or None,
            second_token=settings.twilio_second_token.get_secret_value() or None,
            provider_answers_keywords=settings.twilio_answers_keywords,
        )
    if settings.telegram_token.get_secret_value():
        made["telegram"] = Telegram(
            settings.telegram_token.get_secret_value(),
            settings.telegram_secret.get_secret_value(),
            base_url=settings.telegram_base_url or None,
            chat_gap=CHAT_GAP if settings.telegram_rate else timedelta(),
        )
    return made


def embedder(settings: Settings) -> Embedder:
    """The operator's own model, or the best that runs here. Raises embed.NoEmbedder."""
    if settings.embedding_model:
        return embed.SentenceTransformer(settings.embedding_model, settings.embedding_prefix)
    return embed.best()


def sure(judge: Judge, pairs: Sequence[tuple[str, str]], source: str, target: str) -> Sequence[float]:
    """How sure each translation (text, translation) is, from 0 to 1. The model is loaded when it is first needed."""
    judge.learn(text for pair in pairs for text in pair)
    return [confidence(said, source, text, target, judge) for said, text in pairs]


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    clock: Clock = utcnow,
    new_id: NewId | None = None,
    channels: Mapping[str, Channel] | None = None,
    translators: Sequence[Translator] = (),
) -> AsyncIterator[App]:
    """The service on a store that has been migrated; closed again at the end of the block.

    ``translators`` are asked before the memory, and that before the engines in the settings. Raises NotReady.
    """
    new_id = new_id or ids.maker()
    database = connect(settings.database_url)
    try:
        engine = engines.engines(settings)
    except engines.NotSetUp as error:
        await database.close()
        raise NotReady(str(error)) from None
    translator = Chain(*translators, Remembered(database), *filter(None, [engine]))
    made = make_channels(settings) if channels is None else channels
    try:
        if await revision(database) != newest():
            raise NotReady("The database is empty or of another version. Run: openline migrate")
        shelf = Shelf()
        async with database.begin() as db:
            start = survey_flows.library(settings.start_survey) if settings.start_survey else None
            published = await shelf.publish(db, start, clock(), new_id) if start else None
        desk = Desk(
            settings.organization,
            settings.allow_drafts,
            (published, start) if published and start else None,
            new_id,
            ZoneInfo(settings.timezone),
            timedelta(seconds=settings.join_seconds),
            settings.language_menu,
            seal=erased.key(settings.secret_key.get_secret_value()),
        )
        async with database.read() as db:
            await desk.phrasebook.current(db, clock())
            WORDLIST.look_again()
            await WORDLIST.current(db, clock())
        danger.read("")  # its lists load once: not while the first family waits
        books = Books(settings.codebook)
        coders = Coders(partial(embedder, settings), settings.cache_folder / "vectors")
        inbox = Inbox(database, shelf, desk, clock)
        wishes = Wishes.of(settings.reading_languages)
        coding = Coding(database, shelf, books, coders, clock, new_id, wishes)
        learning = Learning(database, shelf, books, coders, clock)
        judge = Judge()
        interpreter = Interpreter(database, shelf, translator, clock, wishes, partial(sure, judge))
        memory = Memory(database, clock, new_id)
        numbers = Releases(database, books, clock, new_id, minimum=settings.minimum_cell)
        at_hand = AtHand(database, books, numbers, clock, settings.minimum_cell)
        yield App(
            settings,
            database,
            made,
            shelf,
            desk,
            inbox,
            books,
            coders,
            coding,
            learning,
            interpreter,
            memory,
            judge,
            translator,
            numbers,
            at_hand,
            Lately(),
            clock,
            new_id,
        )
        await at_hand.close()
        await inbox.close()
    finally:
        for channel in made.values():
            await channel.close()
        if translator is not None:
            await translator.close()
        await database.close()
