"""survey check, test, draw, approve and talk as somebody at a school types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.root import Problem
from survey_flows import LIBRARY, library, load

SURVEY = """\
survey: mornings  # ours
drafted: [es]
title: {en: Mornings, es: Mañanas}
intro: {en: "{school} asks how mornings go, to help. Reply STOP to end.", es: "{school} pregunta cómo van las mañanas, para ayudar. Responda STOP para terminar."}
fields: {change: {en: the new bell, es: el nuevo horario}}
questions:
  - key: late
    kind: scale
    text: {en: "Was {change} hard?", es: "¿Fue difícil {change}?"}
    choices: [{key: easy, en: Easy, es: Fácil}, {key: so, en: So so, es: Regular}, {key: hard, en: Hard, es: Difícil}]
  - {key: more, kind: open, ask_if: {late: [hard]}, text: {en: "What, if anything, made it hard?", es: "¿Qué lo hizo difícil, si hubo algo?"}}
"""
TALK = """\
survey: mornings.yaml
school: Lincoln
change: the bell
< Lincoln asks how mornings go, to help. Reply STOP to end.
< Was the bell hard?
< 1. Easy
< 2. So so
< 3. Hard
> hard
= late: hard
< What, if anything, made it hard?
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "mornings.yaml").write_text(SURVEY, "utf-8")
    return tmp_path


def openline(*arguments, said=None):
    return CliRunner().invoke(app, [*map(str, arguments)], input=said)


# check


def test_a_good_survey_passes(folder):
    done = openline("survey", "check", "mornings.yaml", "getting-to-school")

    assert done.exit_code == 0
    assert "2 surveys: 0 errors" in done.output


def test_what_is_wrong_is_told_with_its_question_its_cure_and_a_code(folder):
    (folder / "bad.yaml").write_text(SURVEY.replace("late: [hard]", "late: [hard, easy]").replace(
        "  - {key: more", "  - group: g\n    ask_if: {late: [so]}\n    questions:\n    - {key: more"), "utf-8")  # fmt: skip
    done = openline("survey", "check", "bad.yaml")

    assert done.exit_code == 1
    assert "Nobody can come to this question" in done.output
    assert "(unreachable)" in done.output
    assert "1 survey: 1 error," in done.output


def test_a_file_that_cannot_be_read_is_an_error_among_others(folder):
    (folder / "broken.yaml").write_text("survey: broken\ntitle: T\nquestions: []\n", "utf-8")
    done = openline("survey", "check", "broken.yaml", "nowhere.yaml", "mornings.yaml")

    assert done.exit_code == 1
    assert "broken.yaml:1" in done.output
    assert "There is no survey file nowhere.yaml" in done.output
    assert [line for line in done.output.splitlines() if line.strip().startswith("→ (")] == []


def test_findings_can_be_had_as_json(folder):
    done = openline("survey", "check", "mornings.yaml", "--json")
    (drafts,) = [
        finding for finding in json.loads(done.output)["mornings.yaml"] if finding["rule"] == "drafts"
    ]

    assert drafts["severity"] == "note"
    assert set(drafts) == {"severity", "what", "cure", "question", "language", "rule"}


def test_a_long_survey_passes_where_it_may(folder):
    rows = "".join(
        f"  - {{key: q{n}, kind: yesno, text: {{en: Late?, es: ¿Tarde?}}}}\n".replace("¿Tarde?", "'¿Tarde?'")
        for n in range(9)
    )
    (folder / "long.yaml").write_text(SURVEY + rows, "utf-8")

    assert openline("survey", "check", "long.yaml").exit_code == 1
    assert openline("survey", "check", "long.yaml", "--long").exit_code == 0


def test_a_form_is_looked_over_as_well(folder):
    (folder / "form.csv").write_text(
        '"survey",,,\n,"type","name","label"\n,"text","what","What, if anything, was hard?"\n', "utf-8"
    )
    done = openline("survey", "check", "form.csv")

    assert "1 survey:" in done.output
    assert "form.csv" in done.output


# test


def test_conversations_go_as_they_are_written_or_show_where_they_do_not(folder):
    (folder / "good.txt").write_text(TALK, "utf-8")
    assert openline("survey", "test", "good.txt").exit_code == 0

    (folder / "bad.txt").write_text(TALK.replace("late: hard", "late: easy"), "utf-8")
    done = openline("survey", "test", folder)
    assert done.exit_code == 1
    assert "-= late: easy" in done.output
    assert "+= late: hard" in done.output
    assert "2 conversations, 1 otherwise than written." in done.output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("survey: mornings.yaml", "survey: evenings", "There is no survey evenings"),
        ("change: the bell\n", "", "change"),
        ("> hard", "hard", "neither a header"),
    ],
)
def test_a_transcript_that_cannot_be_played_says_why(folder, old, new, told):
    (folder / "bad.txt").write_text(TALK.replace(old, new), "utf-8")
    done = openline("survey", "test", "bad.txt")

    assert done.exit_code == 1
    assert told in done.output


def test_a_folder_without_transcripts_is_no_success(folder):
    done = openline("survey", "test", folder)
    assert isinstance(done.exception, Problem)


# approve


def test_approving_takes_a_language_off_the_drafts_and_keeps_the_file(folder):
    done = openline("survey", "approve", "mornings.yaml", "es", "--by", "Ana Pérez")
    made = load(folder / "mornings.yaml")

    assert done.exit_code == 0
    assert (made.drafts, made.approved["es"].by) == (frozenset(), "Ana Pérez")
    assert made.text.startswith("survey: mornings  # ours\napproved:\n  es: {by:")


@pytest.mark.parametrize(("language", "by"), [("fr", "Ana"), ("en", "Ana"), ("es", " ")])
def test_what_cannot_be_approved_is_refused(folder, language, by):
    done = openline("survey", "approve", "mornings.yaml", language, "--by", by)

    assert isinstance(done.exception, Problem)
    assert (folder / "mornings.yaml").read_text("utf-8") == SURVEY


# draw


def test_a_survey_is_drawn_beside_one(folder):
    done = openline("survey", "draw", "mornings.yaml", "--language", "es")

    assert done.exit_code == 0
    assert "Mañanas" in (folder / "mornings.svg").read_text("utf-8")
    assert isinstance(openline("survey", "draw", "mornings.yaml", "--language", "fr").exception, Problem)


# talk


def talk(*arguments, said):
    done = openline("talk", *arguments, said=said)
    assert done.exit_code == 0, done.exception
    return done.output


def test_the_parts_of_each_message_are_counted(folder):
    out = talk("getting-to-school", "--channel", "sms", "--language", "es", said="2\n")

    assert "4 parts: 242 characters, Unicode because of ó, í, ú" in out
    assert "2 parts: 88 characters, Unicode because of í" in out


def test_buttons_are_drawn_and_pressed(folder):
    out = talk("getting-to-school", "--channel", "telegram", said="/9\n/3\n")

    assert "│ /1 Not hard │ │ /2 A little hard │ │ /3 Very hard │" in out
    assert "There is no such button." in out
    assert "What, if anything, made it hard?" in out


def test_time_is_let_pass(folder):
    out = talk("getting-to-school", said="+24h\n+48h\n+8d\n3\n")

    assert "Lincoln School: 3 questions are left" in out
    assert "Lincoln School: this is our last reminder." in out
    assert "the conversation is given up" in out
    assert "These questions have closed" in out


def test_danger_and_a_wish_for_a_person_are_answered_as_they_would_be(folder):
    out = talk("getting-to-school", said="call me please\n3\ni want to die\n")

    assert "People on call are told: somebody would like to talk." in out
    assert "People on call are told at once (self harm)." in out
    assert "call or text 988" in out


def test_drafts_are_marked(folder):
    assert "Español (machine-drafted, not approved)" in talk("mornings.yaml", "--language", "es", said="")
    openline("survey", "approve", "mornings.yaml", "es", "--by", "Ana")
    assert "Español (approved by Ana)" in talk("mornings.yaml", "--language", "es", said="")
    text = (folder / "mornings.yaml").read_text("utf-8")
    (folder / "mornings.yaml").write_text(text.replace("Regular", "Ni fu ni fa"), "utf-8")
    assert "(changed since Ana approved it)" in talk("mornings.yaml", "--language", "es", said="")


def test_fields_have_their_example_or_what_is_given(folder):
    assert "Was the new bell hard?" in talk("mornings.yaml", said="")
    assert "Was late start hard?" in talk("mornings.yaml", "--set", "change=late start", said="")
    assert isinstance(openline("talk", "mornings.yaml", "--set", "colour=red").exception, Problem)


def test_the_player_explains_itself(folder):
    assert "let time pass" in talk("mornings.yaml", said="?\n")


@pytest.mark.parametrize("key", [key for key in LIBRARY if library(key).fields])
def test_a_survey_of_the_library_with_fields_is_played_with_their_examples(folder, key):
    shown = talk(key, "--language", "en", said="1\n" * 20)

    assert [name for name, example in library(key).fields.items() if example["en"] not in shown] == []


def test_the_tools_are_documented_by_their_help():
    shown = openline("survey", "--help").output
    assert all(name in shown for name in ("check", "test", "draw", "approve"))


TRANSCRIPTS = Path(__file__).parent / "transcripts"


def test_every_transcript_that_we_keep_goes_right_at_the_command_line():
    assert openline("survey", "test", TRANSCRIPTS).exit_code == 0


def test_a_file_that_cannot_be_written_is_said_in_one_line(folder):
    for told in (("draw",), ("export", "--xform"), ("export", "--xlsform")):
        done = openline("survey", *told, "mornings.yaml", "--out", "nowhere/drawn")

        assert isinstance(done.exception, Problem)
        assert str(done.exception) == "nowhere/drawn cannot be written: No such file or directory."
