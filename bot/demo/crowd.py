"""The made-up people at the other end: each reads what arrives and answers as their part says.

They call our webhooks through the doubles, as the providers do. A person reads a message to know what is asked:
nothing here looks into the service.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from channels.doubles import telegram, twilio
from survey_flows import Survey
from survey_flows.wording import fill

from .cast import Person
from .stutter import StutteringTelegram, StutteringTwilio

PACE = 0.01
"""Seconds that a minute of theirs takes."""
LONGEST = 4.0
"""Seconds that anybody takes at most."""
REPORTED = {30005: "undelivered", 30006: "undelivered"}
"""Failures that Twilio reports afterwards; any other it refuses at once."""


@dataclass(slots=True)
class Part:
    """How far one person has come. ``asked`` counts how often they have answered each question."""

    person: Person
    reached: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    thanked: bool = False
    stopped: bool = False
    after_stop: int = 0

    @property
    def done(self) -> bool:
        """Whether they have said all that they came to say."""
        return set(self.person.script) <= set(self.asked) and (self.thanked or self.person.behaviour != "all")


class Crowd:
    """Everybody at once, with a Twilio and a Telegram of their own. ``on_word`` is called when somebody has spoken."""

    on_word: Callable[[], object] = staticmethod(lambda: None)

    def __init__(
        self,
        people: Sequence[Person],
        survey: Survey,
        *,
        account: str,
        token: str,
        bot: str,
        number: str,
        pace: float = PACE,
    ) -> None:
        self.parts = {person.address: Part(person) for person in people}
        self.said: list[tuple[str, str]] = []  # (address, words), once however often they are delivered
        self.refused = 0
        self.twilio = StutteringTwilio(
            account, token, number=number, on_message=self._text, judge=self._judge
        )
        self.telegram = StutteringTelegram(bot, on_message=self._chat)
        self.twilio.twice = {person.address for person in people if person.twice}
        self.telegram.twice = {int(p.address) for p in people if p.twice and p.channel == "telegram"}
        self._survey = survey
        self._pace = pace
        self._wrong: list[Exception] = []

    @property
    def reached(self) -> int:
        """How many people have had a first message, or could not be sent one."""
        return sum(part.reached for part in self.parts.values())

    @property
    def taken(self) -> int:
        """How many messages the two providers have taken from the service."""
        return len(self.twilio.messages) + len(self.telegram.messages)

    async def start(self, person: Person) -> None:
        """A student finds the line and presses Start."""
        await self._wait(person.minutes[1])
        self.said.append((person.address, "/start"))
        try:
            await self.telegram.say(int(person.address), "/start", language=person.language)
        except Exception as error:
            self._wrong.append(error)

    async def rest(self) -> None:
        """Wait until nobody is about to speak. Raises as ``check``."""
        await asyncio.gather(self.twilio.background.settle(), self.telegram.background.settle())
        self.check()

    def check(self) -> None:
        """Raise the first thing that went wrong for any of them."""
        if self._wrong:
            raise self._wrong[0]

    async def close(self) -> None:
        """Everybody puts the phone away."""
        await self.twilio.close()
        await self.telegram.close()

    def _judge(self, params: Mapping[str, str]) -> twilio.Rejection | None:
        """Twilio refuses at once what it knows cannot arrive."""
        rejection = twilio.judge(params)
        part = self.parts.get(params.get("To", ""))
        code = part.person.failure if part else None  # a number that a visitor has entered takes what comes
        if rejection is None and code is not None and code not in REPORTED:
            rejection = twilio.Rejection(code, "The message cannot be sent to this number.")
        if rejection is not None:
            self.refused += 1
            if part is not None:
                part.reached = True
        return rejection

    async def _text(self, message: twilio.Message) -> None:
        """A text arrives: Twilio reports what became of it (to some out of order), and the person reads it."""
        try:
            part = self.parts.get(message.to)
            if part is None:
                await self.twilio.report(message.sid, "delivered")
                return
            part.reached = True
            failure = part.person.failure
            if failure is not None:
                await self.twilio.report(message.sid, REPORTED[failure], failure)
                return
            # Twilio reports "sent" as well. One report a message shows as much, and some come in the wrong order.
            for status in ("delivered", "sent") if part.person.twice else ("delivered",):
                await self.twilio.report(message.sid, status)
            await self._read(part, message.body, ())
        except Exception as error:  # nobody awaits a hook: ``check`` raises it
            self._wrong.append(error)

    async def _chat(self, message: telegram.Message) -> None:
        try:
            part = self.parts.get(str(message.chat))
            if part is None:
                return
            part.reached = True
            await self._read(part, message.text, message.buttons)
        except Exception as error:
            self._wrong.append(error)

    async def _read(self, part: Part, text: str, buttons: Sequence[tuple[str, str]]) -> None:
        person = part.person
        part.after_stop += part.stopped
        key = asks(self._survey, person.school, text)
        if key is not None and key in person.script:
            said = person.script[key]
            await self._wait(person.minutes[1 if part.asked else 0])
            await self._say(part, said[min(part.asked[key], len(said) - 1)], buttons)
            part.asked[key] += 1
            part.stopped = person.behaviour == "stops"
        elif thanks(self._survey, person.school, text):
            part.thanked = True
            for more in person.afterwards:
                await self._wait(person.minutes[1])
                await self._say(part, more, ())

    async def _say(self, part: Part, words: str, buttons: Sequence[tuple[str, str]]) -> None:
        person = part.person
        pressed = person.presses and len(buttons) > person.choice
        self.said.append((person.address, "" if pressed else words))
        if person.channel == "sms":
            await self.twilio.deliver(person.address, words)
        elif pressed:
            await self.telegram.press(
                int(person.address), buttons[person.choice][1], language=person.language
            )
        else:
            await self.telegram.say(int(person.address), words, language=person.language)
        self.on_word()

    async def _wait(self, minutes: float) -> None:
        await asyncio.sleep(min(minutes * self._pace, LONGEST))


def asks(survey: Survey, school: str, text: str) -> str | None:
    """Which question this message asks, in whichever language and wording; None for one that asks nothing."""
    for question in survey.questions:
        for wording in question.texts.values():
            if any(fill(words, {"school": school}) in text for words in wording.values()):
                return question.key
        # "Did you mean 2. A little hard?" names a choice and not the question.
        if any(row in text for language in survey.languages for row in question.rows(language)):
            return question.key
    return None


def thanks(survey: Survey, school: str, text: str) -> bool:
    """Whether this message ends the survey."""
    return any(fill(words, {"school": school}) in text for words in survey.thanks.values())
