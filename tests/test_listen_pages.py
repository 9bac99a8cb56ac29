"""Surveys on the pages: begun, written side by side, tried, and published, as an organizer without scripts does it."""

from __future__ import annotations

import pytest
from office import office, plain
from sqlalchemy import func, select

from bot.store.tables import answers, audit, conversations, messages, survey_drafts, surveys
from bot.writing import checked, drafts
from bot.writing.sheet import Sheet
from survey_flows import LIBRARY, loads
from survey_flows.files.approvals import digest
from survey_flows.loading import FOLDER

KEY = "getting-to-school"
EDIT = f"/surveys/{KEY}/edit"

OWN = """\
# Kept: who wrote this.
survey: mornings
source: en
approved:
  es: {{by: Ana Prueba, on: 2026-10-01, of: '{of}'}}
title: {{en: Mornings, es: Las mañanas}}
intro:
  en: "{{school}} asks how mornings go, so that we can help. Reply STOP to end."
  es: "{{school}} pregunta cómo van las mañanas, para ayudar. Responda STOP para terminar."
questions:
  - key: rushed
    kind: yesno
    text: {{en: "Were mornings hard?", es: "¿Fueron difíciles?"}}
    required: {{en: "We need this one.", es: "Esta es necesaria."}}
    constraint: {{that: ". != 'x'", say: {{en: "No.", es: "No."}}}}
  - {{key: what, kind: open, ask_if: {{rushed: [yes]}}, text: {{en: "What was hard?", es: "¿Qué fue difícil?"}}}}
"""


def own() -> str:
    made = loads(OWN.format(of="0" * 12), "mornings")
    return OWN.format(of=digest(made, "es"))


@pytest.fixture
async def here(sqlite_url, clock):
    async with office(sqlite_url, clock, start_survey=KEY, allow_drafts=False) as made:
        yield made


@pytest.fixture
async def both(url, clock):
    """On SQLite and on PostgreSQL: for what writes."""
    async with office(url, clock, start_survey=KEY, allow_drafts=False) as made:
        yield made


async def draft(here, key=KEY):
    async with here.app.database.read() as db:
        return await drafts.find(db, key)


async def bring(desk, name, data, **more):
    return await desk.post("/surveys/import", more, files={"file": (name, data)})


def form_of(page, act="save"):
    """The fields of the item's form as a browser would send them, without its buttons."""
    form = page.select_one("form.item-form") or page.find(
        "form", action=lambda to: to and to.endswith("/edit/top")
    )
    sent: dict[str, object] = {"act": act}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "input" and field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            value = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen["value"]
        else:
            value = field.get("value", "")
        held = sent.get(field["name"])
        sent[field["name"]] = (
            [*held, value] if isinstance(held, list) else [held, value] if held is not None else value
        )
    sent.pop("csrf", None)
    return sent


async def test_a_survey_written_again_by_the_editor_says_what_it_said():
    for key in LIBRARY[::4]:
        text = (FOLDER / f"{key}.yaml").read_text("utf-8")

        again = Sheet(text).text()

        was, now = loads(text, key), loads(again, key)
        assert repr(was.items) == repr(now.items)
        assert [digest(was, tag) for tag in was.languages] == [digest(now, tag) for tag in now.languages]


async def test_the_list_shows_what_is_published_with_its_languages_and_a_first_step(here):
    ines = await here.sign_in("organizer")

    page = await ines.see("/surveys")

    card = page.select_one(".survey-card")
    assert "Getting to school" in plain(card)
    assert "Nobody has been asked yet." in plain(card)
    assert "Spanish : Draft: nobody has approved it" in plain(card)
    assert [link["href"] for link in page.select(".btn-primary")] == ["/surveys/library"]
    assert "getting-to-school" in (await ines.get("/surveys/download/csv")).text


async def test_how_many_were_asked_by_now_is_not_for_who_sees_one_school(here):
    for account, sees in (
        (here.sign_in("organizer"), True),
        (here.sign_in(("staff", "Lincoln"), name="Kim Muster"), False),
    ):
        desk = await account
        listed = (await desk.get("/surveys/download/csv")).text
        versions = await desk.see(f"/surveys/{KEY}")
        assert ("Answered" in listed.splitlines()[0]) is sees
        assert bool(versions.find("th", string="Answered")) is sees


async def test_the_library_is_searched_and_a_survey_of_it_becomes_a_draft(here):
    ines = await here.sign_in("organizer")

    found = await ines.see("/surveys/library?q=trip&whom=families")
    page = await ines.do("/surveys/library/transport-family")

    assert 0 < len(found.select(".library-card")) < len(LIBRARY)
    assert "No survey of the library has these words" in plain(await ines.see("/surveys/library?q=zzzz"))
    assert "The survey is yours to change now." in plain(page)
    assert (await draft(here, "transport-family")).text == (FOLDER / "transport-family.yaml").read_text(
        "utf-8"
    )
    assert (await ines.post("/surveys/library/transport-family")).status_code == 303  # once more does nothing
    assert (await ines.post("/surveys/library/nothing")).status_code == 404


async def test_who_may_only_look_changes_nothing(here):
    coder, school = await here.sign_in("coder"), await here.sign_in(("organizer", "Lincoln"))
    for path in (
        EDIT,
        f"{EDIT}/file",
        f"/surveys/{KEY}/flow",
        f"/surveys/{KEY}",
        f"/surveys/{KEY}/try",
        "/surveys/library",
    ):
        assert (await coder.get(path)).status_code == 200
        assert not (await coder.see(path)).select("form[action*='/edit/']:not([action$='/edit/file'])")

    ines = await here.sign_in("organizer")
    assert (await ines.post(f"{EDIT}/remove", {"csrf": "wrong", "at": "0"})).status_code == 403
    for desk in (coder, school):
        for path in (f"{EDIT}/remove", f"{EDIT}/file", "/surveys/new", "/surveys/import", f"/surveys/{KEY}/publish",
                     "/surveys/library/words-all", f"{EDIT}/item/0", f"{EDIT}/new", f"{EDIT}/top", f"{EDIT}/discard",
                     f"{EDIT}/language", f"{EDIT}/undo"):  # fmt: skip
            assert (await desk.post(path, {"at": "0"})).status_code == 403, path
        assert (await desk.get(f"{EDIT}/item/0")).status_code == 403
    assert (await coder.post(f"/surveys/{KEY}/try", {"words": "1", "act": "send"})).status_code == 200
    assert (await here.plain().get("/surveys")).headers["location"].startswith("/signin")
    assert await draft(here) is None


async def test_what_is_not_there_is_not_found(here):
    ines = await here.sign_in("organizer")

    for path in (
        "/surveys/nothing",
        "/surveys/nothing/edit",
        "/surveys/nothing/try",
        f"{EDIT}/item/99",
        f"{EDIT}/item/x",
        f"/surveys/{KEY}/file/exe",
        f"/surveys/{KEY}/file/yaml?version=no",
    ):
        assert (await ines.get(path)).status_code == 404, path


async def test_a_new_survey_begins_with_one_question_and_says_what_is_lacking(here):
    ines = await here.sign_in("organizer")
    wrong = await ines.do(
        "/surveys/new", {"title": "", "intro": "Hello", "question": "", "kind": "open", "source": "en"}, 422
    )
    first = "{school} asks how the bus is, so that we can help. Reply STOP to end."
    filled = {
        "title": "Bus trips",
        "intro": first,
        "question": "Is the bus on time?",
        "kind": "yesno",
        "source": "en",
    }

    page = await ines.do("/surveys/new", filled | {"tongues": ["es", "ar"]})

    assert wrong.title.string.strip().startswith("Error:")
    assert len(wrong.select(".problems a")) == 3
    assert "Is the bus on time?" in plain(page)
    assert "Not written yet" in plain(page)
    assert checked.look((await draft(here, "bus-trips")).text).survey.drafts == {"es", "ar"}


async def test_a_form_from_elsewhere_is_imported_and_what_is_wrong_is_told_by_row(here):
    ines = await here.sign_in("organizer")
    good = (
        "survey,,,\n,type,name,label\n,select_one yn,bus_ok,Is the bus on time?\n,text,more,What else?\n"
        "choices,,,\n,list_name,name,label\n,yn,a,Often\n,yn,b,Seldom\nsettings,,,\n,form_id,form_title,\n,bus-form,Bus form,\n"
    )

    bad = await bring(ines, "bus.csv", good.replace("select_one yn", "select_one ny").encode())
    taken = await bring(ines, "bus.csv", good.encode())
    again = await bring(ines, "bus.csv", good.encode())
    replaced = await bring(ines, "bus.csv", good.replace("Often", "Always").encode(), replace="yes")

    assert bad.status_code == 422
    assert "There is no list" in bad.text
    assert "survey, row 2" in bad.text
    assert taken.status_code in (200, 303)
    assert again.status_code == 422
    assert "Replace it" in again.text
    assert replaced.status_code in (200, 303)
    kept = await draft(here, "bus-form")
    assert "Always" in kept.text
    assert "Often" in kept.before


REFUSED = (
    ("a.pdf", b"x", "is no kind of file"),
    ("a.yaml", b"\xff\xfe\x00", "not in UTF-8"),
    ("a.yaml", b"a: [", "not well-formed"),
    ("a.yaml", b"title: x\n", "There is no"),
    ("a.yaml", b"survey: library\ntitle: x\n", "cannot be the name"),
    ("empty.yaml", b"", "Choose a file"),
)


async def test_a_file_that_is_no_survey_is_refused_with_a_cure(here):
    ines = await here.sign_in("organizer")

    for name, data, told in REFUSED:
        answer = await bring(ines, name, data)
        assert answer.status_code == 422, told
        assert told in answer.text


async def test_words_are_saved_side_by_side_and_all_else_is_kept(here):
    ines = await here.sign_in("organizer")
    await bring(ines, "mornings.yaml", own().encode())
    page = await ines.see("/surveys/mornings/edit/item/0")
    sent = form_of(page)
    assert sent["text.en"] == "Were mornings hard?"
    assert sent["text.es"] == "¿Fueron difíciles?"

    saved = await ines.do("/surveys/mornings/edit/item/0", sent | {"text.es": "¿Fueron duras?"})

    kept = (await draft(here, "mornings")).text
    survey = checked.look(kept).survey
    assert "Saved." in plain(saved)
    assert kept.startswith("# Kept: who wrote this.\n")
    assert survey.question("rushed").texts[None]["es"] == "¿Fueron duras?"
    assert survey.question("rushed").required_texts["es"] == "Esta es necesaria."
    assert survey.question("rushed").constraint is not None
    assert survey.question("what").ask_if
    assert survey.stale == {"es"}
    assert survey.approved["es"].by == "Ana Prueba"


async def test_an_approval_stays_while_nothing_that_is_shown_changes(here):
    ines = await here.sign_in("organizer")
    await bring(ines, "mornings.yaml", own().encode())
    page = await ines.see("/surveys/mornings/edit/item/1")

    await ines.do("/surveys/mornings/edit/item/1", form_of(page) | {"seeks": "barriers"})

    survey = checked.look((await draft(here, "mornings")).text).survey
    assert survey.question("what").seeks == "barriers"
    assert not survey.drafts


async def test_the_first_change_of_a_published_survey_begins_its_next_version_and_undo_takes_it_back(here):
    ines = await here.sign_in("organizer")
    page = await ines.see(f"{EDIT}/item/0")
    saved = await ines.do(f"{EDIT}/item/0", form_of(page) | {"text.en": "Was it hard?"})
    made = await draft(here)
    assert made.base == loads((FOLDER / f"{KEY}.yaml").read_text(), KEY).version

    undone = await ines.do(saved.select_one(".said form")["action"])

    assert "Undone." in plain(undone)
    assert (await draft(here)).text == (FOLDER / f"{KEY}.yaml").read_text()
    assert "nothing was undone" in plain(await ines.do(saved.select_one(".said form")["action"]))


async def test_items_are_added_moved_and_removed(here):
    ines = await here.sign_in("organizer")
    new = await ines.see(f"{EDIT}/new?at=1&kind=one")
    sent = form_of(new) | {"text.en": "Which bus do you take?", "choice.0.en": "The first", "choice.0.es": "El primero",
                           "choice.1.en": "The second"}  # fmt: skip

    page = await ines.do(f"{EDIT}/new", sent)
    keys = [code.string for code in page.select(".item-head code")]
    stamp = page.select_one(".item-do input[name=stamp]")["value"]
    up = await ines.do(f"{EDIT}/up", {"at": "1", "stamp": stamp})
    stamp = up.select_one(".item-do input[name=stamp]")["value"]
    gone = await ines.do(f"{EDIT}/remove", {"at": "0", "stamp": stamp})

    assert keys == ["hard", "bus_take", "what_hard", "what_helps", "days_missed", "one_thing"]
    assert [code.string for code in up.select(".item-head code")][:2] == ["bus_take", "hard"]
    assert "bus_take" not in [code.string for code in gone.select(".item-head code")]
    back = await ines.do(gone.select_one(".said form")["action"])
    survey = checked.look((await draft(here)).text).survey
    assert survey.question("bus_take").options[0].labels["es"] == "El primero"
    assert "bus_take" in plain(back)


async def test_choices_move_and_go_before_anything_is_saved(here):
    ines = await here.sign_in("organizer")
    page = await ines.see(f"{EDIT}/item/0")

    moved = await ines.do(f"{EDIT}/item/0", form_of(page, "choice-down.0"))
    labels = [field["value"] for field in moved.select("input[name^=choice][name$='.en']")]
    fewer = await ines.do(f"{EDIT}/item/0", form_of(moved, "choice-remove.0"))
    more = await ines.do(f"{EDIT}/item/0", form_of(fewer, "choice-add"))

    assert labels == ["A little hard", "Not hard", "Very hard"]
    assert await draft(here) is None
    wrong = await ines.do(f"{EDIT}/item/0", form_of(more) | {"choice.2.es": "Algo"}, 422)
    assert "Write the words of this choice" in plain(wrong.select_one(".problems"))
    await ines.do(f"{EDIT}/item/0", form_of(more))
    choices = checked.look((await draft(here)).text).outline.items[0].choices
    assert [choice.key for choice in choices] == ["not_hard", "very"]
    assert choices[0].also["en"].startswith("no, nope")


async def test_conditions_are_ticked_and_told_in_words(here):
    ines = await here.sign_in("organizer")
    page = await ines.see(f"{EDIT}/item/4")

    saved = await ines.do(
        f"{EDIT}/item/4", form_of(page) | {"if.hard": ["very"], "min.days_missed": "3", "max.days_missed": ""}
    )

    told = plain(saved.select_one("#item-4"))
    assert "is “Very hard”" in told
    assert "is 3 or more" in told
    question = checked.look((await draft(here)).text).survey.question("one_thing")
    assert len(question.ask_if) == 2
    again = form_of(await ines.see(f"{EDIT}/item/4"))
    again.pop("if.hard")
    await ines.do(f"{EDIT}/item/4", again | {"min.days_missed": ""})
    assert not checked.look((await draft(here)).text).survey.question("one_thing").ask_if


async def test_two_who_write_at_once_lose_nothing(both):
    ines, omar = await both.sign_in("organizer"), await both.sign_in("organizer", name="Omar Muster")
    first, second = form_of(await ines.see(f"{EDIT}/item/0")), form_of(await omar.see(f"{EDIT}/item/0"))
    other = form_of(await omar.see(f"{EDIT}/item/3"))
    await ines.do(f"{EDIT}/item/0", first | {"text.en": "Was it hard to come?"})

    clash = await omar.do(f"{EDIT}/item/0", second | {"text.en": "Was getting there hard?"}, 409)
    await omar.do(f"{EDIT}/item/3", other | {"max": "20"})  # nobody else has touched this one

    assert "Was it hard to come?" in plain(clash.select_one(".clash"))
    assert clash.select_one("textarea[name='text.en']").get_text().strip() == "Was getting there hard?"
    late = await omar.do(f"{EDIT}/remove", {"at": "0", "stamp": str(first["stamp"])})
    assert "nothing of yours was done" in plain(late)
    seen = checked.look((await draft(both)).text).outline
    assert seen.items[0].main["en"] == "Was it hard to come?"
    assert seen.items[3].setting("max") == "20"
    await omar.do(f"{EDIT}/item/0", form_of(await omar.see(f"{EDIT}/item/0")) | {"text.en": "Theirs"})
    assert checked.look((await draft(both)).text).outline.items[0].main["en"] == "Theirs"


async def test_the_file_is_kept_with_its_faults_but_not_what_cannot_be_read(here):
    ines = await here.sign_in("organizer")
    page = await ines.see(f"{EDIT}/file")
    text, stamp = (
        page.select_one("#text").get_text().removeprefix("\n"),
        page.select_one("[name=stamp]")["value"],
    )

    broken = await ines.do(f"{EDIT}/file", {"text": "survey: [", "stamp": stamp}, 422)
    renamed = await ines.do(
        f"{EDIT}/file", {"text": text.replace(f"survey: {KEY}", "survey: other"), "stamp": stamp}, 422
    )
    faulty = await ines.do(
        f"{EDIT}/file", {"text": text.replace("kind: number", "kind: numbre"), "stamp": stamp}
    )
    clash = await ines.do(f"{EDIT}/file", {"text": text.replace("28", "20"), "stamp": stamp}, 409)

    assert "survey: [" in broken.select_one("#text").get_text()
    assert "has to stay" in plain(renamed.select_one(".problems"))
    assert "Did you mean 'number'?" in plain(faulty.select_one("#item-3 .found-error"))
    assert "numbre" in clash.select_one("#theirs").get_text()
    assert "to mend before it can be published" in plain(faulty)


async def test_lint_stands_at_its_item_and_errors_keep_it_from_being_published(here):
    ines = await here.sign_in("organizer")
    page = await ines.see(f"{EDIT}/item/0")
    edit = await ines.see(EDIT)
    assert "Takes 4 SMS" in plain(edit.select_one("#item-0 .found-warning"))
    await ines.do(f"{EDIT}/item/0", form_of(page) | {"choice.0.en": "Stop"})

    ready = await ines.see(f"/surveys/{KEY}/publish")
    stamp = (await draft(here)).stamp
    refused = await ines.do(f"/surveys/{KEY}/publish", {"stamp": stamp}, 422)

    assert "Not ready yet" in plain(ready.h1)
    assert not ready.select("button.btn-primary")
    assert ready.select_one("a[href$='/edit/item/0']")
    assert "cannot be published yet" in plain(refused.select_one(".problems"))


async def test_publishing_shows_what_is_new_and_is_written_down(both, clock):
    ines = await both.sign_in("organizer")
    await ines.do(f"{EDIT}/item/0", form_of(await ines.see(f"{EDIT}/item/0")) | {"text.en": "Was it hard?"})
    top = form_of(await ines.see(f"{EDIT}/top"))
    await ines.do(f"{EDIT}/top", top | {"keywords": "MORNING"})
    page = await ines.see(f"/surveys/{KEY}/publish")
    old = page.select_one("form#publish [name=stamp]")["value"]
    clock.forward(minutes=1)

    done = await ines.do(f"/surveys/{KEY}/publish", {"stamp": old})

    assert "Was it hard?" in plain(page.select_one(".changes ins"))
    assert "until a person approves Spanish" in plain(page)
    assert "Published." in plain(done)
    assert "MORNING" in plain(done)
    assert len(done.select(".listing tbody tr")) == 2
    assert await draft(both) is None
    async with both.app.database.read() as db:
        _, latest = await both.app.shelf.latest(db, KEY)
        noted = (
            await db.execute(select(audit.c.did, audit.c.about).where(audit.c.did == "survey.publish"))
        ).all()
    assert latest.question("hard").texts[None]["en"] == "Was it hard?"
    assert [tuple(row) for row in noted] == [("survey.publish", KEY)]
    assert (await ines.get(f"/surveys/{KEY}/publish")).status_code == 303


async def test_a_keyword_of_another_survey_is_taken_only_when_told_to(here):
    ines = await here.sign_in("organizer")
    for key in ("transport-family", "words-all"):
        await ines.do(f"/surveys/library/{key}")
        top = form_of(await ines.see(f"/surveys/{key}/edit/top"))
        await ines.do(f"/surveys/{key}/edit/top", top | {"keywords": "WHEELS"})
    await ines.do(
        "/surveys/transport-family/publish", {"stamp": (await draft(here, "transport-family")).stamp}
    )

    stamp = {"stamp": (await draft(here, "words-all")).stamp}
    refused = await ines.do("/surveys/words-all/publish", stamp, 422)
    await ines.do("/surveys/words-all/publish", stamp | {"take": "yes"})

    assert "Tick the box" in plain(refused.select_one(".problems"))
    assert "WHEELS" in plain(await ines.see("/surveys/words-all"))
    assert "WHEELS" not in plain(await ines.see("/surveys/transport-family"))


async def test_what_was_published_before_can_be_published_again(here, clock):
    ines = await here.sign_in("organizer")
    first = (FOLDER / f"{KEY}.yaml").read_text()
    for text in (first.replace("was it hard", "was it difficult"), first):
        clock.forward(minutes=1)
        held = await draft(here)
        await ines.do(f"{EDIT}/file", {"text": text, "stamp": held.stamp if held else ""})
        await ines.do(f"/surveys/{KEY}/publish", {"stamp": (await draft(here)).stamp})

    async with here.app.database.read() as db:
        _, latest = await here.app.shelf.latest(db, KEY)
    assert "was it hard" in latest.question("hard").texts[None]["en"]


async def test_a_language_is_added_and_a_draft_thrown_away(here):
    ines = await here.sign_in("organizer")

    page = await ines.do(f"{EDIT}/language", {"tongue": "so", "title": "Imaanshaha dugsiga"})
    survey = checked.look((await draft(here)).text).survey
    wrong = await ines.do(f"{EDIT}/language", {"tongue": "so", "title": "x"})
    gone = await ines.do(f"{EDIT}/discard", {"stamp": (await draft(here)).stamp})

    assert "so" in survey.languages
    assert "so" in survey.drafts
    assert "Imaanshaha dugsiga" in plain(page)
    assert "not here yet" in plain(wrong)
    assert "The draft is gone." in plain(gone)
    assert await draft(here) is None


async def test_the_flow_is_drawn_without_styles_of_its_own_and_told_in_words(here):
    ines = await here.sign_in("organizer")

    page = await ines.see(f"/surveys/{KEY}/flow?tongue=es")

    drawing = page.select_one(".drawing svg")
    assert drawing.find("desc")
    assert not page.select("main style, main [style]")
    assert "¿fue difícil" in plain(page.select_one(".in-words"))
    assert "is “Nada difícil”" in plain(page)


async def play(desk, *said, **setting):
    """A conversation on the phone, each message sent with what the page before held."""
    page = await desk.see(f"/surveys/{KEY}/try", params=setting)
    for one in said:
        form = page.select_one("form.try")
        sent = {"said": [field["value"] for field in form.select("[name=said]")]}
        for field in form.select("input[type=hidden]"):
            if field["name"] not in ("said", "csrf"):
                sent[field["name"]] = field["value"]
        page = await desk.do(f"/surveys/{KEY}/try", sent | one)
    return page


async def test_a_survey_is_answered_as_a_family_would_and_nothing_is_kept(here):
    ines = await here.sign_in("organizer")

    page = await play(ines, {"words": "muy dificil"}, {"words": "the bus"}, {"act": "wait"}, tongue="es")
    back = await play(ines, {"words": "3"}, {"act": "back"})
    stopped = await play(ines, {"words": "STOP"})

    told = plain(page.select_one(".talk"))
    assert "¿Qué lo hizo difícil" in told
    assert "Understood as “Very hard”: hard" in told
    assert "Kept word for word: what_hard" in told
    assert "A reminder" in told
    assert "text part" in told
    assert len(back.select(".turn")) == 1
    assert "They asked us to stop" in plain(stopped)
    async with here.app.database.read() as db:
        for table in (messages, conversations, answers, survey_drafts):
            assert await db.scalar(select(func.count()).select_from(table)) == 0


async def test_telegram_has_buttons_that_answer_and_right_to_left_is_right(here):
    ines = await here.sign_in("coder")
    page = await play(ines, channel="telegram", tongue="ar")

    buttons = page.select(".buttons button")
    after = await play(ines, {"press": buttons[2]["value"]}, channel="telegram", tongue="ar")
    web = await play(ines, channel="web")

    assert [one["value"] for one in buttons] == ["hard:not_hard", "hard:a_little", "hard:very"]
    assert page.select_one(".turn .phone-side")["dir"] == "rtl"
    assert "Understood as “Very hard”" in plain(after)
    assert "1. Not hard" not in plain(web.select_one(".turn .bubble"))
    assert web.select(".buttons button")


async def test_a_draft_can_be_tried_and_so_can_what_is_published(here):
    ines = await here.sign_in("organizer")
    await ines.do(f"{EDIT}/item/0", form_of(await ines.see(f"{EDIT}/item/0")) | {"text.en": "Was it tough?"})

    assert "Was it tough?" in plain((await play(ines)).select_one(".talk"))
    assert "Was it tough?" not in plain((await play(ines, of="published")).select_one(".talk"))
    sent = await ines.post(f"/surveys/{KEY}/try", {"words": "3"}, headers={"HX-Request": "true"})
    assert sent.text.lstrip().startswith("<input")
    assert "<html" not in sent.text


async def test_files_of_a_survey_can_be_taken_away(here):
    ines = await here.sign_in("organizer")
    begins = {"yaml": b"# Getting", "xlsx": b"PK", "xml": b"<", "svg": b"<svg"}

    for kind, first in begins.items():
        answer = await ines.get(f"/surveys/{KEY}/file/{kind}")
        assert answer.content.startswith(first)
        assert f'filename="{KEY}.{kind}"' in answer.headers["content-disposition"]
    async with here.app.database.read() as db:
        version = await db.scalar(select(surveys.c.version))
    assert (await ines.get(f"/surveys/{KEY}/file/yaml?version={version}")).status_code == 200
