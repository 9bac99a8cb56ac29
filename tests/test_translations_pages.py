"""The pages on which people read translations, approve them, and put a language into use."""

import base64
import io
import zipfile
from contextlib import asynccontextmanager

import openpyxl
import pytest
from office import office, plain
from sqlalchemy import select
from translation_world import SURVEY, filled

import survey_flows
from bot import phrasebook
from bot.outreach import control
from bot.store.tables import audit, keywords, translations
from bot.texts import overview
from bot.translation.terms import TERMS
from survey_flows import phrases

WHY = "/translations/es/survey:mornings/why/ask"


@pytest.fixture(autouse=True)
def _own_words():
    """What one test approves, or puts into the glossary, is not there for the next."""
    yield
    phrases.adopt({})
    TERMS.adopt({})


@asynccontextmanager
async def opened(url, clock):
    async with office(url, clock, allow_drafts=False, known=[("en", "ar", "Mornings", "الصباح")]) as made:
        await filled(made.app)
        yield made


@pytest.fixture
async def here(sqlite_url, clock):
    async with opened(sqlite_url, clock) as made:
        yield made


@pytest.fixture
async def on_both(url, clock):
    async with opened(url, clock) as made:
        yield made


def seal(page):
    return page.find("input", {"name": "seen"})["value"]


async def decide(desk, path, said=None, do="approve", **more):
    """Open a text and send its form, with other words where they are given."""
    page = await desk.see(path)
    words = page.find(id="said").get_text().strip() if said is None else said
    return await desk.do(path, {"said": words, "do": do, "seen": seal(page)} | more.pop("data", {}), **more)


async def read_all(desk, language="es", of="survey"):
    """Approve everything that waits from the list, page by page."""
    while True:
        page = await desk.see(f"/translations/{language}?show=waiting&of={of}")
        tickets = [box["value"] for box in page.find_all("input", {"name": "text"})]
        if not tickets:
            return
        await desk.do(f"/translations/{language}/approve", {"text": tickets, "back": "show=waiting"})


async def test_the_first_page_says_how_many_wait_and_leads_to_the_language_most_families_read(here):
    ines = await here.sign_in("translator")
    page = await ines.see("/translations")
    names = [plain(each) for each in page.select(".tongue h3")]
    assert names[:3] == ["Spanish", "Haitian Creole", "Arabic"]
    assert "texts wait for a reader" in plain(page.h1)
    assert "0 of 2 surveys and campaigns can be sent" in plain(page.select_one(".tongue"))
    first = page.select_one(".btn-primary")
    assert first["href"] == "/translations/es/read"
    text = await ines.see(first["href"])
    assert plain(text.select_one(".source-text")) == "Mornings"


async def test_a_language_that_nobody_reads_counts_for_nothing_in_the_menu(url, clock):
    async with office(url, clock) as empty:
        async with empty.app.database.read() as db:
            assert await overview.waiting(empty.app, db) == 0
        ines = await empty.sign_in("organizer")
        assert "Nobody on the lists reads another language" in plain(await ines.see("/translations"))


async def test_the_count_for_the_menu_goes_down_with_each_text_that_is_approved(on_both):
    ines = await on_both.sign_in("translator")
    async with on_both.app.database.read() as db:
        before = await overview.waiting(on_both.app, db)
    await decide(ines, WHY)
    async with on_both.app.database.read() as db:
        assert await overview.waiting(on_both.app, db) == before - 1


async def test_approving_one_text_leads_to_the_next_and_can_be_undone(on_both):
    ines = await on_both.sign_in("translator")
    page = await decide(ines, "/translations/es/survey:mornings/title")
    assert "Approved. This is the next one." in plain(page.select_one(".said"))
    assert "asks two questions" in plain(page.select_one(".source-text"))
    undo = page.select_one(".said form")["action"]
    page = await ines.do(undo)
    assert plain(page.h1) == "Does the Spanish say the same?"
    assert plain(page.select_one(".source-text")) == "Mornings"


async def test_what_the_gate_blocks_is_not_approved_and_the_words_are_kept(here):
    ines = await here.sign_in("translator")
    path = "/translations/es/survey:mornings/intro"
    page = await decide(ines, path, "Hacemos dos preguntas. Responda ALTO.", status=422)
    assert page.title.get_text().startswith("Error:")
    told = plain(page.select_one(".problems"))
    assert "{school} is missing" in told
    assert "STOP" in told
    assert page.find(id="said").get_text().strip() == "Hacemos dos preguntas. Responda ALTO."
    async with here.app.database.read() as db:
        assert not (
            await db.execute(select(translations).where(translations.c.context.like("survey:mornings/%")))
        ).all()


async def test_findings_come_as_a_part_while_somebody_types(here):
    ines = await here.sign_in("translator")
    answer = await ines.post(
        "/translations/es/survey:mornings/intro",
        {"said": "Hola", "do": "look"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "{school} is missing" in answer.text


async def test_a_correction_is_the_persons_and_what_stood_there_is_shown_beside_it(on_both):
    ines = await on_both.sign_in("translator")
    better = "¿Qué lo hizo difícil? Piense también en la parada de autobús."
    await decide(ines, WHY, better)
    page = await ines.see(WHY)
    assert page.find(id="said").get_text().strip() == better
    assert "Translated by a person" in plain(page)
    assert "Ines Muster" in plain(page.select_one(".pairs"))
    assert "Piense también en la parada." in plain(page.find(id="earlier").parent)
    page = await ines.do("/translations/es/undo-one?context=survey:mornings/why/ask")
    assert page.find(id="said").get_text().strip() == "¿Qué lo hizo difícil? Piense también en la parada."


async def test_who_saves_without_approving_leaves_it_for_another_reader(here):
    ines = await here.sign_in("translator")
    page = await decide(ines, WHY, "¿Qué lo hizo difícil? Piense en la parada de autobús.", do="save")
    assert "Saved. It still waits for a reader." in plain(page)
    assert plain(page.h1) == "Does the Spanish say the same?"


async def test_nobody_approves_words_that_another_has_changed_meanwhile(here):
    ines, kim = await here.sign_in("translator"), await here.sign_in("translator", name="Kim Voorbeeld")
    old = seal(await ines.see(WHY))
    await decide(kim, WHY, "¿Por qué fue difícil? Piense en la parada de autobús.")
    page = await ines.do(WHY, {"said": "¿Qué lo hizo difícil?", "seen": old, "do": "approve"}, status=422)
    assert "Somebody has changed this text" in plain(page.select_one(".problems"))
    assert "¿Por qué fue difícil?" in plain(page.select_one(".stands"))


async def test_an_approved_text_goes_back_to_draft(here):
    ines = await here.sign_in("translator")
    await decide(ines, WHY)
    page = await decide(ines, WHY, do="back")
    assert plain(page.h1) == "Does the Spanish say the same?"


async def test_several_texts_are_approved_at_once_and_undone_at_once(on_both):
    ines = await on_both.sign_in("translator")
    page = await ines.see("/translations/es?show=waiting&of=survey&all=1")
    boxes = page.find_all("input", {"name": "text"})
    assert len(boxes) == 7
    assert all("checked" in box.attrs for box in boxes)
    page = await ines.do(
        "/translations/es/approve", {"text": [box["value"] for box in boxes], "back": "show=approved"}
    )
    assert "7 texts are approved." in plain(page.select_one(".said"))
    async with on_both.app.database.read() as db:
        row = (await db.execute(select(audit).where(audit.c.did == "translation.approve"))).one()
    assert row.detail == {"texts": 7}
    page = await ines.do(page.select_one(".said form")["action"])
    assert "7 texts wait for a reader again." in plain(page.select_one(".said"))


async def test_a_text_that_the_gate_blocks_has_no_check_box_and_is_left_out(here):
    ines = await here.sign_in("translator")
    await decide(ines, "/translations/es/survey:mornings/intro", "Sin la palabra.", do="save")
    page = await ines.see("/translations/es?show=waiting&of=survey")
    blocked = page.select_one(".text-blocked")
    assert blocked.find("input") is None
    assert "Cannot be sent so" in plain(blocked)
    text = await ines.see("/translations/es/survey:mornings/intro")
    forged = f"survey:mornings/intro {seal(text)}"
    page = await ines.do("/translations/es/approve", {"text": [forged]}, status=422)
    assert "None of these can be approved so." in plain(page.select_one(".problems"))


async def test_a_survey_is_published_anew_once_all_of_it_has_been_read(on_both):
    ines = await on_both.sign_in("translator")
    app = on_both.app
    page = await ines.see("/translations/es/use?document=survey:mornings")
    assert plain(page.h1) == "“Mornings” is not ready in Spanish"
    await decide(ines, WHY, "¿Qué lo hizo difícil? Piense también en la parada de autobús.")
    await read_all(ines)
    page = await ines.see("/translations/es/use?document=survey:mornings")
    assert plain(page.h1) == "Send “Mornings” in Spanish?"
    page = await ines.do("/translations/es/use", {"document": "survey:mornings"})
    assert "A new version of the survey is published, with Spanish." in plain(page)
    async with app.database.read() as db:
        _, survey = await app.shelf.latest(db, "mornings")
    assert survey.approved["es"].by == "Ines Muster"
    assert survey.drafts == {"ht"}
    assert "parada de autobús" in survey.text
    assert survey.text.count("\n") > SURVEY.count("\n")  # the approval, and nothing of it is lost
    page = await ines.see("/translations/es?show=waiting&of=survey")
    assert "Nothing" in plain(page) or "No text fits this" in plain(page)
    page = await ines.see("/translations/es/use?document=survey:mornings")
    assert "is in use in Spanish" in plain(page.h1)


async def test_a_new_version_takes_the_keywords_of_the_old_one(here):
    app, ines = here.app, await here.sign_in("translator")
    made = survey_flows.loads(SURVEY.replace("drafted", "keywords: [MORNING]\ndrafted"), "mornings")
    async with app.database.begin() as db:
        old = await app.shelf.publish(db, made, app.clock(), app.new_id)
        from bot.store import keywords as held

        await held.point(db, "mornings", old, ["morning"], app.clock())
    await read_all(ines)
    await ines.do("/translations/es/use", {"document": "survey:mornings"})
    async with app.database.read() as db:
        newest, _ = await app.shelf.latest(db, "mornings")
        assert newest != old
        assert (await db.execute(select(keywords.c.survey_id))).scalar_one() == newest


async def test_a_campaign_gets_the_approval_and_whoever_wrote_it_still_may_not_approve_it(here):
    ines = await here.sign_in("translator")
    await read_all(ines, of="campaign")
    page = await ines.do("/translations/es/use", {"document": "campaign:thanks"})
    assert "Schedule it again" in plain(page.select_one(".said"))
    stands = await control.standing(here.app, "thanks")
    assert stands.state == "draft"
    assert stands.written_by == "kim@riverbend.example"
    assert "approved:" in stands.text
    assert 'es: {by: "Ines Muster"' in stands.text


async def test_one_approved_phrase_does_not_put_the_others_into_english(here):
    ines = await here.sign_in("translator")
    await decide(ines, "/translations/es/phrase:thanks")
    async with here.app.database.read() as db:
        await here.app.desk.phrasebook.current(db, here.app.clock())
    assert "es" in phrases.drafts()
    await read_all(ines, of="phrases")
    await ines.do("/translations/es/use", {"document": "phrases"})
    assert "es" not in phrases.drafts()
    assert phrases.count("reminder", "es", 2, school="Lincoln") != phrases.count(
        "reminder", "en", 2, school="Lincoln"
    )
    better = "Gracias por contestar."
    await decide(ines, "/translations/es/phrase:thanks", better)
    async with here.app.database.read() as db:
        await here.app.desk.phrasebook.current(db, here.app.clock())
    assert phrases.say("thanks", "es") == better


async def test_phrases_that_were_approved_by_the_command_are_approved_here(here):
    await phrasebook.approve(here.app.memory, "es", "Ana Muster")
    async with here.app.database.read() as db:
        here.app.desk.phrasebook.look_again()
        await here.app.desk.phrasebook.current(db, here.app.clock())
    ines = await here.sign_in("translator")
    page = await ines.see("/translations/es?show=waiting&of=phrases")
    assert "No text fits this" in plain(page)


async def test_a_saved_reply_in_another_language_is_said_once_it_is_approved(on_both):
    from bot.dialogue import saved

    ines = await on_both.sign_in("translator")
    await decide(ines, "/translations/ht/saved:office-hours", "Biwo a louvri a 8è.", do="save")
    assert (await saved.get(on_both.app, "office-hours")).translations.keys() == {"es"}
    await decide(ines, "/translations/ht/saved:office-hours", "Biwo a louvri de 8è a 4è.")
    assert (await saved.get(on_both.app, "office-hours")).translations["ht"] == "Biwo a louvri de 8è a 4è."


async def test_the_list_is_narrowed_by_words_kind_and_document_and_paged(here):
    ines = await here.sign_in("organizer")
    page = await ines.see("/translations/es?show=all&q=difícil")
    assert [plain(each) for each in page.select(".source")][:2] == [
        "Was it hard to get here in the last 2 weeks?",
        "Not hard",
    ]
    page = await ines.see("/translations/es?show=all&document=campaign:thanks")
    assert len(page.select(".text")) == 1
    page = await ines.see("/translations/es?show=all&page=2")
    assert page.select_one(".pages")
    assert len(page.select(".text")) < 50


async def test_drafts_of_what_is_missing_are_made_in_the_background(here):
    from bot.texts import drafting

    ines = await here.sign_in("translator")
    await ines.do("/translations/ar/draft")
    await drafting.under_way(here.app, "ar").task
    page = await ines.see("/translations/ar")
    assert "1 text was drafted." in plain(page.find(id="drafting"))
    page = await ines.see("/translations/ar/survey:mornings/title")
    assert page.find(id="said").get_text().strip() == "الصباح"
    assert page.find(id="said")["dir"] == "rtl"
    assert "Machine draft by test" in plain(page)


async def test_without_a_translator_the_page_says_what_to_set(sqlite_url, clock):
    async with office(sqlite_url, clock) as made:
        await filled(made.app)
        ines = await made.sign_in("translator")
        page = await ines.see("/translations/ar")
        assert "OPENLINE_TRANSLATORS" in plain(page.find(id="drafting"))


@pytest.mark.parametrize("kind", ["xlsx", "po", "xliff"])
async def test_a_file_goes_out_and_an_unchanged_one_comes_back_without_differences(here, kind):
    ines = await here.sign_in("translator")
    answer = await ines.get(f"/translations/es/export?kind={kind}&document=survey:mornings")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="survey-mornings.es.')
    page = await ines.do("/translations/import", files={"file": ("mornings", answer.content)})
    assert plain(page.h1) == "The file changes nothing in Spanish"


async def test_a_file_that_came_back_shows_its_differences_before_anything_is_taken(here):
    ines = await here.sign_in("translator")
    answer = await ines.get("/translations/es/export?kind=xlsx&document=survey:mornings")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for row in book["Translate"].iter_rows(min_row=4):
        if str(row[7].value).endswith("/thanks"):
            row[2].value = "Muchas gracias."
        if str(row[7].value).endswith("/intro"):
            row[2].value = "Sin nada."
    packed = io.BytesIO()
    book.save(packed)
    page = await ines.do("/translations/import", files={"file": ("x.xlsx", packed.getvalue())})
    assert plain(page.h1) == "The file changes 1 text in Spanish"
    assert "1 row cannot be taken" in plain(page)
    assert "{school} is missing" in plain(page)
    form = page.select_one("form[action='/translations/import/take']")
    sent = {
        one["name"]: one["value"] for one in form.find_all("input") if one["name"] in ("data", "name", "text")
    }
    page = await ines.do("/translations/import/take", sent | {"approve": "yes"})
    assert "1 text is taken in and approved." in plain(page.select_one(".said"))
    page = await ines.see("/translations/es/survey:mornings/thanks")
    assert page.find(id="said").get_text().strip() == "Muchas gracias."
    assert base64.b64decode(sent["data"]) == packed.getvalue()


async def test_a_file_that_is_none_is_refused_with_why(here):
    ines = await here.sign_in("translator")
    page = await ines.do("/translations/import", files={"file": ("x.xlsx", b"not a workbook")}, status=422)
    assert page.title.get_text().startswith("Error:")
    assert page.select_one(".problems a")["href"] == "#file"


async def test_terms_are_added_used_taken_out_and_put_back(on_both):
    ines = await on_both.sign_in("translator")
    form = {"term": "thank you", "language": "es", "say": "gracias", "avoid": "merci"}
    page = await ines.do("/translations/glossary/new", form)
    assert "The term is in the glossary." in plain(page)
    page = await ines.see("/translations/glossary?language=es&q=thank+you")
    assert "gracias" in plain(page.select_one("tbody tr"))
    page = await ines.see("/translations/glossary/thank_you?language=es")
    assert "Used in" in plain(page.find(id="uses"))
    text = await ines.see("/translations/es/survey:mornings/thanks")
    assert "gracias" in plain(text.select_one(".terms"))
    page = await ines.do("/translations/glossary/thank_you/remove")
    assert TERMS.in_("thank you", "en") == ()
    page = await ines.do(page.select_one(".said form")["action"])
    assert page.find(id="say")["value"] == "gracias"


async def test_a_term_that_comes_with_openline_can_be_said_otherwise(here):
    ines = await here.sign_in("translator")
    page = await ines.see("/translations/glossary/bus_stop?language=es")
    form = {
        "term": page.find(id="term")["value"],
        "forms": page.find(id="forms").get_text(),
        "language": "es",
        "say": "paradero",
    }
    await ines.do("/translations/glossary/bus_stop", form)
    assert TERMS.preferred("bus_stop", "es") == "paradero"
    page = await ines.see("/translations/glossary/check?language=es")
    assert "Piense también en la parada." in plain(page)
    assert "paradero" in plain(page)


async def test_a_name_that_is_never_translated_is_missed_where_it_is_not_there(here):
    ines = await here.sign_in("translator")
    await ines.do("/translations/glossary/new", {"term": "bus stop too", "language": "es", "kept": "yes"})
    page = await ines.see(WHY)
    assert "is a name that stays as it is" in plain(page)
    spans = TERMS.spans("At the bus stop too.", "en", "es")
    assert [(span.put, span.kind) for span in spans] == [("bus stop too", "term")]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"term": "", "say": "x"}, "term"),
        ({"term": "bus stop", "say": "x"}, "term"),
        ({"term": "brand new thing", "say": ""}, "say"),
        ({"term": "brand new thing", "say": "x{y}"}, "say"),
        ({"term": "brand new thing", "say": "malo", "avoid": "Malo"}, "say"),
    ],
)
async def test_a_term_that_cannot_be_entered_says_why(sqlite_url, clock, form, field):
    async with office(sqlite_url, clock) as made:
        ines = await made.sign_in("translator")
        page = await ines.do("/translations/glossary/new", {"language": "es"} | form, status=422)
        assert page.select_one(".problems a")["href"] == f"#{field}"


async def test_the_glossary_goes_into_a_file_and_what_a_file_changes_is_shown_first(here):
    ines = await here.sign_in("translator")
    answer = await ines.get("/translations/glossary/file.csv")
    page = await ines.do("/translations/import/glossary", files={"file": ("g.csv", answer.content)})
    assert plain(page.h1) == "The file changes nothing"
    changed = answer.content.decode("utf-8-sig").replace("parada de autobús", "paradero de bus").encode()
    page = await ines.do("/translations/import/glossary", files={"file": ("g.csv", changed)})
    assert plain(page.h1) == "The file changes 1 word"
    data = page.find("input", {"name": "data"})["value"]
    await ines.do("/translations/import/glossary/take", {"data": data})
    assert TERMS.preferred("bus_stop", "es") == "paradero de bus"
    page = await ines.do(
        "/translations/import/glossary", files={"file": ("g.csv", b"a,b\n1,2\n")}, status=422
    )
    assert "first row has to name the columns" in plain(page.select_one(".problems"))


async def test_an_organizer_looks_and_does_not_approve(here):
    kim = await here.sign_in("organizer")
    page = await kim.see(WHY)
    assert page.find(id="said") is None
    assert "¿Qué lo hizo difícil?" in plain(page)
    assert (await kim.post(WHY, {"said": "x", "do": "approve"})).status_code == 403
    assert (await kim.post("/translations/es/approve", {"text": "x"})).status_code == 403
    assert (await kim.post("/translations/glossary/new", {"term": "x"})).status_code == 403


async def test_other_roles_do_not_come_in_and_a_form_needs_its_token(here):
    staff = await here.sign_in("staff")
    assert (await staff.get("/translations")).status_code == 403
    ines = await here.sign_in("translator")
    assert (await ines.post(WHY, {"said": "x", "csrf": "wrong"})).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/translations/xx-nonsense-tag",
        "/translations/ES",
        "/translations/es/survey:mornings/no/such",
        "/translations/es/use?document=survey:none",
        "/translations/glossary/no_such_term",
        "/translations/es/export?document=survey:none",
    ],
)
async def test_what_is_not_there_is_not_found(sqlite_url, clock, path):
    async with office(sqlite_url, clock) as made:
        await filled(made.app)
        ines = await made.sign_in("translator")
        assert (await ines.get(path)).status_code == 404


async def test_the_table_of_languages_is_a_file(here):
    ines = await here.sign_in("organizer")
    answer = await ines.get("/translations/languages.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Language,Tag,People,Texts")
    assert lines[1].startswith("Spanish,es,12,")


async def test_choosing_a_language_of_the_glossary_does_not_change_the_language_of_the_pages(here):
    ines = await here.sign_in("translator")
    page = await ines.see("/translations/glossary?language=es")
    assert page.html["lang"] == "en"
    page = await ines.see("/translations?pages_in=es")
    assert page.html["lang"] == "es"
    assert "esperan un lector" in plain(page.h1)
    assert "Una máquina redactó" in plain(page.footer)


async def test_a_file_of_more_than_a_megabyte_is_looked_at_and_taken(here):
    ines = await here.sign_in("translator")
    answer = await ines.get("/translations/es/export?kind=po&document=survey:mornings")
    text = answer.content.decode().replace('msgstr "Gracias por su tiempo."', 'msgstr "Muchas gracias."')
    large = text.encode() + b"".join(b"# %d a note of the translator's\n" % n for n in range(30_000))

    page = await ines.do("/translations/import", files={"file": ("mornings.po", large)})
    held = {
        one["name"]: one["value"]
        for one in page.select("form[action='/translations/import/take'] input[type=hidden]")
    }
    assert len(held["data"]) > 1_200_000
    ticked = page.select_one("input[name=text]")["value"]
    page = await ines.do(
        "/translations/import/take", held | {"text": [ticked, *(f"gone {n}" for n in range(1500))]}
    )

    said = plain(page.select_one(".said"))
    assert said.startswith("1 text is taken in, and waits for a reader. 1500 were left out")


async def test_nothing_ticked_takes_nothing_and_the_file_need_not_be_chosen_again(here):
    ines = await here.sign_in("translator")
    answer = await ines.get("/translations/es/export?kind=po&document=survey:mornings")
    changed = answer.content.replace(b'msgstr "Gracias por su tiempo."', b'msgstr "Muchas gracias."')
    page = await ines.do("/translations/import", files={"file": ("mornings.po", changed)})
    held = {one["name"]: one["value"] for one in page.select("form[action$='/take'] input[type=hidden]")}

    page = await ines.do("/translations/import/take", held, status=422)

    assert "Tick at least one text to take." in plain(page.select_one(".problems"))
    assert page.select_one("input[name=data]")["value"] == held["data"]


async def test_a_file_of_nothing_open_is_a_page_that_says_so_and_names_of_files_are_plain(here):
    ines = await here.sign_in("translator")
    for context in [
        one["value"].split()[0] for one in (await ines.see("/translations/es")).select("input[name=text]")
    ]:
        if context.startswith("survey:"):
            await decide(ines, f"/translations/es/{context}")
    page = await ines.see("/translations/es/export?document=survey:mornings")
    assert "Nothing is open there, so there is nothing to hand out." in plain(page.select_one(".said"))
    assert (await ines.get("/translations/es/export?document=survey:mañanas")).status_code == 404


async def test_a_survey_written_in_another_language_has_a_file_of_its_own_in_the_download(here):
    written = SURVEY.replace("survey: mornings", "survey: manana\nsource: ht").replace(
        "drafted: [es, ht]", "drafted: [es, en]"
    )
    async with here.app.database.begin() as db:
        await here.app.shelf.publish(db, survey_flows.loads(written, "manana"), here.clock(), here.app.new_id)
    ines = await here.sign_in("translator")

    answer = await ines.get("/translations/es/export?kind=po")

    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(packed.namelist()) == ["openline.en-es.po", "openline.ht-es.po"]
    page = await ines.do("/translations/import", files={"file": ("x.po", packed.read("openline.ht-es.po"))})
    assert plain(page.h1) == "The file changes nothing in Spanish"


async def test_after_something_to_mend_the_next_text_is_still_one_of_the_same_document(here):
    ines = await here.sign_in("translator")
    path = f"{WHY}?document=survey:mornings"
    page = await ines.see(path)
    sent = {"said": "", "do": "approve", "seen": seal(page), "document": "survey:mornings"}

    page = await ines.do(WHY, sent, status=422)

    assert page.select_one("#decide input[name=document]")["value"] == "survey:mornings"


async def test_a_term_that_a_colleague_changed_meanwhile_is_not_overwritten_unseen(here):
    ines, kim = await here.sign_in("translator"), await here.sign_in("translator", name="Kim Muster")
    path = "/translations/glossary/attendance?language=es"
    mine, theirs = [
        {each["name"]: each.get("value", "") for each in page.select(".term-form input[type=hidden], #term")}
        for page in [await ines.see(path), await kim.see(path)]
    ]
    await kim.do("/translations/glossary/attendance", theirs | {"say": "presencia"})

    page = await ines.do("/translations/glossary/attendance", mine | {"say": "acudir"}, status=422)

    assert "it is “presencia” now" in plain(page.select_one(".problems"))
    assert page.select_one("#say")["value"] == "acudir"
    again = mine | {"seen": page.select_one("input[name=seen]")["value"], "say": "acudir"}
    await ines.do("/translations/glossary/attendance", again)
    assert TERMS.preferred("attendance", "es") == "acudir"


async def test_a_term_called_as_a_page_of_the_glossary_can_be_opened(here):
    ines = await here.sign_in("translator")
    for term in ("New", "Check"):
        await ines.do("/translations/glossary/new", {"language": "es", "term": term, "say": "nuevo"})
        page = await ines.see(f"/translations/glossary/{term.lower()}_2?language=es")
        assert page.select_one("#term")["value"] == term
