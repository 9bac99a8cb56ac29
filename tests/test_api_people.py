"""Lists and audiences over the API: files come in, counts come out, and nobody's name or number does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot import staff, tokens
from bot.app import App, opened
from bot.settings import Settings
from bot.store.tables import absences, consents, people
from bot.web.api import application, size
from bot.web.app import create

HOME = "https://openline.example"
INES = "ines@riverbend.example"
GUARDIANS = """\
Guardian,First name,Phone,Language,Student,School
G-1,Rosa Secret,(617) 555-0142,Spanish,S-1,Lincoln
G-2,Ana Secret,(617) 555-0143,English,S-1,Lincoln
G-3,Joe Secret,12,English,S-2,Oak Hill
"""
MAPPING = """\
respondent: family
people:
  - {id: Guardian, name: First name, phones: Phone, language: Language}
student: {id: Student}
school: School
"""
ABSENT = "Student ID,Date\nS-1,2026-10-13\nS-9,2026-10-13\n"

Ask = Any


@pytest.fixture
async def app(url: str, clock) -> AsyncIterator[App]:
    given = Settings(_env_file=None, database_url=url, public_url=HOME)
    async with opened(given, clock=clock, channels={}) as app:
        async with app.database.begin() as db:
            await staff.add(db, clock(), INES, "Ines Muster")
        yield app


@pytest.fixture
async def ask(app: App) -> AsyncIterator[Ask]:
    """Makes one request with a token of these scopes (all of them, if none is named)."""
    transport = httpx.ASGITransport(create(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        made: dict[tuple[str, ...], str] = {}

        async def ask(method: str, path: str, *scopes: str, **more: Any) -> httpx.Response:
            if scopes not in made:
                async with app.database.begin() as db:
                    wanted = scopes or tokens.SCOPES
                    made[scopes] = await tokens.create(db, app.clock(), f"n{len(made)}", wanted, 9, INES)
            headers = {"Authorization": f"Bearer {made[scopes]}"}
            return await client.request(method, application.ABOVE + path, headers=headers, **more)

        yield ask


async def bring(
    ask: Ask, text: str = GUARDIANS, columns: str = MAPPING, name: str = "guardians.csv", **data: Any
):
    files = {"file": (name, text), "mapping": ("mapping.yaml", columns)}
    return await ask("POST", "/people/imports", files=files, data=data)


async def count(app: App, table) -> int:
    async with app.database.read() as db:
        return int((await db.execute(select(func.count()).select_from(table))).scalar_one())


async def test_a_list_comes_in_once_and_its_report_names_lines_and_no_words(app, ask):
    first = await bring(ask)
    again = await bring(ask)

    report = first.json()
    assert first.status_code == 200
    assert (report["rows"], report["taken"], report["dry_run"]) == (3, 2, False)
    assert [each["line"] for each in report["lines"]] == [4]
    assert again.json()["taken"] == 0
    assert await count(app, people) == 3
    for answer in (first, again):
        assert "Secret" not in answer.text
        assert "555" not in answer.text


async def test_a_dry_run_says_the_same_and_writes_nothing(app, ask):
    dry = await bring(ask, dry_run="true")

    assert (dry.json()["taken"], dry.json()["dry_run"]) == (2, True)
    assert await count(app, people) == 0


async def test_consent_comes_from_the_list_by_the_name_it_is_given(app, ask):
    await bring(ask, name="../../x/../guardians fall.csv")
    await bring(
        ask, GUARDIANS.replace("0142", "0152").replace("G-", "H-").replace("0143", "0153"), list="Spring"
    )

    async with app.database.read() as db:
        sources = set((await db.execute(select(consents.c.source))).scalars())
    assert sources == {"list: guardians fall", "list: Spring"}


@pytest.mark.parametrize(
    ("text", "columns", "told"),
    [
        (GUARDIANS, "people: [{phones: Telephone}]", "Telephone"),
        (GUARDIANS, "{", "YAML"),
        (GUARDIANS, "[" * 50_000, "YAML"),
        (GUARDIANS, "date: 2026-99-99", "mapping"),
        ("", MAPPING, "the file is empty"),
        ("%PDF-1.7", MAPPING, "this is a PDF"),
        ("\0\1\2\3", MAPPING, "file"),
    ],
)
async def test_a_file_or_mapping_that_cannot_be_used_is_explained(app, ask, text, columns, told):
    answer = await bring(ask, text, columns)

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:openline:problem:file"
    assert told in answer.text
    assert await count(app, people) == 0


async def test_a_list_without_its_mapping_is_not_guessed_at(ask):
    answer = await ask("POST", "/people/imports", files={"file": ("a.csv", GUARDIANS)})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body: mapping"


async def test_a_whole_list_that_is_likely_not_whole_is_refused(app, ask):
    await bring(ask)

    doubtful = await bring(ask, "".join(GUARDIANS.splitlines(keepends=True)[:2]), whole_list="true")

    assert (doubtful.status_code, doubtful.json()["type"]) == (409, "urn:openline:problem:refused")
    assert "anyway=true" in doubtful.json()["detail"]


async def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(ask, monkeypatch):
    monkeypatch.setattr(size, "UPLOAD", 100_000)

    answer = await bring(ask, "x" * 200_000)

    assert (answer.status_code, answer.json()["type"]) == (413, "urn:openline:problem:too-large")


async def test_a_file_larger_than_any_other_body_comes_in(app, ask):
    many = "".join(f"S-{number},2026-10-13\n" for number in range(80_000))

    answer = await ask("POST", "/absences/imports", files={"file": ("a.csv", "Student ID,Date\n" + many)})

    assert (answer.status_code, answer.json()["bad"]) == (200, 80_000)
    assert len(answer.json()["lines"]) == 1000


async def test_absences_come_in_for_the_children_that_are_known(app, ask):
    await bring(ask)

    answer = await ask("POST", "/absences/imports", files={"file": ("yesterday.csv", ABSENT)})

    assert (answer.json()["taken"], answer.json()["bad"]) == (1, 1)
    assert await count(app, absences) == 1


async def test_columns_of_absences_that_are_not_clear_have_to_be_named(app, ask):
    await bring(ask)
    file = {"file": ("a.csv", ABSENT.replace("Student ID", "Who").replace("Date", "When"))}

    unclear = await ask("POST", "/absences/imports", files=file)
    named = await ask(
        "POST", "/absences/imports", files=file, data={"student_column": "Who", "date_column": "When"}
    )
    wrong = await ask("POST", "/absences/imports", files=file, data={"student_column": "Whom"})

    assert (unclear.status_code, unclear.json()["errors"][0]["where"]) == (422, "student_column")
    assert named.json()["taken"] == 1
    assert (wrong.status_code, "Who" in wrong.text) == (422, True)


async def test_a_person_is_shown_without_words_name_or_number(app, ask):
    await bring(ask)

    answer = await ask("GET", "/people/G-1")

    shown = answer.json()
    assert (shown["external_id"], shown["language"], shown["school"]) == ("G-1", "es", "Lincoln")
    assert shown["addresses"] == [{"channel": "sms", "state": "open", "shared": False}]
    assert [child["external_id"] for child in shown["children"]] == ["S-1"]
    assert (await ask("GET", "/people/G-3")).json()["addresses"] == []
    assert "Secret" not in answer.text
    assert "555" not in answer.text


async def test_nobody_is_looked_up_by_a_number(app, ask):
    await bring(ask, columns=MAPPING.replace("id: Guardian, ", ""))
    async with app.database.read() as db:
        made = (await db.execute(select(people.c.external_id))).scalars().all()

    for external_id in [*made, "+16175550142", "G-1", "x" * 200]:
        assert (await ask("GET", f"/people/{external_id}")).status_code == 404


# audiences


async def test_an_audience_is_saved_read_changed_and_forgotten(ask):
    await bring(ask)
    path = "/audiences/lincoln"

    saved = await ask("PUT", path, json={"filter": 'school = "Lincoln"'})
    changed = await ask("PUT", path, json={"filter": 'school = "Lincoln" and language = es'})
    listed = await ask("GET", "/audiences")
    forgotten = await ask("DELETE", path)
    gone = [await ask("GET", path), await ask("DELETE", path)]

    assert saved.json() == {"key": "lincoln", "filter": 'school = "Lincoln"'}
    assert listed.json() == {"audiences": [changed.json()]}
    assert (forgotten.status_code, forgotten.content) == (204, b"")
    assert [answer.status_code for answer in gone] == [404, 404]


async def test_a_filter_is_counted_by_language_and_way(ask):
    await bring(ask)
    await ask("PUT", "/audiences/lincoln", json={"filter": 'school = "Lincoln"'})

    by_filter = (await ask("POST", "/audiences/count", json={"filter": "respondent = family"})).json()
    by_name = (await ask("POST", "/audiences/count", json={"filter": "lincoln"})).json()

    assert (by_filter["people"], by_filter["languages"]) == (3, {"en": 2, "es": 1})
    assert sum(by_filter["channels"].values()) + sum(by_filter["without"].values()) == 3
    assert by_name["people"] == 2


async def test_a_slip_in_a_filter_is_told_with_its_place_and_cure(ask):
    await bring(ask)

    wrong = await ask("PUT", "/audiences/all", json={"filter": "school == Lincoln and"})
    unknown = await ask("POST", "/audiences/count", json={"filter": "school = Linclon"})

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.json()["type"] == "urn:openline:problem:audience"
    assert wrong.json()["errors"][0]["where"].startswith("line 1, column ")
    assert "Lincoln" in unknown.json()["errors"][0]["cure"]


async def test_an_audience_that_a_campaign_needs_stays(ask):
    await ask("PUT", "/audiences/families", json={"filter": "respondent = family"})
    written = await ask("PUT", "/campaigns/a", json={
        "campaign": "a", "title": "A", "audience": "families", "when": "trigger",
        "steps": [{"message": {"en": "{school}: hi. Reply STOP to end."}}],
    })  # fmt: skip
    kept = await ask("DELETE", "/audiences/families")

    assert written.status_code == 200
    assert (kept.status_code, kept.json()["type"]) == (409, "urn:openline:problem:refused")
    assert "needed by: a" in kept.json()["detail"]


WANTED = {
    "people:read": ["GET /people/G-1"],
    "people:write": ["POST /people/imports", "POST /absences/imports"],
    "audiences:read": ["GET /audiences", "GET /audiences/x", "POST /audiences/count"],
    "audiences:write": ["PUT /audiences/x", "DELETE /audiences/x"],
}


@pytest.mark.parametrize("scope", WANTED)
async def test_each_request_needs_its_own_scope_and_no_other(ask, scope):
    for wanted in WANTED[scope]:
        method, path = wanted.split(" ")
        without = await ask(method, path, *(tokens.SCOPES.keys() - {scope}))
        with_it = await ask(method, path, scope)

        assert without.status_code == 403, wanted
        assert scope in without.json()["detail"]
        assert with_it.status_code not in (401, 403, 500), wanted
