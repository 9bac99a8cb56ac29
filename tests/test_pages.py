"""What the pages say: the finding in words, numbers only from the Summary, families' words safe and in their language."""

import asyncio
import re
import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import httpx
import made_up
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, insert, select, update

from analysis import codebook
from analysis.findings import Response, Summary
from analysis.quotes import Quote
from analysis.summary import summarize
from bot import findings, staff
from bot.app import opened
from bot.coding import digest
from bot.outreach.lately import Lately
from bot.settings import Settings
from bot.store import coders, tables
from bot.store import staff as rows
from bot.store.database import Database, connect
from bot.store.staff import Member
from bot.waves import NoWave
from bot.web import welcome
from bot.web.app import create
from bot.web.badges import nothing
from bot.web.view import charts, figures, sentences, tongues
from bot.web.view.groups import in_order, place
from bot.web.view.quoted import origin as translated_by

HOME = "https://openline.example"
NOW = datetime(2026, 10, 14, 10, 8, tzinfo=UTC)
FINDINGS = f"/findings/{made_up.SURVEY}"
SETTINGS = Settings(_env_file=None, public_url=HOME, secret_key="made up for tests")


@dataclass(frozen=True)
class Listed:
    key: str = made_up.SURVEY
    title: str = made_up.TITLE


@dataclass
class Service:
    """One survey whose findings the test chooses."""

    database: Database
    found: Summary | None
    settings: Settings = SETTINGS
    channels = {}

    def clock(self):
        return NOW

    async def surveys(self):
        return [Listed()]

    async def crossed(self, survey, wave, pairs):
        return self.found

    async def glance(self, survey, how="named", wave=None):
        if wave not in (None, "Spring 2026", "Fall 2026"):
            raise NoWave("There is no such wave")
        if self.found is None:
            return None
        async with self.database.read() as db:
            by = await coders.of_survey(db, survey)
        return replace(made_up.viewed(self.found, how, wave), coders=by)

    lately = Lately()

    async def chosen(self, survey):
        return (made_up.results(), self.clock()) if survey == made_up.SURVEY else None


@pytest.fixture(scope="module")
def summary() -> Summary:
    return made_up.summary()


@pytest.fixture
async def service(sqlite_url, summary):
    database = connect(sqlite_url)
    yield Service(database, summary)
    await database.close()


@pytest.fixture
async def browser(service):
    """A browser in which Ines has signed in."""
    ines = Member(uuid4(), "ines@riverbend.example", "Ines <b>Muster</b>", None)
    async with service.database.begin() as db:
        await rows.insert_member(db, ines, NOW)
        opened = await staff.open_session(db, NOW, ines, made_up.DAY)
    web = create(service, nothing)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=web), base_url=HOME, cookies={"__Host-openline": opened.token}
    ) as client:
        yield client


ASKS_FOR_MORE = re.compile(r"/(behind|download)\b|[?].*&")
"""Pages that need the whole service (test_themes_pages.py looks at them), and filters beside filters: too many to follow."""


async def soup(browser, path=FINDINGS, status=200) -> BeautifulSoup:
    answer = await browser.get(path)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "html.parser")


def plain(node) -> str:
    return " ".join(node.get_text(" ").split())


async def test_the_heading_is_the_finding(browser, summary):
    read = await soup(browser)

    assert plain(read.h1) == f"{summary.themes[0].label} is the barrier families name most"
    assert read.title.string.startswith(plain(read.h1))


def test_the_heading_claims_no_order_that_chance_could_have_made(summary):
    first, second, third, *_ = summary.themes
    close = replace(second, low=first.low - 0.01, high=first.low + 0.01)

    assert sentences.headline(replace(summary, themes=(first, close, third))) == (
        f"“{first.label}” and “{close.label}” are the barriers families name most"
    )
    assert "No single barrier stands out" in sentences.headline(
        replace(summary, themes=(first, close, close, close))
    )


def test_students_are_not_called_families(summary):
    only = {**summary.groups, "respondent": {"student": next(iter(summary.groups["school"].values()))}}
    both = {**only, "respondent": {**only["respondent"], "family": only["respondent"]["student"]}}

    assert "students name most" in sentences.headline(replace(summary, groups=only))
    assert "people name most" in sentences.headline(replace(summary, groups=both))


async def test_every_row_of_the_chart_is_what_the_summary_says(browser, summary):
    read = await soup(browser)

    drawn = {
        plain(row.th): [plain(cell) for cell in row.find_all("td")[1:]]
        for row in read.select(".ranked tbody tr")
    }

    for share in (*summary.themes, summary.apart):
        if share.count is not None:
            assert drawn[share.label] == [
                figures.percent(share.share),
                figures.likely(share.low, share.high),
                figures.thousands(share.count),
            ]
        else:
            assert share.label not in drawn
            assert share.label in plain(read.select_one(".ranked + .meta"))


async def test_no_barrier_stands_apart_after_the_barriers(browser, summary):
    read = await soup(browser)

    marks = ["apart" in row["class"] for row in read.select(".ranked tbody tr")]

    assert marks == [False] * sum(theme.count is not None for theme in summary.themes) + [True]
    assert not read.select(".ranked .apart a")


async def test_a_bar_is_as_long_as_its_share(browser, summary):
    read = await soup(browser)
    axis = charts.scale(max(s.high for s in (*summary.themes, summary.apart) if s.count))

    widths = [float(bar["width"].rstrip("%")) for bar in read.select(".ranked rect")]
    shares = [s.share for s in (*summary.themes, summary.apart) if s.count is not None]

    assert widths == pytest.approx([share / axis.end * 100 for share in shares], abs=0.01)


async def test_hidden_cells_say_hidden_and_nothing_else(browser, summary):
    read = await soup(browser)

    hidden = read.select(".heat td.hidden-cell")
    expected = sum(
        group.themes.get(theme.theme) is None
        for dimension in summary.groups.values()
        for group in dimension.values()
        for theme in (*summary.themes, summary.apart)
        if theme.count is not None
    )

    assert len(hidden) == expected > 0
    assert {str(cell) for cell in hidden} == {'<td class="hidden-cell"><span>hidden</span></td>'}


async def test_who_was_not_heard_adds_up(browser, summary):
    read = await soup(browser)

    *reasons, total = [int(cell.string.replace(",", "")) for cell in read.select(".sum dd")]

    assert sum(reasons) == total == summary.asked - summary.answered


async def test_a_theme_is_chosen_by_a_link_and_left_by_one(browser, summary):
    second = summary.themes[1]
    link = next(a for a in (await soup(browser)).select(".ranked a") if plain(a) == second.label)

    chosen = await soup(browser, link["href"])

    assert link["href"] == f"{FINDINGS}?theme={second.theme}"
    assert plain(chosen.h1).startswith(second.label)
    assert plain(chosen.select_one(".ranked .on th")) == second.label
    assert chosen.select_one(".chip")["href"] == FINDINGS


@pytest.mark.parametrize(
    "path",
    [
        f"{FINDINGS}?theme=nonsense",
        f"{FINDINGS}?school=nonsense",
        "/findings/nonsense",
        f"{FINDINGS}/nonsense",
    ],
)
async def test_what_there_is_not_is_a_page_that_says_so(browser, path):
    read = await soup(browser, path, 404)

    assert plain(read.h1) == "There is no such page"
    assert "nonsense" not in read.get_text()


async def test_words_that_look_like_code_stay_words(browser, service, summary):
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)> & [name]"
    service.found = worded(summary, original=attack, english=attack, language="es")

    answer = await browser.get(FINDINGS)

    assert "<script>" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert '<span class="taken-out">[name]</span>' in answer.text


async def test_a_name_that_looks_like_code_stays_a_name(browser):
    answer = await browser.get("/")

    assert "Ines &lt;b&gt;Muster&lt;/b&gt;" in answer.text


async def test_a_quote_is_in_its_language_and_says_who_translated_it(browser, service, summary):
    service.found = worded(
        summary,
        original="لا يوجد رصيف",
        english="There is no sidewalk",
        language="ar",
        english_origin="machine:libre",
    )

    figure = (await soup(browser)).select_one(".quote")
    theirs, english = figure.find_all("blockquote")

    assert (theirs["lang"], theirs["dir"]) == ("ar", "rtl")
    assert (english["lang"], english["dir"]) == ("en", "ltr")
    assert plain(figure.figcaption).startswith("Arabic")
    assert "English by a machine (libre), not checked by a person" in plain(figure.figcaption)


@pytest.mark.parametrize(
    ("origin", "said"),
    [("person", "English by a person"), ("glossary", "English from the glossary")],
)
def test_a_translation_by_a_person_or_the_glossary_is_named_as_such(origin, said):
    assert translated_by(origin) == said


async def test_what_is_not_translated_yet_says_so(browser, service, summary):
    service.found = worded(
        summary, original="Bis la pa vini", english=None, language="ht", english_origin=None
    )

    figure = (await soup(browser)).select_one(".quote")

    assert "Not translated yet" in plain(figure)
    assert plain(figure.blockquote) == "Bis la pa vini"


async def test_a_quote_on_the_page_names_its_school_only_where_enough_speak_its_language_there(
    browser, service
):
    asked, voices = made_up.people()
    there = Counter(
        (voice.language, voice.groups["school"]) for voice in {v.person: v for v in voices}.values()
    )
    minimum = 1 + min(there.values())
    service.found = summarize(made_up.SURVEY, asked, voices, codebook.load(), minimum=minimum, quotes=60)

    captions = []
    for theme in service.found.themes:
        if theme.count is not None:
            read = await soup(browser, f"{FINDINGS}?theme={theme.theme}")
            captions += [plain(caption) for caption in read.select(".quote figcaption")]

    assert captions
    for (language, school), number in there.items():
        named = any(caption.startswith(f"{tongues.name(language)}, {school}") for caption in captions)
        assert not named or number >= minimum, (language, school, number)


async def test_the_findings_are_reckoned_off_the_event_loop(sqlite_url, tmp_path, monkeypatch):
    began, heard = threading.Event(), threading.Event()

    def slow(*given, **more):
        began.set()
        assert heard.wait(10), "the event loop stood still"
        return summarize(*given, **more)

    monkeypatch.setattr("bot.releases.summarize", slow)
    settings = Settings(_env_file=None, database_url=sqlite_url, cache_folder=tmp_path)
    async with opened(settings, channels={}) as app:
        async with app.database.begin() as db:
            await made_up.coded(db, NOW)

        reckoning = asyncio.create_task(app.findings(made_up.SURVEY))
        while not began.is_set():
            await asyncio.sleep(0.01)
        heard.set()  # what a webhook would do meanwhile
        found = await reckoning

    assert (found.asked, found.answered) == (1, 1)


async def test_only_the_translations_of_this_survey_are_read(service):
    async with service.database.begin() as db:
        await made_up.coded(db, NOW)
        ((answer, *_),) = await db.execute(select(tables.answers))
        await db.execute(update(tables.answers).values(language="es", heard="el bus"))
        coding = {"id": uuid4(), "answer_id": answer, "theme": "transport.cost", "probability": 1.0}
        await db.execute(
            insert(tables.codings).values(**coding, coder=made_up.CODER, evidence={}, created_at=NOW)
        )
        for words in ("el bus", *(f"otra cosa {n}" for n in range(9))):
            row = {"id": uuid4(), "digest": digest(words), "source": "es", "target": "en", "origin": "person"}
            await db.execute(
                insert(tables.translations).values(**row, text=f"{words}, in English", created_at=NOW)
            )
    asked_for = []

    @event.listens_for(service.database.reader.sync_engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, many):
        if "FROM translations" in statement:
            asked_for.append(parameters)

    async with service.database.read() as db:
        _, (voice,) = await findings.gather(db, made_up.SURVEY)

    assert voice.english == "el bus, in English"
    assert asked_for == [("en", "said", digest("el bus"))]


async def test_many_translations_are_read_in_several_statements(service):
    said = [SimpleNamespace(heard=f"palabra {n}", language="es") for n in range(1100)]
    async with service.database.begin() as db:
        row = {"source": "es", "target": "en", "origin": "person", "created_at": NOW}
        await db.execute(
            insert(tables.translations),
            [{**row, "id": uuid4(), "digest": digest(one.heard), "text": f"{one.heard}!"} for one in said],
        )

    async with service.database.read() as db:
        english = await findings._english(db, said)

    assert {text for text, *_ in english.values()} == {f"palabra {n}!" for n in range(1100)}


async def test_english_words_stand_alone(browser, service, summary):
    service.found = worded(
        summary, original="The bus is late", english=None, language="en", english_origin=None
    )

    figure = (await soup(browser)).select_one(".quote")

    assert len(figure.find_all("blockquote")) == 1
    assert "translated" not in plain(figure)


async def test_the_page_says_that_a_program_did_the_coding_and_which(browser, service):
    before = await soup(browser)
    async with service.database.begin() as db:
        await made_up.coded(db, NOW)
    after = plain((await soup(browser)).select_one("details.notice summary"))

    assert not before.select("details.notice")
    assert after == f"Coded by Openline’s coder version {made_up.CODER}, not yet checked by people"


async def test_before_the_first_message_and_the_first_reply_the_page_says_what_will_come(browser, service):
    service.found = None
    unasked = await soup(browser)
    service.found = made_up.nobody_yet()
    unanswered = await soup(browser)

    assert plain(unasked.h1) == "Nobody has been asked yet"
    assert plain(unanswered.h1) == "No replies yet"
    assert "1,200 families were asked. First replies usually come within the hour." in plain(unanswered.main)
    assert not unanswered.select(".ranked")


async def test_the_list_gives_asked_answered_and_the_leading_barrier(browser, summary):
    read = await soup(browser, "/findings")
    card = plain(read.select_one(".survey"))

    assert made_up.TITLE in card
    assert f"{figures.thousands(summary.asked)} families asked" in reversed_facts(read)
    assert f"{summary.themes[0].label} is the barrier families name most." in card
    assert figures.percent(summary.themes[0].share) in card


def reversed_facts(read) -> str:
    return ", ".join(f"{plain(fact.dd)} {plain(fact.dt)}" for fact in read.select(".facts div"))


async def test_no_link_of_any_page_leads_nowhere(browser):
    seen, waiting = set(), ["/", "/protecting-families"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        read = await soup(browser, path)
        for link in read.find_all("a"):
            target, _, anchor = link["href"].partition("#")
            assert anchor == "" or (await soup(browser, target or path)).find(id=anchor), link
            if target and not ASKS_FOR_MORE.search(target):
                waiting.append(target)

    assert {"/", FINDINGS, "/how-we-count", "/protecting-families"} <= seen


async def test_ids_are_used_once(browser):
    for path in ("/", FINDINGS, "/how-we-count", "/protecting-families"):
        ids = [node["id"] for node in (await soup(browser, path)).find_all(id=True)]

        assert len(ids) == len(set(ids)), path


async def test_the_page_for_families_and_its_document_make_the_same_promises(browser):
    served = [plain(h) for h in (await soup(browser, "/protecting-families")).find_all("h2")]
    document = (Path(__file__).parent.parent / "docs" / "protecting-families.md").read_text(encoding="utf-8")

    assert re.findall(r"^## (.+)$", document, re.M) == served


async def test_families_are_told_in_every_language_that_they_need_no_account(browser):
    browser.cookies.clear()
    read = await soup(browser, "/signin")

    lines = {line["lang"]: line["dir"] for line in read.select(".tongues li")}

    assert (
        set(lines) == {"es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"} == {w.language for w in welcome.WELCOME}
    )
    assert lines["ar"] == "rtl"
    assert "drafted by a machine" in plain(read.select_one("aside"))


def test_a_tag_that_is_none_is_shown_as_it_is():
    assert tongues.name("??") == "??"
    assert tongues.direction("??") == "auto"


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.02), (0.3, 0.36), (0.9, 1.0)])
def test_every_scale_has_room_for_its_largest_share(low, high):
    scale = charts.scale(high)

    assert scale.end >= high - 1e-9
    assert 1 <= scale.steps <= charts.MOST_STEPS
    assert 0 <= float(scale.at(low)) <= float(scale.at(high)) <= 100


def test_groups_stand_in_an_order_that_people_expect():
    grades = ["10", "unknown", "3–5", "K", "Pre-K", "9"]

    assert sorted(grades, key=lambda g: place("grade", g, 5)) == ["Pre-K", "K", "3–5", "9", "10", "unknown"]
    assert sorted(["a", "unknown", "b"], key=lambda s: place("school", s, {"b": 90}.get(s, 9))) == [
        "b",
        "a",
        "unknown",
    ]
    assert in_order({"zone": 1, "language": 1, "school": 1}) == ["school", "language", "zone"]


async def test_where_too_few_replied_the_page_says_at_most(browser, service, summary):
    few = Response(asked=80, answered=None, rate=None, at_most=0.1)
    response = {"language": {**summary.unheard.response["language"], "ar": few}}
    service.found = replace(summary, unheard=replace(summary.unheard, response=response))

    rate = (await soup(browser)).select(".rate")[-1]

    assert plain(rate) == "Arabic at most 10%"
    assert {"least", "bound"} <= set(rate["class"])


async def test_many_schools_are_folded_away(browser, service, summary):
    some = Response(asked=80, answered=40, rate=0.5, at_most=None)
    response = {"school": {f"School {n}": some for n in range(20)}}
    service.found = replace(summary, unheard=replace(summary.unheard, response=response))

    read = await soup(browser)

    assert plain(read.select_one("details.part summary")) == "Replied, by school (20)"


def test_bands_meet_without_gap_at_the_percents_that_are_shown():
    named = [charts.band(percent / 100) for percent in range(101)]

    assert [named.index(css) for css in ("q1", "q2", "q3", "q4", "q5")] == [0, 8, 16, 24, 36]
    assert named == sorted(named)


def worded(summary: Summary, **words) -> Summary:
    first = summary.themes[0]
    quote = replace(first.quotes[0], **{"english_origin": "person", **words})
    assert isinstance(quote, Quote)
    return replace(summary, themes=(replace(first, quotes=(quote,)), *summary.themes[1:]))


async def test_the_page_says_which_state_its_numbers_are_of_and_what_stands_beside_them(
    browser, service, summary
):
    service.found = made_up.told(summary)

    read = await soup(browser)

    state = plain(read.select_one(".head > .meta"))
    assert "Numbers as of Wednesday, October 14, 2026, 10:08 am. 12 more have replied since" in state
    weighting = plain(read.select_one(".weighting"))
    assert f"heard tell as much as {round(summary.heard / 1.24)} who are like everybody" in weighting
    beside = plain(read.select_one(".ranked .beside"))
    first = summary.themes[0]
    assert (
        f"{figures.percent(first.share * 0.9)}, likely {figures.likely(first.share * 0.75, first.share * 1.1)}"
        in beside
    )
    assert f"Weighted: {figures.percent(first.share * 0.95)}" in beside


async def test_every_order_and_wave_has_an_address_that_keeps_the_rest(browser, summary):
    read = await soup(browser, f"{FINDINGS}?view=gap&theme=health")

    orders, by_wave = read.select("nav[aria-label='In which order'] a"), read.select("nav[aria-label=Wave] a")
    assert {a["href"]: a.get("aria-current") for a in orders} == {
        f"{FINDINGS}?theme=health": None,
        f"{FINDINGS}?view=within_reach&theme=health": None,
        f"{FINDINGS}?view=gap&theme=health": "true",
        f"{FINDINGS}?view=change&theme=health": None,
    }
    assert [a["href"] for a in by_wave] == [
        f"{FINDINGS}?wave=Spring+2026&view=gap&theme=health",
        f"{FINDINGS}?wave=Fall+2026&view=gap&theme=health",
    ]
    for a in (*orders, *by_wave):
        assert (await browser.get(a["href"])).status_code == 200
    then = await soup(browser, by_wave[0]["href"])
    assert next(a["href"] for a in then.select("nav[aria-label='In which order'] a")).startswith(
        f"{FINDINGS}?wave=Spring"
    )
    for path in ("?view=shoe", "?wave=Winter"):
        assert (await browser.get(f"{FINDINGS}{path}")).status_code == 404


async def test_a_view_shows_no_number_that_the_page_hides(browser, summary):
    hidden = {theme.label for theme in summary.themes if theme.count is None}
    for view in ("named", "within_reach", "gap", "change"):
        read = await soup(browser, f"{FINDINGS}?view={view}")

        rows_ = {plain(row) for row in read.select(".ranked tbody th")}
        assert not rows_ & hidden
        assert len(rows_) == sum(theme.count is not None for theme in (*summary.themes, summary.apart))


async def test_every_theme_with_a_duty_stands_there_whoever_named_it(browser, service, summary):
    service.settings = Settings(
        _env_file=None, public_url=HOME, secret_key="x", duty_roles="safety lead=sms:+15035550101"
    )
    read = await soup(browser)

    roles = {plain(row.dt): plain(row.dd) for row in read.select(".roles > div")}
    assert any(
        "Housing" in themes for role, themes in roles.items() if role.startswith("McKinney-Vento liaison")
    )
    assert not any(role.startswith("restricted") for role in roles)
    service.found = replace(summary, themes=summary.themes[:1])
    assert len((await soup(browser)).select(".roles > div")) == len(roles)
