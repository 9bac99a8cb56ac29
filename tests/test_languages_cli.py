"""openline languages, as it is typed: one line for every row, whatever stands in it."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.root import Problem

SAID = (
    ("1", "bis la an reta chak jou"),
    ("2", "no hay bus y nadie nos llamó"),
    ("3", "the bus never came\nand nobody called us"),
    ("4", ""),
    ("5", "le bus est toujours en retard"),
    ("6", "👍"),
)


@pytest.fixture
def typed():
    def typed(*arguments: object, ends: int = 0):
        done = CliRunner().invoke(app, ["languages", *map(str, arguments)])
        if isinstance(done.exception, Problem):
            raise done.exception
        assert done.exit_code == ends, done.output
        return done

    return typed


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "replies.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("id", "What makes it hard?"), *SAID])
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_row_has_its_line_in_order(typed, file):
    told = rows(typed(file, "--text-column", "What makes it hard?", "--among", "ht,en,fr,es").stdout)

    assert [row["row"] for row in told] == ["1", "2", "3", "4", "5", "6"]
    assert [row["language"] for row in told] == ["ht", "es", "en", "und", "fr", "und"]


def test_the_score_is_between_nought_and_one_with_three_decimals(typed, file):
    told = rows(typed(file, "--text-column", "B").stdout)

    assert all(re.fullmatch(r"0\.\d{3}|1\.000", row["score"]) for row in told)
    assert [row["row"] for row in told if row["score"] == "0.000"] == ["4", "6"]
    assert float(told[0]["score"]) > 0.9


def test_without_words_the_declared_language_stands_with_nought(typed, file):
    told = rows(typed(file, "--text-column", "B", "--declared", "ht").stdout)

    assert (told[3]["language"], told[3]["score"]) == ("ht", "0.000")
    assert told[1]["language"] == "es"


def test_languages_may_be_called_by_their_names(typed, file):
    told = rows(typed(file, "--text-column", "B", "--among", "Haitian Creole, english").stdout)

    assert {row["language"] for row in told} <= {"ht", "en", "und"}


def test_a_language_is_called_as_it_was_asked_for(typed, tmp_path):
    (tmp_path / "one.csv").write_text("said\nhindi dumating ang bus kanina\n")

    for asked in ("tl", "fil"):
        told = rows(typed(tmp_path / "one.csv", "--text-column", "said", "--among", f"en,{asked}").stdout)
        assert told[0]["language"] == asked


def test_a_row_of_the_wrong_width_keeps_its_place(typed, tmp_path):
    path = tmp_path / "broken.csv"
    path.write_text(
        "id,said\n1,bis la an reta\n2,no hay bus, nadie llamó\n3,the bus never came\n4\n5,merci\n"
    )

    done = typed(path, "--text-column", "said", "--among", "ht,en,fr,es")

    assert [row["language"] for row in rows(done.stdout)] == ["ht", "und", "en", "und", "fr"]
    assert "line 3 cannot be read" in done.stderr
    assert "line 5 cannot be read" in done.stderr


def test_a_sheet_of_a_workbook_is_read(typed, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Fall")
    for row in (("id", "said"), *SAID[:3]):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")

    told = rows(typed(tmp_path / "book.xlsx", "--sheet", "Fall", "--text-column", "said").stdout)

    assert [row["language"] for row in told] == ["ht", "es", "en"]


def test_the_summary_counts_and_shows_no_words(typed, file):
    done = typed(file, "--text-column", "B", "--among", "ht,en,fr,es")

    assert "replies.csv: 6 rows: und 2, ht 1, es 1, en 1, fr 1." in done.stderr
    assert "2 without words to tell it by" in done.stderr
    assert "nadie" not in done.output


def test_it_writes_to_a_file_where_one_is_named(typed, file, tmp_path):
    done = typed(file, "--text-column", "B", "--out", tmp_path / "told.csv")

    assert done.stdout == ""
    assert (tmp_path / "told.csv").read_bytes().startswith(b"row,language,score\n1,ht,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--text-column", "Nothing"), "there is no column 'Nothing'"),
        (
            ("--text-column", "B", "--among", "ht,??"),
            "--among: '??' is no language we know",
        ),
        (("--text-column", "B", "--among", ","), "--among names no language"),
        (("--text-column", "B", "--among", "en,chk"), "--among: chk cannot be told by the words"),
        (("--text-column", "B", "--declared", "xx"), "--declared: 'xx' is no language we know"),
        (("--text-column", "B", "--declared", "??"), "--declared: '??' is no language we know"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_cure(typed, file, arguments, said):
    with pytest.raises(Problem) as problem:
        typed(file, *arguments)

    assert said in str(problem.value)


def test_a_file_that_cannot_be_written_is_named(typed, file, tmp_path):
    with pytest.raises(Problem, match="cannot be written"):
        typed(file, "--text-column", "B", "--out", tmp_path / "nowhere" / "told.csv")
