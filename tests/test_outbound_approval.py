"""Nothing goes out in words that nobody has approved, unless whoever runs it says so; consent and crisis never do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from campaign_world import THANKS, district
from sayings import SURVEY, column
from sqlalchemy import select

import survey_flows
from bot import phrasebook
from bot.conversing import tongues
from bot.inbox import Inbox
from bot.listening import Desk
from bot.shelf import Shelf
from bot.store.tables import messages, translations
from bot.translation.memory import Memory, New
from channels.base import Received
from survey_flows import phrases

ANA = "+15035550101"
CRISIS = {"es": "quiero matarme", "ht": "m vle mouri", "vi": "tôi muốn tự tử"}


@pytest.fixture(autouse=True)
def _as_before():
    yield
    phrases.adopt({})


@pytest.fixture
def memory(database, clock, new_id):
    return Memory(database, clock, new_id)


@pytest.fixture
async def desk(database, clock, new_id):
    survey = survey_flows.loads(SURVEY, "bus")
    async with database.begin() as db:
        id_ = await Shelf().publish(db, survey, clock(), new_id)
    return Desk("Riverbend schools", False, (id_, survey), new_id)


@pytest.fixture
def say(database, clock):
    count = iter(range(100))

    async def say(desk, text, language="es", sender=ANA):
        """Hear this; what goes out for it."""
        inbox = Inbox(database, Shelf(), desk, clock)
        before = len(await column(database, messages.c.id))
        await inbox.hear(
            [Received("sms", f"SM{next(count)}", sender, "+15035550100", text, language=language)]
        )
        async with database.read() as db:
            rows = await db.execute(select(messages.c.text, messages.c.direction).order_by(messages.c.id))
            return "\n".join(text for text, direction in rows.all()[before:] if direction == "out")

    return say


def in_(name, language):
    """A phrase as it begins in a language, before its first gap."""
    return phrases.forms(name, language)[0].split("{")[0] or phrases.forms(name, language)[0].split("}")[-1]


async def test_a_survey_s_language_counts_only_when_our_words_around_it_are_approved_too(
    desk, say, memory, clock
):
    before = await say(desk, "START")
    await phrasebook.approve(memory, "es", "Ana Pérez")
    clock.forward(minutes=1)
    after = await say(desk, "START", sender="+15035550102")

    assert "We want to know what makes it hard" in before
    assert "Queremos saber qué dificulta" in after


async def test_drafts_go_out_where_whoever_runs_it_says_so(desk, say):
    assert "Queremos saber qué dificulta" in await say(replace(desk, allow_drafts=True), "START")


@pytest.mark.parametrize("language", CRISIS)
async def test_crisis_is_never_answered_in_words_that_nobody_has_approved(desk, say, memory, clock, language):
    said = CRISIS[language]
    for drafts in (False, True):
        told = await say(replace(desk, allow_drafts=drafts), said, language)
        assert in_("crisis", "en") in told
        assert in_("crisis", language) not in told

    await phrasebook.approve(memory, language, "Ana Pérez")
    clock.forward(minutes=1)

    assert in_("crisis", language) in await say(desk, said, language)


@pytest.mark.parametrize(("word", "name"), [("STOP", "stopped"), ("HELP", "help")])
async def test_consent_is_never_said_in_a_draft(desk, say, memory, clock, word, name):
    allowing = replace(desk, allow_drafts=True)
    await say(allowing, "START")

    draft = await say(allowing, word)
    await phrasebook.approve(memory, "es", "Ana Pérez")
    clock.forward(minutes=1)
    await say(allowing, "START", sender="+15035550103")
    approved = await say(allowing, word, sender="+15035550103")

    assert draft == phrases.say(name, "en", school="Riverbend schools")
    assert in_(name, "es") in approved


async def test_an_anonymous_survey_promises_nothing_in_a_draft(desk):
    open_ = desk.start[1]
    anonymous = survey_flows.loads(SURVEY.replace("drafted: []", "drafted: [es]\nanonymous: yes"), "bus")
    allowing = replace(desk, allow_drafts=True)

    assert tongues(allowing, open_) == ("en", "es")
    assert tongues(allowing, anonymous) == ("en",)


async def test_a_phrase_whose_english_has_changed_is_said_in_english_and_the_others_are_not(
    desk, memory, clock, database, new_id
):
    await phrasebook.approve(memory, "es", "Ana Pérez")
    async with database.begin() as db:
        await db.execute(
            translations.update()
            .where(translations.c.context == "phrase:help")
            .values(digest="of another text")
        )
        await phrasebook.Phrasebook().current(db, clock())

    assert phrases.say("help", "es", school="Lincoln") == phrases.say("help", "en", school="Lincoln")
    assert phrases.say("thanks", "es") == phrases.forms("thanks", "es")[0]
    assert "es" in phrases.drafts("help") - phrases.drafts("thanks")


async def test_people_s_own_wording_is_what_is_said(memory, clock, database):
    own = "Gracias, de verdad."
    await memory.keep([New("phrase:thanks", "en", "es", phrases.PHRASES["thanks"], own, "person")])
    await phrasebook.approve(memory, "es", "Ana Pérez")
    async with database.read() as db:
        await phrasebook.Phrasebook().current(db, clock())

    assert phrases.say("thanks", "es-MX") == own


async def test_phrases_that_count_keep_their_plural_forms(memory, clock, database):
    before = [phrases.count("reminder", "ar", n, school="Lincoln") for n in (1, 2, 5, 11)]
    await phrasebook.approve(memory, "ar", "Ana Pérez")
    async with database.read() as db:
        await phrasebook.Phrasebook().current(db, clock())

    assert [phrases.count("reminder", "ar", n, school="Lincoln") for n in (1, 2, 5, 11)] == before
    assert len(set(before)) > 2


async def test_a_language_that_we_do_not_speak_cannot_be_approved(memory):
    with pytest.raises(LookupError, match="tlh"):
        await phrasebook.approve(memory, "tlh", "Ana Pérez")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reminder", ("Queda {count}.",)),  # Spanish has two forms
        ("thanks", ("Gracias, {friend}.",)),
        ("thanks", ("Gracias } {",)),
        ("thanks", ("",)),
    ],
)
def test_an_approved_phrase_that_could_not_be_said_costs_no_message(name, said):
    phrases.adopt({"es": {name: said, "closed": phrases.forms("closed", "es")}})

    if name == "reminder":
        assert phrases.count(name, "es", 5, school="Lincoln") == phrases.count(
            name, "en", 5, school="Lincoln"
        )
    else:
        assert phrases.say(name, "es") == phrases.say(name, "en")
    assert "es" in phrases.drafts(name)


def test_english_cannot_be_taken_away():
    phrases.adopt({"en": {"closed": ("Closed.",)}})

    assert phrases.say("thanks", "en") == phrases.PHRASES["thanks"]


def test_what_was_adopted_is_never_half_there():
    class Watching(dict):
        def items(self):
            seen.append("es" in phrases.drafts())
            return super().items()

    seen = []
    every = {name: phrases.forms(name, "es") for name in phrases.PHRASES if name not in phrases.COUNTED}
    phrases.adopt({"es": every})
    phrases.adopt({"es": Watching(every)})

    assert seen == [False]


async def test_who_asks_for_a_language_that_is_a_draft_gets_their_answer_in_another(
    desk, say, database, clock, new_id
):
    survey = survey_flows.library("language-family")
    async with database.begin() as db:
        id_ = await Shelf().publish(db, survey, clock(), new_id)
    asking = replace(desk, start=(id_, survey))
    await say(asking, "START", "en")

    told = await say(asking, "Español", "en")

    allowing = replace(asking, allow_drafts=True)
    await say(allowing, "START", "en", "+15035550104")
    assert "How often" in told
    assert "frecuencia" in await say(allowing, "Español", "en", "+15035550104")


def test_who_names_a_draft_where_a_survey_asks_for_a_language_goes_on_in_the_other():
    survey = survey_flows.library("language-family")
    place = survey_flows.begin(survey, "en", {"school": "Lincoln"}).place

    free = survey_flows.hear(survey, place, "Español", {"school": "Lincoln"})
    bound = survey_flows.hear(survey, place, "Español", {"school": "Lincoln"}, among=("en",))

    assert (free.place.language, bound.place.language) == ("es", "en")


def test_the_menu_offers_no_draft_when_it_is_shown_again():
    survey, values = survey_flows.library("getting-to-school"), {"school": "Lincoln"}
    place = survey_flows.begin(survey, "en", values, menu_of=("en", "es", "fr")).place

    for among, called in ((("en", "fr"), False), ((), True)):
        for prompt in (
            survey_flows.hear(survey, place, "?", values, among=among).prompt,
            survey_flows.ask(survey, place, values, among=among),
        ):
            assert ("Español" in prompt.text) is called
    pressed = survey_flows.hear(survey, place, "Español", values, "language:es", among=("en", "fr"))
    assert pressed.place.language == "en"


def test_where_there_is_help_in_danger_is_never_said_in_a_draft(desk):
    allowing, student = replace(desk, allow_drafts=True), survey_flows.library("attend-student")

    assert "es" in student.drafts
    assert tongues(allowing, student) == ("en",)
    assert len(tongues(allowing, survey_flows.library("getting-to-school"))) == 8


HELPING = THANKS.replace("source: en\n", "source: en\ndrafted: [es]\n")


@pytest.mark.parametrize(("number", "count"), [("", {"sent": 1}), (" In danger call 911.", {"waiting": 1})])
async def test_a_campaign_names_no_emergency_number_in_a_draft(url, clock, number, count):
    text = HELPING.replace("on time.", f"on time.{number}").replace("a tiempo.", f"a tiempo.{number}")
    async with district(url, clock) as town:
        await town.person(language="es")
        await town.begun(text)
        clock.forward(hours=2)  # their hours have begun
        await town.work()

        assert await town.counts() == count
