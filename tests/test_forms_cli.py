"""Forms at the command line: taken over with all that people should look at, and written again."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli.root import Problem, app
from survey_flows import load
from survey_flows.xlsform import read_form

FORM = """
| survey |          |       |                     |
|        | type     | name  | label::English (en) |
|        | text     | why   | Why?                |
|        | geopoint | where | Where?              |
"""


@pytest.fixture
def openline(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "form.md").write_text(FORM)

    def openline(*arguments):
        return CliRunner().invoke(app, ["survey", *arguments], catch_exceptions=True)

    return openline


def test_a_form_becomes_a_survey_file_and_what_changed_is_told_with_its_row(openline, tmp_path):
    said = openline("import", "form.md")

    assert said.exit_code == 0, said.output
    assert "survey, row 3: A place on the map" in said.output
    assert "form.yaml: 2 questions, in en." in said.output
    assert [question.key for question in load(tmp_path / "form.yaml").questions] == ["why", "where"]


def test_a_file_that_is_there_is_not_written_over_unasked(openline, tmp_path):
    (tmp_path / "form.yaml").write_text("mine")

    said = openline("import", "form.md")
    assert isinstance(said.exception, Problem)
    assert "--force" in str(said.exception)
    assert (tmp_path / "form.yaml").read_text() == "mine"
    assert openline("import", "form.md", "--force").exit_code == 0
    assert openline("import", "form.md", "--out", "-").output.startswith("survey: ")


def test_a_form_that_has_to_be_mended_names_every_row_and_writes_nothing(openline, tmp_path):
    (tmp_path / "form.md").write_text(FORM.replace("text ", "txet ").replace("geopoint", "geopiont"))

    said = openline("import", "form.md")
    assert said.exit_code == 1
    assert "survey, row 2" in str(said.exception)
    assert "survey, row 3" in str(said.exception)
    assert not (tmp_path / "form.yaml").exists()


def test_a_survey_is_written_for_odk_and_for_translators(openline, tmp_path):
    assert openline("export", "getting-to-school", "--xform").exit_code == 0
    assert openline("export", "getting-to-school", "--xlsform", "--out", "to-translate.xlsx").exit_code == 0

    assert (tmp_path / "getting-to-school.xml").read_text().startswith("<?xml")
    assert len(read_form(tmp_path / "to-translate.xlsx").survey.languages) == 8


@pytest.mark.parametrize("options", [[], ["--xform", "--xlsform"]])
def test_which_form_has_to_be_said(openline, options):
    assert "--xform" in str(openline("export", "getting-to-school", *options).exception)


def test_a_language_that_is_none_is_not_taken(openline):
    assert "no language tag" in str(openline("import", "form.md", "--language", "Spanish!").exception)
