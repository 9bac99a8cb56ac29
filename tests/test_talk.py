"""A conversation without a phone says what the service would say, over days as well."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import timing
from survey_flows import SurveyError, library, loads, phrases
from survey_flows.talk import Timing, duration, say, start, wait
from survey_flows.transcripts import beside, differences, parse, play

SURVEY = library("getting-to-school")
VALUES = {"school": "Lincoln School"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(*replies, language="en"):
    talk, _ = start(SURVEY, language, VALUES)
    for reply in replies:
        talk, _ = say(talk, reply)
    return talk


def test_the_figures_are_those_of_the_service():
    assert Timing() == Timing(timing.REMIND, timing.EXPIRE)


def test_a_silent_person_is_reminded_twice_and_then_left_alone():
    talk, said = wait(after("3"), 23 * HOUR)
    assert said == ()
    talk, (first,) = wait(talk, HOUR)
    assert first.startswith("Lincoln School: 3 questions are left")
    assert "What, if anything, made it hard?" in first
    talk, (second,) = wait(talk, 2 * DAY)
    assert second.startswith("Lincoln School: this is our last reminder.")
    talk, said = wait(talk, 30 * DAY)
    assert (said, talk.state) == ((), "partial")


def test_both_reminders_come_in_one_long_silence():
    assert len(wait(after(), 8 * DAY)[1]) == 2


def test_what_comes_after_a_week_is_kept_and_acknowledged_once():
    talk, _ = wait(after(), 8 * DAY)
    assert talk.state == "expired"
    talk, reply = say(talk, "3")
    assert reply == phrases.say("late", "en")
    assert (talk.answer.question, talk.answer.value, talk.answer.late) == ("hard", "very", True)
    talk, reply = say(talk, "the bus")
    assert reply is None


def test_somebody_who_has_finished_or_has_stopped_is_not_reminded():
    assert wait(after("3", "the bus", "2", "more buses"), 9 * DAY)[1] == ()
    assert wait(after("STOP"), 9 * DAY)[1] == ()


def test_an_answer_sets_the_clock_back():
    talk, _ = wait(after(), 20 * HOUR)
    talk, _ = say(talk, "3")
    assert wait(talk, 23 * HOUR)[1] == ()


def test_a_sign_of_danger_is_answered_kept_and_told_and_nobody_presses():
    talk, reply = say(after("3"), "i want to die")

    assert reply == phrases.say("crisis", "en", **VALUES)
    assert (talk.told, talk.answer.question, talk.place.at) == ("self_harm", "what_hard", "what_hard")
    assert wait(talk, 10 * DAY)[1] == ()


def test_stop_is_honoured_whatever_else():
    talk, reply = say(after(), "STOP")
    assert reply == phrases.say("stopped", "en", **VALUES)
    assert [say(talk, heard)[1] for heard in ("STOP", "help", "i want to die", "call me", "2")] == [None] * 5
    talk, reply = say(talk, "START")
    assert reply.startswith(phrases.say("started", "en"))
    assert reply.endswith("3. Very hard")


def test_a_wish_to_talk_to_somebody_is_passed_on_and_the_question_waits():
    talk, reply = say(after(), "can someone call me")

    assert reply == phrases.say("person", "en", **VALUES)
    assert (talk.told, talk.place.at, talk.answer) == ("person", "hard", None)


def test_a_join_for_no_survey_is_heard_as_an_answer():
    talk, _ = say(after("3"), "JOIN BUS")
    assert (talk.answer.value, talk.place.at) == ("JOIN BUS", "days_missed")


def test_the_buttons_of_the_last_message_are_at_hand():
    assert [choice.key for choice in after().prompt.choices] == ["not_hard", "a_little", "very"]


def test_a_talk_knows_what_time_it_is():
    talk, _ = start(SURVEY, "en", VALUES, now=datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert wait(talk, 2 * DAY)[0].now == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("+24h", DAY), ("3d", 3 * DAY), ("30m", HOUR / 2), ("2 hours", 2 * HOUR), ("bus", None), ("24", None)],
)
def test_a_stretch_of_time_is_read_as_people_type_it(typed, meant):
    assert duration(typed) == meant


HEAD = "survey: getting-to-school\nlanguage: en\nschool: Lincoln School\n"


def test_words_sent_before_the_next_question_went_out_belong_to_the_answer_before():
    written = parse(HEAD + "> 3\n> the bus\n>> is always late\n= what_hard: x\n> 2\n", "joined.txt")
    lines = play(written)

    assert (
        lines[7:]
        == (
            "> 3",
            "= hard: very",
            "< What, if anything, made it hard? Use your own words, in any language.",
            "> the bus",
            "= what_hard: the bus",
            ">> is always late",
            "= what_hard: is always late",
            "< About how many school days has your child missed in the last 4 weeks? Reply with a number. A guess is fine.",
            "> 2",
            "= days_missed: 2",
            "< What is one thing Lincoln School could do to help?",
        )[-len(lines[7:]) :]
    )
    assert len(lines) == 5 + 11


def test_words_after_a_closed_answer_are_an_answer_of_their_own():
    lines = play(parse(HEAD + "> 3\n>> the bus\n= x: y", "closed.txt"))

    assert "= what_hard: the bus" in lines
    assert lines[-1].startswith("< About how many")


def test_time_passes_in_a_transcript():
    lines = play(parse(HEAD + "~ 24h\n~ 1 day\n> 3", "time.txt"))

    assert lines[5] == "~ 24h"
    assert lines[6].startswith("< Lincoln School: 3 questions are left")
    assert lines[11:13] == ("~ 1 day", "> 3")


ROUNDS = """\
survey: rounds
title: Rounds
intro: "{school} asks about each child. Reply STOP to end."
questions:
  - {key: kids, kind: number, text: How many children?, min: 0, max: 9}
  - group: each
    repeat: "${kids}"
    questions: [{key: age, kind: number, text: How old?}, {key: picture, kind: image, text: A picture of the way?}]
  - {key: today, kind: open, text: "What on ${when}?"}
"""


def test_turns_photos_seeds_and_the_time_are_written_down(tmp_path):
    text = ROUNDS.replace(
        "  - {key: today", "  - {key: when, compute: \"format-date(today(), '%Y-%m-%d')\"}\n  - {key: today"
    )
    (tmp_path / "rounds.yaml").write_text(text)
    transcript = parse(
        "survey: rounds.yaml\nschool: Lincoln\nseed: 7\nnow: 2026-11-22T09:00\n"
        "< Lincoln asks about each child. Reply STOP to end.\n< How many children?\n"
        "> 2\n= kids: 2\n< How old?\n> 7\n= age[1]: 7\n< A picture of the way?\n"
        "< Please send a photo, or tell us in words.\n> (photo)\n= picture[1]: image/jpeg\n< How old?\n"
        "> 9\n= age[2]: 9\n< A picture of the way?\n< Please send a photo, or tell us in words.\n"
        "> a long road\n= picture[2]: a long road\n< What on 2026-11-22?\n",
        "rounds.txt",
    )

    assert differences(transcript, beside(tmp_path)) == ""


def test_a_survey_that_is_nowhere_is_named(tmp_path):
    with pytest.raises(LookupError, match="no survey nowhere"):
        beside(tmp_path)("nowhere")


@pytest.mark.parametrize(
    ("line", "problem"), [("~ soon", "stretch of time"), ("seed: x", "no seed"), ("now: noon", "no time")]
)
def test_what_cannot_be_read_is_pointed_at(line, problem):
    with pytest.raises(SurveyError, match=problem):
        parse(HEAD + line, "talk.txt")


def test_a_quota_that_is_filled_can_be_played():
    made = loads(
        ROUNDS.replace("questions:\n", "questions:\n", 1).replace(
            "  - group: each", '  - {quota: big, most: 3, ask_if: "${kids} > 3"}\n  - group: each'
        ).replace("${when}", "the way"),
        "quota.yaml",
    )  # fmt: skip
    lines = play(parse("survey: rounds\nschool: L\nfull: big\n> 4", "quota.txt"), lambda _: made)

    assert lines[-1] == f"< {phrases.say('full', 'en')}"
