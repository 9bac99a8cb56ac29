"""The demo: its cast, and a whole round over loopback HTTP, which is also the project's end-to-end test."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from rich.console import Console
from sqlalchemy import Row, select

import survey_flows
from bot.coding import digest
from bot.demo import content
from bot.demo.accounts import Accounts
from bot.demo.bars import bars
from bot.demo.cast import FAILURES, Deck, Person, cast
from bot.demo.content import Reply
from bot.demo.crowd import Crowd, asks, thanks
from bot.demo.round import SEED, SURVEY, Outcome, RoundFailed, play, stage
from bot.demo.slips import slip
from bot.store.tables import addresses, answers, consents, conversations, messages, translations

REPLIES = content.replies()
WORLD = content.world()
WORDS = {reply.text for reply in REPLIES}
LANGUAGES = {"en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr"}


@pytest.fixture(scope="module")
def everyone() -> tuple[Person, ...]:
    return cast(WORLD, REPLIES, survey_flows.library(SURVEY), Random(SEED))


def said(persons: Sequence[Person]) -> list[str]:
    """Every made-up reply that is sure to be said: the first wording of each answer, and what comes afterwards."""
    firsts = [words[0] for person in persons for words in person.script.values()]
    return [text for text in firsts + [t for p in persons for t in p.afterwards] if text in WORDS]


# The cast


def test_the_same_seed_gives_the_same_people(everyone):
    again = cast(WORLD, REPLIES, survey_flows.library(SURVEY), Random(SEED))
    other = cast(WORLD, REPLIES, survey_flows.library(SURVEY), Random(SEED + 1))

    assert again == everyone
    assert other != everyone


def test_the_cast_adds_up_to_what_the_file_says(everyone):
    wanted: Counter[tuple[str, str, str]] = Counter()
    for school in WORLD["schools"]:
        for respondent, column in (("family", "families"), ("student", "students")):
            wanted += Counter({(school["name"], respondent, tag): n for tag, n in school[column].items()})

    assert len(everyone) == 300
    assert Counter((p.school, p.respondent, p.language) for p in everyone) == wanted


def test_every_number_is_made_up_and_belongs_to_one_person(everyone):
    numbers = [person.address for person in everyone if person.channel == "sms"]

    assert len(set(numbers)) == len(numbers) == 225
    assert all(number[5:8] == "555" and number[8:10] == "01" for number in numbers)
    assert len({person.address for person in everyone}) == 300


def test_more_than_400_different_replies_are_said_in_all_eight_languages(everyone):
    heard = set(said(everyone))

    assert len(heard) >= 400
    assert {reply.language for reply in REPLIES if reply.text in heard} == LANGUAGES


def test_nobody_says_more_than_their_behaviour_allows(everyone):
    by = {name: [p for p in everyone if p.behaviour == name] for name in ("all", "first_only", "never")}

    assert all({"hard", "days_missed", "one_thing"} < set(person.script) for person in by["all"])
    assert all(("what_hard" in p.script) == (p.choice > 0) for p in by["all"])
    assert all(("what_helps" in p.script) == (p.choice == 0) for p in by["all"])
    assert all(set(person.script) == {"hard"} for person in by["first_only"])
    assert not any(person.script or person.afterwards for person in by["never"])


def test_every_way_in_which_a_number_fails_is_played(everyone):
    assert {person.failure for person in everyone} == {None, *FAILURES}


def test_no_reply_is_drawn_twice_before_all_have_been():
    deck = Deck([Reply("hard", "family", "en", text, ()) for text in "abc"], Random(1))

    drawn = [deck.draw("hard", "family", "en", lambda reply: 1.0) for _ in range(6)]

    assert set(drawn[:3]) == set(drawn[3:]) == set("abc")


def test_a_question_without_replies_is_named():
    with pytest.raises(LookupError, match=r"no reply to 'hard' by a student in 'fr'"):
        Deck([], Random(1)).draw("hard", "student", "fr", lambda reply: 1.0)


@pytest.mark.parametrize("label", ["Not hard", "Un poco difícil", "Hơi khó", "不难", "صعب قليلًا", "no"])
def test_a_slip_changes_a_label_a_little_and_keeps_its_first_letter(label):
    for seed in range(40):
        slipped = slip(label, Random(seed))

        assert slipped[0] == label[0]
        assert abs(len(slipped) - len(label)) <= 1


def test_a_tenth_of_the_english_is_kept_back_in_every_language():
    kept = Counter(source for source, _, _, _ in content.entries(REPLIES, Random(SEED)))
    all_ = Counter(reply.language for reply in REPLIES if reply.english)

    assert {tag: round(kept[tag] / all_[tag], 1) for tag in all_} == dict.fromkeys(LANGUAGES - {"en"}, 0.9)


def test_a_person_knows_what_is_asked_in_any_language_and_wording():
    survey = survey_flows.library(SURVEY)
    values = {"school": "Cedar Middle"}

    for language in survey.languages:
        for variant in (None, *survey.variants):
            first = survey_flows.begin(survey, language, values, variant)
            second = survey_flows.hear(survey, first.place, "2", values)

            assert asks(survey, "Cedar Middle", first.prompt.text) == "hard"
            assert asks(survey, "Cedar Middle", second.prompt.text) == "what_hard"
    assert not thanks(survey, "Cedar Middle", first.prompt.text)


# A round


@pytest.fixture(scope="module")
def few(everyone) -> list[Person]:
    """Some of every kind, quick to answer; two whose messages all come twice, one that stops in English and one not."""

    def some(count: int, **traits: object) -> Iterator[Person]:
        found = (p for p in everyone if all(getattr(p, name) == value for name, value in traits.items()))
        return (person for person, _ in zip(found, range(count), strict=False))

    chosen = [
        *(p for tag in sorted(LANGUAGES) for p in some(1, behaviour="all", channel="sms", language=tag)),
        *some(4, behaviour="all", channel="telegram", presses=True),
        *some(2, behaviour="all", channel="telegram", presses=False),
        *some(2, behaviour="first_only"),
        *some(2, behaviour="never"),
        *some(1, behaviour="wrong_number"),
        *(p for code in FAILURES for p in some(1, failure=code)),
    ]
    stops = next(p for p in everyone if p.behaviour == "stops" and p.channel == "sms")
    spanish = replace(stops, number=901, language="es", address="+12035550198", script={"hard": ("ALTO",)})
    english = replace(stops, number=902, language="en", address="+12035550199", script={"hard": ("STOP",)})
    twice = {chosen[0].number, chosen[9].number, 901}
    return [replace(p, twice=p.number in twice) for p in [*chosen, spanish, english]]


@dataclass
class Played:
    """What a small round left behind, on both sides."""

    outcome: Outcome
    crowd: Crowd
    rows: dict[str, list[Row[Any]]]
    progress: list[tuple[str, int, int]]
    folder: Path

    def of(self, person: Person, direction: str) -> list[Row[Any]]:
        found = [row for row in self.rows["messages"] if row.address == person.address]
        return [row for row in found if row.direction == direction]


@pytest.fixture(scope="module")
def played(few, tmp_path_factory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    progress: list[tuple[str, int, int]] = []

    async def go() -> Played:
        async with stage(
            settings={"database_url": f"sqlite:///{folder / 'round.db'}", "cache_folder": folder},
            people=few,
            pace=0.0005,
            progress=lambda *told: progress.append(told),
        ) as staged:
            async with staged.app.database.read() as db:
                rows = {
                    table.name: list(await db.execute(select(table).order_by(table.c.id)))
                    for table in (messages, addresses, answers, consents, conversations, translations)
                }
            async with httpx.AsyncClient() as browser:
                assert (await browser.get(f"{staged.address}/healthz")).status_code == 200
                forged = await browser.post(f"{staged.address}/in/sms", data={"From": "+12035550100"})
                assert forged.status_code == 403
            return Played(staged.outcome, staged.crowd, rows, progress, folder)

    return asyncio.run(go())


def test_a_round_ends_with_every_message_accounted_for(played):
    assert played.outcome.accounts.problems == ()
    assert played.outcome.good
    assert played.outcome.accounts.line.startswith("Every message accounted for: ")
    assert len(played.crowd.twilio.messages) + len(played.crowd.telegram.messages) == sum(
        row.provider_id is not None for row in played.rows["messages"] if row.direction == "out"
    )


def test_what_a_provider_delivers_twice_is_answered_once(played, few):
    doubled = [p for p in few if p.twice and p.behaviour == "all"]

    assert {p.channel for p in doubled} == {"sms", "telegram"}
    for person in doubled:
        started = person.channel == "telegram"
        assert len(played.of(person, "in")) == started + len(person.script) + len(person.afterwards)
        assert len({row.text for row in played.of(person, "out")}) == len(played.of(person, "out"))
    assert played.outcome.accounts.repeated >= sum(len(p.script) for p in doubled)


def test_stop_is_honoured_with_one_confirmation_at_most(played, few):
    spanish, english = next(p for p in few if p.number == 901), next(p for p in few if p.number == 902)

    assert [row.purpose for row in played.of(spanish, "out")] == ["ask", "farewell"]
    assert [row.purpose for row in played.of(english, "out")] == ["ask"]  # Twilio has confirmed it already
    for person in (spanish, english):
        (address,) = [row for row in played.rows["addresses"] if row.address == person.address]
        events = [row.event for row in played.rows["consents"] if row.address_id == address.id]
        assert address.suppressed == "stopped"
        assert events == ["granted", "stopped"]


def test_words_are_stored_exactly_as_they_were_written(played, few):
    heard = Counter(row.heard for row in played.rows["answers"] if row.kind == "open")
    written = Counter(text for p in few for text in said([p]))

    assert heard == written
    assert sum(heard.values()) > 25


def test_every_open_answer_is_coded_and_has_the_english_that_people_made(played):
    open_ = [row for row in played.rows["answers"] if row.kind == "open" and row.missing is None]
    known = {(source, text) for source, _, text, _ in content.entries(REPLIES, Random(SEED))}
    english = {row.digest for row in played.rows["translations"] if row.origin == "person"}

    assert [(r.heard, r.code_at, r.coder) for r in open_ if r.code_at or not r.coder] == []
    for row in open_:
        assert (digest(row.heard) in english) == ((row.language, row.heard) in known)
    assert len(english) >= 10


def test_buttons_pressed_by_students_are_their_answers(played, few):
    pressing = [person for person in few if person.presses]

    for person in pressing:
        pressed = [row for row in played.of(person, "in") if row.text == ""]
        answer = next(row for row in played.rows["answers"] if row.message_id == pressed[0].id)
        assert answer.value == ("not_hard", "a_little", "very")[person.choice]
    assert len(played.crowd.telegram.answered) >= len(pressing)


def test_numbers_that_fail_are_suppressed_for_the_right_reason(played, few):
    became = {
        p.failure: next(row.suppressed for row in played.rows["addresses"] if row.address == p.address)
        for p in few
        if p.failure
    }

    assert became == {30005: "dead", 21211: "dead", 30006: "dead", 21610: "stopped"}


def test_the_findings_count_everybody_once(played, few):
    summary = played.outcome.summary

    assert summary.asked == len(few)
    assert summary.answered == len({row.person_id for row in played.rows["answers"]})
    assert summary.answered >= sum(person.behaviour in ("all", "first_only") for person in few)


def test_progress_reaches_the_end_of_every_phase(played):
    last = {phase: (done, of) for phase, done, of in played.progress}

    assert set(last) == {"asking", "hearing", "coding"}
    assert all(done == of > 0 for done, of in last.values())


async def test_a_database_with_people_in_it_is_refused(played, few):
    with pytest.raises(RoundFailed, match="holds people already"):
        await play(settings={"database_url": f"sqlite:///{played.folder / 'round.db'}"}, people=few)


def test_books_that_differ_are_told_in_words():
    odd = Accounts(5, 4, 0, 0, 3, 1, 0, 0, ("1 messages sent by the store that no provider has",))

    assert odd.line == "The accounts do not add up: 1 messages sent by the store that no provider has."


def test_the_bars_take_phases_as_they_come():
    shown = Console(file=StringIO(), width=120, force_terminal=True)
    with bars(shown) as progress:
        progress("asking", 1, 2)
        progress("hearing", 0, 9)
        progress("asking", 2, 2)

    assert "Asking families" in shown.file.getvalue()
    assert "2/2" in shown.file.getvalue()
