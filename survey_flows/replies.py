"""What to do with a message that does not simply answer: asking back, skipping, going back, putting right, coming late."""

from __future__ import annotations

from dataclasses import replace

from . import phrases, requests
from .asking import Question, Reading
from .choices import Many, One
from .folding import runs_on
from .hearing import LONGEST, TRIES, Hearing, answer_of, ask, go_on, today_of
from .place import Answer, Prompt, Step
from .program import before
from .prompts import asking_back
from .questions import Open
from .reading.answers import yes_or_no
from .scope import DONT_KNOW, SKIPPED, apart

STORY = 4
"""From so many words on, an answer that cannot be read is somebody's story."""


def agreed(hearing: Hearing, question: Question) -> Reading | None:
    """Yes to "Did you mean …?", or OK to the answer that was offered."""
    place = hearing.place
    if place.maybe is None and question.default is None:
        return None
    request = requests.read(hearing.heard, place.language)
    if place.maybe is not None:
        yes = yes_or_no(hearing.heard, place.language, question.ear)
        if (request is None or request.kind != "ok") and not (yes and yes[0]):
            return None
        return question.press(place.maybe) or _taken(question, place.maybe)
    if request is None or request.kind != "ok" or question.default is None:
        return None
    return _taken(question, question.default.text(hearing.scope(at=place.at)))


def _taken(question: Question, written: str) -> Reading | None:
    """What was offered, as the answer; None where it is among the choices no longer."""
    value = question.take(written)
    return Reading(value) if value is not None else None


def ask_again(hearing: Hearing, question: Question) -> Step:
    """Ask once more: by naming what may have been meant, else by saying how to answer."""
    place, heard = hearing.place, hearing.heard
    near = question.near(heard, place.language) if isinstance(question, One) else ()
    again = replace(place, tries=place.tries + 1, maybe=_offered(question, near))
    if near and isinstance(question, One):
        message = asking_back(hearing.survey, question, near, hearing.scope(at=place.at))
    else:
        message = hearing.say(
            again,
            _kindly(question, heard, place.language) or question.again(place.language, today_of(hearing.now)),
        )
    said = (answer_of(question, None, heard, apart(place.at or "")[1]),) if heard.strip() else ()
    return Step(again, message, said)


def _kindly(question: Question, heard: str, language: str) -> str:
    """Whoever told a story where a number was asked for is not told that nobody understood: it is kept."""
    told = len(heard.split()) >= STORY or (runs_on(heard[:1]) and len(heard) >= 2 * STORY)
    return phrases.say("kept_again", language) if told and isinstance(question, One) else ""


def _offered(question: Question, near: tuple[str, ...]) -> str | None:
    """What "yes" will mean: the one choice that was named, or all of them where several may be chosen."""
    if len(near) == 1:
        return near[0]
    several = isinstance(question, Many) and len(near) <= (question.pick or len(near))
    return " ".join(near) if near and several else None


def unfit(hearing: Hearing, question: Question) -> Step:
    """An answer that was understood, and that the survey cannot take: say why, once."""
    place = hearing.place
    if place.tries + 1 >= TRIES or question.constraint is None:
        return go_on(hearing, place.at or "", None)
    texts = question.constraint.texts
    why = (texts and texts[place.language]) or phrases.say("not_valid", place.language)
    again = replace(place, tries=place.tries + 1)
    said = answer_of(question, None, hearing.heard, apart(place.at or "")[1])
    return Step(again, hearing.say(again, why), (said,))


def requested(hearing: Hearing, question: Question, request: requests.Request) -> Step | None:
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
        return go_on(hearing, at, None, SKIPPED if request.kind == "skip" else DONT_KNOW)
    if request.kind == "back":
        return _back(hearing)
    if request.kind == "meant":
        return _meant(hearing, question, request.rest)
    return None


def _back(hearing: Hearing) -> Step:
    """The question before, once more; its earlier answer stays in the records until there is another."""
    place = hearing.place
    earlier = before(hearing.survey, place.seed, place.answers, place.at)
    if earlier is None:
        return Step(place, hearing.say(place, phrases.say("first_question", place.language)))
    answers = {kept: value for kept, value in place.answers.items() if kept != earlier}
    back = replace(place, at=earlier, tries=0, answers=answers, last=None, maybe=None)
    return Step(back, hearing.say(back))


def _meant(hearing: Hearing, question: Question, rest: str) -> Step | None:
    """A correction. It is about the question that waits if that has been misunderstood, else about the one before."""
    place = hearing.place
    tried = [place.at, place.last] if place.tries else [place.last, place.at]
    for at in filter(None, tried):
        asked, scope = hearing.waiting(at)
        if asked.in_words:
            continue
        reading = asked.read(rest, place.language, today_of(hearing.now))
        if reading is not None and asked.allows(reading.value, scope):
            return go_on(hearing, at, reading)
    return None


def pressed(hearing: Hearing, choice: str) -> Step:
    """A button of the question that waits answers it. A button of an earlier question, still on the screen, corrects
    that answer; a second press of the same one, or of one that is not ours, changes nothing."""
    survey, place = hearing.survey, hearing.place
    named, _, pressed = choice.rpartition(":")
    at = named or place.at or ""
    known = (at == place.at or at in place.answers) and apart(at)[0] in survey.by_key
    question, scope = hearing.waiting(at) if known else (None, hearing.scope())
    reading = question.press(pressed) if question else None
    fits = question is not None and reading is not None and question.allows(reading.value, scope)
    if question is None or reading is None or (not fits and at != place.at):
        return Step(place, ask(survey, place, hearing.values, now=hearing.now))
    if not fits:
        return unfit(hearing, question)
    if at in place.answers and place.answers[at] == reading.value:
        return Step(place)
    if place.at is None:
        corrected = replace(place, answers={**place.answers, at: reading.value})
        return Step(corrected, None, (answer_of(question, reading, hearing.heard, apart(at)[1], late=True),))
    return go_on(hearing, at, reading)


def joined_words(hearing: Hearing, last: str) -> Step:
    """More words for the answer before, whose next prompt has not gone out yet."""
    survey, place = hearing.survey, hearing.place
    question, turn = survey.question(apart(last)[0]), apart(last)[1]
    kept, words = place.answers.get(last), hearing.heard.strip()
    if isinstance(kept, str) and question.key in survey.recalled:
        place = replace(place, answers={**place.answers, last: f"{kept} {words}"[:LONGEST]})
    said = Answer(question.key, question.kind, words, hearing.heard, True, joined=True, turn=turn)
    waiting = ask(survey, place, hearing.values, now=hearing.now)
    return Step(place, waiting, (said,), pause=True)


def late_words(hearing: Hearing) -> Step:
    """Words after the last question: they add to the last open answer, and are acknowledged once."""
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
    said = answer_of(question, reading, heard, apart(last)[1], late=True)
    return Step(replace(place, thanked=True), thank, (said,))
