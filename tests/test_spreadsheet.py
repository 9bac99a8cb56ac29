"""Tables come out of whatever file somebody could save, and nothing is lost without being named."""

import csv
import doctest
import io
import warnings
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import spreadsheets
from bot.spreadsheets import (
    BadRow,
    ColumnMissing,
    TableError,
    blank,
    headings,
    open_table,
    opening,
    table,
    workbook,
)

FILES = Path(__file__).parent / "files"
REAL = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture
def save(tmp_path):
    def _save(content, name="answers.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return _save


@pytest.fixture
def book(tmp_path):
    """Saves sheets given as {name: rows}, and gives the path."""

    def _book(sheets, name="answers.xlsx", hidden=()):
        path = tmp_path / name
        out = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
        formats = {
            datetime: out.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: out.add_format({"num_format": "yyyy-mm-dd"}),
            time: out.add_format({"num_format": "hh:mm"}),
        }
        for title, rows in sheets.items():
            sheet = out.add_worksheet(title)
            if title in hidden:
                sheet.hide()
            for line, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    sheet.write(line, place, cell, *([formats[type(cell)]] if type(cell) in formats else []))
        out.close()
        return path

    return _book


def read(table):
    return [tuple(row.values.values()) for row in table.rows]


# Delimiters


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(save, delimiter):
    text = f"name{delimiter}answer\r\nAna{delimiter}a pie\r\nBo{delimiter}autobús\r\n"

    table = open_table(save(text))

    assert table.delimiter == delimiter
    assert read(table) == [("Ana", "a pie"), ("Bo", "autobús")]


def test_commas_in_what_people_wrote_do_not_make_columns(save):
    text = "answer;language\nNo car, no bus, no ride;en\nTarde, siempre;es\nWe walk, mostly;en\n"

    table = open_table(save(text))

    assert table.columns == ("answer", "language")
    assert read(table)[0] == ("No car, no bus, no ride", "en")


def test_one_column_of_free_text_stays_one_column(save):
    table = open_table(save("What makes it hard?\nNo car\nThe bus is late; we wait\nHealth\n"))

    assert table.columns == ("What makes it hard?",)
    assert read(table)[1] == ("The bus is late; we wait",)


def test_one_column_whose_heading_has_a_comma_stays_one_column(save):
    table = open_table(save('"What is hard, and why?"\nNo car\nWork\nHealth\n'))

    assert table.columns == ("What is hard, and why?",)
    assert table.total == 3


def test_the_separator_that_excel_writes_down_is_obeyed_and_lines_still_count(save):
    table = open_table(save("sep=;\r\na;b\r\n1,5;2\r\n"))

    assert table.columns == ("a", "b")
    assert table.rows[0].line == 3


# Encodings


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_spanish_is_read_in_every_encoding_that_programs_write(save, encoding, named):
    text = "nombre;respuesta\r\nAna;¿Cómo? El autobús llega tarde, señora\r\nPeña;mañana también\r\n"

    table = open_table(save(text, encoding=encoding))

    assert table.encoding == named
    assert read(table)[0] == ("Ana", "¿Cómo? El autobús llega tarde, señora")


@pytest.mark.parametrize(
    ("encoding", "answer"),
    [
        ("cp1256", "الحافلة دائما متأخرة وليس لدينا سيارة"),
        ("gb18030", "我们没有车,公共汽车总是迟到"),
        ("cp1252", "Não temos carro e a irmã também está doente"),
        ("cp1252", "Le bus est toujours en retard, ma fille a peur à l’école"),
    ],
)
def test_other_scripts_survive_old_encodings(save, encoding, answer):
    table = open_table(save(f"answer;n\n{answer};1\n", encoding=encoding))

    assert read(table) == [(answer, "1")]


def test_one_old_line_does_not_spoil_a_file_in_utf8(save):
    sound = "Ana;El autobús llega tarde y mi niña está enferma mañana también aquí\n".encode() * 4
    content = b"name;answer\n" + sound + "Bo;después\n".encode("cp1252")

    table = open_table(save(content))

    assert table.encoding == "utf-8, with lines in cp1252"
    assert read(table)[-1] == ("Bo", "después")
    assert "autobús" in read(table)[0][1]


def test_a_person_may_say_the_encoding(save):
    path = save("a;b\nniño;x\n", encoding="mac_roman")

    assert read(open_table(path, encoding="mac_roman")) == [("niño", "x")]
    with pytest.raises(TableError, match="no encoding 'klingon'"):
        open_table(path, encoding="klingon")
    with pytest.raises(TableError, match="not in utf-8"):
        open_table(path, encoding="utf-8")


def test_nul_bytes_are_dropped(save):
    table = open_table(save(b"name,answer\nAna,no \0car\n" + b"Bo,work and the bus\n" * 5))

    assert read(table)[0] == ("Ana", "no car")


# Records


def test_line_breaks_and_quotes_in_cells_keep_the_line_where_the_record_starts(save):
    text = 'name,answer\r\nAna,"first\r\nsecond, ""really"""\r\nBo,short\r\n'

    table = open_table(save(text))

    assert read(table)[0] == ("Ana", 'first\r\nsecond, "really"')
    assert [row.line for row in table.rows] == [2, 4]


def test_empty_rows_are_no_rows(save):
    table = open_table(save("\n\na,b\n1,2\n,\n   ,\n3,4\n,,,\n\n"))

    assert read(table) == [("1", "2"), ("3", "4")]
    assert [row.line for row in table.rows] == [4, 7]
    assert table.bad == ()


def test_a_ragged_row_is_named_by_line_and_the_others_are_kept(save):
    table = open_table(save("a,b,c\n1,2,3\n4,no car, no bus,6\n7,8\n9,10,11,,\n"))

    assert read(table) == [("1", "2", "3"), ("9", "10", "11")]
    assert [bad.line for bad in table.bad] == [3, 4]
    assert "4 cells where there are 3 columns" in table.bad[0].problem
    assert "only 2 of 3 cells" in table.bad[1].problem
    assert "bus" not in str(table.bad)


def test_a_quotation_mark_that_is_never_closed_costs_one_row(save):
    lines = ["name,answer", "Ana,fine", 'Bo,"no car', *[f"P{n},late" for n in range(50)]]

    table = open_table(save("\n".join(lines)))

    assert table.total == 51
    assert table.bad == (BadRow(3, "a quotation mark is opened and never closed."),)


def test_a_quotation_mark_that_closes_at_the_next_quoted_cell_costs_one_row(save):
    lines = [
        "name,answer,grade",
        'Bo,"no car,3',
        *[f"P{n},late,4" for n in range(9)],
        'Cy,"yes, late",5',
        "Di,ok,6",
    ]

    table = open_table(save("\n".join(lines)))

    assert [bad.line for bad in table.bad] == [2]
    assert read(table)[-2:] == [("Cy", "yes, late", "5"), ("Di", "ok", "6")]
    assert table.total == 11


def test_a_cell_beyond_all_measure_is_one_bad_row(save):
    table = open_table(save("a,b\n1,2\n3," + "x" * 200_000 + "\n5,6\n"))

    assert read(table) == [("1", "2"), ("5", "6")]
    assert table.bad[0].line == 3
    assert "131,072 characters" in table.bad[0].problem


def test_a_long_answer_is_kept_whole(save):
    answer = "the bus is late " * 5_000

    table = open_table(save(f"a,b\n1,{answer}\n"))

    assert read(table) == [("1", answer)]


def test_reading_stops_honestly_where_nothing_fits_any_more(save):
    csv.field_size_limit(2**31)  # as libraries do that read anything
    huge = '"' + "x" * 131_073
    path = save("a,b\n" + f"1,{huge}\n" * 202, "odd.csv")

    table = open_table(path)

    assert table.total == 0
    assert "nothing below this line was read" in table.bad[-1].problem


# Headings


def test_headings_of_google_forms_are_whole_questions_in_one_line(save):
    text = '\ufeffTimestamp,"What makes it hard\r\nto come to school?  (anything)"\r\n4/22/2026 19:57:50,"bus\nwork"\r\n'

    table = open_table(save(text))

    assert table.columns == ("Timestamp", "What makes it hard to come to school? (anything)")
    assert table.header_rows == 1
    assert table.rows[0].line == 3


def test_headings_that_come_twice_are_told_apart(save):
    table = open_table(save("Other,Other,Other (2),\nx,y,z,\n"))

    assert table.columns == ("Other", "Other (2)", "Other (2) (2)")


def test_a_column_without_a_heading_is_kept_when_something_is_in_it(save):
    table = open_table(save(",name,,phone,\n0,Ana,,x,\n1,Bo,,y,\n"))

    assert table.columns == ("Column A", "name", "phone")
    assert read(table) == [("0", "Ana", "x"), ("1", "Bo", "y")]


SURVEYMONKEY = (
    "Respondent ID,Start Date,How does your child come to school?,What makes it hard?,,,Anything else?\n"
    ",,Response,No ride,Work hours,Other (please specify),Open-Ended Response\n"
    "11,09/01/2026,Bus,No ride,,-,-\n"
    "12,09/02/2026,Walk,,Work hours,we moved,thank you - all\n"
)


def test_surveymonkeys_two_rows_of_headings_become_one(save):
    table = open_table(save(SURVEYMONKEY))

    assert table.header_rows == 2
    assert table.columns == (
        "Respondent ID",
        "Start Date",
        "How does your child come to school?",
        "What makes it hard?: No ride",
        "What makes it hard?: Work hours",
        "What makes it hard?: Other (please specify)",
        "Anything else?",
    )
    assert [row.line for row in table.rows] == [3, 4]


def test_surveymonkeys_hyphen_is_a_skipped_question(save):
    first, second = open_table(save(SURVEYMONKEY)).rows

    assert first.values["Anything else?"] == ""
    assert second.values["Anything else?"] == "thank you - all"


def test_elsewhere_a_hyphen_is_what_somebody_wrote(save):
    table = open_table(save("Timestamp,answer\n1,-\n"))

    assert not table.survey_monkey
    assert table.rows[0].values["answer"] == "-"


def test_two_rows_of_headings_without_the_identifying_columns(save):
    table = open_table(save("Anything else?,Pick,\nOpen-Ended Response,A,B\nno,A,\n"))

    assert table.columns == ("Anything else?", "Pick: A", "Pick: B")


def test_a_first_person_without_a_name_is_not_taken_for_headings(save):
    table = open_table(save("Name,Phone,\n,+1 555 555 0101,call late\nAna,+1 555 555 0102,\n"))

    assert table.header_rows == 1
    assert table.columns == ("Name", "Phone", "Column C")
    assert table.total == 2


# Columns by what a person types


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Home Language", "Home Language"),
        ("home_language", "Home Language"),
        ("HOMELANGUAGE", "Home Language"),
        ("what makes", "What makes it hard to come?"),
        ("B", "Home Language"),
        ("3", "What makes it hard to come?"),
    ],
)
def test_a_column_is_found_by_what_a_person_types(save, typed, meant):
    table = open_table(save("Grade,Home Language,What makes it hard to come?\n1,2,3\n"))

    assert table.column(typed) == meant


def test_a_column_is_never_guessed_between_two(save):
    table = open_table(save("What is it?,What makes it hard?,Comments,D\n1,2,3,4\n"))

    with pytest.raises(ColumnMissing, match="could be 2 columns") as caught:
        table.column("what")

    assert caught.value.close == ("What is it?", "What makes it hard?")
    assert table.column("D") == "D"


def test_a_letter_that_also_begins_a_heading_is_asked_back(save):
    table = open_table(save("Comments,Grade,Room\n1,2,3\n"))

    with pytest.raises(ColumnMissing) as caught:
        table.column("C")

    assert caught.value.close == ("Comments", "Room")


@pytest.mark.parametrize("typed", ["Langage", "", "  ", "99", "ZZ", "0", "colour"])
def test_a_missing_column_says_which_there_are(save, typed):
    table = open_table(save("Grade,Language,Answer\n1,2,3\n"))

    with pytest.raises(ColumnMissing, match="The columns are: A 'Grade'; B 'Language'; C 'Answer'"):
        table.column(typed)


def test_a_mistyped_column_is_offered(save):
    table = open_table(save("Grade,Language,Answer\n1,2,3\n"))

    with pytest.raises(ColumnMissing, match="Did you mean 'Language'"):
        table.column("Langauge")


# Workbooks


def test_cells_are_the_text_that_a_person_sees(book):
    rows = [
        ["text", "number", "part", "yes", "day", "moment", "hour", "none", "formula"],
        [
            "007",
            15555550101,
            0.1 + 0.2,
            True,
            date(2026, 9, 1),
            datetime(2026, 9, 1, 19, 5),
            time(7, 5),
            None,
            "=1+1",
        ],
    ]

    table = open_table(book({"Answers": rows}))

    assert table.kind == "xlsx"
    assert read(table) == [
        ("007", "15555550101", "0.3", "TRUE", "2026-09-01", "2026-09-01 19:05:00", "07:05:00", "", "=1+1")
    ]


def test_rows_of_a_sheet_have_the_numbers_that_the_program_shows(book):
    table = open_table(
        book({"A": [[], [], ["name", "answer"], ["Ana", "bus"], [], ["Bo", "work"], ["", ""]]})
    )

    assert [row.line for row in table.rows] == [4, 6]


def test_the_first_sheet_with_something_in_it_is_read_and_others_by_name(book):
    path = book(
        {"Empty": [], "Secret": [["x"], ["1"]], "Fall": [["a"], ["fall"]], "Spring": [["a"], ["spring"]]},
        hidden={"Secret"},
    )

    table = open_table(path)

    assert (table.sheet, table.sheets) == ("Fall", ("Empty", "Fall", "Spring"))
    assert read(open_table(path, sheet="spring ")) == [("spring",)]
    with pytest.raises(TableError, match="Did you mean 'Spring'"):
        open_table(path, sheet="Sprnig")


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_freer_workbooks_are_read(kind):
    table = open_table(FILES / f"contacts.{kind}")

    assert table.kind == kind
    assert table.rows[0].values["Phone"] == "15555550101"
    assert table.rows[1].values["Name"] == "Marisol Peña"


def test_the_content_decides_and_not_the_name(tmp_path, save):
    xls = tmp_path / "contacts.xlsx"
    xls.write_bytes((FILES / "contacts.xls").read_bytes())

    assert open_table(xls).kind == "xls"
    assert open_table(save("a,b\n1,2\n", "export.xlsx")).kind == "csv"


# Files that cannot be read say what to do


def test_a_file_that_is_too_large_is_refused_before_it_is_read(save, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST", 10)

    with pytest.raises(TableError, match=r"^answers.csv: the file is .* MB; up to .* Split it"):
        open_table(save("a,b\n1,2\n3,4\n"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \n", "is empty"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"<html><table>", "this is a web page"),
        (b"PK\x03\x04junk", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "damaged or has a password"),
        (b'"name,answer\n1,2\n3,4\n', "line 1: the headings cannot be read"),
    ],
)
def test_what_is_no_table_says_what_it_is(save, content, problem):
    with pytest.raises(TableError, match=problem):
        open_table(save(content, "odd.csv"))


def test_a_zip_that_is_no_workbook_says_so(save):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("answers.csv", "a,b\n")

    with pytest.raises(TableError, match=r"no workbook\. Unpack it"):
        open_table(save(packed.getvalue(), "export.zip"))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(book, monkeypatch):
    monkeypatch.setattr(workbook, "UNPACKED", 100)

    with pytest.raises(TableError, match="unpacks to more than"):
        open_table(book({"A": [["a"], ["1"]]}))


def test_a_workbook_that_says_it_is_small_is_believed_only_as_it_is_unpacked(save, monkeypatch):
    monkeypatch.setattr(workbook, "UNPACKED", 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/sharedStrings.xml", bytes(1_234_567))
    lying = packed.getvalue().replace((1_234_567).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    assert lying != packed.getvalue()

    with pytest.raises(TableError, match="unpacks to more than"):
        open_table(save(lying, "list.xlsx"))


def test_a_printed_list_begins_below_its_title(book):
    rows = [["Riverbend – families", "", ""], ["printed", "2026-11-01", ""], ["", "", ""]]
    people = [["Parent", "Cell phone", "School"], ["Ana", "(503) 555-0101", "Lincoln"], ["Bo", "", "Marsh"]]

    table = open_table(book({"Fall": rows + people}))

    assert table.columns == ("Parent", "Cell phone", "School")
    assert [(row.line, row.values["Parent"]) for row in table.rows] == [(5, "Ana"), (6, "Bo")]


@pytest.mark.parametrize(
    "rows",
    [
        [["Name", "", ""], ["Ana", "(503) 555-0101", "Lincoln"]],
        [["What makes it hard?"], ["The bus, the rain, the dark"]],
        [["Name", "Phone"], ["Ana", "5035550101"]],
    ],
    ids=["unnamed columns", "one column", "two columns"],
)
def test_the_first_row_is_no_title_where_nobody_stands_below_headings(book, rows):
    assert len(open_table(book({"A": rows})).rows) == 1


def test_a_workbook_with_two_members_of_one_name_counts_both(save, monkeypatch):
    monkeypatch.setattr(workbook, "UNPACKED", 100_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(3):
            archive.writestr("xl/workbook.xml", bytes(40_000))

    with pytest.raises(TableError, match="unpacks to more than"):
        open_table(save(packed.getvalue(), "list.xlsx"))


def test_a_stray_cell_at_the_end_of_the_sheet_is_named_before_memory_runs_out(tmp_path):
    path = tmp_path / "answers.xlsx"
    out = xlsxwriter.Workbook(path)
    sheet = out.add_worksheet()
    sheet.write(0, 0, "name")
    sheet.write(1_048_575, 16_383, "stray")
    out.close()

    with pytest.raises(TableError, match=r"1,048,576 rows by 16,384 columns\. Delete the stray cells"):
        open_table(path)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(TableError, match="no such file"):
        open_table(tmp_path / "nothing.csv")
    with pytest.raises(TableError, match="this is a folder"):
        open_table(tmp_path)


def test_peoples_words_stay_out_of_the_repr(save):
    table = open_table(save("answer,grade\nwe have no car,3\n"))

    assert "no car" not in repr(table) + repr(table.rows[0])


@pytest.mark.parametrize("value", ["", "  ", "\u00a0", "\u200b\t\n", "\ufeff"])
def test_blank_is_what_says_nothing(value):
    assert blank(value)
    assert not blank(value + "👍")
    assert not blank("-")


# Whatever people write comes back

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=40)
TEXT_ROWS = st.lists(
    st.tuples(CELL, CELL, CELL).filter(lambda row: not all(map(blank, row))), min_size=1, max_size=8
)


@given(rows=TEXT_ROWS, delimiter=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n", "\r"]))
@settings(deadline=None)
def test_whatever_is_written_as_csv_is_read_again(tmp_path_factory, rows, delimiter, end):
    path = tmp_path_factory.mktemp("csv") / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
        out.writerows([("first", "second", "third"), *rows])

    table = open_table(path)

    assert read(table) == rows
    assert table.bad == ()


def outcome(path):
    """What became of a file: its rows, or an error that has a cure. Anything else fails the test."""
    try:
        table = open_table(path)
    except TableError as error:
        return str(error).startswith(path.name) and bool(error.cure)
    return all(tuple(row.values) == table.columns for row in table.rows)


@given(raw=st.binary(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_a_table_or_a_clear_error(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "odd.csv"
    path.write_bytes(raw)

    assert outcome(path)


def sound(file):
    if file != "contacts.xlsx":
        return (FILES / file).read_bytes()
    saved = io.BytesIO()
    out = xlsxwriter.Workbook(saved)
    out.add_worksheet().write_row(0, 0, ["Name", "Phone"])
    out.close()
    return saved.getvalue()


@pytest.mark.parametrize("file", ["contacts.xls", "contacts.ods", "contacts.xlsx"])
@given(place=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.integers(0, 10**6))
@settings(deadline=None, max_examples=150)
def test_a_damaged_workbook_is_a_table_or_a_clear_error(tmp_path_factory, file, place, byte, cut):
    raw = bytearray(sound(file))
    raw[8 + place % (len(raw) - 8)] = byte
    path = tmp_path_factory.mktemp("book") / file
    path.write_bytes(raw[: 8 + cut % len(raw)])

    assert outcome(path)


# Real exports, where they are at hand. Their words are never shown: only counts are compared.


def real(*parts):
    path = REAL.joinpath(*parts)
    if not path.exists():
        pytest.skip("the real exports are not part of this project")
    return path


@pytest.mark.data
def test_a_real_google_forms_export():
    table = open_table(real("survey-exports", "googleforms-jupyter-education-2016.csv"))

    assert (len(table.columns), table.total, len(table.bad)) == (25, 125, 0)
    assert table.column("timestamp") == "Timestamp"
    assert any("\n" in value for row in table.rows for value in row.values.values())


@pytest.mark.data
def test_a_real_surveymonkey_export():
    table = open_table(real("survey-exports", "surveymonkey-weather-check.csv"))

    assert (len(table.columns), table.total, len(table.bad)) == (9, 928, 0)
    assert table.survey_monkey
    assert not any(value == "-" for row in table.rows for value in row.values.values())


@pytest.mark.data
def test_real_rosters():
    files = list(real("rosters").rglob("*.csv"))

    tables = [open_table(path) for path in files]

    assert len(tables) == 15
    assert all(table.total and not table.bad for table in tables)


def test_what_the_package_offers_is_listed():
    assert all(hasattr(spreadsheets, name) for name in spreadsheets.__all__)


@pytest.mark.parametrize("module", [headings, table, workbook])
def test_the_examples_in_the_docs_are_true(module):
    assert doctest.testmod(module).failed == 0
