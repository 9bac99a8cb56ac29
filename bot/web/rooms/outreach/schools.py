"""The calendars: a month with what goes out and what is closed, each school's hours and closed days, the file of all."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import select
from starlette.datastructures import UploadFile

from .... import audit
from ....app import App
from ....outreach import calendar_file, calendars
from ....outreach.calendar_file import CalendarError
from ....outreach.calendars import EVERY_OTHER, Calendars, Said
from ....outreach.campaign import CampaignError
from ....outreach.campaign_file import loads
from ....outreach.files.complaints import without_line
from ....outreach.files.editing import quoted
from ....outreach.hours import DAYS, Calendar
from ....store.tables import campaigns, runs
from ...page import Page
from ...tongue import say
from . import month, reach, words
from .compose import answers
from .drafting import Form, Problem, one

LARGEST = 200_000
"""Bytes of a calendar file."""
STRIP = 14


def router(app: App, page: Page) -> APIRouter:
    """The month, the form of one school, and the file."""
    routes = APIRouter()

    async def known(request: Request) -> tuple[Calendars, list[str], dict[str, Said]]:
        """The calendars, the schools that the reader may choose, and what has been said of each."""
        mine = reach.schools(request)
        async with app.database.read() as db:
            said = await calendars.said(db)
            attended = await calendars.attended(db)
        made = calendars.put_together(said, app.settings.timezone, app.settings.country)
        every = sorted({*made.schools, *attended})
        return made, [name for name in every if mine is None or name in mine], said

    @routes.get("/calendar")
    async def shown(request: Request, at: str = "", school: str = "") -> Response:
        made, names, _ = await known(request)
        mine = reach.schools(request)
        if school and school not in names:
            raise HTTPException(404)
        if not school and mine is not None:
            school = names[0] if names else ""
        own = made.of(school or None)
        today = app.clock().astimezone(own.zone).date()
        first = _month(at) or today.replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        coming: defaultdict[date, list[tuple[str, str]]] = defaultdict(list)
        async with app.database.read() as db:
            rows = (
                await db.execute(select(campaigns).where(campaigns.c.next_at.is_not(None)).limit(500))
            ).all()
            gone = (
                await db.execute(
                    select(runs.c.begins_at, campaigns)
                    .join(campaigns, campaigns.c.id == runs.c.campaign_id)
                    .where(runs.c.begins_at >= _midnight(first, own), runs.c.begins_at < _midnight(last + timedelta(days=1), own))
                    .order_by(runs.c.begins_at)
                    .limit(500)
                )
            ).all()  # fmt: skip
            kept = await reach.seen(db, [*rows, *gone], mine)
        for row in [*gone, *rows]:
            if row.id not in kept:
                continue
            try:
                campaign = loads(row.text, row.key)
            except CampaignError:
                continue
            if hasattr(row, "begins_at"):
                days = [row.begins_at.astimezone(own.zone).date()]
            else:
                days = list(month.occasions(campaign, row.next_at, own, first, last))
            for day in days:
                waits = row.state == "awaiting"
                told = say("{title} (waits for approval)") if waits else "{title}"
                line = (f"/campaigns/{row.key}", told.format(title=campaign.title))
                if line not in coming[day]:
                    coming[day].append(line)
        grants = reach.session(request).grants
        return page(
            request, "outreach/calendar.html", section="campaigns", weeks=month.month(first, own, coming), first=first,
            today=today, school=school, schools=names, everywhere=mine is None,
            before=(first - timedelta(days=1)).strftime("%Y-%m"), after=(last + timedelta(days=1)).strftime("%Y-%m"),
            edits=_edits(grants, school), files=grants.everywhere("organizer"), own=own,
            hours=[words.window(window) for window in own.hours],
        )  # fmt: skip

    @routes.get("/calendar/school")
    async def edit(request: Request, school: str = "") -> Response:
        made, names, said = await known(request)
        _let(request, school, names)
        return form_of(request, school, made, _answers(made.of(school or None)), [], own=school in said)

    @routes.post("/calendar/school")
    async def changed(request: Request) -> Response:
        form = await answers(request)
        school = one(form, "school")
        made, names, _ = await known(request)
        _let(request, school, names)
        try:
            entry = calendar_file.loads(_written(form), "calendar").get(EVERY_OTHER, {})
        except CalendarError as error:
            wrong = [Problem(_field(each), without_line(each)) for each in error.complaints]
            return form_of(request, school, made, _given(form), wrong, 422)
        if not entry.get("hours"):
            told = [
                Problem("mon_from", say("Give hours for one day at least: else nothing would ever go out."))
            ]
            return form_of(request, school, made, _given(form), told, 422)
        if one(form, "was") not in ("", _mark(made.of(school or None))):
            text = say(
                "Somebody else has saved this calendar meanwhile. What you wrote stands below; saving it again replaces theirs."
            )
            return form_of(request, school, made, _given(form), [Problem("closed", text)], 422)
        async with app.database.begin() as db:
            said = await calendars.said(db)
            await calendars.write(db, said | {school: {**said.get(school, {}), **entry}}, app.clock())
            await audit.record(
                db, app.clock(), reach.session(request).member.id, "calendar.write", school or "*"
            )
        return page.onward(_back(school), say("The calendar is saved. It holds from now on."))

    @routes.post("/calendar/reset")
    async def reset(request: Request) -> Response:
        school = one(await answers(request), "school")
        _, names, _ = await known(request)
        _let(request, school, names)
        async with app.database.begin() as db:
            said = await calendars.said(db)
            await calendars.write(
                db, {name: held for name, held in said.items() if name != school}, app.clock()
            )
            await audit.record(
                db, app.clock(), reach.session(request).member.id, "calendar.reset", school or "*"
            )
        return page.onward(_back(school), say("The school has no calendar of its own any more."))

    def form_of(
        request: Request, school: str, made: Calendars, held: Mapping[str, Any], problems: Sequence[Problem],
        status: int = 200, *, own: bool = False,
    ) -> Response:  # fmt: skip
        return page(
            request, "outreach/school.html", status, section="campaigns", school=school, held=held, problems=problems,
            was=_mark(made.of(school or None)), own=own, days=[(day[:3], words.weekday(day[:3])) for day in DAYS], back=_back(school),
        )  # fmt: skip

    @routes.get("/calendar/file")
    async def file(request: Request) -> Response:
        _everywhere(request)
        return page(
            request,
            "outreach/calendar_file.html",
            section="campaigns",
            problems=[],
            schools=[],
            text="",
            strangers=[],
        )

    @routes.get("/calendar/starter.yaml")
    async def starter(request: Request) -> Response:
        usual = calendars.usual(app.settings.timezone, app.settings.country)
        text = calendar_file.starter(usual.timezone, usual.holidays)
        headers = {"Content-Disposition": 'attachment; filename="calendar.yaml"'}
        return Response(text, media_type="application/yaml", headers=headers)

    @routes.post("/calendar/file")
    async def brought(request: Request) -> Response:
        _everywhere(request)
        async with request.form() as form:
            given, text, go = form.get("file"), str(form.get("text") or ""), form.get("go")
            if isinstance(given, UploadFile) and given.filename:
                raw = await given.read(LARGEST + 1)
                text = raw.decode("utf-8-sig", "replace") if len(raw) <= LARGEST else ""
        if not text.strip():
            told = [Problem("file", say("Choose a calendar file, of 200 KB at most."))]
            return _shown(request, told, "", None, [])
        try:
            said = calendar_file.loads(text.replace("\r\n", "\n"), "the file")
        except CalendarError as error:
            return _shown(request, [Problem("file", each) for each in error.complaints], "", None, [])
        made = calendars.put_together(said, app.settings.timezone, app.settings.country)
        async with app.database.read() as db:
            attended = await calendars.attended(db)
        if go != "keep":
            return _shown(request, [], text, made, calendars.strangers(made, attended) if attended else [])
        async with app.database.begin() as db:
            await calendars.write(db, said, app.clock())
            await audit.record(
                db,
                app.clock(),
                reach.session(request).member.id,
                "calendar.file",
                "*",
                schools=len(made.schools),
            )
        return page.onward("/calendar", say("These calendars hold from now on."))

    def _shown(
        request: Request, problems: Sequence[Problem], text: str, made: Calendars | None, strange: Sequence[tuple[str, str]]
    ) -> Response:  # fmt: skip
        rows = []
        if made is not None:
            today = app.clock().astimezone(made.other.zone).date()
            days = [today + timedelta(days=n) for n in range(STRIP)]
            named = [(say("Every other school"), made.other), *list(made.named.items())[:100]]
            rows = [
                {"name": name, "days": [bool(each.open_on(day)) for day in days], "zone": each.timezone,
                 "hours": words.beside(words.window(window) for window in each.hours)}
                for name, each in named
            ]  # fmt: skip
        return page(
            request, "outreach/calendar_file.html", 422 if problems else 200, section="campaigns", problems=problems,
            schools=rows, text=text, strangers=strange,
        )  # fmt: skip

    return routes


def _edits(grants: Any, school: str) -> bool:
    own = grants.reach("organizer")
    return own is None or (bool(school) and school in own)


def _let(request: Request, school: str, names: Sequence[str]) -> None:
    """404 for a school out of reach; 403 for whoever may not change its calendar, or that of all others."""
    if school and school not in names:
        raise HTTPException(404)
    if not _edits(reach.session(request).grants, school):
        raise HTTPException(403)


def _everywhere(request: Request) -> None:
    if not reach.session(request).grants.everywhere("organizer"):
        raise HTTPException(403)


def _back(school: str) -> str:
    return f"/calendar?{urlencode({'school': school})}" if school else "/calendar"


def _month(text: str) -> date | None:
    return date(int(text[:4]), int(text[5:]), 1) if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text) else None


def _midnight(day: date, own: Calendar) -> datetime:
    return datetime.combine(day, time(), own.zone)


def _answers(own: Calendar) -> dict[str, Any]:
    """What the form shows of a calendar."""
    held: dict[str, Any] = {"timezone": own.timezone, "holidays": own.holidays}
    for number, day in enumerate(DAYS):
        window = next((each for each in own.hours if number in each.days), None)
        held[f"{day[:3]}_from"] = f"{window.opens:%H:%M}" if window else ""
        held[f"{day[:3]}_to"] = f"{window.closes:%H:%M}" if window else ""
    held["closed"] = "\n".join(str(a) if a == b else f"{a}..{b}" for a, b in own.closed)
    held["dates"] = "\n".join(f"{name}: {', '.join(map(str, days))}" for name, days in own.dates.items())
    return held


def _mark(own: Calendar) -> str:
    """By which a form knows that the calendar is still the one that it showed."""
    return hashlib.sha256(repr(_answers(own)).encode()).hexdigest()[:16]


def _given(form: Form) -> dict[str, Any]:
    names = [
        "timezone",
        "holidays",
        "closed",
        "dates",
        *(f"{day[:3]}_{end}" for day in DAYS for end in ("from", "to")),
    ]
    return {name: one(form, name) for name in names}


def _written(form: Form) -> str:
    """The form as the text of a calendar file, which is then read as any other: one set of rules."""
    lines = ["default:", f"  timezone: {quoted(one(form, 'timezone') or 'none', flow=True)}"]
    hours = [
        (day[:3], one(form, f"{day[:3]}_from"), one(form, f"{day[:3]}_to"))
        for day in DAYS
        if one(form, f"{day[:3]}_from") or one(form, f"{day[:3]}_to")
    ]
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for day, opens, closes in hours:
        alike[f"{opens}-{closes}"].append(day)
    lines += ["  hours:"] if alike else []
    lines += [f'    "{",".join(days)}": {quoted(span, flow=True)}' for span, days in alike.items()]
    lines.append(f"  holidays: {quoted(one(form, 'holidays') or 'none', flow=True)}")
    closed = [each.strip() for each in one(form, "closed").splitlines() if each.strip()]
    lines.append("  closed:" if closed else "  closed: []")
    lines += [f"    - {quoted(each, flow=True)}" for each in closed]
    dates = [each.partition(":") for each in one(form, "dates").splitlines() if each.strip()]
    lines.append("  dates:" if dates else "  dates: {}")
    for name, _, days in dates:
        told = ", ".join(quoted(day.strip(), flow=True) for day in days.split(",") if day.strip())
        lines.append(f"    {quoted(name.strip().replace(' ', '_').lower() or '?', flow=True)}: [{told}]")
    return "\n".join(lines) + "\n"


def _field(complaint: str) -> str:
    for word, name in (
        ("zone", "timezone"),
        ("holidays", "holidays"),
        ("hours", "mon_from"),
        ("date", "dates"),
    ):
        if word in complaint:
            return name
    return "closed"
