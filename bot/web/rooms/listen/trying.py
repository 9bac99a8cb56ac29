"""Trying a survey as a family would get it: a phone in the page. Nothing is stored and nothing is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, QueryParams

from survey_flows import Survey, SurveyError
from survey_flows.scope import written

from ....app import App
from ...page import Page, wants_part
from ...tongue import say, say_n
from . import showing
from .held import Held, held, may_write
from .played import CHANNELS, MOST, Channel, Heard, Message, Played, Setting, play


def router(app: App, page: Page) -> APIRouter:
    """Its page."""
    routes = APIRouter()

    def show(request: Request, found: Held, given: FormData | QueryParams, said: list[str]) -> Response:
        shown = found.looked
        values: dict[str, Any] = {"h": found, "seen": shown.outline, "survey": shown.survey, "checked": shown}
        if shown.survey is not None:
            values |= _tried(shown.survey, found, given, said, app)
        if wants_part(request):
            return Response(page.part(request, "listen/try.html", "talk", **values), media_type="text/html")
        return page(
            request, "listen/try.html", section="surveys", write=may_write(request), here_tab="try", **values
        )

    async def found_of(key: str, *, published: bool) -> Held:
        async with app.database.read() as db:
            found = await held(app, db, key)
        return (
            Held(found.key, None, found.published, found.survey_id)
            if published and found.published
            else found
        )

    @routes.get("/surveys/{key}/try")
    async def begin(request: Request, key: str) -> Response:
        found = await found_of(key, published=request.query_params.get("of") == "published")
        try:
            return show(request, found, request.query_params, [])
        except SurveyError:
            return page.onward(f"{found.address}/edit/file")

    @routes.post("/surveys/{key}/try")
    async def go_on(request: Request, key: str) -> Response:
        async with request.form() as form:
            found = await found_of(key, published=form.get("of") == "published")
            said = [str(one) for one in form.getlist("said")][:MOST]
            act, press, words = (str(form.get(name, "")) for name in ("act", "press", "words"))
            if press:
                said.append(f"b:{press}")
            elif act == "back":
                said = said[:-1]
            elif act == "over":
                said = []
            elif act == "wait":
                said.append("w:24h")
            elif words.strip():
                said.append(f"t:{words.strip()}")
            return show(request, found, form, said)

    return routes


def _tried(
    survey: Survey, found: Held, given: FormData | QueryParams, said: list[str], app: App
) -> dict[str, Any]:
    """Everything beside the frame of the page."""
    asked = str(given.get("channel", ""))
    channel: Channel = next((one for one in CHANNELS if one == asked), "sms")
    tag, who = str(given.get("tongue", "")), str(given.get("whom", ""))
    setting = Setting(
        channel=channel,
        language=tag if tag in survey.languages else survey.source,
        variant=who if who in survey.variants else None,
        school=app.settings.organization,
        seed=0,
    )
    played = play(survey, setting, said, app.clock())
    way = {"of": "", "channel": channel, "tongue": setting.language, "whom": setting.variant or ""}
    if given.get("of") == "published" and found.published:
        way["of"] = "published"
    return {
        "setting": setting,
        "played": played,
        "turns": [_turn(one, survey, found) for one in played.turns],
        "switches": [
            (
                one,
                words,
                "?" + urlencode({name: held for name, held in {**way, "channel": one}.items() if held}),
            )
            for one, words in channels().items()
        ],
        "way": way,
        "tongues": [(one, showing.named(one)) for one in survey.languages],
        "whom": [("", say("A family")), *((name, _respondent(name)) for name in survey.variants)],
        "parts": sum(one.counted.parts for one in played.turns if isinstance(one, Message)),
        "state": _state(played),
        "channel_name": channels()[channel],
    }


def channels() -> dict[Channel, str]:
    return {"sms": say("Text message"), "telegram": say("Telegram"), "web": say("Web page")}


def _respondent(name: str) -> str:
    return {"student": say("A student"), "staff": say("A member of staff")}.get(name, name)


def _turn(turn: Message | Heard, survey: Survey, found: Held) -> dict[str, Any]:
    if isinstance(turn, Message):
        return {"ours": True, "m": turn, "notes": _of_ours(turn, survey, found), "count": _cost(turn)}
    return {"ours": False, "m": turn, "notes": _of_theirs(turn, survey), "count": ""}


def _of_ours(turn: Message, survey: Survey, found: Held) -> list[str]:
    seen = found.looked.outline
    item = seen.named(turn.question) if turn.question else None
    notes = []
    if turn.reminder:
        notes.append(say("A reminder"))
    if item is not None and (number := seen.number(item)):
        notes.append(say("Question {number}: {key}").format(number=number, key=item.key))
    elif turn.question:
        notes.append(say("Which language to go on in") if turn.question.startswith("@") else turn.question)
    elif turn.text.replace("\u200f", "") in (
        text.replace("{school}", found.key) for text in survey.thanks.values()
    ):
        notes.append(say("The last message"))
    else:
        notes.append(say("Asks nothing"))
    return notes


def _cost(turn: Message) -> str:
    counted = turn.counted
    parts = say_n("{n} text part", "{n} text parts", counted.parts).format(n=counted.parts)
    letters = say_n("{n} character", "{n} characters", counted.units).format(n=counted.units)
    if not counted.culprits:
        return say("{parts}, {characters}").format(parts=parts, characters=letters)
    if not showing.dear(counted.culprits):
        return say("{parts}, {characters}: a wider alphabet").format(parts=parts, characters=letters)
    return say("{parts}, {characters}: a wider alphabet, because of {letters}").format(
        parts=parts, characters=letters, letters=showing.dear(counted.culprits)
    )


def _of_theirs(turn: Heard, survey: Survey) -> list[str]:
    notes = []
    if turn.told == "person":
        notes.append(say("People on call are told: somebody would like to talk."))
    elif turn.told:
        notes.append(say("People on call are told at once: this may be danger."))
    answer = turn.answer
    if answer is not None and answer.question in survey.by_key:
        notes.append(_understood(turn, survey))
    elif not turn.silence and not turn.told:
        notes.append(say("No answer to the question that waits"))
    if turn.state == "expired" or (turn.silence and turn.state == "partial"):
        notes.append(say("The conversation is given up. What still comes is kept."))
    elif turn.silent:
        notes.append(say("Nothing is sent."))
    return notes


def _understood(turn: Heard, survey: Survey) -> str:
    answer = turn.answer
    assert answer is not None
    question = survey.question(answer.question)
    if answer.missing == "skipped":
        return say("Passed over")
    if answer.missing == "dont_know":
        return say("Kept as: doesn’t know")
    if answer.joined:
        return say("More words for {key}").format(key=answer.question)
    if not answer.understood:
        return say("Not understood, kept as it is: {key}").format(key=answer.question)
    if question.in_words:
        return say("Kept word for word: {key}").format(key=answer.question)
    if isinstance(answer.value, list):
        label = ", ".join(question.label(one, survey.source) for one in answer.value) or say("none of these")
    elif isinstance(answer.value, bool):
        label = say("yes") if answer.value else say("no")
    else:
        label = question.label(written(answer.value), survey.source)
    return say("Understood as “{answer}”: {key}").format(answer=label, key=answer.question)


def _state(played: Played) -> str:
    if played.stopped:
        return say("They asked us to stop. Nothing more is sent, unless they write START.")
    if not played.open:
        return say("The conversation has ended. Words that still come are kept.")
    return ""
