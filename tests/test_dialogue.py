"""Staff and families talk, each in their own language; the words that were written are never lost behind a translation."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from dialogue_world import (
    ANSWER_ES,
    ANSWER_HT,
    KNOWN,
    LATE,
    LATE_EN,
    LATE_ES,
    STAFF,
    Dead,
    Machine,
    asked,
    school,
)
from sayings import LUNCH
from sqlalchemy import event, insert

from bot.anonymity import cut
from bot.dialogue import rendering
from bot.dialogue.counting import counts
from bot.dialogue.listing import Wanted, listed
from bot.dialogue.people import find, head, short
from bot.dialogue.reaching import Refused
from bot.dialogue.sending import done, send
from bot.dialogue.waiting import polite
from bot.store.memory import digest
from bot.store.tables import addresses, alerts, answers, conversations, messages, translations
from bot.translation.gate import Judge
from bot.translation.memory import New
from channels.base import Received
from survey_flows import segments


@pytest.fixture
async def town(url, clock):
    async with school(url, clock) as made:
        yield made


# A family and a counselor.


async def test_a_haitian_mother_and_a_spanish_speaking_counselor_understand_each_other(town):
    mother, number = await town.person("ht", name="Mirlande", school="Marsh Lane")
    await town.says(number, LATE)
    await town.understands()

    reads = (await town.thread(mother, "es")).bubbles[-1]
    made = await town.draft(mother, ANSWER_ES, "es")
    await send(town.app, mother, made.digest, STAFF)
    (arrived,) = await town.sends()
    ours = (await town.thread(mother, "es")).bubbles[-1]

    assert (reads.text, reads.language, reads.other, reads.other_language) == (LATE, "ht", LATE_ES, "es")
    assert (reads.translated_by, reads.sure) == ("machine:test", "fair")
    assert (made.text, made.back) == (ANSWER_HT, "Hablé con la oficina del autobús. Llámeme al 555 0100.")
    assert arrived == f"{ANSWER_HT}\n(Se yon òdinatè ki tradui sa. Ka gen erè.)\n\nEspañol: {ANSWER_ES}"
    assert (ours.text, ours.language, ours.other, ours.other_language) == (arrived, "ht", ANSWER_ES, "es")
    assert (ours.state, ours.written_by, ours.translated_by) == ("sent", STAFF, "machine:test")


async def test_the_words_are_shown_before_anybody_has_translated_them(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)

    unread = (await town.thread(mother)).bubbles[-1]
    await town.understands()
    read = (await town.thread(mother)).bubbles[-1]

    assert (unread.text, unread.language, unread.other, unread.note) == (
        LATE,
        None,
        None,
        "not translated yet",
    )
    assert (read.text, read.language, read.other, read.note) == (LATE, "ht", LATE_EN, "")


async def test_a_thread_in_arabic_keeps_each_language_in_a_paragraph_of_its_own(town):
    father, number = await town.person("ar")
    await town.says(number, "متى يفتح المكتب؟")
    await town.reply(father, "The office opens at 8.")
    (arrived,) = await town.sends()
    await town.understands()
    said = (await town.thread(father)).bubbles

    first, marked, _, original = arrived.split("\n")
    assert first == "يفتح المكتب الساعة 8."
    assert "الحاسوب" in marked
    assert original == "English: The office opens at 8."
    assert [one.language for one in said] == ["ar", "ar"]
    assert said[0].text == "متى يفتح المكتب؟"


@pytest.mark.parametrize(
    "error", [None, OSError("no route to host"), ValueError("odd")], ids=["failed", "away", "odd"]
)
async def test_a_translator_that_is_dead_costs_nobody_their_voice(url, clock, error):
    async with school(url, clock, Dead(error)) as town:
        mother, number = await town.person("ht")
        await town.says(number, LATE)
        said = (await town.thread(mother)).bubbles[-1]
        made = await town.draft(mother, "We will look into it.")
        with pytest.raises(Refused, match="no translation into Haitian Creole"):
            await send(town.app, mother, made.digest, STAFF)
        await send(town.app, mother, made.digest, STAFF, "as written")
        arrived = await town.sends()

    assert (said.text, said.note) == (LATE, "not translated yet")
    assert (made.text, made.translated) == (None, None)
    assert arrived == ["We will look into it."]


async def test_a_translator_that_hangs_or_a_judge_without_a_model_holds_up_no_reply(url, clock, monkeypatch):
    class Hanging(Dead):
        async def translate(self, texts, source, target):
            await asyncio.sleep(60)

    class Nothing:
        name = "none"

        def embed(self, texts):
            raise RuntimeError("no model")

    monkeypatch.setattr(rendering, "PATIENCE", 0.05)
    async with school(url, clock, Machine(KNOWN, None), Hanging()) as town:
        town.app = replace(town.app, judge=Judge(Nothing()))
        mother, number = await town.person("ht")
        await town.says(number, LATE)
        unknown = await town.draft(mother, "Nobody has translated this.")
        made = await town.draft(mother, "We will look into it.")

    assert unknown.text is None
    assert (made.text, made.sure, made.refusals) == ("Nou pral gade sa.", "not known", {})


async def test_a_thread_is_over_all_addresses_of_a_person_oldest_first(town):
    mother, number = await town.person("ht")
    async with town.app.database.begin() as db:
        await db.execute(
            insert(addresses).values(
                id=town.app.new_id(),
                person_id=mother,
                channel="telegram",
                address="77",
                created_at=town.clock(),
            )
        )
    await town.says(number, "premye")
    await town.app.inbox.hear([Received("telegram", "t1", "77", "bot", "dezyèm")])
    await town.says(number, "twazyèm")

    found = await town.thread(mother)
    last, earlier = await town.thread(mother, most=2), None
    earlier = await town.thread(mother, most=2, before=last.earlier)

    assert [(one.text, one.channel) for one in found.bubbles] == [
        ("premye", "sms"), ("dezyèm", "telegram"), ("twazyèm", "sms"),
    ]  # fmt: skip
    assert [one.text for one in last.bubbles] == ["dezyèm", "twazyèm"]
    assert [one.text for one in earlier.bubbles] == ["premye"]
    assert earlier.earlier is None


async def test_the_head_says_what_staff_must_know_and_no_number_unless_asked(town):
    mother, number = await town.person("ht", name="Mirlande", school="Marsh Lane", groups={"grade": "3"})
    await town.says(number, "I want to die")
    await town.says(number, "STOP")
    async with town.app.database.read() as db:
        shown = await head(db, mother)
        whole = await head(db, mother, number=True, household=True)

    assert (shown.name, shown.school, shown.groups, shown.stopped) == (
        "Mirlande",
        "Marsh Lane",
        {"grade": "3"},
        True,
    )
    assert [(one.kind, one.state) for one in shown.alerts] == [("self_harm", "new")]
    assert [(one.state, one.address) for one in shown.ways] == [("stopped", None)]
    assert (whole.ways[0].address, whole.household) == (number, 1)
    assert shown.household is None


async def test_what_somebody_answers_in_an_anonymous_survey_is_not_read_under_their_name(town):
    await town.publish(LUNCH + "  - {key: why, kind: open, text: Why?}\n")
    mother, number = await town.person("en")
    for text in ("JOIN LUNCH", "no", "It is always cold", "thanks"):
        await town.says(number, text)

    found = await town.thread(mother)

    assert "cold" not in str(found)
    assert [one.note for one in found.bubbles if one.direction == "in"][1:] == ["anonymous"] * 3
    assert "waiting" not in await town.states()


async def test_ids_are_found_by_their_last_digits(town):
    mother, _ = await town.person()
    async with town.app.database.read() as db:
        assert await find(db, short(mother)) == mother
        assert await find(db, str(mother)) == mother
        for wrong in ("", "zz", "%", "0" * 8, "f"):
            with pytest.raises(LookupError, match="There is nobody"):
                await find(db, wrong)


async def test_what_was_said_to_a_person_in_an_anonymous_survey_stays_until_somebody_has_answered(town):
    await town.publish(LUNCH)
    mother, number = await town.person("en")
    for text in ("JOIN LUNCH", "I want to talk to a person", "no"):
        await town.says(number, text)
    town.clock.forward(days=1)
    await cut(town.app.database, town.clock(), town.app.new_id)

    waits = [one.text for one in (await town.thread(mother)).bubbles if one.state == "waiting"]
    await done(town.app, mother)

    assert waits == ["I want to talk to a person"]
    assert await town.column(conversations.c.state, conversations.c.address_id.is_not(None)) == ["cut"]
    assert "I want to talk to a person" in await town.column(messages.c.text)  # its alert is not closed
    await town.set(alerts, state="closed")
    await town.set(messages, messages.c.state == "answered", state="waiting")
    await done(town.app, mother)
    assert "I want to talk to a person" not in await town.column(messages.c.text)


# What waits for a person.


async def test_a_question_to_the_school_waits_and_commands_and_answers_do_not(town):
    await town.publish()
    _, number = await town.person("en", language_by="person")
    for text in ("JOIN BUS", "3", "the bus is late", "HELP", "español", "STOP", "START"):
        await town.says(number, text)
    answered = await town.states()
    for text in ("When does the office open?", "👍", "I want to talk to a person"):
        await town.says(number, text)

    assert answered == ["heard"] * 7
    assert (await town.states())[7:] == ["waiting", "heard", "waiting"]


@pytest.mark.parametrize(
    ("text", "state"), [("thank you!", "heard"), ("ok", "heard"), ("Whom can I call?", "waiting")]
)
async def test_words_after_the_end_of_a_survey_wait_unless_they_are_mere_thanks(town, text, state):
    await town.publish()
    _, number = await town.person("en")
    for said in ("JOIN BUS", "3", "the bus is late"):
        await town.says(number, said)
    town.clock.forward(hours=2)

    await town.says(number, text)

    assert (await town.states())[-1] == state
    assert await town.column(answers.c.heard) == ["3", "the bus is late", text]


@pytest.mark.parametrize(
    ("text", "state"), [("Which stop do you mean?", "waiting"), ("2", "heard"), ("thank you", "heard")]
)
async def test_words_after_a_campaigns_message_wait_also_in_the_middle_of_a_survey(town, text, state):
    await town.publish()
    _, number = await town.person("en")
    await town.says(number, "JOIN BUS")
    await town.sends()
    town.clock.forward(hours=2)
    other = await town.person("en")
    await town.reply(other[0], "The bus is back.", "as written")
    await town.sends()
    (mine,) = await town.column(addresses.c.id, addresses.c.address == number)
    news = messages.c.purpose == "staff"
    await town.set(messages, news, purpose="outreach", campaign_id=town.app.new_id(), address_id=mine)

    await town.says(number, text)

    assert (await town.states())[-1] == state


async def test_whoever_has_asked_us_to_stop_is_still_heard(town):
    _, number = await town.person("en")
    await town.says(number, "STOP")
    await town.says(number, "why did nobody call me back")

    assert await town.states() == ["heard", "waiting"]


async def test_the_list_has_one_line_a_person_the_newest_or_the_longest_wait_first(town):
    one, first = await town.person("ht", name="Mirlande")
    two, second = await town.person("es")
    three, third = await town.person("en")
    for number, text in ((first, LATE), (second, "¿A qué hora abre?"), (first, "Alo?"), (third, "Hello?")):
        await town.says(number, text)
    await town.understands()
    await town.reply(three, "Hello!", "as written")

    async with town.app.database.read() as db:
        newest, _ = await listed(db)
        longest, _ = await listed(db, order="longest")
        everybody, _ = await listed(db, Wanted(unanswered=False))
        waiting = await counts(db, None, uuid4())

    assert [line.person for line in newest] == [one, two]
    assert [(line.text, line.waiting, line.name) for line in newest] == [
        ("Alo?", 2, "Mirlande"),
        ("¿A qué hora abre?", 1, None),
    ]
    assert [(line.person, line.text, line.translated) for line in longest] == [
        (one, LATE, True), (two, "¿A qué hora abre?", False),
    ]  # fmt: skip
    assert [(line.person, line.answered) for line in everybody] == [(three, True), (one, False), (two, False)]
    assert (waiting.waiting, waiting.mine, waiting.alerts) == (2, 0, 0)


async def test_the_list_is_narrowed_by_language_school_channel_and_comes_in_pages(town):
    numbers = []
    for language, at in (("es-MX", "Lincoln"), ("es", "Marsh"), ("ht", "Lincoln"), ("est", "Marsh")):
        numbers.append((await town.person(language, school=at))[1])
        await town.says(numbers[-1], "12345")

    async def lines(**given):
        async with town.app.database.read() as db:
            return [one.language for one in (await listed(db, Wanted(**given)))[0]]

    assert await lines(language="es") == ["es", "es-MX"]
    assert await lines(language="es", school="Lincoln") == ["es-MX"]
    assert await lines(channel="telegram") == []
    pages, after = [], None
    async with town.app.database.read() as db:
        while after or not pages:
            page, after = await listed(db, after=after, limit=3)
            pages.append([one.language for one in page])
        with pytest.raises(LookupError, match="no campaign"):
            await listed(db, Wanted(campaign="thanks"))
    assert pages == [["est", "ht", "es"], ["es-MX"]]


async def test_two_messages_of_one_person_on_two_pages_are_still_one_line(town):
    people = [await town.person() for _ in range(4)]
    for _ in range(3):
        for _, number in people:
            await town.says(number, "Alo?")
    found, after = [], None
    for order in ("newest", "longest"):
        found, after = [], None
        async with town.app.database.read() as db:
            while after or not found:
                page, after = await listed(db, order=order, after=after, limit=1)
                found += [line.person for line in page]
        assert sorted(found) == sorted(person for person, _ in people)


# Drafts.


async def test_what_people_have_approved_comes_before_any_machine_and_says_nothing_of_one(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    await town.app.memory.keep(
        [
            New(
                "saved:look",
                "en",
                "ht",
                "We will look into it.",
                "N ap chèche konnen.",
                "machine:x",
                approved_by=STAFF,
            )
        ]
    )

    made = await town.draft(mother, "We will look into it.")
    await send(town.app, mother, made.digest, STAFF)

    assert (made.origin, made.sure, made.refusals) == ("person", "sure", {})
    assert await town.sends() == ["N ap chèche konnen."]


async def test_what_somebody_said_is_never_borrowed_for_a_reply(town):
    other, _ = await town.person("es")
    async with town.app.database.begin() as db:
        await db.execute(
            insert(translations).values(
                id=town.app.new_id(), digest=digest("My son Leo is ill."), source="en", target="es", context="said",
                text="Mi hijo Leo está enfermo.", origin="person", state="approved", created_at=town.clock(),
            )
        )  # fmt: skip

    assert (await town.draft(other, "My son Leo is ill.")).text is None


async def test_a_reply_enters_no_memory(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    await town.understands()
    before = await town.column(translations.c.digest)

    await town.reply(mother, "We will look into it.")
    await town.sends()
    await town.understands()

    assert await town.column(translations.c.digest) == before


@pytest.mark.parametrize(
    "text", ["Please call 988 now.", "If you want to die, tell us.", "Reply STOP to end."]
)
async def test_no_machine_puts_words_of_danger_or_consent_into_another_language(url, clock, text):
    async with school(url, clock, Machine([("en", "ht", text, "Tanpri.")])) as town:
        mother, number = await town.person("ht")
        await town.says(number, LATE)
        made = await town.draft(mother, text)

        with pytest.raises(Refused, match="no machine's wording"):
            await send(town.app, mother, made.digest, STAFF)
        await send(town.app, mother, made.digest, STAFF, "as written")

        assert await town.sends() == [text]


async def test_a_translation_with_another_number_is_not_sent(town):
    father, number = await town.person("es")
    await town.says(number, "¿Qué traigo?")
    made = await town.draft(father, "Bring 2 forms.")

    with pytest.raises(Refused, match="Or send it as written"):
        await send(town.app, father, made.digest, STAFF)

    assert "number" in {one.rule for one in made.findings}
    assert await town.sends() == []


async def test_where_no_machine_may_speak_none_does(url, clock):
    async with school(url, clock, machine_replies="never") as town:
        mother, number = await town.person("ht")
        await town.says(number, LATE)
        made = await town.draft(mother, "We will look into it.")

        with pytest.raises(Refused, match="OPENLINE_MACHINE_REPLIES"):
            await send(town.app, mother, made.digest, STAFF)


async def test_a_long_reply_goes_without_its_original_and_staff_are_told(url, clock):
    text, said = "It is late. " * 40, "Li an reta. " * 40
    known = [("en", "ht", text.strip(), said.strip())]
    async with school(url, clock, Machine(known)) as town:
        mother, number = await town.person("ht")
        await town.says(number, LATE)
        made = await town.draft(mother, text)
        short_one = (await town.draft(mother, "x", to="en")).as_written

    assert not made.translated.original
    assert "English" not in made.translated.text
    assert made.translated.text.endswith("(Se yon òdinatè ki tradui sa. Ka gen erè.)")
    assert "your words" in made.notes[0]
    assert short_one.cost == pytest.approx(0.0083)


async def test_a_curled_apostrophe_does_not_make_a_text_dearer(town):
    father, number = await town.person("en")
    await town.says(number, "Hello?")

    made = await town.draft(father, "It’s all right – we’ll see.")

    assert made.as_written.text == "It's all right - we'll see."
    assert segments.count(made.as_written.text).encoding == "GSM-7"
    assert made.written == "It’s all right – we’ll see."


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1001, "bell\x07"])
async def test_what_cannot_be_a_message_is_refused_kindly(town, text):
    mother, _ = await town.person()
    with pytest.raises(Refused):
        await town.draft(mother, text)


async def test_a_newcomer_is_answered_in_the_language_they_wrote_in(town):
    await town.says("+15035559999", LATE)
    await town.understands()
    (person,) = await town.column(addresses.c.person_id)

    made = await town.draft(person, "We will look into it.")

    assert (made.language, made.text) == ("ht", "Nou pral gade sa.")


async def test_who_writes_in_another_language_than_theirs_is_pointed_out(town):
    mother, number = await town.person("en")
    await town.says(number, LATE)
    await town.understands()

    assert (await town.draft(mother, "Hello.")).notes == (
        "They last wrote in Haitian Creole; this goes in English.",
    )


# Sending.


async def test_a_draft_is_sent_once_however_often_somebody_clicks(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    made = await town.draft(mother, "We will look into it.")
    again = await town.draft(mother, "We will look into it.")

    both = await asyncio.gather(*(send(town.app, mother, made.digest, STAFF) for _ in range(2)))
    arrived = await town.sends()
    late = await send(town.app, mother, made.digest, STAFF)

    assert again.digest == made.digest
    assert sorted(one.before for one in both) == [False, True]
    assert (late.before, late.state, late.id) == (True, "sent", both[0].id)
    assert len(arrived) == 1


async def test_only_what_has_been_read_is_sent(town):
    mother, number = await town.person("ht")
    other, _ = await town.person("ht")
    await town.says(number, LATE)
    made = await town.draft(mother, "We will look into it.")

    for person, confirmed in (
        (mother, "0" * 64),
        (mother, made.digest[:4]),
        (other, made.digest),
        (mother, ""),
    ):
        with pytest.raises(LookupError, match="no such draft"):
            await send(town.app, person, confirmed, STAFF)
    await send(town.app, mother, made.digest[:8], STAFF)
    assert len(await town.sends()) == 1


async def test_a_draft_is_forgotten_after_a_day(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    made = await town.draft(mother, "We will look into it.")
    town.clock.forward(hours=25)
    await town.draft(mother, "Hello.")

    with pytest.raises(LookupError):
        await send(town.app, mother, made.digest, STAFF)
    assert [one.text for one in (await town.thread(mother)).bubbles] == [LATE]


async def test_nothing_is_sent_to_whoever_has_asked_us_to_stop(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    made = await town.draft(mother, "We will look into it.")
    await town.says(number, "STOP")
    await town.sends()

    with pytest.raises(Refused, match="asked us to stop"):
        await send(town.app, mother, made.digest, STAFF, "as written", now_please=True)
    with pytest.raises(Refused, match="asked us to stop"):
        await town.draft(mother, "Hello?")
    assert await town.sends() == []


async def test_whoever_has_started_again_by_one_address_is_written_to_there_only(town):
    mother, number = await town.person("en")
    async with town.app.database.begin() as db:
        more = {"channel": "sms", "address": "+15035558888", "created_at": town.clock()}
        await db.execute(insert(addresses).values(id=town.app.new_id(), person_id=mother, **more))
    await town.says("+15035558888", "Hello?")
    await town.says(number, "STOP")
    stopped = (await town.thread(mother)).head.stopped
    await town.says("+15035558888", "START")
    await town.sends()

    await town.reply(mother, "Good morning.", "as written")
    await town.sends()

    assert stopped
    assert not (await town.thread(mother)).head.stopped
    assert town.phone.sent[-1][:2] == ("+15035558888", "Good morning.")


async def test_a_stop_that_comes_after_the_click_takes_the_reply_back(town):
    mother, number = await town.person("ht")
    await town.says(number, LATE)
    await town.reply(mother, "We will look into it.")
    await town.says(number, "STOP")

    assert not any("gade" in text for text in await town.sends())
    ours = [one.state for one in (await town.thread(mother)).bubbles if one.direction == "out"]
    assert ours == ["cancelled", "sent"]


async def test_somebody_who_never_wrote_and_is_on_no_list_is_not_written_to(town):
    stranger, _ = await town.person("en", consent=False)
    dead, _ = await town.person("en", suppressed="dead")

    with pytest.raises(Refused, match="never written"):
        await town.draft(stranger, "Hello.")
    with pytest.raises(Refused, match="dead"):
        await town.draft(dead, "Hello.")


async def test_a_reply_goes_at_once_at_night_to_whoever_waits_and_in_the_morning_to_others(town):
    mother, number = await town.person("en")
    other, _ = await town.person("en")
    town.clock.now = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)  # eleven at night in New York
    await town.says(number, "Is there school tomorrow?")

    at_once = await town.reply(mother, "Yes.", "as written")
    waits = await town.reply(other, "Please call the office.", "as written")
    pressed = await town.reply(other, "It is urgent.", "as written", now_please=True)

    assert at_once.due == town.clock()
    assert waits.due == datetime(2026, 10, 15, 13, 0, tzinfo=UTC)
    assert pressed.due == town.clock()
    assert await town.sends() == ["Yes.", "It is urgent."]


async def test_a_reply_that_waits_for_the_morning_does_not_hold_up_the_confirmation_of_a_stop(town):
    other, number = await town.person("en")
    town.clock.now = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)
    await town.reply(other, "Please call the office.", "as written")
    await town.says(number, "HELP")

    (arrived,) = await town.sends()
    assert "STOP" in arrived


async def test_what_came_while_the_reply_was_written_still_waits(town):
    mother, number = await town.person("en")
    await town.says(number, "Is there school tomorrow?")
    made = await town.draft(mother, "Yes.")
    await town.says(number, "And on Friday?")
    town.clock.forward(seconds=5)

    await send(town.app, mother, made.digest, STAFF, "as written")

    assert await town.states() == ["answered", "waiting"]
    assert [one.text for one in (await town.thread(mother)).bubbles][-1] == "Yes."


async def test_words_that_need_no_answer_wait_no_more(town):
    mother, number = await town.person("en")
    await town.says(number, "Never mind.")

    assert await done(town.app, mother) == 1
    assert await done(town.app, mother) == 0
    assert await town.states() == ["answered"]


# In the middle of a survey.


async def test_what_follows_a_reply_is_for_staff_and_no_answer_to_the_survey(town):
    mother, number = await asked(town)

    sent = await town.reply(mother, "Which stop do you use?", "as written")
    outcome = await town.says(number, "The one at the store")

    assert sent.aside
    assert outcome == "kept"
    assert await town.column(answers.c.heard) == ["3"]
    assert (await town.states())[-1] == "waiting"
    assert await town.column(conversations.c.state) == ["paused"]


async def test_the_question_is_asked_again_after_a_quiet_day_and_answered(town):
    mother, number = await asked(town)
    await town.reply(mother, "We will see to it.", "as written")
    await town.sends()

    town.clock.forward(hours=23)
    early = await town.reminds()
    town.clock.forward(hours=2)
    await town.reminds()
    (again,) = await town.sends()
    outcome = await town.says(number, "the bus is late")

    assert not early
    assert again.startswith("Now back to the questions from before.")
    assert "What made it hard?" in again
    assert outcome == "answered"
    assert await town.column(conversations.c.state) == ["complete"]


async def test_nobody_is_asked_again_while_their_own_words_wait_until_staff_say_it_is_done(town):
    mother, number = await asked(town)
    await town.reply(mother, "Which stop?", "as written")
    await town.says(number, "The one at the store")
    await town.sends()
    for _ in range(3):
        town.clock.forward(hours=25)
        await town.reminds()
    waits = await town.sends()

    await done(town.app, mother)
    await town.reminds()

    assert waits == []
    assert len(await town.sends()) == 1


async def test_nobody_in_danger_is_asked_again_until_a_person_has_looked(town):
    mother, number = await asked(town)
    await town.says(number, "I want to die")
    await town.reply(mother, "I am calling you now.", "as written")
    await town.sends()

    town.clock.forward(hours=25)
    await done(town.app, mother)
    await town.reminds()
    alarmed = await town.sends()
    await town.set(alerts, state="closed", outcome="false_alarm")
    town.clock.forward(days=6, hours=1)
    await town.reminds()

    assert alarmed == []
    assert [text.startswith("Now back") for text in await town.sends()] == [True]


async def test_start_asks_the_question_again_at_once(town):
    mother, number = await asked(town)
    await town.reply(mother, "We will see to it.", "as written")
    await town.says(number, "START")
    outcome = await town.says(number, "the bus is late")

    assert outcome == "answered"
    assert await town.column(answers.c.heard) == ["3", "the bus is late"]


async def test_a_question_that_was_on_its_way_does_not_follow_the_reply(town):
    await town.publish()
    mother, number = await town.person("en")
    await town.says(number, "JOIN BUS")
    await town.sends()
    await town.says(number, "3")
    await town.reply(mother, "Which stop?", "as written")
    town.clock.forward(minutes=1)

    assert await town.sends() == ["Which stop?"]


async def test_a_survey_that_has_not_begun_yet_is_not_robbed_of_its_first_message(town):
    await town.publish()
    mother, number = await town.person("en")
    await town.says(number, "JOIN BUS")
    await town.set(messages, messages.c.direction == "out", purpose="ask")

    sent = await town.reply(mother, "Hello.", "as written")

    assert not sent.aside
    assert len(await town.sends()) == 2


async def test_a_talk_that_nobody_ends_gives_the_survey_up_in_the_end(town):
    mother, number = await asked(town)
    await town.reply(mother, "Which stop?", "as written")
    await town.says(number, "The one at the store")
    for _ in range(16):
        town.clock.forward(days=1)
        await town.reminds()

    assert await town.column(conversations.c.state) == ["partial"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Mèsi anpil!", "ht"), ("ok gracias", "es"), ("谢谢老师", "zh-Hans"), ("شكرا جزيلا", "ar")],
)
def test_mere_politeness_is_known(text, language):
    assert polite(text, language)


@pytest.mark.parametrize("text", ["no", "yes", "thanks but when?", "gracias pero no llegó", "2", "¿?5"])
def test_what_may_be_more_than_politeness_is_not_taken_for_it(text):
    assert not polite(text, "en")


async def test_no_page_of_the_inbox_reads_the_ledger_from_end_to_end(sqlite_url, clock):
    said = {}
    async with school(sqlite_url, clock) as town:
        mother, number = await town.person("ht", school="Lincoln")
        await town.says(number, LATE)
        await town.understands()

        @event.listens_for(town.app.database.reader.sync_engine, "before_cursor_execute")
        def listen(_, __, statement, parameters, ___, ____):
            said[statement] = parameters

        async with town.app.database.read() as db:
            for wanted in (Wanted(), Wanted(False), Wanted(language="ht", school="Lincoln", channel="sms")):
                for order in ("newest", "longest"):
                    await listed(db, wanted, order=order)
            await counts(db, None, uuid4())
        await town.thread(mother)
        plans = []
        async with town.app.database.read() as db:
            for statement, given in [one for one in said.items() if one[0].startswith("SELECT")]:
                plan = await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
                plans += [row[-1] for row in plan]

    whole = [
        re.match(r"SCAN (?:messages|addresses|people|translations|other|theirs)\b.*", line) for line in plans
    ]
    scanned = {found[0] for found in whole if found}
    assert len(plans) > 20
    assert scanned == {
        "SCAN messages USING INDEX messages_waiting",
        "SCAN messages USING INDEX messages_talk",
    }
