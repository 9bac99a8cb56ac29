"""Every page there is, over a small district that has something of everything, on both databases: none fails, and none answers
with more than it should to somebody without a role."""

from __future__ import annotations

import re

import pytest
from ground.district import SURVEY, fill
from ground.routes import every
from office import office
from sqlalchemy import select

from bot.store.tables import alerts, answers, messages, people

ELSEWHERE = ("/api", "/in/", "/static", "/signin", "/healthz")


@pytest.mark.timeout(400)
async def test_no_page_fails(url, clock):
    async with office(url, clock) as here:
        await fill(here.app.database, persons=40, waiting=8, now=clock())
        admin, nobody = await here.sign_in("admin"), await here.sign_in()
        async with here.app.database.read() as db:
            known = {
                "person": (await db.execute(select(people.c.id).order_by(people.c.id).limit(1))).scalar_one(),
                "alert": (await db.execute(select(alerts.c.id).limit(1))).scalar_one(),
                "answer": (
                    await db.execute(select(answers.c.id).where(answers.c.kind == "open").limit(1))
                ).scalar_one(),
                "message": (await db.execute(select(messages.c.id).limit(1))).scalar_one(),
            }
        words = known | {
            "survey": SURVEY,
            "key": SURVEY,
            "language": "es",
            "kind": "csv",
            "as_": "csv",
            "file": "csv",
        }
        failed, good, closed = [], 0, 0
        for route in every(here.web.routes):
            path = route.path
            if (
                "GET" not in (getattr(route, "methods", None) or ())
                or path.startswith(ELSEWHERE)
                or path.endswith("/live")
            ):
                continue
            mine = words | ({"key": "thanks-03"} if path.startswith("/campaigns") else {})
            mine |= {"key": "school_barriers"} if path.startswith("/codebooks") else {}
            address = re.sub(r"{(\w+)[^}]*}", lambda word, mine=mine: str(mine.get(word[1], "none")), path)
            answer = await admin.get(address)
            if answer.status_code >= 500:
                failed.append((address, answer.status_code))
            good += answer.status_code == 200
            closed += (await nobody.get(address)).status_code == 403
        await here.app.at_hand.settled()

    assert not failed, failed
    assert (good > 80, closed > 60) == (True, True), (good, closed)
