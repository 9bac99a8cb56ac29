"""The inbox as staff use it: who waits, what was said, answers that are read before they go, and safety alerts."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from dialogue_world import School
from office import office, plain
from sayings import SURVEY
from sqlalchemy import insert, select, update

from bot import alerts as on_alerts
from bot.dialogue import counting, saved
from bot.store import searching
from bot.store.tables import alerts, audit, guardianships, messages, people, students
from bot.web import live as streams
from bot.web.rooms.inbox import talking

LATE, LATE_EN = "Bis la an reta chak jou. Kiyès mwen ka rele?", "The bus is late every day. Whom can I call?"
LOOK, LOOK_HT = "We will look into it.", "Nou pral gade sa."
KNOWN = [
    ("ht", "en", LATE, LATE_EN),
    ("en", "ht", LOOK, LOOK_HT),
    ("ht", "en", LOOK_HT, "We are going to look at that."),
    ("en", "ht", "Bring 2 forms.", "Pote 3 fòm."),
]


@asynccontextmanager
async def town(url, clock, *translators, **settings):
    """An office, and a school with hands on the same store."""
    async with office(url, clock, known=() if translators else KNOWN, **settings) as here:
        school = School(here.app, clock, here.phone)
        yield here, school


@pytest.fixture
async def here(url, clock):
    async with town(url, clock) as (office_, school):
        office_.school = school
        yield office_


@pytest.fixture
async def small(sqlite_url, clock):
    """The same on SQLite alone, for what no database changes."""
    async with town(sqlite_url, clock) as (office_, school):
        office_.school = school
        yield office_


def listed(page):
    """The names in the list of those who wait, from the top."""
    first = page.select_one("#conversations > ul")
    return [plain(each) for each in first.select(".who")] if first else []


def said(page):
    return plain(page.select_one(".said p"))


async def undo(desk, page):
    return await desk.do(page.select_one(".said form")["action"])


def reply_form(page):
    """What the reply form holds."""
    return {
        one["name"]: one.get("value", "") for one in page.select("#answer form:first-of-type input[name]")
        if one.get("type") == "hidden"
    }  # fmt: skip


# The list


async def test_whoever_waits_longest_comes_first_and_those_answered_stand_below(here):
    s = here.school
    for name in ("Wilner", "Rosa", "Mirlande"):
        _, number = await s.person("ht", name=name, school="Lincoln")
        await s.says(number, LATE)
        here.clock.forward(minutes=40)
    ines = await here.sign_in("staff")
    async with here.app.database.read() as db:
        rosa = (await db.execute(select(people.c.id).where(people.c.name == "Rosa"))).scalar_one()

    before = await ines.see("/inbox")
    after = await ines.do(f"/inbox/{rosa}/done")

    assert listed(before) == ["Wilner", "Rosa", "Mirlande"]
    assert plain(before.h1) == "3 families wait for an answer"
    assert plain(before.select_one(".conv .tag")) == "Waiting 2 hours 1 min"
    assert listed(after) == ["Wilner", "Mirlande"]
    assert [plain(each) for each in after.select("#conversations ul:nth-of-type(2) .who")] == ["Rosa"]
    back = await undo(ines, after)
    assert said(back) == "It waits for an answer again."
    assert listed(await ines.see("/inbox")) == ["Wilner", "Rosa", "Mirlande"]


async def test_filters_stand_in_the_address(here):
    s = here.school
    ines = await here.sign_in("staff")
    jo = await here.sign_in("staff", name="Jo Modelo")
    ids = {}
    for name, language, school in (
        ("Anna", "ht", "Lincoln"),
        ("Bea", "es", "Lincoln"),
        ("Cleo", "ht", "Harbor"),
    ):
        ids[name], number = await s.person(language, name=name, school=school)
        await s.says(
            number, "Kijan ou ye? Mwen bezwen pale." if language == "ht" else "¿A qué hora abre la oficina?"
        )
    await ines.do(f"/inbox/{ids['Anna']}/assign", {"to": "me"})
    await jo.do(f"/inbox/{ids['Bea']}/done")

    async def names(query):
        return listed(await ines.see(f"/inbox{query}"))

    assert await names("?view=mine") == ["Anna"]
    assert await names("?view=unassigned") == ["Cleo"]
    assert await names("?view=done") == ["Bea"]
    assert await names("?language=ht") == ["Anna", "Cleo"]
    assert await names("?school=Harbor&language=ht") == ["Cleo"]
    assert await names("?channel=telegram") == []
    assert await names("?campaign=nothing") == []
    assert await names("?view=nonsense&language=%21&after=x") == ["Anna", "Cleo"]
    assert "?school=Harbor" in (await ines.see("/inbox?school=Harbor")).select_one(".conv")["href"]


async def test_the_list_is_paged_by_links(small, monkeypatch):
    from bot.dialogue import listing

    whole = listing.listed
    monkeypatch.setattr(listing, "listed", lambda *args, **more: whole(*args, **(more | {"limit": 2})))
    ines = await small.sign_in("staff")
    for name in "ABCDE":
        _, number = await small.school.person(name=name)
        await small.school.says(number, LATE)

    seen, page = [], await ines.see("/inbox")
    while True:
        seen.append(listed(page))
        onward = page.find("a", string="Next page")
        if onward is None:
            break
        page = await ines.see(onward["href"])

    assert seen == [["A", "B"], ["C", "D"], ["E"]]


async def test_search_finds_names_and_words_in_any_case_and_with_any_accents(here):
    s = here.school
    ines = await here.sign_in("staff")
    _, first = await s.person("ht", name="Églantine Dupré")
    _, second = await s.person("ht", name="Pat Sample")
    await s.person("en", name="Quinn Silent")
    await s.says(first, LATE)
    await s.says(second, "Pitit mwen malad. Èske lekòl la louvri?")

    async def found(text):
        return listed(await ines.see("/inbox", params={"q": text}))

    assert await found("eglan") == ["Églantine Dupré"]
    assert await found("DUPRE églantine") == ["Églantine Dupré"]
    assert await found("eske LEKOL") == ["Pat Sample"]
    assert await found("quinn") == ["Quinn Silent"]
    assert await found("kol") == []
    assert await found("'); & | * :") == []


async def test_what_is_erased_or_renamed_is_found_no_more(here):
    s = here.school
    mother, number = await s.person("ht", name="Mirlande")
    await s.says(number, LATE)
    dialect = here.app.database.dialect

    async def found():
        async with here.app.database.read() as db:
            names = (await db.execute(searching.names(dialect, ["mirlande"]))).scalars().all()
            words = (await db.execute(searching.said(dialect, ["reta"]))).scalars().all()
        return len(names), len(words)

    before = await found()
    async with here.app.database.begin() as db:
        await db.execute(update(people).where(people.c.id == mother).values(name="Marie"))
        await db.execute(update(messages).where(messages.c.direction == "in").values(text=""))

    assert (before, await found()) == ((1, 1), (0, 0))


# Who may see whom


async def test_staff_of_one_school_see_its_families_and_no_others(here):
    s = here.school
    everywhere = await here.sign_in("staff")
    lincoln = await here.sign_in(("staff", "Lincoln"), name="Kim Beispiel")
    ids = {}
    for name, school in (("Own", "Lincoln"), ("Other", "Harbor"), ("Child", None), ("None", None)):
        ids[name], number = await s.person(name=name, school=school)
        await s.says(number, "I want to die" if name in ("Own", "Other") else LATE)
    child = here.app.new_id()
    async with here.app.database.begin() as db:
        now = here.clock()
        await db.execute(
            insert(students).values(
                id=child, external_id="c", school="Lincoln", attributes={"grade": "3"}, created_at=now
            )
        )
        await db.execute(insert(guardianships).values(person_id=ids["Child"], student_id=child))
    async with here.app.database.read() as db:
        alarms = {person: id_ for person, id_ in await db.execute(select(alerts.c.person_id, alerts.c.id))}  # noqa: C416
        some = (await db.execute(select(messages.c.id).where(messages.c.direction == "in"))).scalars().first()

    assert listed(await everywhere.see("/inbox")) == ["Own", "Other", "Child", "None"]
    own = await lincoln.see("/inbox")
    assert listed(own) == ["Own", "Child"]
    assert len(own.select(".pinned")) == 1
    assert listed(await lincoln.see("/inbox?q=Other")) == []
    assert listed(await lincoln.see("/inbox?school=Harbor")) == []
    assert "grade 3" in plain((await lincoln.see(f"/inbox/{ids['Child']}")).select_one(".pane-head"))
    away, alarm = f"/inbox/{ids['Other']}", f"/alerts/{alarms[ids['Other']]}"
    for path in (away, f"{away}/live", f"/inbox/{ids['None']}", f"/inbox/{uuid4()}", alarm, f"{alarm}/words",
                 f"{away}/messages/{some}/wrong"):  # fmt: skip
        await lincoln.see(path, 404)
    for path in ("assign", "snooze?x", "wake", "done", "notes", "draft", "send", f"notes/{some}/remove",
                 f"undone?first={some}&last={some}"):  # fmt: skip
        answer = await lincoln.post(
            f"{away}/{path}", {"until": "monday", "text": "x", "note": "x", "language": "en"}
        )
        assert answer.status_code == 404, path
    for path in ("see", "close"):
        assert (await lincoln.post(f"{alarm}/{path}", {"outcome": "helped"})).status_code == 404


@pytest.mark.parametrize("role", ["organizer", "coder", "translator"])
async def test_other_roles_have_no_inbox(small, role):
    person, _ = await small.school.person()
    desk = await small.sign_in(role)

    for path in ("/inbox", "/inbox/saved", f"/inbox/{person}", "/alerts"):
        await desk.see(path, 403)


async def test_a_form_without_its_token_changes_nothing(small):
    mother, number = await small.school.person()
    await small.school.says(number, LATE)
    ines = await small.sign_in("staff")
    ines.csrf = "made up"

    answer = await ines.post(f"/inbox/{mother}/done")

    assert answer.status_code == 403
    assert await small.school.states() == ["waiting"]


# One conversation


async def test_a_conversation_shows_their_own_words_first_and_the_translation_beside(small):
    s = small.school
    mother, number = await s.person("ht", name="Mirlande", school="Lincoln")
    await s.says(number, LATE)
    await s.understands()
    small.clock.forward(days=1)
    await s.reply(mother, LOOK)
    await s.sends()
    ines = await small.sign_in("staff")

    page = await ines.see(f"/inbox/{mother}")
    first, ours = page.select(".msg")

    assert [plain(day) for day in page.select(".day")] == ["Yesterday", "Today"]
    assert (first.select_one(".orig")["lang"], plain(first.select_one(".orig"))) == ("ht", LATE)
    assert (first.select_one(".beside-it")["lang"], plain(first.select_one(".beside-it"))) == ("en", LATE_EN)
    assert "machine translation" in plain(first.select_one(".meta:last-child"))
    assert first.find("a", string="Something wrong?")
    assert plain(ours.select_one(".orig")).startswith(LOOK_HT)
    assert plain(ours.select_one(".beside-it")) == LOOK
    assert "sent" in plain(ours.select_one(".meta:last-child"))
    assert page.select_one(f'a[href="/people/{mother}"]')


async def test_long_conversations_are_paged_by_links(small):
    s = small.school
    mother, number = await s.person("en", name="Ana")
    for n in range(35):
        await s.says(number, f"Question number {n}?")
    ines = await small.sign_in("staff")

    newest = await ines.see(f"/inbox/{mother}")
    earlier = await ines.see(newest.find("a", string="Earlier messages")["href"])

    assert len(newest.select(".msg")) == 30
    assert [plain(each) for each in earlier.select(".orig")] == [f"Question number {n}?" for n in range(5)]
    assert earlier.find("a", string="Newest messages")


async def test_answers_to_a_survey_are_marked_and_media_are_named(small):
    from channels.base import Media, Received

    s = small.school
    await s.publish(SURVEY)
    mother, number = await s.person("en", name="Ana")
    for text in ("JOIN BUS", "3"):
        await s.says(number, text)
        await s.sends()
    ines = await small.sign_in("staff")
    amid = await ines.see(f"/inbox/{mother}")
    await small.app.inbox.hear(
        [Received("sms", "m1", number, "+1", "", media=(Media("https://media.example/1", "image/jpeg"),))]
    )

    page = await ines.see(f"/inbox/{mother}")

    assert "Answer to the survey The bus" in plain(page.select_one("#thread"))
    assert [plain(each.a) for each in page.select(".media")] == ["Photo"]
    assert "in the middle of a survey" in plain(amid.select_one(".notice"))


async def test_a_wrong_translation_is_corrected_by_who_may_and_noted_by_who_may_not(small):
    s = small.school
    mother, number = await s.person("ht", name="Mirlande", school="Lincoln")
    await s.says(number, LATE)
    await s.understands()
    ines = await small.sign_in("staff")
    kim = await small.sign_in("staff", "translator", name="Kim Beispiel")
    path = (await ines.see(f"/inbox/{mother}")).find("a", string="Something wrong?")["href"]

    wrong = await ines.do(path, {"text": " "}, 422)
    noted = await ines.do(path, {"text": "It says nothing of calling."})
    corrected = await kim.do(path, {"text": "The bus is late every single day. Whom can I call?"})

    assert wrong.title.text.startswith("Error: ")
    assert "It says nothing of calling." in plain(noted.select_one(".noted"))
    assert plain(corrected.select_one(".beside-it")) == "The bus is late every single day. Whom can I call?"
    assert "translated by a person" in plain(corrected.select_one(".msg"))


# Answering


async def test_a_reply_is_translated_read_and_sent_once_however_often_one_clicks(here):
    s = here.school
    mother, number = await s.person("ht", name="Mirlande", school="Lincoln")
    await s.says(number, LATE)
    ines = await here.sign_in("staff")
    form = reply_form(await ines.see(f"/inbox/{mother}"))

    read = await ines.do(f"/inbox/{mother}/draft", form | {"text": LOOK})
    draft = reply_form(read) | {"text": LOOK, "how": "translated"}
    first, second = await asyncio.gather(
        ines.post(f"/inbox/{mother}/send", draft), ines.post(f"/inbox/{mother}/send", draft)
    )
    sent = await s.sends()

    assert plain(read.select_one(".reads")).startswith(LOOK_HT)
    assert read.select_one(".reads")["lang"] == "ht"
    assert "We are going to look at that." in plain(read.select_one(".checked"))
    assert plain(read.select_one("#answer .btn-primary")) == "Send in Haitian Creole"
    assert "text part" in plain(read.select_one(".reply-actions"))
    assert "Sent at once." in plain(read.select_one(".reply-actions"))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(sent) == 1
    assert sent[0].startswith(LOOK_HT)
    assert await s.states() == ["answered"]
    async with here.app.database.read() as db:
        done = (await db.execute(select(audit.c.did, audit.c.staff_id))).all()
    assert done == [("reply.send", ines.member.id)]


async def test_what_needs_no_translation_is_sent_with_one_click_and_once(small):
    s = small.school
    mother, number = await s.person("en", name="Ana")
    await s.says(number, "When does the office open tomorrow?")
    ines = await small.sign_in("staff")
    page = await ines.see(f"/inbox/{mother}")
    form = reply_form(page) | {"text": "At eight.", "how": "as written"}

    await asyncio.gather(*(ines.post(f"/inbox/{mother}/send", form) for _ in range(3)))
    again = await ines.do(f"/inbox/{mother}/send", form)

    assert plain(page.select_one("#answer .btn-primary")) == "Send the reply"
    assert said(again) == "Your reply had been sent already."
    assert await s.sends() == ["At eight."]


async def test_a_form_made_up_for_another_conversation_sends_nothing(small):
    s = small.school
    mother, number = await s.person("en")
    _, other = await s.person("en")
    await s.says(number, "When does it open?")
    await s.says(other, "Secret words?")
    ines = await small.sign_in("staff")
    theirs = (await s.column(messages.c.id, messages.c.text == "Secret words?"))[0]

    page = await ines.do(
        f"/inbox/{mother}/send", {"text": "At eight.", "language": "en", "once": str(theirs)}, 422
    )

    assert "another conversation" in plain(page.select_one(".problems"))
    assert await s.sends() == []


async def test_words_that_changed_after_they_were_translated_are_read_again_before_they_go(small):
    s = small.school
    mother, number = await s.person("ht")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")
    read = await ines.do(f"/inbox/{mother}/draft", {"text": LOOK, "language": "en"})

    page = await ines.do(
        f"/inbox/{mother}/send", reply_form(read) | {"text": "Something else.", "how": "translated"}, 422
    )

    assert "You changed the text" in plain(page.select_one(".problems"))
    assert page.select_one("#text").text.strip() == "Something else."
    assert await s.sends() == []


async def test_what_the_gate_says_is_told_and_a_blocked_translation_is_not_offered(small):
    s = small.school
    mother, number = await s.person("ht")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")

    wrong = await ines.do(f"/inbox/{mother}/draft", {"text": "Bring 2 forms.", "language": "en"})
    grave = await ines.do(f"/inbox/{mother}/draft", {"text": "Please call 988 tonight.", "language": "en"})

    assert wrong.select(".check-block")
    assert plain(wrong.select_one("#answer .btn-primary")) == "Send as written"
    assert "No computer" in plain(grave.select_one(".checked")) or "no translation" in plain(
        grave.select_one(".checked")
    )
    assert plain(grave.select_one("#answer .btn-primary")) == "Send as written"


async def test_without_a_translator_it_is_said_what_can_be_done(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        s = School(here.app, clock, here.phone)
        mother, number = await s.person("ht", name="Mirlande")
        await s.says(number, LATE)
        ines = await here.sign_in("staff")

        page = await ines.do(f"/inbox/{mother}/draft", {"text": "Hello there.", "language": "en"})
        await ines.do(
            f"/inbox/{mother}/send", reply_form(page) | {"text": "Hello there.", "how": "as written"}
        )
        sent = await s.sends()

    assert "There is no translation into Haitian Creole" in plain(page.select_one(".checked"))
    assert sent == ["Hello there."]


async def test_quiet_hours_are_told_and_can_be_passed_over(small):
    s = small.school
    mother, number = await s.person("ht", name="Mirlande")
    await s.says(number, LATE)
    small.clock.forward(days=2, hours=12)
    ines = await small.sign_in("staff")

    read = await ines.do(f"/inbox/{mother}/draft", {"text": LOOK, "language": "en"})
    form = reply_form(read) | {"text": LOOK, "how": "translated"}
    later = await ines.do(f"/inbox/{mother}/send", form)

    assert "when their school’s hours begin" in plain(read.select_one(".reply-actions"))
    assert read.select_one("#at_once")
    assert said(later) == "Your reply goes out when the school’s hours begin."
    assert await s.sends() == []
    assert "goes out at" in plain(later.select_one("#thread"))


async def test_nobody_who_has_said_stop_can_be_written_to(small):
    s = small.school
    mother, number = await s.person("en", name="Ana")
    await s.says(number, "Who is this please?")
    await s.says(number, "STOP")
    ines = await small.sign_in("staff")

    page = await ines.see(f"/inbox/{mother}")
    answer = await ines.do(f"/inbox/{mother}/send", {"text": "Hello", "language": "en"}, 422)

    assert "They have asked us to stop" in plain(page.select_one("#answer"))
    assert not page.select("#answer textarea")
    assert "asked us to stop" in plain(answer.select_one("#answer"))


@pytest.mark.parametrize("text", ["", "x" * 1001])
async def test_a_reply_that_is_empty_or_too_long_is_kept_with_what_is_wrong(small, text):
    s = small.school
    mother, number = await s.person("ht")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")

    page = await ines.do(f"/inbox/{mother}/draft", {"text": text, "language": "en"}, 422)

    assert page.title.text.startswith("Error: ")
    assert page.select_one(".problems a")["href"] == "#text"
    assert page.select_one("#text").text.strip() == text


async def test_saved_replies_are_kept_inserted_removed_and_had_again(small):
    s = small.school
    mother, number = await s.person("ht", name="Mirlande")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")
    form = {
        "name": "Office hours",
        "text": "We open at 8.",
        "language": "en",
        "to": "ht",
        "translation": "Nou louvri a 8è.",
    }

    wrong = await ines.do("/inbox/saved", form, 422)
    kept = await ines.do("/inbox/saved", form | {"read": "1"})
    more = await ines.do("/inbox/saved", form | {"read": "1", "to": "es", "translation": "Abrimos a las 8."})
    other = await ines.do("/inbox/saved", form | {"read": "1", "text": "Something else."}, 422)
    inserted = await ines.do(
        f"/inbox/{mother}/draft", {"text": "", "language": "en", "insert": "1", "saved": "office-hours"}
    )
    gone = await ines.do("/inbox/saved/office-hours/remove")
    none = await saved.listed(small.app)
    back = await undo(ines, gone)

    assert "has read it" in plain(wrong.select_one(".problems"))
    assert wrong.select_one("#translation").text.strip() == "Nou louvri a 8è."
    assert plain(kept.h1) == "1 saved reply"
    assert [each["lang"] for each in more.select(".saved-reply dd")] == ["en", "es", "ht"]
    assert other.title.text.startswith("Error: ")
    assert inserted.select_one("#text").text.strip() == "We open at 8."
    assert plain(inserted.select_one(".reads")) == "Nou louvri a 8è."
    assert "A person has translated" in plain(inserted.select_one(".checked"))
    assert none == []
    assert [each["lang"] for each in back.select(".saved-reply dd")] == ["en", "es", "ht"]


# Hand over, rest, notes


async def test_a_conversation_is_taken_on_handed_over_and_let_go(here):
    s = here.school
    mother, number = await s.person("ht", name="Mirlande", school="Lincoln")
    await s.says(number, LATE)
    ines = await here.sign_in("staff")
    jo = await here.sign_in(("staff", "Lincoln"), name="Jo Modelo")
    ada = await here.sign_in(("staff", "Harbor"), name="Ada Andere")
    coder = await here.sign_in("coder", name="Cy Coder")

    taken = await ines.do(f"/inbox/{mother}/assign", {"to": "me"})
    names = [plain(one) for one in taken.select("#to option")]
    handed = await ines.do(f"/inbox/{mother}/assign", {"to": str(jo.member.id), "note": "Ask for Dana."})
    mine = await jo.see("/inbox?view=mine")
    returned = await undo(ines, handed)

    assert "You answer this conversation." in plain(taken.select_one(".pane-head"))
    assert names == ["Jo Modelo", "Nobody in particular"]
    assert "Jo Modelo answers this conversation." in plain(handed.select_one(".pane-head"))
    assert "Ask for Dana." in plain(handed.select_one(".noted"))
    assert listed(mine) == ["Mirlande"]
    assert "You answer this conversation." in plain(returned.select_one(".pane-head"))
    for nobody in (ada.member.id, coder.member.id, uuid4()):
        assert (await ines.post(f"/inbox/{mother}/assign", {"to": str(nobody)})).status_code == 422


async def test_what_rests_comes_back_by_itself_and_at_once_when_they_write(here):
    s = here.school
    mother, number = await s.person("ht", name="Mirlande")
    father, other = await s.person("ht", name="Wilner")
    await s.says(number, LATE)
    await s.says(other, LATE)
    ines = await here.sign_in("staff")
    for person in (mother, father):
        await ines.do(f"/inbox/{person}/snooze", {"until": "tomorrow"})

    resting = listed(await ines.see("/inbox?view=snoozed"))
    quiet = listed(await ines.see("/inbox"))
    await s.says(number, "Èske ou la?")
    wrote = listed(await ines.see("/inbox"))
    await ines.do(f"/inbox/{mother}/assign", {"to": "me"})  # which does not put it to rest again
    assigned = listed(await ines.see("/inbox"))
    here.clock.forward(hours=1.9)
    await ines.see("/inbox")
    late = await here.sign_in("staff", name="Late Again")
    here.clock.forward(days=1)
    async with here.app.database.read() as db:
        numbers = await counting.counts(db, None, late.member.id, here.clock())

    assert (resting, quiet) == (["Mirlande", "Wilner"], [])
    assert wrote == assigned == ["Mirlande"]
    assert numbers.waiting == 2


@pytest.mark.parametrize("day", ["", "2026-10-01", "2030-01-01", "soon"])
async def test_a_day_that_is_over_or_far_away_is_no_day_to_come_back(small, day):
    s = small.school
    mother, number = await s.person("ht", name="Mirlande")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")

    page = await ines.do(f"/inbox/{mother}/snooze", {"until": "day", "day": day})

    assert "Choose a day" in said(page)
    assert listed(await ines.see("/inbox")) == ["Mirlande"]


async def test_notes_are_for_colleagues_never_sent_and_removed_by_their_writer_only(small):
    s = small.school
    mother, number = await s.person("ht", name="Mirlande")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")
    jo = await small.sign_in("staff", name="Jo Modelo")

    written = await ines.do(f"/inbox/{mother}/notes", {"note": "<b>Call</b> Dana."})
    remove = written.select_one(".noted form")["action"]
    seen = await jo.see(f"/inbox/{mother}")
    stolen = await jo.post(remove)
    removed = await ines.do(remove)
    back = await undo(ines, removed)

    assert plain(written.select_one(".noted-text")) == "<b>Call</b> Dana."
    assert "not sent" in plain(written.select_one(".noted"))
    assert seen.select(".noted")
    assert not seen.select(".noted form")
    assert stolen.status_code == 404
    assert not removed.select(".noted")
    assert back.select(".noted")
    assert await s.sends() == []


# Safety


async def test_an_alert_stays_on_top_without_words_until_an_outcome_is_recorded(small):
    s = small.school
    mother, number = await s.person("en", name="Ana", school="Lincoln")
    await s.says(number, "I want to die tonight")
    ines = await small.sign_in("staff")

    pages = [await ines.see(path) for path in ("/inbox", f"/inbox/{mother}", "/inbox?view=done", "/alerts")]
    alert = pages[0].select_one(".pinned .btn-danger")["href"].removesuffix("/words")
    closed_look = await ines.see(alert)
    opened = await ines.see(f"{alert}/words")
    seen = await ines.do(f"{alert}/see")
    still = await ines.see("/inbox")
    wrong = await ines.do(f"{alert}/close", {"note": "Called her."}, 422)
    over = await ines.do(f"{alert}/close", {"outcome": "helped", "note": "Called her."})
    after = await ines.see(f"/inbox/{mother}")

    assert all(page.select(".pinned, .alert-panel") for page in pages)
    assert not any("tonight" in page.text for page in (*pages, closed_look, still))
    assert number not in closed_look.text
    assert plain(opened.select_one(".alert-words")) == "I want to die tonight"
    assert opened.select_one(f'a[href="tel:{number}"]')
    assert "988" in plain(opened.select_one(".todo"))
    assert "Ines Muster is on it" in plain(seen.select_one(".head"))
    assert "Ines Muster is on it" in plain(still.select_one(".pinned"))
    assert not still.select(".pinned .btn-danger")
    assert wrong.select_one("#note").text.strip() == "Called her."
    assert plain(over.h1) == "No safety alert is open"
    assert not after.select(".pinned")
    assert plain(after.select_one(".orig")) == "I want to die tonight"
    async with small.app.database.read() as db:
        done = (await db.execute(select(audit.c.did).order_by(audit.c.at))).scalars().all()
        row = (await db.execute(select(alerts))).one()
    assert {"alert.open", "alert.see", "alert.close"} <= set(done)
    assert (row.state, row.outcome, row.note, row.seen_by) == (
        "closed",
        "helped",
        "Called her.",
        "Ines Muster",
    )


async def test_after_a_false_alarm_the_question_goes_on(small):
    s = small.school
    await s.publish(SURVEY)
    _, number = await s.person("en", name="Ana")
    for text in ("JOIN BUS", "3", "The ball hit my son in gym and I want to die"):
        await s.says(number, text)
        await s.sends()
    ines = await small.sign_in("staff")
    alert = (await s.column(alerts.c.id))[0]

    page = await ines.do(f"/alerts/{alert}/close", {"outcome": "false_alarm"})
    again = await ines.do(f"/alerts/{alert}/close", {"outcome": "helped"})

    assert said(page).startswith("Recorded.")
    assert said(again) == "A colleague had recorded an outcome already."


async def test_who_is_told_stands_with_the_alert_without_their_whole_number(sqlite_url, clock):
    async with office(sqlite_url, clock, on_call="sms:+15550001111,sms:+15550002222") as here:
        s = School(here.app, clock, here.phone)
        _, number = await s.person("en", name="Ana")
        await s.says(number, "I want to die")
        ines = await here.sign_in("staff")
        call = on_alerts.parse(here.app.settings.on_call)
        await on_alerts.tell(here.app.database, call, clock(), here.app.new_id)
        alert = (await s.column(alerts.c.id))[0]

        page = await ines.see(f"/alerts/{alert}")

    told = [plain(each) for each in page.select("section[aria-labelledby=told] li")]
    assert told[0] == "By text, to the number that ends in 11 told once"
    assert told[1].startswith("By text, to the number that ends in 22 not told, next")
    assert "+1555" not in page.text


async def test_a_wish_to_talk_is_calmer_than_danger(small):
    s = small.school
    _, number = await s.person("en", name="Ana", school="Lincoln")
    await s.says(number, "Can I talk to a person?")
    ines = await small.sign_in("staff")
    (row,) = await s.column(alerts.c.kind)

    page = await ines.see("/inbox")
    calls = await ines.see("/alerts")

    assert row == "person"
    assert not page.select(".pinned, .btn-danger")
    assert "1 person asked to talk to somebody." in plain(page.select_one("#alerts"))
    assert "Can I talk to a person?" in plain(page.select_one("#conversations"))
    assert plain(calls.select_one(".calls h2")) == "Ask to talk to somebody"
    assert not calls.select(".tag-danger")


# Up to date


async def test_counts_are_within_reach(here):
    s = here.school
    ines = await here.sign_in("staff")
    for school, text in (("Lincoln", LATE), ("Harbor", "I want to die"), ("Harbor", LATE)):
        person, number = await s.person(school=school)
        await s.says(number, text)
    await ines.do(f"/inbox/{person}/assign", {"to": "me"})

    async with here.app.database.read() as db:
        found = [
            await counting.counts(db, reach, ines.member.id, here.clock())
            for reach in (None, frozenset({"Harbor"}), frozenset({"Lincoln"}), frozenset())
        ]

    assert [(one.waiting, one.mine, one.alerts) for one in found] == [
        (3, 1, 1),
        (2, 1, 1),
        (1, 0, 0),
        (0, 0, 0),
    ]


async def test_what_keeps_a_page_up_to_date_holds_the_list_and_the_conversation_and_not_the_reply(
    small, monkeypatch
):
    monkeypatch.setattr(streams, "LONGEST", 0.02)
    monkeypatch.setattr(talking, "EVERY", 0.02)

    s = small.school
    mother, number = await s.person("ht", name="Mirlande")
    await s.says(number, LATE)
    ines = await small.sign_in("staff")
    page = await ines.see(f"/inbox/{mother}")
    live = page.select_one("[hx-sse\\:connect]")["hx-sse:connect"]
    await s.says(number, "Èske ou la?")

    text = (await ines.get(live)).text

    assert "1 new message" in text
    assert "Èske ou la?" in text
    assert "<textarea" not in text
    assert 'hx-target="#thread"' in text
