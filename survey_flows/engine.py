"""What to ask next, given what was said. Nothing is remembered here: the whole state is one small Place.

One message goes the same way always: a pressed button answers its question; else the words answer the question that
waits; else they ask for something (skip, back, "I meant 2"); else we ask back once, naming what may have been meant;
and then they are kept as they are, and the survey goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from . import phrases, requests
from .answers import yes_or_no
from .asking import Question, Reading
from .choices import One
from .folding import fold
from .place import MENU, Answer, Place, Prompt, Step
from .program import Walk, before, onward
from .prompts import asking_back, menu, prompt, thanks
from .questions import Open
from .scope import DONT_KNOW, SKIPPED, Scope, Value, apart, key
from .survey import Survey
from .wording import nearest
from .words import read as command

TRIES = 2
"""How often a closed question is asked before its answer is kept as it is and the survey goes on."""
LONGEST = 640
"""Characters of an open answer that are kept with the place, where a text or an expression refers to it."""


@dataclass(frozen=True, slots=True)
class _Hearing:
    """One message, and all it is heard with."""

    survey: Survey
    place: Place
    heard: str
    values: Mapping[str, str]
    now: datetime | None = None
    media: tuple[str, ...] = ()
    full: Collection[str] = ()

    def scope(
        self, answers: Mapping[str, Value] | None = None, at: str | None = None, place: Place | None = None
    ) -> Scope:
        place, name = place or self.place, apart(at) if at else (None, ())
        return Scope(
            self.survey,
            place.answers if answers is None else answers,
            place.language,
            {**self.values, **place.given} if place.given else self.values,
            self.now,
            place.seed,
            self.full,
            name[0],
            name[1],
        )

    def waiting(self, at: str) -> tuple[Question, Scope]:
        scope = self.scope(at=at)
        return self.survey.question(scope.at or "").shown(scope), scope

    def say(self, place: Place, first: str = "", notes: Walk | None = None) -> Prompt:
        return prompt(self.survey, place, self.scope(at=place.at, place=place), first, notes)


def begin(
    survey: Survey,
    language: str,
    values: Mapping[str, str],
    variant: str | None = None,
    *,
    now: datetime | None = None,
    seed: int = 0,
    full: Collection[str] = (),
    menu_of: Collection[str] = (),
) -> Step:
    """The first message: who asks and why, how to end, and the first question.

    ``language`` may be any BCP 47 tag; the survey's nearest one is used. With ``menu_of`` (languages) the person is
    asked first which of them to use. A survey that has no such variant has one wording for everybody. ``now`` is an
    aware time, which expressions may need; ``seed`` decides what is drawn by lot; ``full`` are quotas that are filled.
    Raises LookupError for a missing value.

    >>> from survey_flows import begin, library
    >>> begin(library("getting-to-school"), "fr", {"school": "Lincoln School"}).prompt.question
    'hard'
    """
    known = variant if variant in survey.variants else None
    given = {name: values[name] for name in survey.fields if name in values}
    place = Place(None, survey.speaks(language), variant=known, seed=seed, given=given)
    hearing = _Hearing(survey, place, "", values, now, full=full)
    if len(menu_of) > 1:
        waiting = replace(place, at=MENU)
        return Step(waiting, menu(survey, waiting, hearing.scope(), menu_of))
    return _first(hearing)


def ask(
    survey: Survey, place: Place, values: Mapping[str, str], *, now: datetime | None = None, first: str = ""
) -> Prompt | None:
    """The question that waits, once more (after START, or in a new language); None when none waits. ``first`` is a
    line to begin with."""
    if place.at is None:
        return None
    hearing = _Hearing(survey, place, "", values, now)
    return menu(survey, place, hearing.scope()) if place.at == MENU else hearing.say(place, first)


def left(survey: Survey, place: Place, values: Mapping[str, str]) -> int:
    """About how many questions are left, the one that waits among them: what the answers so far lead to.

    >>> from survey_flows import begin, left, library
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> left(survey, begin(survey, "en", values).place, values)
    3
    """
    if place.at is None:
        return 0
    hearing, at, found = _Hearing(survey, place, "", values), place.at, 1
    answers = dict(place.answers)
    while at != MENU and found < 100:
        answers[at] = dict(SKIPPED)
        walk = onward(survey, hearing.scope(answers), answers, at)
        if walk.question is None:
            break
        at, found = key(walk.question.key, walk.turn), found + 1
    return found


def switch(survey: Survey, place: Place, language: str) -> Place:
    """The same place in another language; in the survey's nearest one where it does not have that one."""
    return replace(place, language=survey.speaks(language))


def hear(
    survey: Survey,
    place: Place,
    heard: str,
    values: Mapping[str, str],
    choice: str | None = None,
    *,
    now: datetime | None = None,
    media: tuple[str, ...] = (),
    full: Collection[str] = (),
    joined: bool = False,
) -> Step:
    """One message heard.

    ``choice`` is the key of a pressed button, bare ("very") or with its question ("hard:very"). ``media`` are the media
    types of what came with it ("image/jpeg"). ``joined`` says that the message came before the last prompt went out:
    its words belong to the open answer before. ``now`` and ``full`` are as for ``begin``.

    An answer that is not understood is asked for once more, kindly; then it is kept as it is and the survey goes on.
    Words after the last question are kept as well, and acknowledged once: two robots must not thank each other for ever.

    >>> from survey_flows import begin, hear, library
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> step = hear(survey, begin(survey, "en", values).place, "sí, muy difícil", values)
    >>> step.answer.value, step.prompt.question
    ('very', 'what_hard')
    """
    hearing = _Hearing(survey, place, heard, values, now, media, full)
    if place.at == MENU:
        return _chosen_language(hearing, choice)
    if choice is not None:
        return _pressed(hearing, choice)
    if joined and heard.strip() and place.last and isinstance(survey.by_key[apart(place.last)[0]], Open):
        return _joined(hearing, place.last)
    if place.at is None:
        return _late(hearing)
    question, scope = hearing.waiting(place.at)
    own = isinstance(question, Open)
    reading = question.see(media) or (None if own else question.read(heard, place.language, _today(now)))
    reading = reading or _agreed(hearing, question)
    request = None if reading else requests.read(heard, place.language)
    step = _request(hearing, question, request) if request else None
    if step is not None:
        return step
    if own and reading is None:
        reading = question.read(heard, place.language)
        hearing = _asked_for_language(hearing, question)
    if (
        reading is not None
        and question.constraint is not None
        and not question.constraint.met(reading.value, scope)
    ):
        return _unfit(hearing, question)
    if reading is None and not own and place.tries + 1 < TRIES:
        return _again(hearing, question)
    return _onward(hearing, place.at, reading)


def _first(hearing: _Hearing) -> Step:
    language = hearing.place.language
    intro = hearing.survey.intro[language]
    if hearing.survey.anonymous:
        intro = f"{intro}\n{phrases.say('anonymous', language)}"
    answers = dict(hearing.place.answers)
    walk = onward(hearing.survey, hearing.scope(answers), answers, None)
    return _arrive(hearing, walk, answers, (), intro)


def _onward(
    hearing: _Hearing, at: str, reading: Reading | None, missing: Mapping[str, str] | None = None
) -> Step:
    """Keep an answer and go on to the next question."""
    question = hearing.survey.question(apart(at)[0])
    kept: Value = dict(missing) if missing else None
    if reading is not None:
        kept = reading.value
        if isinstance(question, Open):
            kept = str(kept)[:LONGEST] if question.key in hearing.survey.recalled else True
    answers = {**hearing.place.answers, at: kept}
    walk = onward(hearing.survey, hearing.scope(answers), answers, at)
    said = _answer(question, reading, hearing.heard, apart(at)[1], missing)
    return _arrive(
        hearing, walk, answers, (said,), at=at, pause=isinstance(question, Open) and reading is not None
    )


def _arrive(
    hearing: _Hearing,
    walk: Walk,
    answers: dict[str, Value],
    said: tuple[Answer, ...],
    first: str = "",
    at: str | None = None,
    *,
    pause: bool = False,
) -> Step:
    """The step that a walk comes out at."""
    was = hearing.place
    following = key(walk.question.key, walk.turn) if walk.question else None
    place = Place(
        following, was.language, 0, was.variant, answers, at, None, was.seed, was.given, was.thanked
    )
    computed = tuple(
        Answer(apart(kept)[0], "computed", value, "", True, turn=apart(kept)[1])
        for kept, value in walk.computed
    )
    if following is not None:
        message = hearing.say(place, first, walk)
    else:
        message = thanks(hearing.survey, place, hearing.scope(answers), walk, first)
    return Step(
        place,
        message,
        (*said, *computed),
        pause,
        quotas=tuple(walk.quotas),
        full=walk.full.key if walk.full else None,
    )


def named_language(survey: Survey, place: Place, heard: str) -> str | None:
    """The language that an answer names, where the question that waits asks for one; else None: then the name of a
    language is a wish to be written to in it.

    >>> from survey_flows import begin, library
    >>> survey, values = library("language-family"), {"school": "Lincoln School"}
    >>> named_language(survey, begin(survey, "en", values).place, "Ruso, por favor")
    'ru'
    """
    if place.at is None or place.at == MENU:
        return None
    question = survey.question(apart(place.at)[0])
    if not isinstance(question, Open) or question.seeks != "language":
        return None
    word = command(heard, place.language)
    return word.language if word and word.kind == "language" else None


def _asked_for_language(hearing: _Hearing, question: Question) -> _Hearing:
    """The survey goes on in the language that was asked for, where it has it."""
    named = named_language(hearing.survey, hearing.place, hearing.heard)
    known = named is not None and nearest(named, hearing.survey.languages, "")
    return replace(hearing, place=replace(hearing.place, language=known)) if known else hearing


def _agreed(hearing: _Hearing, question: Question) -> Reading | None:
    """Yes to "Did you mean …?", or OK to the answer that was offered."""
    place = hearing.place
    if place.maybe is None and question.default is None:
        return None
    request = requests.read(hearing.heard, place.language)
    if place.maybe is not None:
        yes = yes_or_no(hearing.heard, place.language, question.ear)
        if (request is None or request.kind != "ok") and not (yes and yes[0]):
            return None
        return question.press(place.maybe) or Reading(question.take(place.maybe))
    if request is None or request.kind != "ok" or question.default is None:
        return None
    value = question.take(question.default.text(hearing.scope(at=place.at)))
    return Reading(value) if value is not None else None


def _again(hearing: _Hearing, question: Question) -> Step:
    """Ask once more: by naming what may have been meant, else by saying how to answer."""
    place, heard = hearing.place, hearing.heard
    near = question.near(heard, place.language) if isinstance(question, One) else ()
    again = replace(place, tries=place.tries + 1, maybe=near[0] if len(near) == 1 else None)
    if near and isinstance(question, One):
        message = asking_back(hearing.survey, question, near, hearing.scope(at=place.at))
    else:
        message = hearing.say(again, question.again(place.language, _today(hearing.now)))
    said = (_answer(question, None, heard, apart(place.at or "")[1]),) if heard.strip() else ()
    return Step(again, message, said)


def _unfit(hearing: _Hearing, question: Question) -> Step:
    """An answer that was understood, and that the survey cannot take: say why, once."""
    place = hearing.place
    if place.tries + 1 >= TRIES or question.constraint is None:
        return _onward(hearing, place.at or "", None)
    texts = question.constraint.texts
    why = (texts and texts[place.language]) or phrases.say("not_valid", place.language)
    again = replace(place, tries=place.tries + 1)
    said = _answer(question, None, hearing.heard, apart(place.at or "")[1])
    return Step(again, hearing.say(again, why), (said,))


def _request(hearing: _Hearing, question: Question, request: requests.Request) -> Step | None:
    """What a person asks for instead of answering; None where it is not for us."""
    place, at = hearing.place, hearing.place.at or ""
    if request.kind in ("skip", "dont_know"):
        if request.kind == "skip" and question.required and place.tries + 1 < TRIES:
            again = replace(place, tries=place.tries + 1)
            texts = question.required_texts
            skip = phrases.say("skip_word", place.language)
            why = [texts[place.language]] if texts and texts[place.language] else []
            why.append(phrases.say("needed", place.language, skip=skip))
            return Step(again, hearing.say(again, "\n".join(why)))
        return _onward(hearing, at, None, SKIPPED if request.kind == "skip" else DONT_KNOW)
    if request.kind == "back":
        return _back(hearing)
    if request.kind == "meant":
        return _meant(hearing, question, request.rest)
    return None


def _back(hearing: _Hearing) -> Step:
    """The question before, once more; its earlier answer stays in the records until there is another."""
    place = hearing.place
    earlier = before(hearing.survey, place.seed, place.answers, place.at)
    if earlier is None:
        return Step(place, hearing.say(place, phrases.say("first_question", place.language)))
    answers = {kept: value for kept, value in place.answers.items() if kept != earlier}
    back = replace(place, at=earlier, tries=0, answers=answers, last=None, maybe=None)
    return Step(back, hearing.say(back))


def _meant(hearing: _Hearing, question: Question, rest: str) -> Step | None:
    """A correction. It is about the question that waits if that has been misunderstood, else about the one before."""
    place = hearing.place
    tried = [place.at, place.last] if place.tries else [place.last, place.at]
    for at in filter(None, tried):
        asked, scope = hearing.waiting(at)
        if isinstance(asked, Open):
            continue
        reading = asked.read(rest, place.language, _today(hearing.now))
        if reading is not None and (asked.constraint is None or asked.constraint.met(reading.value, scope)):
            return _onward(hearing, at, reading)
    return None


def _pressed(hearing: _Hearing, choice: str) -> Step:
    """A button of the question that waits answers it. A button of an earlier question, still on the screen, corrects
    that answer; a second press of the same one, or of one that is not ours, changes nothing."""
    survey, place = hearing.survey, hearing.place
    named, _, pressed = choice.rpartition(":")
    at = named or place.at or ""
    known = apart(at)[0] in survey.by_key and (at == place.at or at in place.answers)
    question = hearing.waiting(at)[0] if known else None
    reading = question.press(pressed) if question else None
    if question is None or reading is None:
        return Step(place, ask(survey, place, hearing.values, now=hearing.now))
    if at in place.answers and place.answers[at] == reading.value:
        return Step(place)
    if place.at is None:
        corrected = replace(place, answers={**place.answers, at: reading.value})
        return Step(corrected, None, (_answer(question, reading, hearing.heard, apart(at)[1], late=True),))
    return _onward(hearing, at, reading)


def _joined(hearing: _Hearing, last: str) -> Step:
    """More words for the answer before, whose next prompt has not gone out yet."""
    survey, place = hearing.survey, hearing.place
    question, turn = survey.question(apart(last)[0]), apart(last)[1]
    kept, words = place.answers.get(last), hearing.heard.strip()
    if isinstance(kept, str) and question.key in survey.recalled:
        place = replace(place, answers={**place.answers, last: f"{kept} {words}"[:LONGEST]})
    said = Answer(question.key, question.kind, words, hearing.heard, True, joined=True, turn=turn)
    waiting = ask(survey, place, hearing.values, now=hearing.now)
    return Step(place, waiting, (said,), pause=True)


def _late(hearing: _Hearing) -> Step:
    survey, place, heard = hearing.survey, hearing.place, hearing.heard
    answered = [kept for kept in place.answers if apart(kept)[0] in survey.by_key]
    if not heard.strip() or not answered:
        return Step(place)
    order = {question.key: at for at, question in enumerate(survey.questions)}
    answered.sort(key=lambda kept: order[apart(kept)[0]])
    last = next(
        (kept for kept in reversed(answered) if isinstance(survey.by_key[apart(kept)[0]], Open)), answered[-1]
    )
    question = survey.by_key[apart(last)[0]]
    reading = Reading(heard.strip()) if isinstance(question, Open) else None
    thank = Prompt(phrases.say("closed", place.language), place.language) if not place.thanked else None
    said = _answer(question, reading, heard, apart(last)[1], late=True)
    return Step(replace(place, thanked=True), thank, (said,))


def _chosen_language(hearing: _Hearing, choice: str | None) -> Step:
    """The answer to the menu of languages: a number, a language's name, or anything else, which asks once more and
    then goes on in the language of the menu."""
    survey, place = hearing.survey, hearing.place
    offered = hearing.survey.languages
    named = choice.rpartition(":")[2] if choice else None
    if named is None:
        word = command(hearing.heard, place.language)
        plain = fold(hearing.heard)
        number = int(plain) if plain.isdigit() and len(plain) < 4 else 0
        if word is not None and word.language:
            named = survey.speaks(word.language)
        elif 0 < number <= len(offered):
            named = offered[number - 1]
    if named not in offered and place.tries + 1 < TRIES:
        again = replace(place, tries=place.tries + 1)
        return Step(again, menu(survey, again, hearing.scope()))
    language = named if named in offered else place.language
    return _first(
        replace(hearing, place=replace(place, at=None, tries=0, language=language or place.language))
    )


def _answer(
    question: Question,
    reading: Reading | None,
    heard: str,
    turn: tuple[int, ...] = (),
    missing: Mapping[str, str] | None = None,
    *,
    late: bool = False,
) -> Answer:
    value, language = (reading.value, reading.language) if reading else (None, None)
    passed = missing["missing"] if missing else None
    return Answer(
        question.key, question.kind, value, heard, reading is not None or passed is not None, language, late,
        turn=turn, missing="skipped" if passed == "skipped" else "dont_know" if passed else None,
    )  # fmt: skip


def _today(now: datetime | None) -> date | None:
    return now.date() if now else None


__all__ = [
    "TRIES",
    "Answer",
    "Place",
    "Prompt",
    "Step",
    "ask",
    "begin",
    "hear",
    "left",
    "named_language",
    "switch",
]
