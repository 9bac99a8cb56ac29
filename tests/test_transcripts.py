"""Every conversation in tests/transcripts goes as it is written there."""

from pathlib import Path

import pytest

from survey_flows import Survey, SurveyError, library, load
from survey_flows.transcripts import differences, parse, play

FOLDER = Path(__file__).parent / "transcripts"
WRITTEN = sorted(FOLDER.glob("*.txt"))


def surveys(key: str) -> Survey:
    """A survey beside the transcripts, or one of the library."""
    beside = FOLDER / f"{key}.yaml"
    return load(beside) if beside.exists() else library(key)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(path):
    transcript = parse(path.read_text("utf-8"), path.name)

    different = differences(transcript, surveys)

    assert different == "", f"\n{different}"


def test_every_language_of_the_library_has_a_whole_conversation():
    spoken = {
        parse(path.read_text("utf-8"), path.name).headers["language"]
        for path in WRITTEN
        if "survey: getting-to-school" in path.read_text("utf-8")
    }

    assert spoken == set(library("getting-to-school").languages)


def test_every_transcript_shows_what_is_kept():
    silent = [path.name for path in WRITTEN if "\n= " not in path.read_text("utf-8")]

    assert silent == []


TALK = """
survey: getting-to-school
language: en
school: Lincoln School

‹ Lincoln School asks what getting to school is like for you, so that we can help. Reply STOP to end.
‹ In the last 2 weeks, was it hard to get your child to school?
‹ 1. Not hard
‹ 2. A little hard
‹ 3. Very hard
› 2
‹ What, if anything, made it hard? Use your own words, in any language.
"""


def test_a_transcript_without_answers_checks_only_what_is_said():
    assert differences(parse(TALK, "talk.txt")) == ""


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (("A little hard", "A bit hard"), "-< 2. A bit hard"),
        (("› 2", "› 1"), "+< What, if anything, helps your child get to school each day?"),
        (("What, if anything, made it hard? Use your own words, in any language.", "Why?"), "-< Why?"),
        (("› 2", "› 2\n= hard: very"), "-= hard: very"),
        (("› 2", "› the moon\n= hard: a_little"), "+= hard: ?"),
        (("› 2", "› no idea\n= hard: a_little"), "+= hard: (dont know)"),
    ],
)
def test_a_conversation_that_goes_otherwise_is_shown_line_by_line(wrong, shown):
    transcript = parse(TALK.replace(*wrong), "talk.txt")

    different = differences(transcript)

    assert shown in different.splitlines()


def test_a_conversation_that_should_go_on_but_ends_is_different():
    transcript = parse(TALK + "\n> the bus\n< Nothing more is asked.", "talk.txt")

    assert "-< Nothing more is asked." in differences(transcript).splitlines()


def test_a_line_that_nobody_says_is_pointed_at():
    with pytest.raises(SurveyError) as caught:
        parse(TALK + "\nand then she said", "talk.txt")

    assert caught.value.line == TALK.count("\n") + 2
    assert "neither a header" in caught.value.problem


def test_a_transcript_has_to_name_its_survey():
    with pytest.raises(SurveyError, match="which survey"):
        parse("language: en\n> 1", "talk.txt")


def test_what_openline_is_written_to_say_does_not_change_what_it_says():
    told = parse(TALK, "talk.txt")
    untold = parse("\n".join(line for line in TALK.splitlines() if not line.startswith("‹")), "talk.txt")

    assert play(told) == play(untold)
