"""A campaign sent to oneself, and a campaign as the text of its file."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response

from ....app import App
from ....importing.numbers import e164
from ....outreach import control
from ....outreach.audience import AudienceError
from ....outreach.audience.narrowing import narrowed
from ....outreach.campaign import CampaignError
from ....outreach.campaign_file import loads
from ....outreach.control import Refused
from ....outreach.files.editing import put, quoted
from ...page import Page
from ...tongue import say
from ...view import tongues
from . import reach
from .compose import answers
from .drafting import Problem, one
from .progress import Shows


def router(app: App, page: Page) -> APIRouter:
    """Sending a test, and writing the file by hand."""
    routes = APIRouter()
    shows = Shows(app, page)

    def trying(
        request: Request, key: str, form: dict[str, list[str]], text: str, problems: list[Problem]
    ) -> Response:
        made = loads(text, key)
        return page(
            request, "outreach/test.html", 422 if problems else 200, section="campaigns", key=key, title=made.title,
            channels=[(name, say("Text message") if name == "sms" else name.capitalize()) for name in app.channels],
            tags=[(tag, tongues.name(tag)) for tag in made.languages], problems=problems,
            channel=one(form, "channel", next(iter(app.channels), "")), to=one(form, "to"), tongue=one(form, "lang", made.source),
        )  # fmt: skip

    @routes.get("/campaigns/{key}/test")
    async def test(request: Request, key: str) -> Response:
        row = await shows.row(request, key)
        return trying(request, key, {}, row.text, [])

    @routes.post("/campaigns/{key}/test")
    async def tested(request: Request, key: str) -> Response:
        row, form = await shows.row(request, key), await answers(request)
        channel, to, problems = one(form, "channel"), one(form, "to"), list[Problem]()
        made = loads(row.text, key)
        if channel not in app.channels:
            problems.append(Problem("channel", say("Choose how it reaches you.")))
        if channel == "sms":
            to = e164(to, app.settings.country) or ""
        elif not re.fullmatch(r"-?\d{1,20}", to):
            to = ""
        if not to:
            problems.append(Problem("to", say("Write your number like (503) 555-0123.")))
        if one(form, "lang") not in made.languages:
            problems.append(Problem("lang", say("Choose the language.")))
        if not problems:
            try:
                await control.test(
                    app, key, (channel, to), one(form, "lang"), reach.session(request).member.email
                )
                return page.onward(
                    f"/campaigns/{key}", say("The test is on its way to you. It is counted nowhere.")
                )
            except Refused as error:
                problems.append(Problem("to", str(error)))
        return trying(request, key, form, row.text, problems)

    @routes.get("/campaigns/{key}/file")
    async def file(request: Request, key: str) -> Response:
        row = await shows.row(request, key)
        return page(
            request, "outreach/file.html", section="campaigns", key=key, text=row.text, problems=[],
            changed=row.changed_at.isoformat(), title=loads(row.text, key).title,
        )  # fmt: skip

    @routes.post("/campaigns/{key}/file")
    async def written(request: Request, key: str) -> Response:
        row, form = await shows.row(request, key), await answers(request)
        text = next(iter(form.get("text", [])), "").replace("\r\n", "\n")
        problems = []
        try:
            made = loads(text, "the file")
            wanted = narrowed(made.audience, reach.schools(request))
            if made.key != key:
                problems.append(
                    Problem("text", say("Keep the line with “campaign:” as it was: {key}.").format(key=key))
                )
            elif one(form, "changed") != row.changed_at.isoformat():
                problems.append(
                    Problem("text", say("Somebody else has saved this campaign meanwhile. Open it again."))
                )
            else:
                kept = text if wanted == made.audience else put(text, "audience", quoted(wanted))
                await control.write(app, kept, reach.session(request).member.email)
                return page.onward(f"/campaigns/{key}/edit", say("The draft is saved. Nothing is sent."))
        except CampaignError as error:
            problems += [Problem("text", line) for line in error.complaints]
        except (AudienceError, Refused) as error:
            problems.append(Problem("text", str(error)))
        return page(
            request, "outreach/file.html", 422, section="campaigns", key=key, text=text, problems=problems,
            changed=one(form, "changed"), title=loads(row.text, key).title,
        )  # fmt: skip

    return routes
