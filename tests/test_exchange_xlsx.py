"""The workbook for people who know nothing but Excel, and all that can happen to it on the way."""

from __future__ import annotations

import csv
import io
import random
import shutil
import subprocess
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from bot.translation import exchange
from bot.translation.exchange import layout
from bot.translation.units import Unit
from tests.test_exchange import FEW, a_unit, as_it_was, many_units, what_counts

UNITS = [
    a_unit(
        "{school}: was it hard?", "{school}: ¿fue difícil?", approved=frozenset({"es"}), note="A question."
    ),
    a_unit("No\n1. a", "No\n1. á", "survey:mornings/hard/choice/no"),
    a_unit("=1+1", "@SUM(A1)", "survey:mornings/hard/choice/sum"),
    a_unit("Thanks", "", "survey:mornings/thanks"),
]


def book_of(units=UNITS, target="es", **how):
    return openpyxl.load_workbook(io.BytesIO(exchange.write(units, target, "xlsx", **how)))


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(data):
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name("Translate")
        .to_python(skip_empty_area=False)
    )


def as_another_program_saves(rows):
    """Only the cells: no protection, nothing hidden, no other sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("Feuille 1")
        for down, row in enumerate(rows):
            for right, cell in enumerate(row):
                if cell != "":
                    page.write(down, right, cell)
    return out.getvalue()


def as_open_document(rows):
    def cell(text):
        lines = "".join(f"<text:p>{escape(str(line))}</text:p>" for line in str(text).split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    content = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = (
        f'<?xml version="1.0"?><office:document-content{names}><office:automatic-styles/><office:body><office:spreadsheet>'
        f'<table:table table:name="Blatt">{content}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def as_csv(rows, delimiter=",", encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def read(data, name="back.xlsx"):
    return exchange.read(data, name)


def test_a_person_finds_one_column_to_fill_in_and_the_rest_is_safe_from_mishaps():
    page = book_of()["Translate"]

    assert [cell.value for cell in page[3]][:7] == [
        "Where", "English", "Spanish (español)", "Note", "Length", "State", "Your comment",
    ]  # fmt: skip
    assert [cell.value for cell in page[4]][:6] == [
        "mornings › hard › ask",
        "{school}: was it hard?",
        "{school}: ¿fue difícil?",
        "A question.",
        "22 characters, 1 SMS",
        "approved",
    ]
    assert [cell.protection.locked for cell in page[4]] == [
        True,
        True,
        False,
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    assert page.protection.sheet
    assert page.protection.password is None
    assert page.freeze_panes == "A4"
    assert page.row_dimensions[1].hidden
    assert {letter for letter, column in page.column_dimensions.items() if column.hidden} == {"H", "I"}
    assert all(cell.alignment.wrap_text for cell in page[4])
    (choice,) = page.data_validations.dataValidation
    assert choice.formula1 == '"draft,approved"'
    assert str(choice.sqref) == "F4:F7"


def test_the_rules_and_the_steps_stand_on_a_sheet_of_their_own():
    book = book_of(target="ht")
    text = "\n".join(str(cell.value) for (cell,) in book["Read me first"].iter_rows() if cell.value)

    assert book.active.title == "Read me first"
    assert "from English into Haitian Creole" in text
    assert all(f"{number}. {rule}" in text for number, (rule, _) in enumerate(exchange.hints.RULES, start=1))
    assert len(exchange.hints.RULES) == 3


@pytest.mark.parametrize(("target", "order"), [("ar", 2), ("fa", 2), ("ur", 2), ("es", 0), ("zh-Hans", 0)])
def test_languages_from_right_to_left_are_written_so(target, order):
    page = book_of(target=target)["Translate"]

    assert page["C4"].alignment.readingOrder == order
    assert page["B4"].alignment.readingOrder == 0
    assert (page["C4"].alignment.horizontal == "right") == bool(order)


def test_no_text_is_ever_a_formula():
    risky = [
        a_unit(f"{sign}1+1", f"{sign}cmd|x", f"survey:s/{number}", note=f"{sign}A1")
        for number, sign in enumerate("=+-@")
    ]
    page = book_of(risky)["Translate"]

    assert {cell.data_type for row in page.iter_rows(min_row=4) for cell in row if cell.value} == {"s"}
    assert all(page.cell(row, column).quotePrefix for row in range(4, 8) for column in (2, 3, 4))
    assert not page["E4"].quotePrefix


def test_who_has_translated_is_written_at_the_top():
    book = book_of()
    assert book["Translate"]["B2"].value == "Who translates this? Your name:"
    assert not book["Translate"]["C2"].protection.locked
    book["Translate"]["C2"] = " Rosa Díaz "

    assert read(saved(book)).by == "Rosa Díaz"


def test_what_a_person_writes_comes_back():
    book = book_of()
    page = book["Translate"]
    page["C7"], page["F7"], page["G7"] = "Gracias", "Approved ", "Usted?"
    page["F5"] = "draft"

    back = read(saved(book))
    matches, complaints = exchange.match(back, UNITS, "es")

    assert (back.rows[3].translation, back.rows[3].state, back.rows[3].remark) == (
        "Gracias",
        "approved",
        "Usted?",
    )
    assert [match.verdict for match in matches] == ["unchanged", "unchanged", "unchanged", "new"]
    assert complaints == ()


def shuffled(rows):
    rows = list(rows)
    random.Random(7).shuffle(rows)
    return rows


DEEDS = {
    "as it is": list,
    "sorted": shuffled,
    "upside down": lambda rows: rows[::-1],
    "columns moved": lambda rows: [[*row[4:], *row[:4]] for row in rows],
    "columns added": lambda rows: [["mine", row[0], "x", *row[1:], 7.0] for row in rows],
    "rows added": lambda rows: [["hello"], *rows[:5], [""], *rows[5:], ["Total", 5.0]],
    "headings translated": lambda rows: [*rows[:2], ["Dónde", "Inglés", "Español", *rows[2][3:]], *rows[3:]],
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(
    "save",
    [
        as_another_program_saves,
        as_open_document,
        as_csv,
        lambda rows: as_csv(rows, ";"),
        lambda rows: as_csv(rows, "\t", "utf-16"),
    ],
    ids=["xlsx", "ods", "csv", "csv with semicolons", "Excel's Unicode text"],
)
def test_whatever_people_and_programs_do_to_the_table_the_rows_come_back(save, deed):
    rows = cells_of(exchange.write(UNITS, "es", "xlsx"))

    back = read(save(DEEDS[deed](rows)))

    assert sorted(what_counts(back)) == sorted(as_it_was(UNITS, "es"))
    assert (back.source, back.target, back.complaints) == ("en", "es", ())


def test_rows_that_were_deleted_are_only_not_there():
    rows = cells_of(exchange.write(UNITS, "es", "xlsx"))

    back = read(as_another_program_saves([*rows[:3], rows[5]]))

    assert what_counts(back) == as_it_was(UNITS, "es")[2:3]
    assert back.rows[0].place == "row 4"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_what_libreoffice_saves_comes_back(ending, tmp_path):
    (tmp_path / "in.xlsx").write_bytes(exchange.write(UNITS, "es", "xlsx"))
    out = tmp_path / "out"
    subprocess.run(
        ["soffice", "--headless", "--convert-to", ending, "--outdir", str(out), str(tmp_path / "in.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    assert what_counts(read((out / f"in.{ending}").read_bytes())) == as_it_was(UNITS, "es")


@FEW
@given(many_units())
def test_another_program_saves_any_text_as_it_was(drawn):
    units, stale = drawn
    written = exchange.write(units, "ar", "xlsx", stale=stale)

    page = openpyxl.load_workbook(io.BytesIO(written))["Translate"]

    assert [cell.data_type for cell in page["B"][3:]] == ["s"] * len(units)
    assert what_counts(read(saved(openpyxl.load_workbook(io.BytesIO(written))))) == as_it_was(
        units, "ar", stale=stale
    )


@settings(max_examples=5)
@given(many_units())
def test_what_is_hidden_says_what_it_is(drawn):
    units, _ = drawn
    rows = cells_of(exchange.write(units, "ar", "xlsx"))

    assert rows[0][1:3] == ["openline:source:en", "openline:translation:ar"]
    assert [row[7] for row in rows[3:]] == [unit.context for unit in units]


def row_changed(column, value, row=4):
    book = book_of()
    book["Translate"][f"{column}{row}"] = value
    return read(saved(book))


def test_a_state_that_is_none_is_told_and_the_row_is_a_draft():
    back = row_changed("F", "perfect!")

    assert back.rows[0].state == "draft"
    assert [str(complaint) for complaint in back.complaints] == [
        "back.xlsx, row 4 (survey:mornings/hard/ask): the State is neither draft nor approved. It is taken as a draft: choose draft or approved."
    ]


def test_a_source_that_was_edited_is_told_and_the_translation_kept():
    back = row_changed("B", "{school}: was it easy?")

    assert [(complaint.word, complaint.place, complaint.context) for complaint in back.complaints] == [
        ("source_changed", "row 4", "survey:mornings/hard/ask")
    ]
    assert exchange.match(back, UNITS, "es")[0][0].verdict == "unchanged"


def test_a_row_that_has_lost_its_key_is_told_and_the_others_stand():
    back = row_changed("H", None)

    assert len(back.rows) == 3
    assert [(complaint.word, complaint.place) for complaint in back.complaints] == [("no_key", "row 4")]


def test_numbers_and_lost_checks_are_no_trouble():
    assert row_changed("C", 7).rows[0].translation == "7"
    assert row_changed("I", None).rows[0].was == ""
    assert row_changed("C", None).rows[0].state == "missing"


def test_a_cell_of_spaces_is_an_empty_one_in_the_end():
    back = row_changed("C", "   ", row=7)

    assert exchange.match(back, UNITS, "es")[0][3].verdict in ("missing", "new")


def test_without_the_hidden_marks_it_is_refused_with_the_way_out():
    rows = cells_of(exchange.write(UNITS, "es", "xlsx"))

    with pytest.raises(
        exchange.ExchangeError, match=r"hidden marks in the first row .* are missing.*Copy the trans"
    ):
        read(as_another_program_saves(rows[1:]))


def test_a_text_that_no_cell_can_hold_is_refused_with_the_place():
    with pytest.raises(
        exchange.ExchangeError, match=r"es.xlsx, survey:mornings/hard/ask: .*32,767.*XLIFF or PO"
    ):
        exchange.write([a_unit("x" * 32_768)], "es", "xlsx")
    assert read(exchange.write([a_unit("x" * 32_767)], "es", "xlsx")).rows[0].text == "x" * 32_767


def test_a_workbook_without_texts_can_be_opened():
    done = [Unit("survey:m/ask", "en", "Hi", texts={"es": "Hola"}, approved=frozenset({"es"}))]

    assert read(exchange.write(done, "es", "xlsx", approved=False)).rows == ()


def test_every_column_has_its_place_and_width():
    assert list(layout.WIDTHS)[-2:] == [layout.KEY, layout.CHECK]
