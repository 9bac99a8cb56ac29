"""openline report: what it writes, what it will not write over, and what it says about both. On both databases."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from conftest import missing
from export_world import AT, KEY, fill, read_by_staff

from bot import waves
from bot.cli.root import Problem
from bot.outreach import campaign_file
from bot.reports import paper, words


@pytest.fixture
async def town(database, monkeypatch, tmp_path, clock):
    clock.now = AT + timedelta(days=5)
    monkeypatch.chdir(tmp_path)
    await fill(database, 300)
    return database


@pytest.fixture
def openline(town, typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_ORGANIZATION", "Riverbend School District")
    return typed


def read(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def plain(node):
    return " ".join(node.get_text(" ").split())


async def test_the_report_is_one_html_file_here_unless_said_otherwise(openline, tmp_path):
    told = await openline("report", KEY)

    page = read(tmp_path / f"report-{KEY}.html")
    assert f"Written: report-{KEY}.html" in told
    assert "read the families' words" in told
    assert plain(page.h1) == "Getting there is the barrier families name most"
    assert "Riverbend School District" in plain(page.header)
    assert "300" in plain(page.select_one(".facts"))
    assert "State 1 of the numbers, of Tuesday, October 6, 2026." in plain(page.header)
    assert "made-up 1" in plain(page.select_one("#coded").parent)


async def test_nothing_is_written_over_unless_forced(openline, tmp_path):
    there = tmp_path / "fall.html"
    there.write_text("mine")

    with pytest.raises(Problem, match=r"fall\.html is there already.*--force"):
        await openline("report", KEY, "--to", "fall.html")
    assert there.read_text() == "mine"

    await openline("report", KEY, "--to", "fall.html", "--force")
    assert "Getting there" in there.read_text("utf-8")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_pdf_is_a_pdf_of_the_country_s_paper(openline, tmp_path, monkeypatch):
    pypdf = pytest.importorskip("pypdf")
    monkeypatch.setenv("OPENLINE_COUNTRY", "DE")
    try:
        told = await openline("report", KEY, "--to", "fall.pdf")
    except Problem as problem:
        if str(problem) == paper.MISSING:
            missing("no Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
        raise

    book = pypdf.PdfReader(io.BytesIO((tmp_path / "fall.pdf").read_bytes()))
    assert "Written: fall.pdf" in told
    assert float(book.pages[0].mediabox.width) == pytest.approx(595.3, abs=1)
    assert book.metadata.title.startswith("Getting there")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_without_pango_nothing_is_written_and_the_error_says_what_to_install(
    openline, tmp_path, monkeypatch
):
    monkeypatch.setattr(paper, "import_module", lambda name: (_ for _ in ()).throw(OSError("libpango")))

    with pytest.raises(Problem, match="apt-get install libpango"):
        await openline("report", KEY, "--to", "fall.pdf")

    assert not (tmp_path / "fall.pdf").exists()


WRONG = [
    (["evenings"], "There is no survey evenings. There are: mornings"),
    ([KEY, "--to", "fall.docx"], r"fall\.docx: a report is \.html or \.pdf"),
    ([KEY, "--by", "shoes"], "--by shoes: there is no such group. There are: .*school"),
    ([KEY, "--pair", "school"], "--pair names two groups"),
    ([KEY, "--pair", "school,shoes"], "--pair: there is no group .*shoes.*There are: .*school"),
    ([KEY, "--wave", "Spring"], "Spring"),
    ([KEY, "--before", "Spring"], "--before Spring: there is no such wave of mornings"),
    ([KEY, "--language", "es"], "go with --families"),
    ([KEY, "--families", "--by", "school"], "leave out --families"),
    ([KEY, "--families", "--language", "a language"], "'a language' is no language tag"),
    ([KEY, "--families", "--language", "de"], "no phrases in de. There are: en, ar"),
    ([KEY, "--families", "--language", "es"], "es: drafts that no person has approved. --drafts-too"),
]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_what_cannot_be_is_told_with_how_to_mend_it(openline, tmp_path):
    for arguments, said in WRONG:
        with pytest.raises(Problem, match=said):
            await openline("report", *arguments)

    assert list(tmp_path.glob("*.html")) == []


async def test_pairs_and_groups_are_those_that_were_asked_for(openline, tmp_path):
    await openline("report", KEY, "--pair", "school,language", "--by", "school", "--to", "fall.html")

    page = read(tmp_path / "fall.html")
    assert {plain(head) for head in page.select(".heat .dimension")} == {"By school"}
    assert "By school and language" in plain(page.select_one("#differs").parent)


async def test_a_wave_is_compared_with_the_one_before(openline, town, tmp_path):
    async with town.begin() as db:
        await waves.add(db, KEY, "Spring", AT - timedelta(hours=1))
        await waves.add(db, KEY, "Fall", AT + timedelta(minutes=150))

    await openline("report", KEY, "--to", "fall.html")
    await openline("report", KEY, "--to", "spring.html", "--wave", "Spring")

    fall, spring = read(tmp_path / "fall.html"), read(tmp_path / "spring.html")
    assert "Fall" in plain(fall.select_one(".survey"))
    assert "Since Spring" in plain(fall.select_one("#change").parent)
    assert spring.select_one("#change") is None


async def test_what_people_checked_is_told(openline, town, tmp_path):
    from sqlalchemy import select

    from bot.store.tables import answers

    async with town.read() as db:
        ids = (await db.execute(select(answers.c.id).order_by(answers.c.id).limit(40))).scalars().all()
    for answer in ids:
        await read_by_staff(town, answer, ["transport.bus_service"])

    await openline("report", KEY)

    said = plain(read(tmp_path / f"report-{KEY}.html").select_one("#coded").parent)
    assert "People have checked a part of its work." in said
    assert "People read 40 replies that were drawn by lot" in said


async def test_families_get_a_page_in_each_approved_language_and_drafts_are_named(openline, tmp_path):
    told = await openline("report", KEY, "--families")

    assert [file.name for file in (tmp_path / f"families-{KEY}").iterdir()] == [f"{KEY}-en.html"]
    assert "because no person has approved the phrases: es" in told
    assert "do not say what you will do" in told

    await openline("report", KEY, "--families", "--drafts-too", "--to", "drafts")
    pages = {file.name: read(file) for file in (tmp_path / "drafts").iterdir()}
    assert set(pages) == {f"{KEY}-en.html", f"{KEY}-es.html"}
    assert pages[f"{KEY}-es.html"].select_one(".draft")
    assert not pages[f"{KEY}-en.html"].select_one(".draft")


async def test_a_plan_is_said_in_its_languages_and_the_missing_ones_are_named(openline, tmp_path):
    (tmp_path / "plan.yaml").write_text('will_do: {en: "Two more buses"}\n', "utf-8")

    told = await openline("report", KEY, "--families", "--drafts-too", "--plan", "plan.yaml")

    assert "--plan has no will_do in es" in told
    folder = tmp_path / f"families-{KEY}"
    assert "Two more buses" in plain(read(folder / f"{KEY}-en.html").select_one(".promise"))
    assert read(folder / f"{KEY}-es.html").select_one(".promise") is None


async def test_a_text_message_is_a_campaign_with_its_drafts_marked(openline, tmp_path):
    told = await openline("report", KEY, "--families", "--as", "text", "--drafts-too", "--to", "out")

    text = (tmp_path / "out" / f"told-{KEY}.yaml").read_text("utf-8")
    made = campaign_file.loads(text, "told.yaml")
    assert made.drafted == {"es"}
    assert re.search(r"en, \d SMS: \{school\} thanks you", told)
    assert "openline campaign check" in told


async def test_the_phrases_are_lent_to_be_read_and_an_approved_language_is_written(openline, tmp_path):
    told = await openline("report", KEY, "--families", "--words", "ours")
    assert "X-Approved-By" in told
    assert {file.stem for file in (tmp_path / "ours").iterdir()} == set(words.LANGUAGES)

    file = tmp_path / "ours" / "es.po"
    file.write_text(
        file.read_text("utf-8").replace('"X-Approved-By: ', '"X-Approved-By: Ana Muster'), "utf-8"
    )
    await openline("report", KEY, "--families", "--words", "ours")

    page = read(tmp_path / f"families-{KEY}" / f"{KEY}-es.html")
    assert plain(page.h1) == "Gracias por contarnos"
    assert not page.select_one(".draft")


async def test_of_too_few_nothing_is_given_back(typed, database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    await fill(database, 6)

    with pytest.raises(Problem, match="Too few have answered"):
        await typed("report", KEY, "--families")
