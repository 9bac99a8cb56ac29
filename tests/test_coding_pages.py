"""The room "coding" over HTTP: reading replies, agreeing, new themes, codebooks; who may, and what is refused."""

from __future__ import annotations

from coding_world import BUS, ENGLISH, FEES, GIVEN, ILL, NOBODY, REPLY, WORK, here, ines, kim, rows
from office import plain

import survey_flows
from bot.reviewing import queue
from bot.reviewing.standing import unread
from bot.store import draws
from bot.store.tables import answers, readings, surveys

__all__ = ["here", "ines", "kim"]  # the fixtures


async def seen(desk, answer):
    page = await desk.see(f"/coding/bus/{answer}")
    return page.find("input", {"name": "seen"})["value"], page


async def save(desk, answer, *themes, do="save", status=200, **more):
    mark, _ = await seen(desk, answer)
    return await desk.do(
        f"/coding/bus/{answer}", {"seen": mark, "theme": list(themes), "do": do} | more, status
    )


async def test_the_list_says_how_many_wait_who_has_read_and_how_well_people_agree(here, ines, kim):
    first = await here.say.says("the bus is late")
    await here.say.says("no bus at all")
    await here.say.reads(ines, first, BUS)
    await here.say.reads(kim, first, BUS, WORK)

    page = plain((await ines.see("/coding")).main)

    assert "1 reply waits to be read" in page
    assert "1 done, 1 to go" in page
    assert "Ines Muster 1" in page
    assert "Kim Muster 1" in page
    assert "0% of 1 reply" in page
    assert "Settle 1 difference" in page


async def test_before_anybody_has_answered_the_list_says_what_will_come(here, ines):
    assert "No survey has replies yet" in plain((await ines.see("/coding")).main)
    assert "There is nothing to read yet" in plain((await ines.see("/coding/bus")).main)


async def test_who_looks_again_after_the_last_reply_gets_what_has_come_meanwhile(here, ines):
    assert "There is nothing to read yet" in plain((await ines.see("/coding/bus/done")).main)

    answer = await here.say.says("the bus is late")

    page = await ines.see("/coding/bus/done")
    assert str(answer) in page.select_one("#reading")["action"]


async def test_the_reply_stands_there_with_its_translation_and_evidence_that_carries_the_key_of_its_theme(
    here, ines
):
    answer = await here.say.says(REPLY, GIVEN, language="es", english=ENGLISH, school="Lincoln")

    page = await ines.see("/coding/bus")

    reply = page.select_one(".reply")
    assert (reply["lang"], reply["dir"]) == ("es", "ltr")
    marks = {
        mark.sup.extract().get_text().split()[-1]: mark.get_text() for mark in page.select(".reply mark")
    }
    assert marks == {"1": "autobús", "2": "entro a las", "3": "asma"}
    keys = {box["data-key"]: box["value"] for box in page.select("fieldset input[data-key]")}
    assert (keys["1"], keys["2"], keys["3"], keys["4"]) == (BUS, WORK, ILL, FEES)
    assert page.select_one(".in-english")["lang"] == "en"
    assert "In English, checked by a person" in plain(page.main)
    assert "Weak match" in plain(page.select_one(f"#why-{FEES.replace('.', '-')}"))
    assert "Lincoln" in plain(page.main)
    assert not page.select("input[name=theme][checked]")
    assert str(answer) in page.select_one("#reading")["action"]


async def test_every_theme_of_the_codebook_can_be_chosen_and_its_meaning_is_a_click_away(here, ines):
    answer = await here.say.says("the bus is late")

    _, page = await seen(ines, answer)

    book = here.app.books.bundled
    assert {box["value"] for box in page.select("input[name=theme]")} == set(book.codes)
    keys = [box["data-key"] for box in page.select("input[name=theme]")]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert book["health.chronic"].exclude in page.select_one("#about-health-chronic").get_text()


async def test_what_is_chosen_is_saved_and_the_next_reply_comes(here, ines):
    for n in range(3):
        await here.say.says(f"the bus is late {n}")
    _, page = 0, await ines.see("/coding/bus")
    action = page.select_one("#reading")["action"]

    onward = await ines.post(
        action, {"seen": page.find("input", {"name": "seen"})["value"], "theme": [BUS, WORK]}
    )

    assert onward.status_code == 303
    assert onward.headers["location"] != action
    (row,) = await rows(here, readings)
    assert (row.coder, row.purpose) == (queue.reader(ines.member.id), "review")
    assert "You saved last: Bus service does not work, Adult work hours clash" in plain(
        (await ines.see(onward.headers["location"])).main
    ) or "You saved last" in plain((await ines.see(onward.headers["location"])).main)


async def test_nothing_is_saved_where_nothing_is_chosen_and_none_fits_is_a_button_of_its_own(here, ines):
    answer = await here.say.says("the bus is late")

    refused = await save(ines, answer, status=422)
    both = await save(ines, answer, BUS, do="none", status=422)
    await save(ines, answer, do="none")

    assert refused.title.get_text().startswith("Error: ")
    assert "Choose every theme that the reply speaks of" in plain(refused.select_one(".problems"))
    assert both.select_one(f"input[value='{BUS}']").has_attr("checked")
    assert len(await rows(here, readings)) == 1


async def test_something_else_is_saved_with_a_note(here, ines):
    answer = await here.say.says("the crossing guard is gone")

    refused = await save(ines, answer, do="other", status=422)
    await save(ines, answer, do="other", note="The crossing guard")

    assert "Say in a few words what else" in plain(refused.main)
    (row,) = await rows(here, readings)
    assert row.note == "The crossing guard"
    assert "Another barrier" in plain((await ines.see("/coding/bus")).main)


async def test_a_reply_that_is_passed_over_goes_to_somebody_else(here, ines, kim):
    answer = await here.say.says("the bus is late")

    page = await save(ines, answer, do="pass")

    assert "Nothing is left for you to read" in plain(page.main) or "There is nothing to read yet" in plain(
        page.main
    )
    assert str(answer) in (await kim.see("/coding/bus")).select_one("#reading")["action"]


async def test_the_last_decision_is_taken_back_and_its_reply_shown_again(here, ines):
    answer = await here.say.says("the bus is late")
    await save(ines, answer, BUS)

    page = await ines.do("/coding/bus/undo")

    assert str(answer) in page.select_one("#reading")["action"]
    assert "Taken back" in plain(page.main)
    assert await rows(here, readings) == []
    assert "nothing of yours to take back" in plain((await ines.do("/coding/bus/undo")).main)


async def test_identical_replies_are_saved_together_and_it_is_said(here, ines):
    answer = await here.say.says("the bus")
    await here.say.says("the bus")

    page = await save(ines, answer, BUS)

    assert "Saved, and for 1 reply in exactly the same words." in plain(page.main)


async def test_words_that_came_meanwhile_keep_a_decision_from_being_saved(here, ines):
    answer = await here.say.says("the bus is late")

    refused = await ines.do(f"/coding/bus/{answer}", {"seen": "another", "theme": BUS, "do": "save"}, 422)

    assert "more words of this reply have come" in plain(refused.main)
    assert await rows(here, readings) == []


async def test_a_reply_for_two_readers_shows_no_suggestion_no_mark_and_not_what_the_other_said(
    here, ines, kim
):
    answer = await here.say.says(REPLY, GIVEN, language="es", english=ENGLISH)
    async with here.app.database.begin() as db:
        row = {"answer_id": answer, "drawn": "lot", "wanted": 2, "created_at": here.clock()}
        await draws.draw(db, [row])
    await here.say.reads(kim, answer, ILL)

    _, page = await seen(ines, answer)

    assert not page.select("mark")
    assert not page.select("input[checked]")
    assert not page.select(".why")
    assert "Two people read this reply" in plain(page.main)


async def test_names_and_numbers_are_taken_out_of_what_is_read(here, ines):
    answer = await here.say.says("Ms. Rivera said no, call 555-010-0142", {})

    _, page = await seen(ines, answer)

    assert "Rivera" not in page.get_text()
    assert "0142" not in page.get_text()
    assert [each.get_text() for each in page.select(".reply .taken-out")] == ["[name]", "[number]"]


async def test_a_coder_of_one_school_reads_its_replies_and_no_others(here):
    ours = await here.say.says("the bus is late", school="Lincoln")
    theirs = await here.say.says("no bus at all", school="Adams", doubt=0.9)
    cora = await here.sign_in(("coder", "Lincoln"))

    first = await cora.see("/coding/bus")
    assert str(ours) in first.select_one("#reading")["action"]
    assert "1 reply waits to be read" in plain((await cora.see("/coding")).main)
    await cora.see(f"/coding/bus/{theirs}", 404)
    assert (await cora.post(f"/coding/bus/{theirs}", {"theme": BUS})).status_code == 404
    assert (await cora.post(f"/coding/bus/differences/{theirs}", {"theme": BUS})).status_code == 404
    page = await save(cora, ours, BUS)
    assert "Nothing is left for you to read" in plain(page.main)
    assert [row.drawn for row in await rows(here, draws.draws)] == ["doubt"]
    await cora.see("/coding/bus/emerging", 403)
    await cora.see("/codebooks", 403)


async def test_only_readers_come_in_and_a_form_needs_its_token(here, ines):
    answer = await here.say.says("the bus is late")
    theo = await here.sign_in("translator", name="Theo Muster")

    await theo.see("/coding", 403)
    await theo.see(f"/coding/bus/{answer}", 403)
    assert (await ines.post(f"/coding/bus/{answer}", {"csrf": "wrong", "theme": BUS})).status_code == 403
    assert (await here.plain().get("/coding")).status_code == 303
    for path in ("/coding/nothing", f"/coding/bus/{NOBODY}", "/coding/bus/nothing", "/codebooks/nothing"):
        await ines.see(path, 404)


async def test_the_menu_counts_what_waits_for_all_or_for_some_schools(here, ines):
    first = await here.say.says("the bus is late", school="Lincoln")
    await here.say.says("no bus at all", school="Adams")

    async with here.app.database.read() as db:
        assert await unread(db, None) == 2
        assert await unread(db, frozenset({"Lincoln"})) == 1
        assert await unread(db, frozenset()) == 0
    await save(ines, first, BUS)
    async with here.app.database.read() as db:
        assert await unread(db, None) == 1


async def twice(here, ines, kim, count=12, apart=4):
    found = []
    for n in range(count):
        answer = await here.say.says(f"the bus is late {n}", (BUS,))
        async with here.app.database.begin() as db:
            await draws.draw(
                db, [{"answer_id": answer, "drawn": "lot", "wanted": 2, "created_at": here.clock()}]
            )
        await here.say.reads(ines, answer, *((BUS,) if n % 2 else (ILL,)))
        await here.say.reads(kim, answer, *((FEES,) if n < apart else (BUS,) if n % 2 else (ILL,)))
        found.append(answer)
    return found


async def test_agreement_names_the_theme_to_talk_about_and_how_often_the_computer_is_right(here, ines, kim):
    await twice(here, ines, kim)

    page = await ines.see("/coding/bus/agreement")

    assert plain(page.h1) == "Talk about “Clothes, supplies, fees” first"
    words = plain(page.main)
    assert "67% of 12 replies" in words
    assert "Krippendorff’s alpha" in words
    assert "12 replies that were drawn by lot" in words
    assert "Too low to publish" in words
    table = await ines.get("/coding/bus/agreement.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "Clothes, supplies, fees" in table.text
    assert (await ines.get("/coding/bus/agreement.xlsx")).content[:2] == b"PK"
    assert (await ines.get("/coding/bus/agreement.exe")).status_code == 404
    part = await ines.get("/coding/bus/agreement/shares", headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Between people" in plain((await ines.see("/coding/bus/agreement/shares")).main)


async def test_before_two_have_read_agreement_says_what_will_come(here, ines):
    await here.say.says("the bus is late")

    assert "Nobody knows yet" in plain((await ines.see("/coding/bus/agreement")).h1)


async def test_readers_who_differ_settle_it_and_can_take_it_back(here, ines, kim):
    (answer, *_) = await twice(here, ines, kim, 2, 1)
    page = await ines.see("/coding/bus/differences")
    assert "Readers differ on 1 reply" in plain(page.h1)
    assert "Ines Muster" in plain(page.main)
    assert "Clothes, supplies, fees" in plain(page.main)

    refused = await ines.do(f"/coding/bus/differences/{answer}", {}, 422)
    settled = await ines.do(f"/coding/bus/differences/{answer}", {"theme": ["", ILL]})

    assert "Choose what you have agreed on" in plain(refused.select_one(".problems"))
    assert "differ on nothing" in plain(settled.h1)
    (row,) = await rows(here, answers, answers.c.id == answer)
    assert row.decided == f"agreed:{ines.member.id}"
    back = await ines.do(settled.select_one(".said form")["action"])
    assert "Readers differ on 1 reply" in plain(back.h1)


async def test_no_address_holds_anybody_s_words(here, ines):
    await here.say.says("the bus is late and Luis is afraid")

    page = await ines.see("/coding/bus")

    assert not [link["href"] for link in page.select("a[href]") if "Luis" in link["href"]]


async def test_a_note_stands_there_again_and_is_not_lost_when_the_reading_is_saved_once_more(here, ines):
    answer = await here.say.says("the bus is late")
    await save(ines, answer, BUS, note="Which bus? <b>")

    mark, page = await seen(ines, answer)
    assert page.select_one("#note").get_text().strip() == "Which bus? <b>"
    kept = page.select_one("#note").get_text().strip()
    await ines.do(f"/coding/bus/{answer}", {"seen": mark, "theme": [BUS, WORK], "do": "save", "note": kept})

    (reading,) = await rows(here, readings)
    assert reading.note == "Which bus? <b>"


async def test_a_reading_that_was_taken_back_is_ticked_so_that_one_theme_can_be_changed(here, ines):
    answer = await here.say.says("the bus is late")
    await save(ines, answer, BUS, WORK)

    page = await ines.do("/coding/bus/undo")

    assert {box["value"] for box in page.select("input[name=theme][checked]")} == {BUS, WORK}
    assert await rows(here, readings) == []


async def test_the_question_is_the_one_that_was_asked_without_raw_gaps(here, ines):
    text = (await rows(here, surveys))[0].text
    text = text.replace("survey: bus", "survey: gaps", 1)
    text = text.replace("{en: What made it hard?,", '{en: "What was hard at {school}?",')
    text = text.replace("¿Qué lo hizo difícil?", '"{school}"')
    async with here.app.database.begin() as db:
        id_ = await here.app.shelf.publish(
            db, survey_flows.loads(text, "gaps"), here.clock(), here.app.new_id
        )
    here.say.survey_id = id_
    answer = await here.say.says("the bus is late")

    page = await ines.see(f"/coding/gaps/{answer}")

    assert plain(page.select_one(".asked")) == "Asked: What was hard at [school]?"


async def test_what_was_ticked_and_written_at_a_difference_stays_after_something_to_mend(here, ines, kim):
    answer = await here.say.says("the bus is late")
    await here.say.reads(ines, answer, BUS)
    await here.say.reads(kim, answer, WORK)

    typed = {"theme": [BUS, ILL], "none": "yes", "note": "We talked <b>"}
    page = await ines.do(f"/coding/bus/differences/{answer}", typed, 422)

    assert [box["value"] for box in page.select("input[name=theme][checked]")] == [BUS]
    assert page.select_one("input[name=none][checked]")
    assert page.select_one("select[name=theme] option[selected]")["value"] == ILL
    assert page.select_one("textarea[name=note]").get_text().strip() == "We talked <b>"
    assert page.select_one("details[open] textarea[name=note]")


async def test_a_reading_counts_for_the_same_words_at_other_schools_without_telling_how_many(here, ines):
    ours = await here.say.says("no bus", school="Lincoln")
    for _ in range(3):
        await here.say.says("no bus", school="Adams")
    cora = await here.sign_in(("coder", "Lincoln"), name="Cora Muster")

    page = await save(cora, ours, BUS)

    assert plain(page.select_one(".said")) == "Saved, also for replies in exactly the same words."
    assert len(await rows(here, readings)) == 4


async def test_a_coder_of_one_school_is_not_led_to_what_is_for_all_schools_and_few_are_called_few(
    here, ines, kim
):
    for text, theme in (("the bus is late", BUS), ("no bus at all", BUS), ("I work", WORK)):
        answer = await here.say.says(text)
        await here.say.reads(ines, answer, theme)
        await here.say.reads(kim, answer, theme)
    answer = await here.say.says("the bus")
    cora = await here.sign_in(("coder", "Lincoln"), name="Cora Muster")

    pages = [await cora.see("/coding"), await cora.see(f"/coding/bus/{answer}")]

    assert not any(page.select("a[href$='/emerging']") for page in pages)
    assert (await ines.see("/coding")).select("a[href$='/emerging']")
    assert all("That is few" in plain(page.main) for page in pages)
