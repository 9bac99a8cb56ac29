"""Exports: each format is opened by an independent library; nothing stands there that findings hide or that names anybody."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shutil
import sys
import tracemalloc
import warnings
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xmlschema
from export_world import KEY, fill, read_by_staff
from sqlalchemy import insert, select

from analysis import qda
from bot.app import opened
from bot.exporting import FORMATS, Job, NotInstalled, making, of, reading, replies
from bot.exporting.standing_in import StandIns
from bot.settings import Settings
from bot.store.database import connect
from bot.store.spans import Span
from bot.store.tables import answers

PROJECT = xmlschema.XMLSchema(str(Path(__file__).parent / "files/refi/Project.xsd"))
FOOD = ["needs.food"]


async def make(address):
    """Findings, replies, and replies with schools; the words of one are read by staff as about food, of one as nothing."""
    database = connect(address)
    said = await fill(database)
    one, other = [answer for answer in said if answer["language"] == "en"][:2]
    await read_by_staff(database, one["id"], FOOD)
    await read_by_staff(database, other["id"], [])
    await database.close()
    settings = Settings(database_url=address, start_survey="", secret_key="a long random text for tests")
    async with opened(settings) as service:
        plain = await making.make_replies(service, KEY, key=b"k" * 32)
        crossed = await making.make_replies(service, KEY, groups=["school"], coming_back=True)
        findings = await making.make_findings(service, KEY, pairs=[("school", "grade")])
    return {
        "said": said,
        "findings": Job(findings),
        "replies": Job(replies.tables(plain), plain),
        "school": Job(replies.tables(crossed), crossed),
    }


@pytest.fixture(scope="module")
def jobs(migrated, tmp_path_factory):
    path = tmp_path_factory.mktemp("exports") / "openline.db"
    shutil.copy(migrated, path)
    return asyncio.run(make(f"sqlite:///{path}"))


def written(job, tmp_path, ending):
    to = tmp_path / f"out{ending}"
    of(to).write(job, to)
    return to


def test_findings_say_what_they_are_and_hold_no_words(jobs, tmp_path):
    to = written(jobs["findings"], tmp_path, ".xlsx")

    book = openpyxl.load_workbook(to)
    assert {"about", "themes", "groups", "response", "codebook"} <= set(book.sheetnames)
    about = {row[0].value: row[1].value for row in book["about"].iter_rows(min_row=2)}
    assert about["kind"].startswith("FINDINGS:")
    assert about["survey"] == KEY
    assert about["smallest group shown"] == "10"
    assert "They may be published" in about["kind"]
    everything = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "Mirlande" not in everything
    assert "autobús" not in everything
    heads = [cell.value for cell in book["themes"][1]]
    row = next(
        dict(zip(heads, (cell.value for cell in row), strict=True))
        for row in book["themes"].iter_rows(min_row=2)
        if row[1].value == "transport"
    )
    assert row["People"] / row["Out of"] == pytest.approx(row["Share"])
    assert row["From (95%)"] < row["Share"] < row["To (95%)"]
    assert book["themes"].freeze_panes == "A2"
    assert book["themes"]["G2"].number_format == "0.0%"


def test_replies_are_redacted_named_at_random_and_never_formulas(jobs, tmp_path):
    to = written(jobs["replies"], tmp_path, ".xlsx")

    sheet = openpyxl.load_workbook(to)["replies"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    words = [row["Words (names taken out)"] for row in rows]
    told = jobs["replies"].tables.about
    assert "3 replies in languages that fewer than 10 people wrote in are left out." in told.notes
    assert len(rows) == 397
    assert {row["Language"] for row in rows} == {"en", "es"}
    assert not any("Mirlande" in text or "Rivera" in text or "0142" in text for text in words)
    (formula,) = (cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=["))
    assert formula.data_type == "s"
    ids = {row["Reply (a random name)"] for row in rows}
    assert len(ids) == 397
    assert not any(answer["id"].hex[:12] in name for answer in jobs["said"] for name in ids)
    assert {row["In English"] for row in rows if row["Language"] == "es"} - {None} == {"The bus is late 🙏"}
    assert {row["In English"] for row in rows if row["Language"] == "en"} == {None}


def test_whose_reading_counts_is_told_beside_what_the_machine_said(jobs, tmp_path):
    to = written(jobs["replies"], tmp_path, ".json")

    data = json.loads(to.read_text(encoding="utf-8"))
    read = [row for row in data["tables"]["replies"] if row["read_by"] == "people"]
    assert data["kind"] == "replies"
    assert sorted(row["themes"] for row in read) == [[], ["needs.food"]]
    assert [row["people"] for row in read if row["themes"]] == [["needs.food"]]
    assert all(row["machine"] for row in read)
    coded = [row for row in data["tables"]["codings"] if row["who"] == "people"]
    assert [(row["coder"], row["theme"], row["counts"]) for row in coded] == [
        ("Ana Muster in Openline", "needs.food", True)
    ]
    machine = next(row for row in data["tables"]["codings"] if row["who"] == "machine")
    assert machine["evidence"] == "words: bus; like: the bus is late"
    assert machine["coder"] == "made-up 1"


def test_csv_is_a_folder_or_a_zip_with_the_mark_and_without_formulas(jobs, tmp_path):
    folder = written(jobs["replies"], tmp_path, ".csv")
    packed = written(replace(jobs["replies"], bom=False), tmp_path, ".csv.zip")

    names = {"about.csv", "replies.csv", "codings.csv", "codebook.csv"}
    text = (folder / "replies.csv").read_bytes()
    assert {file.name for file in folder.iterdir()} == names
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert sum(row["words"].startswith("'=") for row in rows) == 1
    assert not any(row["words"].startswith("=") for row in rows)
    with zipfile.ZipFile(packed) as inside:
        assert set(inside.namelist()) == names
        assert not inside.read("replies.csv").startswith(b"\xef\xbb\xbf")
    assert rows[0]["themes"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["findings", "replies", "school"])
def test_a_data_package_is_valid_to_frictionless(jobs, tmp_path, kind):
    from frictionless import Package

    to = written(jobs[kind], tmp_path, ".zip")

    with zipfile.ZipFile(to) as inside:
        inside.extractall(tmp_path / "package")
    report = Package(tmp_path / "package/datapackage.json").validate()
    assert report.valid, report.flatten(["title", "message"])
    described = json.loads((tmp_path / "package/datapackage.json").read_text(encoding="utf-8"))
    assert ("FINDINGS" if kind == "findings" else "REPLIES") in described["description"]
    assert re.fullmatch(r"[a-z0-9._-]+", described["name"])


def test_flow_results_has_its_rows_beside_the_description_and_days_for_moments(jobs, tmp_path):
    to = written(jobs["replies"], tmp_path, ".zip")

    with zipfile.ZipFile(to) as inside:
        described = json.loads(inside.read("flow-results/datapackage.json"))
        rows = json.loads(inside.read("flow-results/responses.json"))
    (resource,) = described["resources"]
    assert described["profile"] == "flow-results-package"
    assert re.fullmatch(
        r"[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}", described["id"]
    )
    assert resource["path"] == "responses.json"
    assert resource["schema"]["language"] == "eng"
    assert [field["name"] for field in resource["schema"]["fields"]] == [
        "timestamp", "row_id", "contact_id", "session_id", "question_id", "response", "response_metadata",
    ]  # fmt: skip
    assert resource["schema"]["questions"] == {
        "answer": {"type": "open", "label": "What makes mornings hard?", "type_options": {}}
    }
    assert {row[0] for row in rows} == {"2026-10-01T00:00:00+00:00"}
    assert len({row[1] for row in rows}) == len(rows) == 397
    assert {row[6]["language"] for row in rows} == {"eng", "spa"}


def test_parquet_has_types_and_says_what_it_is(jobs, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")

    to = written(jobs["replies"], tmp_path, ".parquet")

    table = parquet.read_table(to / "replies.parquet")
    codings = parquet.read_table(to / "codings.parquet")
    assert table.num_rows == 397
    assert str(table.schema.field("themes").type).startswith("list<")
    assert str(codings.schema.field("counts").type) == "bool"
    assert "REPLIES" in json.loads(table.schema.metadata[b"openline"])["kind"]
    assert table.schema.field("words").metadata[b"label"] == b"Words (names taken out)"


def test_spss_comes_back_with_labels_levels_and_a_variable_for_each_theme(jobs, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyreadstat

        to = written(jobs["school"], tmp_path, ".sav")
        frame, meta = pyreadstat.read_sav(to)

    assert 300 < len(frame) <= 397
    assert meta.variable_measure["sentiment"] == "ordinal"
    assert meta.variable_measure["words"] == "nominal"
    assert meta.variable_value_labels["language"] == {1.0: "English", 2.0: "Spanish"}
    assert meta.variable_value_labels["themes_transport_bus_service"] == {0.0: "no", 1.0: "yes"}
    assert meta.column_names_to_labels["themes_health_illness"].startswith("Themes that count: ")
    assert set(frame["themes_transport_bus_service"]) == {0.0, 1.0}
    assert "El autobús llega tarde 🙏" in set(frame["words"])
    assert any("REPLIES" in line for line in meta.notes)
    assert set(meta.variable_value_labels["group_school"].values()) == {"Lincoln", "Marsh", "Oak"}


def test_findings_as_spss_are_one_table_of_every_number(jobs, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyreadstat

        to = written(jobs["findings"], tmp_path, ".sav")
        frame, meta = pyreadstat.read_sav(to)

    assert set(meta.variable_value_labels["measure"].values()) >= {"Theme", "Answered"}
    assert meta.variable_measure["share"] == "scale"
    assert {"school", "grade", "language"} <= set(frame["v_by"])
    assert frame.loc[frame["hidden"] == 1, "count"].isna().all()


def test_a_project_is_valid_and_has_coders_as_users_and_emoji_in_their_places(jobs, tmp_path):
    to = written(jobs["replies"], tmp_path, ".qdpx")
    nvivo = written(replace(jobs["replies"], units="utf-16"), tmp_path, "3.qdpx")

    with zipfile.ZipFile(to) as inside:
        PROJECT.validate(io.BytesIO(inside.read("project.qde")))
    project = qda.read(to.read_bytes(), to.name)
    assert [(coder.name, coder.machine) for coder in project.coders] == [
        ("Ana Muster in Openline", False), ("made-up 1", True),
    ]  # fmt: skip
    (question,) = project.questions
    assert question.title == "What makes mornings hard?"
    assert len(question.replies) == 397
    assert sum("🙏" in reply.text for reply in question.replies) > 50
    assert project.cases == ()
    assert project.notices == ()
    assert qda.read(nvivo.read_bytes(), "nvivo.qdpx").questions == project.questions
    assert "REPLIES" in project.notes[0].text


def test_a_project_has_cases_for_those_beside_whom_a_group_may_stand(jobs, tmp_path):
    project = qda.read(written(jobs["school"], tmp_path, ".qdpx").read_bytes(), "out.qdpx")

    shown = [one for one in jobs["school"].replies.each() if one["groups"]["school"]]
    assert {(case.id, case.values["school"]) for case in project.cases} == {
        (one["person"], one["groups"]["school"]) for one in shown
    }
    assert {case.id for case in project.cases} == {
        reply.case for question in project.questions for reply in question.replies if reply.case
    }


def test_from_findings_and_replies_with_schools_nothing_small_can_be_counted(jobs, tmp_path):
    findings = json.loads(written(jobs["findings"], tmp_path, ".json").read_text(encoding="utf-8"))["tables"]
    rows = json.loads(written(jobs["school"], tmp_path, "2.json").read_text(encoding="utf-8"))["tables"]

    counted: Counter = Counter()
    seen = set()
    for row in rows["replies"]:
        school = row["group_school"]
        tops = {code if code.startswith("x.") else code.partition(".")[0] for code in row["themes"]}
        if school is not None:
            seen.add((school, row["person"]))
            for said in {*row["themes"], *tops, *row["machine"], row["language"]}:
                counted[school, said] += 1
    hidden = [row for row in findings["groups"] if row["by"] == "school" and row["hidden"]]
    assert len(seen) > 200
    assert min(counted.values()) >= 10
    assert hidden
    for row in hidden:
        assert (row["count"], row["share"], row["low"], row["high"]) == (None,) * 4
        assert counted[row["group"], row["theme"]] == 0
    for school in ("Lincoln", "Marsh", "Oak"):
        heard = next(row["of"] for row in findings["groups"] if row["group"] == school)
        left = heard - sum(1 for where, _ in seen if where == school)
        assert left == 0 or left >= 10
    everything = json.dumps({name: rows for name, rows in findings.items() if name != "codebook"})
    assert "needs.food" not in everything  # one person's
    assert not any(0 <= (row.get("count") or 10) < 10 for name in findings for row in findings[name])


def test_every_format_says_in_itself_which_kind_it_is(jobs, tmp_path):
    for ending, kind in FORMATS.items():
        to = written(jobs["replies"], tmp_path, ending)
        files = [file for file in to.iterdir() if file.stem == "about"] if to.is_dir() else [to]
        assert files, kind.what
        content = b"".join(file.read_bytes() for file in files)
        if zipfile.is_zipfile(to):
            with zipfile.ZipFile(to) as inside:
                content = b"".join(inside.read(name) for name in inside.namelist())
        assert b"REPLIES" in content or b"R\x00E\x00P" in content, ending


@pytest.mark.parametrize(
    ("ending", "count"),
    [(".xlsx", 4_000), (".csv", 20_000), (".zip", 20_000), (".json", 20_000), (".parquet", 20_000)],
)
def test_thousands_of_replies_are_written_row_by_row(jobs, tmp_path, ending, count):
    tables = jobs["replies"].tables
    sheet = tables.sheets[0]
    some = list(sheet.rows())
    many = replace(
        sheet, rows=lambda: (row for _ in range(count // len(some) + 1) for row in some)
    )  # none of it is in memory as a whole
    to = tmp_path / f"out{ending}"
    of(to).write(Job(tables), tmp_path / f"before{ending}")  # what is loaded once is loaded

    tracemalloc.start()
    try:
        of(to).write(Job(replace(tables, sheets=(many,), single=many)), to)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < count * 200 + 8_000_000


async def test_replies_are_read_in_pages_and_none_is_lost(database, monkeypatch):
    said = await fill(database, 130, rare=0)
    monkeypatch.setattr(reading, "AT_ONCE", 40)

    async with database.read() as db:
        found = [one async for one in reading.each(db, KEY, Span(), {"en", "es"})]

    assert [one.id for one in found] == [one["id"] for one in said]
    assert all(one.codings for one in found)


async def test_what_came_after_the_findings_is_not_beside_groups(database, url, clock):
    await fill(database, 150)
    settings = Settings(database_url=url, start_survey="")
    async with opened(settings, clock=clock) as service:
        await service.findings(KEY)
        clock.forward(days=1)
        async with database.begin() as db:  # one more than the release has
            last = (await db.execute(select(answers).order_by(answers.c.id.desc()).limit(1))).one()
            new = service.new_id()
            await db.execute(insert(answers).values({**last._mapping, "id": new, "created_at": clock()}))
        plain = await making.make_replies(service, KEY, key=b"k")
        crossed = await making.make_replies(service, KEY, groups=["school"], key=b"k")

    ids = [{one["id"] for one in made.each()} for made in (plain, crossed)]
    name = StandIns(b"k")("reply", new)
    assert name in ids[0]
    assert name not in ids[1]
    assert crossed.about.release == 1
    assert crossed.about.as_of.endswith("(state 1)")
    assert {one["day"] for one in crossed.each()} == {crossed.about.at.date().isoformat()}


async def test_a_library_that_is_missing_is_named_with_how_to_get_it(jobs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)

    for ending in (".parquet", ".sav"):
        with pytest.raises(NotInstalled, match=r'pip install "openline\[research\]"'):
            written(jobs["findings"], tmp_path, ending)
