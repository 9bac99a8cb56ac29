"""A made-up survey with enough people to fill every part of a findings page. The figures come from ``summarize``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis import codebook
from analysis.findings import Asked, Corrected, Release, Summary, Voice, Weighting
from analysis.items import Choice, Given, Item, Results
from analysis.summary import summarize
from analysis.tally import reckon
from analysis.views import View, ranked
from bot.store import tables
from bot.viewing import Viewed

CODER = "1-made-up"
DAY = timedelta(days=1)
SURVEY = "getting-to-school"
TITLE = "Getting to school, fall"
SCHOOLS = {"Lincoln Elementary": 30, "Marsh Lane Elementary": 25, "Cedar Middle": 28, "Harbor High": 17}
LANGUAGES = {"en": 44, "es": 30, "ht": 11, "vi": 9, "ar": 6}
GRADES = {"K–2": 25, "3–5": 30, "6–8": 25, "9–12": 20}
THEMES = {
    "transport.bus_service": 16,
    "transport.no_ride": 9,
    "transport.distance_time": 8,
    "transport.route_safety": 5,
    "care.caregiver_work": 13,
    "care.before_after": 7,
    "health.illness": 12,
    "health.emotional": 8,
    "needs.money": 7,
    "needs.housing": 4,
    "x.no_barrier": 22,
    "x.thanks": 5,
}
WORDS = {
    "en": ("The bus came late again and she missed breakfast at [school].", None, None),
    "es": (
        "El autobús de la ruta [número] pasa antes de la hora y si lo pierde ya no hay otra manera.",
        "The bus on route [number] comes early, and if she misses it there is no other way.",
        "person",
    ),
    "ht": ("Bis la pa vini twa fwa nan semèn nan. Nou tann nan fredi a.", None, None),
    "vi": (
        "Nhà tôi chỉ có một chiếc xe, tôi phải dắt con đi bộ hơn 40 phút.",
        "We have only one car, I have to walk my child more than 40 minutes.",
        "glossary",
    ),
    "ar": (
        "لا يوجد رصيف في [الشارع]، وأخاف أن يمشي ابني وحده في الظلام.",
        "There is no sidewalk on [street], and I am afraid for my son to walk alone in the dark.",
        "machine:libretranslate",
    ),
}


def _one(random: Random, among: dict[str, int]) -> str:
    return random.choices(list(among), list(among.values()))[0]


@cache
def people(number: int = 1200, seed: int = 14) -> tuple[tuple[Asked, ...], tuple[Voice, ...]]:
    """Who was asked, and what those who answered said."""
    random = Random(seed)
    asked, voices = [], []
    for n in range(number):
        groups = {
            "school": _one(random, SCHOOLS),
            "language": _one(random, LANGUAGES),
            "grade": _one(random, GRADES),
        }
        outcome = (
            "answered" if random.random() < (0.42 if groups["language"] == "ar" else 0.62) else "waiting"
        )
        if outcome == "waiting" and random.random() < 0.1:
            outcome = random.choice(["stopped", "no_address", "failed"])
        asked.append(Asked(f"p{n}", outcome, groups))
        if outcome != "answered":
            continue
        weights = dict(THEMES)
        if groups["language"] in ("es", "ht"):
            weights["transport.bus_service"] *= 3
        themes = {_one(random, weights) for _ in range(random.choice([1, 1, 1, 2]))}
        if len(themes) > 1:
            themes -= {"x.no_barrier", "x.thanks"}
        original, english, origin = WORDS[groups["language"]]
        voices.append(
            Voice(
                person=f"p{n}",
                language=groups["language"],
                original=original,
                english=english,
                english_origin=origin,
                themes=dict.fromkeys(sorted(themes or {"transport.no_ride"}), 0.8),
                groups=groups,
                sentiment="negative",
                certainty=0.5 if n % 20 == 0 else 0.99,
            )
        )
    return tuple(asked), tuple(voices)


def summary(number: int = 1200) -> Summary:
    """The made-up findings."""
    asked, voices = people(number)
    return summarize(SURVEY, asked, voices, codebook.load(), minimum=10)


def viewed(found: Summary, how: View = "named", wave: str | None = None) -> Viewed:
    """The findings in one order. The survey has two waves; in the earlier one everything was as it is now."""
    then = found if how == "change" else None
    names = ("Spring 2026", "Fall 2026")
    return Viewed(
        found, ranked(found, codebook.load(), how, then), wave or names[-1], names, names[0] if then else ""
    )


def told(found: Summary) -> Summary:
    """The same, with all that may stand beside the numbers: their state, corrected and weighted shares."""
    at = datetime(2026, 10, 14, 14, 8, tzinfo=UTC)
    themes = tuple(
        replace(
            theme,
            corrected=Corrected(theme.share * 0.9, theme.share * 0.75, theme.share * 1.1, 84)
            if theme.share
            else None,
            weighted=theme.share and theme.share * 0.95,
        )
        for theme in found.themes
    )
    weighting = Weighting(("language", "school"), 1.24, 2.6)
    return replace(found, themes=themes, weighting=weighting, release=Release(3, at, 12))


async def coded(db: AsyncConnection, now: datetime) -> None:
    """The least that a store holds once the coder has read something."""
    survey, person, conversation = uuid4(), uuid4(), uuid4()
    await db.execute(
        insert(tables.surveys).values(id=survey, key=SURVEY, version="1", text="", created_at=now)
    )
    await db.execute(
        insert(tables.people).values(
            id=person, respondent="family", language="en", language_by="import", groups={}, created_at=now
        )
    )
    await db.execute(
        insert(tables.conversations).values(
            id=conversation, survey_id=survey, person_id=person, state="complete", started_at=now
        )
    )
    await db.execute(
        insert(tables.answers).values(
            id=uuid4(),
            survey_id=survey,
            conversation_id=conversation,
            person_id=person,
            question="hard",
            kind="open",
            heard="the bus",
            understood=True,
            declared="en",
            created_at=now,
            coder=CODER,
        )
    )


def nobody_yet() -> Summary:
    """Asked, and nobody has answered."""
    asked = tuple(Asked(one.person, "waiting", one.groups) for one in people()[0])
    return summarize(SURVEY, asked, (), codebook.load(), minimum=10)


def _choices(**labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, label, key in ("not_sure", "not_tried")) for key, label in labels.items())


ITEMS = (
    Item("reach", "How easy or hard is it to reach someone at Lincoln School?", "scale",
         _choices(very_hard="Very hard", hard="Hard", easy="Easy", very_easy="Very easy", not_tried="Have not tried")),
    Item("events", "Does anything keep you from our events?", "many",
         _choices(time="Time", child_care="Child care", ride="Ride", language="Language", ramp="No ramp", none="No"),
         none="none"),
    Item("days", "About how many school days has your child missed in the last 4 weeks?", "number", least=0),
    Item("knew", "Did you know you can ask for free language help?", "yesno", _choices(yes="Yes", no="No"),
         note="The wording or the choices were changed while the survey ran. Answers to all versions are counted together."),
    Item("order", "What should come first? Put them in order.", "rank",
         _choices(bus="More buses", walk="Safer walks", care="Child care before school")),
    Item("tell", "If someone keeps being mean to you, would you tell an adult?", "one",
         _choices(yes="Yes", maybe="Maybe", no="No")),
)  # fmt: skip


@cache
def results(number: int = 1200, seed: int = 15) -> Results:
    """What the made-up people chose; the last question few were asked."""
    random = Random(seed)
    given = []
    for n, one in enumerate(asked for asked in people(number)[0] if asked.outcome == "answered"):
        for item in ITEMS[: 6 if n < 6 else 5]:
            keys = [choice.key for choice in item.choices]
            value: object
            if item.kind == "scale":
                value = random.choices(keys, [3, 18, 40, 35, 8])[0]
            elif item.kind == "many":
                ticked = zip(keys[:5], [30, 20, 16, 9, 1], strict=True)
                value = [key for key, chance in ticked if random.random() * 100 < chance]
            elif item.kind == "number":
                value = min(int(random.expovariate(0.5)), 20)
            elif item.kind == "yesno":
                value = random.random() < 0.4
            elif item.kind == "rank":
                value = sorted(keys, key=lambda key: random.random() * (1 + keys.index(key)))
            else:
                value = keys[0]
            skipped = random.random() < 0.03
            given.append(
                Given(
                    one.person,
                    item.key,
                    None if skipped else value,
                    "skipped" if skipped else None,
                    one.groups,
                )
            )
    return Results(SURVEY, TITLE, 10, reckon(ITEMS, given), ("How old is this child?",))
