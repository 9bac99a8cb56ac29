"""The room of findings: nothing that is hidden can be asked out of it by filters, and what was drafted is made by people."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import made_up
import pytest
from bs4 import BeautifulSoup
from export_world import KEY, fill
from office import office, plain
from sqlalchemy import insert, select, update

from analysis import codebook
from analysis.findings import Asked, Finding, GroupFinding, Voice
from analysis.summary import summarize
from bot import duties
from bot.at_hand import NotYet
from bot.store import tables
from bot.store.memory import SAID
from bot.translation.memory import New
from bot.verbatims import marks
from bot.viewing import Viewed
from bot.web.view.addresses import Look, read
from bot.web.view.narrow import column, narrowed
from bot.web.view.trend import over_waves

FINDINGS = f"/findings/{KEY}"


@pytest.fixture
async def here(sqlite_url, clock):
    async with office(sqlite_url, clock) as opened:
        yield opened


@pytest.fixture
async def full(here):
    """A survey of 400 people at three schools."""
    await fill(here.app.database)
    return here


@pytest.fixture
async def crossable(here):
    """Groups large enough to be crossed."""
    await fill(here.app.database, 600, rare=0)
    return here


async def settle(here, desk, path):
    """The page, once its numbers have been counted."""
    answer = await desk.get(path)
    await here.app.at_hand.settled()
    answer = await desk.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return BeautifulSoup(answer.text, "html.parser")


async def counted(app, pairs=()):
    """The findings at hand, once they have been counted."""
    with suppress(NotYet):
        await app.at_hand.find(KEY, None, pairs)
    await app.at_hand.settled()
    return (await app.at_hand.find(KEY, None, pairs)).summary


# The numbers at hand


async def test_a_page_answers_with_what_was_counted_last_and_says_when(full, clock, monkeypatch):
    ines = await full.sign_in("organizer")
    first = await settle(full, ines, FINDINGS)
    assert "Last counted" in plain(first)

    async def slow(*_, **__):
        raise AssertionError("a page must not wait for this")

    full.app.at_hand.quick = -1.0
    monkeypatch.setattr(full.app.releases, "whole", slow)
    again = await ines.see(FINDINGS)
    assert plain(again.h1) == plain(first.h1)


async def test_the_very_first_look_says_that_it_is_being_counted(full):
    full.app.at_hand.patience = 0.0
    ines = await full.sign_in("organizer")

    first = await ines.see(FINDINGS)
    assert plain(first.h1) == "These numbers are being counted"
    assert first.select_one("a.btn-primary")["href"] == FINDINGS
    listed = await ines.see("/findings")
    assert "Being counted" in plain(listed)
    await full.app.at_hand.settled()
    assert "families name most" in plain((await ines.see(FINDINGS)).h1)


async def test_a_new_process_shows_what_another_has_counted(full, clock, sqlite_url):
    ines = await full.sign_in("organizer")
    first = await settle(full, ines, FINDINGS)
    async with office(sqlite_url, clock) as other:
        other.app.at_hand.patience = 0.0
        ana = await other.sign_in("organizer", name="Ana Muster")
        assert plain((await ana.see(FINDINGS)).h1) == plain(first.h1)


async def test_nobody_who_was_erased_is_quoted_until_the_numbers_are_counted_anew(full, clock):
    assert any(theme.quotes for theme in (await counted(full.app)).themes)
    async with full.app.database.begin() as db:
        await db.execute(insert(tables.erasures).values(id=full.app.new_id(), at=clock(), counts={}))
    full.app.at_hand.quick = -1.0

    assert not any(theme.quotes for theme in (await full.app.at_hand.find(KEY)).summary.themes)


async def test_numbers_of_a_higher_minimum_are_not_those_of_a_lower_one(full, clock, sqlite_url):
    await counted(full.app)
    async with office(sqlite_url, clock, minimum_cell=20) as other:
        other.app.at_hand.patience = 0.0
        with pytest.raises(NotYet):
            await other.app.at_hand.find(KEY)
        await other.app.at_hand.settled()
        assert (await other.app.at_hand.find(KEY)).summary.minimum == 20


# Filters


def test_an_address_says_all_that_a_page_shows_and_is_read_back():
    look = Look(
        "fall", "Fall 2026", "within_reach", "health", (("school", "Oak"), ("language", "es")), families=True
    )
    query = dict(part.split("=") for part in look.href().partition("?")[2].replace("+", " ").split("&"))

    assert read("fall", query.items()) == look
    assert look.at("grade", "3").groups == (("language", "es"), ("grade", "3"))
    assert read("fall", [("view", "shoe")]) is None
    assert read("fall", [("pages_in", "es")]).groups == ()  # that is the language of the pages


async def test_a_group_shows_exactly_the_published_column_and_hides_what_that_hides(full):
    ines = await full.sign_in("organizer")
    await settle(full, ines, FINDINGS)
    found = (await full.app.at_hand.find(KEY)).summary
    looked = 0
    for dimension, groups in found.groups.items():
        for value, group in groups.items():
            path = Look(KEY, groups=((dimension, value),)).href()
            page = await ines.see(path)
            rows = {
                plain(row.th): plain(row.select_one(".families"))
                for row in page.select(".ranked tbody tr:not(.beside)")
            }
            told = {
                theme.label: f"{round(group.themes[theme.theme] * group.heard):,}"
                for theme in (*found.themes, found.apart)
                if group.heard is not None and group.themes.get(theme.theme) is not None
            }
            assert rows == told, path
            looked += bool(told)
            if group.heard is None:
                assert "too few families were heard" in plain(page.h1)
    assert looked > 4


def test_what_is_hidden_of_a_group_stays_hidden_when_the_page_is_narrowed_to_it():
    found = made_up.summary()
    some = next(iter(found.groups["school"].values()))
    hidden = replace(some, themes={**some.themes, "transport": None})

    seen = narrowed(found, hidden)

    assert next(theme for theme in seen.themes if theme.theme == "transport") == Finding(
        "transport", seen.themes[-1].label if seen.themes[-1].theme == "transport" else next(t.label for t in seen.themes if t.theme == "transport"),
        None, None, None, None,
    )  # fmt: skip
    assert narrowed(found, GroupFinding(None, None, some.themes)).heard == 0
    assert column(found, (("school", "none such"),)) is None


async def test_a_group_of_which_no_barrier_may_be_shown_does_not_pretend_that_its_words_wait_to_be_read(
    full, monkeypatch
):
    ines = await full.sign_in("organizer")
    await settle(full, ines, FINDINGS)
    seen = await full.app.glance(KEY)
    schools = seen.summary.groups["school"]
    school = next(iter(schools))
    bare = replace(schools[school], heard=11, themes=dict.fromkeys(schools[school].themes))
    groups = seen.summary.groups | {"school": {**schools, school: bare}}
    shown = replace(seen, summary=replace(seen.summary, groups=groups))

    async def glance(*_):
        return shown

    monkeypatch.setattr(type(full.app), "glance", glance)
    page = plain((await ines.see(f"{FINDINGS}?school={school}")).main)

    assert "No single barrier can be shown" in page
    assert "11 families were heard. Each barrier was named by fewer than" in page
    assert "as soon as the coder runs" not in page


async def test_two_groups_at_once_come_from_the_published_crossing(crossable):
    ines = await crossable.sign_in("organizer")
    path = Look(KEY, groups=(("school", "Oak"), ("language", "es"))).href()
    page = await settle(crossable, ines, path)
    await crossable.app.at_hand.settled()
    page = await settle(crossable, ines, path)

    crossed = await crossable.app.findings(KEY, pairs=[("language", "school")])
    cell = crossed.pairs["language", "school"]["es", "Oak"]
    rows = {
        plain(row.th): plain(row.select_one(".families"))
        for row in page.select(".ranked tbody tr:not(.beside)")
    }
    assert rows == {
        theme.label: f"{round(cell.themes[theme.theme] * cell.heard):,}"
        for theme in (*crossed.themes, crossed.apart)
        if cell.heard is not None and cell.themes.get(theme.theme) is not None
    }
    assert (await ines.get(f"{path}&grade=1")).status_code == 404


async def test_a_crossing_is_shown_on_demand_for_the_chosen_theme(crossable):
    ines = await crossable.sign_in("organizer")
    path = f"{FINDINGS}?theme=transport&pair=school,language"
    await settle(crossable, ines, path)
    page = await settle(crossable, ines, path)

    table = page.select_one("table.crossed")
    crossed = await crossable.app.findings(KEY, pairs=[("language", "school")])
    told = sum(
        cell.themes.get("transport") is not None for cell in crossed.pairs["language", "school"].values()
    )
    shown = [cell for cell in table.select("tbody td") if "hidden-cell" not in cell["class"]]
    assert len(shown) == told > 2
    assert (await ines.get(f"{FINDINGS}?pair=school,shoe")).status_code == 404
    assert (await ines.get(f"{FINDINGS}?pair=school,school")).status_code == 404


async def test_cells_hold_families_in_place_of_shares_where_that_is_wanted(full):
    ines = await full.sign_in("organizer")
    shares = await settle(full, ines, FINDINGS)
    link = next(a for a in shares.find_all("a") if plain(a) == "Show families, not shares")
    families = await ines.see(link["href"].partition("#")[0])

    one, other = (
        page.select_one(".heat tbody tr:first-of-type td:not(.hidden-cell)") for page in (shares, families)
    )
    assert plain(one).endswith("%")
    assert plain(other).replace(",", "").isdigit()
    hidden = [len(page.select(".heat td.hidden-cell")) for page in (shares, families)]
    assert hidden[0] == hidden[1]


def big():
    """20 themes, 4 dimensions, 8 schools and 8 languages, nothing hidden."""
    book = codebook.load()
    tops = [theme for theme in book.tops if theme.kind == "barrier"]
    schools, tongues = (
        [f"School number {n}" for n in range(8)],
        ["en", "es", "ht", "vi", "ar", "pt", "fr", "zh-Hans"],
    )
    asked, voices = [], []
    for n in range(4000):
        groups = {
            "school": schools[n % 8],
            "language": tongues[n // 8 % 8],
            "grade": str(n % 6),
            "bus": f"bus {n % 5}",
        }
        asked.append(Asked(str(n), "answered", groups))
        themes = {tops[(n + k) % len(tops)].id: 0.8 for k in range(4)}
        words = f"the bus is late every single morning and we wait in the cold {n}"
        voices.append(Voice(str(n), groups["language"], words, words, "person", themes, groups, "negative"))
    found = summarize(KEY, asked, voices, book, minimum=10)
    extra = [
        replace(found.themes[0], theme=f"more{n}", label=f"Another barrier {n}")
        for n in range(20 - len(found.themes))
    ]
    groups = {
        name: {
            value: replace(group, themes=group.themes | {one.theme: 0.2 for one in extra})
            for value, group in of.items()
        }
        for name, of in found.groups.items()
    }
    return replace(found, themes=(*found.themes, *extra), groups=groups)


async def test_the_page_is_light_also_with_many_themes_and_groups(full, monkeypatch):
    from analysis.views import ranked

    found = big()
    assert len(found.themes) == 20
    seen = made_up.viewed(replace(found, themes=found.themes), "named")
    book = codebook.load()
    every = tuple(row for row in ranked(found, book, "named").rows)
    seen = Viewed(found, replace(seen.ranking, rows=every), "", (), "")
    ines = await full.sign_in("organizer")

    async def glance(self, *_):
        return seen

    monkeypatch.setattr(type(full.app), "glance", glance)
    answer = await ines.get(FINDINGS)

    assert answer.status_code == 200
    assert answer.text.count("Another barrier") >= 20 - len(codebook.load().tops)
    without = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.S)
    assert len(without.encode()) < 200_000


# Waves


async def test_waves_are_added_compared_and_removed(full, clock):
    ines = await full.sign_in("organizer")
    bad = await ines.do(f"{FINDINGS}/waves", {"name": "", "begins": "soon"}, 422)
    assert bad.title.string.startswith("Error:")
    assert len(bad.select(".problems li")) == 2
    async with full.app.database.begin() as db:
        rows = (await db.execute(select(tables.answers.c.id).order_by(tables.answers.c.id))).scalars().all()
        early = {"created_at": clock() - timedelta(days=100)}
        await db.execute(update(tables.answers).where(tables.answers.c.id.in_(rows[:200])).values(**early))
    for name, begins in (("Spring 2026", "2026-06-01"), ("Fall 2026", "2026-09-01")):
        page = await ines.do(f"{FINDINGS}/waves", {"name": name, "begins": begins})
        assert "Added" in plain(page.select_one(".said"))
    await settle(full, ines, f"{FINDINGS}?wave=Spring+2026")
    page = await settle(full, ines, f"{FINDINGS}?theme=transport")

    rows = page.select("[aria-labelledby=trend] tbody tr")
    assert [plain(row.th) for row in rows] == ["Spring 2026", "Fall 2026"]
    assert "baseline" in plain(rows[0])
    assert "(" in plain(rows[1])
    assert "Spring 2026" in page.select_one("svg.trend")["aria-label"]
    await ines.do(f"{FINDINGS}/waves/remove", {"name": "Spring 2026"})
    assert (await ines.post(f"{FINDINGS}/waves/remove", {"name": "Spring 2026"})).status_code == 404
    assert "Spring 2026" not in plain((await ines.see(f"{FINDINGS}/waves")).main)


def test_a_wave_that_hides_a_theme_says_so_and_is_not_drawn():
    found = made_up.summary()
    theme = found.themes[0]
    nothing = replace(theme, count=None, share=None, low=None, high=None)
    hidden = replace(found, themes=(nothing, *found.themes[1:]))

    trend = over_waves([("A", found), ("B", hidden), ("C", found)], theme.theme, ())

    assert [point.share == "" for point in trend.points] == [False, True, False]
    assert trend.lines == ()
    assert "B: hidden" in trend.said
    assert over_waves([("A", found), ("B", hidden)], theme.theme, ()) is None


async def test_waves_are_for_organizers_of_all_schools(full):
    lincoln = await full.sign_in(("organizer", "Lincoln"))
    coder = await full.sign_in("coder", name="Cora Muster")

    for desk in (lincoln, coder):
        assert (
            await desk.post(f"{FINDINGS}/waves", {"name": "X", "begins": "2026-09-01"})
        ).status_code == 403
        await desk.see(f"{FINDINGS}/waves")


# Quotes, files


async def test_all_quotes_stand_on_a_page_of_their_own_without_schools(full):
    ines = await full.sign_in("organizer")
    await settle(full, ines, FINDINGS)
    found = (await full.app.at_hand.find(KEY)).summary
    theme = found.themes[0]

    page = await ines.see(f"{FINDINGS}/quotes?theme={theme.theme}")

    assert len(page.select("figure.quote")) == min(20, len(theme.quotes)) > 1
    assert not any(
        school in plain(one) for one in page.select("figcaption") for school in ("Lincoln", "Marsh", "Oak")
    )
    assert (await ines.get(f"{FINDINGS}/quotes?theme=shoe")).status_code == 404


async def test_a_file_whose_numbers_are_being_counted_leads_to_the_page_that_offers_it(full):
    full.app.at_hand.patience = 0.0
    ines = await full.sign_in("staff")
    for file in ("download?kind=csv", "chart.svg"):
        page = await ines.see(f"{FINDINGS}/{file}")
        assert page.select_one("#counting")["hx-get"] == FINDINGS  # a script would show the bytes of a file
    await full.app.at_hand.settled()
    assert (await ines.see(f"{FINDINGS}/download")).select_one(
        "#counting"
    )  # now what people chose is counted
    await full.app.at_hand.settled()
    assert (await ines.get(f"{FINDINGS}/download")).content[:2] == b"PK"


async def test_the_numbers_and_the_chart_can_be_downloaded_as_the_page_has_them(full):
    ines = await full.sign_in("staff")
    await settle(full, ines, FINDINGS)

    await ines.get(f"{FINDINGS}/download")
    await full.app.at_hand.settled()  # what people chose stands in the file too
    excel, csv = [await ines.get(f"{FINDINGS}/download?kind={kind}") for kind in ("xlsx", "csv")]
    chart = await ines.get(f"{FINDINGS}/chart.svg?school=Oak")

    assert excel.content[:2] == csv.content[:2] == b"PK"
    drawn = BeautifulSoup(chart.text, "html.parser").svg
    assert drawn.title.string.startswith("Oak: ")
    assert not drawn.select("style, script, [style], [class]")
    assert "attachment" in chart.headers["content-disposition"]
    assert (await ines.get(f"{FINDINGS}/download?kind=doc")).status_code == 404


async def test_what_is_behind_a_theme_is_told_from_enough_people_on(full):
    ines = await full.sign_in("organizer")
    page = await settle(full, ines, f"{FINDINGS}/behind?theme=transport")

    assert plain(page.h1).startswith("What is behind")
    assert page.select(".panel")
    assert (await ines.get(f"{FINDINGS}/behind?theme=shoe")).status_code == 404


# Replies


async def test_replies_stand_with_their_evidence_and_without_names(full):
    cora = await full.sign_in("coder")
    page = await settle(full, cora, f"/replies/{KEY}?theme=transport")

    texts = [plain(one) for one in page.select(".verbatims blockquote")]
    assert len(page.select(".verbatims > li")) == 50
    assert {plain(mark) for mark in page.select(".verbatims mark")} <= {"bus", "Bus"}
    assert page.select(".verbatims mark")
    assert not any("Mirlande" in text or "555-0142" in text for text in texts)
    assert "coder made-up 1, 80% sure" in plain(page.select_one(".given"))
    onward = next(a["href"] for a in page.select(".pages a") if plain(a) == "More replies")
    more = await cora.see(onward)
    links = {a["href"] for p in (page, more) for a in p.select(".coded a")}
    assert len(links) == len(page.select(".coded a")) + len(more.select(".coded a"))


async def test_no_language_of_few_and_no_name_is_found_among_replies(full):
    ines = await full.sign_in("organizer")
    await settle(full, ines, f"/replies/{KEY}")

    somali = await ines.see(f"/replies/{KEY}?language=so")
    name = await ines.see(f"/replies/{KEY}?q=Mirlande")
    bus = await ines.see(f"/replies/{KEY}?q=BUS")

    assert "None found" in plain(somali.main)
    assert "None found" in plain(name.main)
    assert bus.select(".verbatims mark, .verbatims blockquote")
    assert "so" not in {option["value"] for option in bus.select("#language option")}


async def test_replies_of_a_school_leave_out_whoever_an_export_would_not_tell_of(full):
    ines = await full.sign_in("organizer")
    await settle(full, ines, f"/replies/{KEY}?school=Oak")
    page = await settle(full, ines, f"/replies/{KEY}?school=Oak")
    held = [value for key, value in full.app.at_hand._works.items() if key[0] == "schools"][-1]

    async with full.app.database.read() as db:
        rows = await db.execute(
            select(tables.answers.c.id, tables.answers.c.person_id, tables.people.c.school).join(
                tables.people, tables.people.c.id == tables.answers.c.person_id
            )
        )
        whose = {str(row.id): (str(row.person_id), row.school) for row in rows}
    seen = [whose[a["href"].rpartition("/")[2]] for a in page.select(".coded a")]
    assert all(school == "Oak" and person not in held.untold for person, school in seen)
    assert "Oak" in held.told or not seen


async def test_a_coder_of_one_school_reads_that_schools_replies_only(full):
    cora = await full.sign_in(("coder", "Oak"))
    await settle(full, cora, f"/replies/{KEY}")

    assert (await cora.get(f"/replies/{KEY}?school=Marsh")).status_code == 404
    page = await settle(full, cora, f"/replies/{KEY}")
    assert {option["value"] for option in page.select("#school option")} <= {"Oak"}
    translator = await full.sign_in("translator", name="Tam Muster")
    assert (await translator.get(f"/replies/{KEY}")).status_code == 403


def test_evidence_is_marked_where_it_stands_and_nowhere_twice():
    assert marks("El bus y el autobús", ["bus", "autobús"]) == [
        ("El ", False), ("bus", True), (" y el ", False), ("autobús", True),
    ]  # fmt: skip
    assert marks("Straße", ["strasse"]) == [("Straße", False)]


# Problem statements


async def drafted(here, desk):
    await settle(here, desk, FINDINGS)
    return await desk.do("/problems/draft", {"survey": KEY})


@pytest.fixture
async def gaps(here):
    """A survey in which one school names the bus far more than the others."""
    await fill(here.app.database, 300, schools=("Marsh", "Oak"), themes=("health.illness", "x.no_barrier"))
    async with here.app.database.begin() as db:
        rows = (
            (
                await db.execute(
                    select(tables.answers.c.id)
                    .join(tables.people, tables.people.c.id == tables.answers.c.person_id)
                    .where(tables.people.c.school == "Oak")
                    .order_by(tables.answers.c.id)
                )
            )
            .scalars()
            .all()
        )
        given = {"theme": "transport.bus_service", "probability": 0.8, "coder": "made-up 1", "evidence": {}}
        await db.execute(
            insert(tables.codings),
            [
                {"id": here.app.new_id(), "answer_id": row, "created_at": here.clock(), **given}
                for row in rows[:90]
            ],
        )
    return here


async def test_a_statement_is_drafted_made_ones_own_agreed_on_and_dropped(gaps):
    ines = await gaps.sign_in("organizer")
    page = await drafted(gaps, ines)
    link = page.select_one(".rows .line a")["href"]
    one = await ines.see(link)
    assert "to be set by you" in plain(one.h1)
    assert one.select(".lacks li")

    early = await ines.do(f"{link}/agree", {}, 422)
    assert early.title.string.startswith("Error:")
    values = {
        field["name"]: field.get("value", "")
        for field in one.select(
            "form[action] input[name]:not([type=radio]):not([type=checkbox]):not([name=csrf])"
        )
    }
    values |= {"verb": "Reduce", "target": "much", "our_rules": "", "going_well": "", "records": ""}
    wrong = await ines.do(link, values, 422)
    assert "To how much is a share" in plain(wrong.select_one(".problems"))
    assert wrong.select_one("#target")["value"] == "much"
    saved = await ines.do(
        link, values | {"target": "10%", "by": "2027-05-31", "set_by": "1", "records": "Log: 71% on time."}
    )
    assert "Saved" in plain(saved.select_one(".said"))
    assert "to 10% by 2027-05-31" in plain(saved.h1)
    assert "Nothing is lacking" in plain(saved.main)
    agreed = await ines.do(f"{link}/agree")
    assert plain(agreed.select_one(".head .tag")) == "Agreed"
    about = next(a["href"] for a in agreed.find_all("a") if "theme=" in a["href"])
    on_findings = await ines.see(about)
    assert "Read the statement" in plain(on_findings.select_one("[aria-labelledby=statement]"))
    undo = agreed.select_one(".said form")["action"]
    assert plain((await ines.do(undo)).select_one(".head .tag")) == "Draft"
    await ines.do(f"{link}/drop")
    assert link in str(await ines.see("/problems?state=dropped"))
    again = await ines.do("/problems/draft", {"survey": KEY})
    assert link not in str(again.select(".rows"))
    assert (await ines.get("/problems/download?kind=csv")).text.count("\n") >= 2


def fields(page):
    """What the form of a statement sends, before anybody has typed."""
    plain_ = page.select("form input[name]:not([type=radio]):not([type=checkbox]):not([name=csrf])")
    told = {one["name"]: one.get("value", "") for one in plain_}
    told |= {one["name"]: one.get_text().strip() for one in page.select("form textarea[name]")}
    return told | {"verb": page.select_one("input[name=verb][checked]")["value"]}


async def test_what_a_colleague_has_changed_meanwhile_in_a_statement_is_neither_lost_nor_overwritten(gaps):
    ines, ana = [await gaps.sign_in("organizer", name=name) for name in ("Ines Muster", "Ana Muster")]
    link = (await drafted(gaps, ines)).select_one(".rows .line a")["href"]
    mine, theirs = fields(await ines.see(link)), fields(await ana.see(link))
    await ana.do(link, theirs | {"our_rules": "Buses leave at 7.", "who": "families at Oak"})

    page = await ines.do(link, mine | {"going_well": "Drivers greet us.", "who": "everybody at Oak"}, 422)

    assert "It says now: “families at Oak”" in plain(page.select_one(".problems"))
    again = fields(page)
    assert (again["who"], again["going_well"]) == ("everybody at Oak", "Drivers greet us.")
    saved = fields(await ines.do(link, again | {"records": "Log: 71% on time."}))
    assert saved["our_rules"] == "Buses leave at 7."
    assert (saved["who"], saved["going_well"]) == ("everybody at Oak", "Drivers greet us.")
    twice = await ines.do(link, again | {"records": "Log: 71% on time."})
    assert plain(twice.main).count("Log: 71% on time.") == 1


async def test_statements_are_changed_by_organizers_of_all_or_of_the_school_they_are_about(gaps):
    ines = await gaps.sign_in("organizer")
    link = (await drafted(gaps, ines)).select_one(".rows .line a")["href"]
    marsh = await gaps.sign_in(("organizer", "Marsh"), name="Mo Muster")
    oak = await gaps.sign_in(("organizer", "Oak"), name="Olu Muster")
    cora = await gaps.sign_in("coder", name="Cora Muster")

    async with gaps.app.database.begin() as db:
        fields = (
            await db.execute(
                select(tables.statements.c.fields).where(
                    tables.statements.c.id == UUID(link.rpartition("/")[2])
                )
            )
        ).scalar_one()
        about = {"fields": fields | {"about": ["transport", "school", "Oak"]}}
        await db.execute(
            update(tables.statements)
            .where(tables.statements.c.id == UUID(link.rpartition("/")[2]))
            .values(**about)
        )

    assert (await marsh.post(f"{link}/drop")).status_code == 403
    assert (await cora.post(f"{link}/drop")).status_code == 403
    assert "Save the statement" not in plain(await cora.see(link))
    assert (await oak.post(f"{link}/drop")).status_code == 303
    assert (
        await ines.client.post(
            f"{link}/drop", data={}, headers={"Origin": "https://office.riverbend.example"}
        )
    ).status_code == 403
    assert (await ines.get("/problems/nonsense")).status_code == 404


# Duties


@pytest.fixture
async def duty(here):
    said = await fill(here.app.database, 60, themes=("needs.housing",), schools=("Oak",))
    async with here.app.database.begin() as db:
        found = [(row["id"], "needs.housing") for row in said[:2]]
        await duties.enter(db, found, codebook.load(), here.clock(), here.app.new_id)
    return here


async def test_a_duty_is_seen_closed_with_a_note_and_opened_again(duty):
    ines = await duty.sign_in(("staff", "Oak"))
    page = await ines.see("/duties")
    link = page.select_one("tbody a")["href"]
    assert "Nobody has looked yet" in plain(page)
    assert not page.select("blockquote")

    one = await ines.see(link)
    assert one.select_one("blockquote")
    mine = await ines.do(f"{link}/see")
    assert "With Ines Muster" in plain(mine)
    unsaid = await ines.do(f"{link}/close", {"note": "She called <b>twice</b>"}, 422)
    assert unsaid.title.string.startswith("Error:")
    assert unsaid.find(id="note").get_text().strip() == "She called <b>twice</b>"
    closed = await ines.do(f"{link}/close", {"outcome": "acted", "note": "Called the liaison."})
    assert link not in str(closed.select("tbody"))
    assert "Called the liaison." in plain(await ines.see(link))
    late = await ines.do(f"{link}/close", {"outcome": "acted", "note": "I went there."}, 422)
    assert "your note was not saved" in plain(late.select_one(".problems"))
    assert late.find(id="note").get_text().strip() == "I went there."
    await ines.do(f"{link}/reopen")
    assert "With Ines Muster" in plain(await ines.see(link))
    async with duty.app.database.read() as db:
        did = (await db.execute(select(tables.audit.c.did).order_by(tables.audit.c.at))).scalars().all()
    assert sorted(one for one in did if one.startswith("duty.")) == ["duty.close", "duty.reopen", "duty.see"]


async def test_a_duty_shows_what_was_asked_and_the_english_of_what_was_answered(duty):
    async with duty.app.database.begin() as db:
        heard = "Nou pèdi kay nou."
        await db.execute(update(tables.answers).values(heard=heard, language="ht", declared="ht"))
    await duty.app.memory.keep([New(SAID, "ht", "en", heard, "We lost our home.", "machine:libre", None)])
    ines = await duty.sign_in("staff")
    link = (await ines.see("/duties?role=McKinney-Vento+liaison")).select_one("tbody a")["href"]

    page = await ines.see(link)

    words, english = page.select("blockquote")
    assert (words["lang"], plain(english)) == ("ht", "We lost our home.")
    assert "English by a machine (libre), not checked by a person" in plain(page.main)
    assert "What makes it hard" in plain(page.select_one(".pairs")) or "?" in plain(page.select_one(".pairs"))
    tabs = (await ines.see("/duties?role=McKinney-Vento+liaison")).select(".tabs a")
    assert all("role=McKinney-Vento" in tab["href"] for tab in tabs)


async def test_duties_of_other_schools_are_not_there(duty):
    ines = await duty.sign_in("staff")
    link = (await ines.see("/duties")).select_one("tbody a")["href"]
    other = await duty.sign_in(("staff", "Marsh"), name="Mo Muster")
    cora = await duty.sign_in("coder", name="Cora Muster")

    assert "Nothing waits" in plain(await other.see("/duties"))
    assert (await other.get(link)).status_code == 404
    assert (await other.post(f"{link}/see")).status_code == 404
    assert (await cora.get("/duties")).status_code == 403
    assert (await other.get("/duties/download")).text.count("\n") == 1


# Reports


async def finished(here, desk, page):
    import asyncio

    for _ in range(200):
        if "Being made" not in plain(page.main):
            return page
        await asyncio.sleep(0.05)
        page = await desk.see(page.select_one("main .panel a")["href"])
    raise AssertionError("it is never ready")


async def test_a_report_is_made_in_the_background_and_can_be_seen_and_downloaded(full):
    ines = await full.sign_in("organizer")
    await settle(full, ines, FINDINGS)
    builder = await ines.see("/reports")
    assert builder.select_one("#chapters-1")

    asked = {
        "what": "report",
        "survey": KEY,
        "wave": "",
        "chapters": "groups",
        "kinds": "numbers",
        "size": "a4",
    }
    page = await finished(full, ines, await ines.do("/reports", asked))

    assert "It is ready" in plain(page.main)
    see = next(a["href"] for a in page.find_all("a") if plain(a).startswith("See it"))
    shown = await ines.get(see)
    assert "Where it differs" in shown.text
    assert "Barrier by barrier" not in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    files = [a["href"] for a in page.select("a[download]")]
    assert [(await ines.get(file)).status_code for file in files] == [200, 200]
    other = await full.sign_in("organizer", name="Ana Muster")
    assert (await other.get(files[0])).status_code == 404
    cora = await full.sign_in("coder", name="Cora Muster")
    assert (await cora.get("/reports")).status_code == 403


async def test_pages_for_families_are_made_in_their_languages_with_what_will_be_done(full):
    ines = await full.sign_in("organizer")
    await settle(full, ines, FINDINGS)
    none = await ines.do("/reports", {"what": "families", "survey": KEY, "wave": ""}, 422)
    assert "Choose at least one language" in plain(none.select_one(".problems"))
    half = {
        "what": "families",
        "survey": KEY,
        "wave": "",
        "languages": "en",
        "kinds": "pdf",
        "contact.es": "Llame <b>ya</b>",
    }
    wrong = await ines.do("/reports", half, 422)
    assert "You have written something in Spanish" in plain(wrong.select_one(".problems"))
    assert wrong.find(id="contact-es").get_text().strip() == "Llame <b>ya</b>"
    assert [box["value"] for box in wrong.select("input[name=languages][checked]")] == ["en"]
    assert wrong.select_one("#families-pdf[checked]")

    asked = {
        "what": "families",
        "survey": KEY,
        "wave": "",
        "languages": ["en", "es"],
        "will_do.en": "Two more buses.",
    }
    page = await finished(full, ines, await ines.do("/reports", asked))

    seen = [a["href"] for a in page.find_all("a") if plain(a).startswith("See it")]
    assert len(seen) == 2
    assert "Two more buses." in (await ines.get(seen[0])).text
