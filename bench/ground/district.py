"""A large made-up district in a store: 20,000 families who were asked, 100,000 answers, threads, campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert

import survey_flows
from bot import ids
from bot.codebooks import shipped
from bot.coding import digest
from bot.demo import content
from bot.outreach.campaign_file import starter
from bot.shelf import Shelf
from bot.store.database import Database
from bot.store.tables import (
    addresses,
    alerts,
    answers,
    campaigns,
    codings,
    consents,
    conversations,
    guardianships,
    messages,
    people,
    readings,
    recipients,
    runs,
    students,
    translations,
)

SURVEY = "getting-to-school"
LANGUAGES = {"en": 45, "es": 28, "ht": 9, "pt": 6, "vi": 4, "zh-Hans": 3, "ar": 3, "fr": 2}
SCHOOLS = tuple(f"School {n:02}" for n in range(1, 25))
QUESTIONS = ("hard", "days_missed", "what_hard", "what_helps", "one_thing")
CODER = "bench-1"
AT_ONCE = 2_000


async def fill(
    database: Database, *, persons: int = 20_000, waiting: int = 400, now: datetime | None = None
) -> None:
    """Fill a migrated, empty store. Each person gave five answers, two or three of them in their own words."""
    now, new_id, random = now or datetime.now(UTC), ids.maker(), Random(11)
    replies = content.replies()
    said = {language: [r for r in replies if r.language == language] for language in LANGUAGES}
    codes = shipped().codes
    shelf = Shelf()
    async with database.begin() as db:
        survey_id = await shelf.publish(db, survey_flows.library(SURVEY), now, new_id)
    rows: dict[Any, list[dict[str, Any]]] = {
        table: []
        for table in (people, students, guardianships, addresses, consents, conversations, messages, answers, codings,
                      readings, alerts)
    }  # fmt: skip
    chances = bytes(2 * len(codes))

    def heard(address: Any, number: str, text: str, at: datetime, **more: Any) -> dict[str, Any]:
        return {
            "id": new_id(), "direction": "in", "channel": "sms", "address_id": address, "address": number, "text": text,
            "purpose": "heard", "state": "read", "priority": 0, "attempts": 0, "created_at": at, "conversation_id": None,
            "language": None, "due_at": None,
        } | more  # fmt: skip

    known: dict[tuple[str, str], dict[str, Any]] = {}
    for n in range(persons):
        person, child, address, talk = new_id(), new_id(), new_id(), new_id()
        language = random.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        school = SCHOOLS[min(int(random.expovariate(0.15)), len(SCHOOLS) - 1)]
        grade = str(random.randint(1, 12))
        number = f"+1{200 + n // 10_000:03}555{n % 10_000:04}"
        began = now - timedelta(days=random.randint(1, 13), minutes=random.randint(0, 600))
        rows[people].append(
            {
                "id": person, "external_id": f"bench:{n}", "respondent": "family", "language": language,
                "language_by": "import", "school": school, "groups": {"grade": grade}, "name": f"Sample Person {n}",
                "created_at": began,
            }
        )  # fmt: skip
        rows[students].append(
            {"id": child, "external_id": f"c{n}", "name": "Leo", "school": school, "attributes": {"grade": grade}, "created_at": began}
        )  # fmt: skip
        rows[guardianships].append({"person_id": person, "student_id": child, "relation": "guardian"})
        rows[addresses].append(
            {"id": address, "person_id": person, "channel": "sms", "address": number, "consented": True, "created_at": began}
        )  # fmt: skip
        rows[consents].append(
            {"id": new_id(), "address_id": address, "event": "granted", "source": "list:bench", "message_id": None, "at": began}
        )  # fmt: skip
        rows[conversations].append(
            {
                "id": talk, "survey_id": survey_id, "person_id": person, "address_id": address, "state": "complete",
                "place": None, "started_at": began, "heard_at": began + timedelta(hours=1),
            }
        )  # fmt: skip
        for at, question in enumerate(QUESTIONS):
            reply = random.choice(said[language])
            open_ = at >= 2
            text = (
                f"{reply.text} {n}"
                if open_ and random.random() < 0.5
                else reply.text
                if open_
                else str(at + 1)
            )
            message = heard(
                address, number, text, began + timedelta(hours=1, minutes=at), conversation_id=talk
            )
            rows[messages].append(message)
            answer = new_id()
            decided = "staff:bench" if open_ and random.random() < 0.01 else None
            rows[answers].append(
                {
                    "id": answer, "survey_id": survey_id, "conversation_id": talk, "person_id": person,
                    "message_id": message["id"], "question": question, "kind": "open" if open_ else "scale",
                    "value": None if open_ else {"choice": "very"}, "heard": text, "understood": True, "declared": language,
                    "created_at": message["created_at"], "language": language if open_ else None,
                    "language_score": 0.95 if open_ else None, "coder": CODER if open_ else None, "decided": decided,
                    "doubt": random.random() if open_ and not decided else None, "chances": chances if open_ else None,
                    "sentiment": "negative" if open_ else None, "sentiment_score": 0.8 if open_ else None,
                }
            )  # fmt: skip
            if not open_:
                continue
            for theme in {*reply.themes, random.choice(codes)}:
                for coder in filter(None, (CODER, decided)):
                    rows[codings].append(
                        {
                            "id": new_id(), "answer_id": answer, "theme": theme, "probability": 0.8, "coder": coder,
                            "evidence": {}, "created_at": now,
                        }
                    )  # fmt: skip
            if decided:
                rows[readings].append(
                    {
                        "id": new_id(), "answer_id": answer, "coder": decided, "purpose": "review", "drawn": "lot",
                        "copied": False, "codebook": "school_barriers", "codebook_version": "1", "created_at": now,
                        "changed_at": now,
                    }
                )  # fmt: skip
            if language != "en" and reply.english:
                known[text, language] = {
                    "id": new_id(), "digest": digest(text), "source": language, "target": "en", "context": "said",
                    "text": reply.english, "origin": "machine:bench", "state": "draft", "attempts": 0, "created_at": now,
                }  # fmt: skip
        if n < waiting:
            text = random.choice(said[language]).text
            message = heard(address, number, text, now - timedelta(minutes=30 * n), state="waiting")
            rows[messages].append(message)
            if n < 3:
                rows[alerts].append(
                    {
                        "id": new_id(), "message_id": message["id"], "person_id": person, "kind": "harm", "state": "new",
                        "told": 0, "created_at": message["created_at"],
                    }
                )  # fmt: skip
    async with database.begin() as db:
        for table, entered in rows.items():
            for chunk in _chunks(entered):
                await db.execute(insert(table), chunk)
        for chunk in _chunks(known.values()):
            await db.execute(insert(translations), chunk)
        await _campaigns(db, [row["id"] for row in rows[people]], now, new_id)


async def _campaigns(db: Any, persons: list[Any], now: datetime, new_id: Any) -> None:
    """Ten campaigns that have gone to everybody, and one that waits."""
    for n in range(11):
        key = f"thanks-{n:02}"
        text = starter("on-time-thanks").replace("campaign: on-time-thanks", f"campaign: {key}")
        campaign, run = new_id(), new_id()
        await db.execute(
            insert(campaigns).values(
                id=campaign, key=key, text=text, state="finished" if n < 10 else "awaiting", created_at=now, changed_at=now,
                next_at=None if n < 10 else now + timedelta(days=1), written_by="bench@riverbend.invalid",
            )
        )  # fmt: skip
        if n == 10:
            continue
        await db.execute(
            insert(runs).values(
                id=run, campaign_id=campaign, occasion=f"{n}", text=text, audience="", state="done", begins_at=now,
                expected=len(persons), expanded=len(persons), staged=0, created_at=now, ended_at=now,
            )
        )  # fmt: skip
        skipped = (
            {
                "run_id": run, "step": 0, "person_id": person, "campaign_id": campaign, "occasion": f"{n}",
                "state": "skipped", "reason": "no consent",
            }
            for person in persons
        )  # fmt: skip
        for chunk in _chunks(skipped):
            await db.execute(insert(recipients), chunk)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    each = iter(rows)
    while chunk := list(islice(each, AT_ONCE)):
        yield chunk
