"""A small made-up district, and who is in an audience there by the slow and plain reading of the rules in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.store import tables

ZONE = ZoneInfo("America/Los_Angeles")
TODAY = date(2026, 10, 14)
SCHOOLS = ["Lincoln", "Oak Hill", "École Nord", "", None]
GRADES = ["K", "pk", "TK", "6", 6, "06", "10", 10, "6th", "none", "", None]
ROUTES = ["12", 12, "12A", "7.5", "-3", "1.2.3", "5.", True, False, "", None, "ÑANDÚ 4", "100%_x"]
BORN = ["2015-10-14", "2016-02-28", "2026-10-07", "2026-10-14T08:00:00", "10/14/2015", "", None]
LANGUAGES = ["en", "es", "es-MX", "ES-mx", "zh-Hans", "ht", "est"]
STATES = [
    "asked",
    "started",
    "paused",
    "complete",
    "partial",
    "refused",
    "unreachable",
    "expired",
    "screened",
    "cut",
]


@dataclass
class Child:
    id: UUID
    school: str | None
    attributes: dict[str, Any]
    days: list[tuple[date, str]]
    removed: bool


@dataclass
class Person:
    id: UUID
    household: UUID
    respondent: str
    language: str
    school: str | None
    groups: dict[str, Any]
    name: str | None
    removed: bool
    external_id: str | None
    children: list[Child] = field(default_factory=list)
    addresses: list[tuple[UUID, str, str | None, bool]] = field(default_factory=list)
    shares: list[tuple[UUID, str, str | None, bool]] = field(default_factory=list)
    talks: list[tuple[str, str, bool, bool]] = field(default_factory=list)  # survey, state, answers, address
    heard: list[datetime] = field(default_factory=list)
    sent: dict[UUID, list[tuple[str, str]]] = field(default_factory=dict)  # by address: campaign, state
    lists: set[str] = field(default_factory=set)


def people(random: Random, number: int, now: datetime, new_id: Any) -> list[Person]:
    """So many people, with everything about them that a filter can ask for."""

    def said(*what: tuple[str, list[Any]]) -> dict[str, Any]:
        return {key: random.choice(values) for key, values in what if random.random() < 0.75}

    kinds = (("grade", GRADES), ("bus route", ROUTES), ("born", BORN), ("größe", ["L", "XL"]))
    children = [
        Child(
            new_id(),
            random.choice(SCHOOLS),
            said(*kinds),
            list({(TODAY - timedelta(random.choice([0, 1, 3, 7, 8, 20, 31, 90])), random.choice(["absent", "late"]))
                  for _ in range(random.choice([0, 0, 1, 3, 6]))}),
            random.random() < 0.15,
        )
        for _ in range(number)
    ]  # fmt: skip
    everyone: list[Person] = []
    for at in range(number):
        id_ = new_id()
        household = random.choice(everyone).household if everyone and random.random() < 0.3 else id_
        person = Person(
            id_, household, random.choice(["family", "student", "staff"]), random.choice(LANGUAGES),
            random.choice(SCHOOLS), said(*kinds), random.choice(["Ana", "", None]), random.random() < 0.1,
            random.choice([None, f"people:{at}", f"answers:{at}"]) if random.random() < 0.3 else None,
        )  # fmt: skip
        person.children = random.sample(children, random.choice([0, 0, 1, 1, 2, 3]))
        for channel in random.sample(["sms", "telegram"], random.choice([0, 1, 1, 2])):
            address = (
                new_id(),
                channel,
                random.choice([None, None, "stopped", "dead"]),
                random.random() < 0.7,
            )
            person.addresses.append(address)
            person.sent[address[0]] = [
                (random.choice(["thanks", "other"]), random.choice(["sent", "delivered", "failed", "queued"]))
                for _ in range(random.choice([0, 0, 1]))
            ]
        if person.addresses and random.random() < 0.4:
            person.heard = [now - timedelta(days=random.choice([0, 2, 6, 7, 30]), minutes=1)]
        if everyone and random.random() < 0.2 and (owner := random.choice(everyone)).addresses:
            person.shares = [owner.addresses[0]]
            person.sent[owner.addresses[0][0]] = owner.sent[owner.addresses[0][0]]
        for survey in ("buses", "meals"):
            if random.random() < 0.5:
                state = random.choice(STATES)
                known = bool(person.addresses) and state not in ("started", "asked")
                person.talks.append((survey, state, state == "paused" and random.random() < 0.5, known))
        person.lists = {name for name in ("Fall list", "Clubs") if random.random() < 0.3}
        everyone.append(person)
    return everyone


async def store(db: Any, everyone: list[Person], now: datetime, new_id: Any) -> None:
    """Write them down."""

    async def write(table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            await db.execute(insert(table), rows)

    campaigns = {key: new_id() for key in ("thanks", "other")}
    surveys = {key: new_id() for key in ("buses", "meals")}
    await write(tables.campaigns, [
        {"id": id_, "key": key, "text": "", "state": "draft", "created_at": now, "changed_at": now}
        for key, id_ in campaigns.items()])  # fmt: skip
    await write(tables.surveys, [
        {"id": id_, "key": key, "version": "1", "text": "", "created_at": now} for key, id_ in surveys.items()])  # fmt: skip
    await write(tables.people, [
        {"id": p.id, "external_id": p.external_id, "respondent": p.respondent, "language": p.language,
         "language_by": "import", "school": p.school, "groups": p.groups, "name": p.name, "household_id": p.household,
         "removed_at": now if p.removed else None, "created_at": now} for p in everyone])  # fmt: skip
    children = {child.id: child for person in everyone for child in person.children}
    await write(tables.students, [
        {"id": c.id, "external_id": str(c.id), "school": c.school, "attributes": c.attributes,
         "removed_at": now if c.removed else None, "created_at": now} for c in children.values()])  # fmt: skip
    await write(tables.guardianships, [
        {"person_id": p.id, "student_id": c.id} for p in everyone for c in p.children])  # fmt: skip
    await write(tables.absences, [
        {"student_id": c.id, "day": day, "kind": kind, "created_at": now} for c in children.values() for day, kind in c.days])  # fmt: skip
    await write(tables.addresses, [
        {"id": id_, "person_id": p.id, "channel": channel, "address": str(id_), "suppressed": suppressed,
         "consented": consented, "created_at": now}
        for p in everyone for id_, channel, suppressed, consented in p.addresses])  # fmt: skip
    await write(tables.shared_addresses, [
        {"person_id": p.id, "address_id": shared[0]} for p in everyone for shared in p.shares])  # fmt: skip
    await write(tables.list_entries, [
        {"list": name, "person_id": p.id, "seen_at": now} for p in everyone for name in p.lists])  # fmt: skip
    message = {"address": "", "purpose": "outreach", "text": "", "priority": 5, "attempts": 0}
    own = {address[0] for p in everyone for address in p.addresses}
    went = {address: sent for p in everyone for address, sent in p.sent.items() if address in own}
    await write(tables.messages, [
        {"id": new_id(), "direction": "out", "channel": "sms", "address_id": address, "campaign_id": campaigns[key],
         "state": state, "created_at": now, **message}
        for address, sent in went.items() for key, state in sent])  # fmt: skip
    await write(tables.messages, [
        {"id": new_id(), "direction": "in", "channel": "sms", "address_id": p.addresses[0][0], "campaign_id": None,
         "state": "heard", "created_at": at, **message} for p in everyone for at in p.heard])  # fmt: skip
    for p in everyone:
        for survey, state, answers, known in p.talks:
            talk = new_id()
            await write(tables.conversations, [
                {"id": talk, "survey_id": surveys[survey], "person_id": p.id, "state": state, "started_at": now,
                 "address_id": p.addresses[0][0] if known else None}])  # fmt: skip
            if answers:
                await write(tables.answers, [
                    {"id": new_id(), "survey_id": surveys[survey], "conversation_id": talk, "person_id": p.id,
                     "question": "q", "kind": "text", "heard": "", "understood": True, "declared": "en",
                     "created_at": now}])  # fmt: skip


# A formula is ("and" | "or", [formulas]), ("not", formula), ("everyone",), ("call", name, argument),
# or (field, sign, [values]); a value is (how it is written, what is meant).


def written(formula: Any) -> str:
    """A formula in the language of filters."""
    match formula:
        case ("everyone",):
            return "Everyone"
        case ("not", part):
            return f"NOT ({written(part)})"
        case ("and" | "or" as word, parts):
            return "(" + f" {word} ".join(written(part) for part in parts) + ")"
        case ("call", name, argument):
            return f'{name}("{argument}")'
        case (name, sign, values) if sign in ("in", "not in"):
            return f"{name} {sign} ({', '.join(value for value, _ in values)})"
        case (name, sign, []):
            return f"{name} {sign}"
        case (name, sign, [(value, _)]):
            return f"{name} {sign} {value}"
    raise AssertionError(formula)


def audience(everyone: list[Person], formula: Any, now: datetime) -> dict[UUID, set[UUID]]:
    """Who is in it, with the children for whom it is true."""
    households: dict[UUID, int] = {}
    for person in everyone:
        households[person.household] = households.get(person.household, 0) + (not person.removed)
    found = {}
    for person in everyone:
        if person.removed or (person.external_id or "").startswith("answers:"):
            continue
        children = [child for child in person.children if not child.removed]
        size = households[person.household]
        true_of = {c.id for c in children if holds(formula, person, c, len(children), size, now)}
        if true_of or (not children and holds(formula, person, None, 0, size, now)):
            found[person.id] = true_of
    return found


def holds(formula: Any, p: Person, c: Child | None, number: int, size: int, now: datetime) -> bool:
    match formula:
        case ("everyone",):
            return True
        case ("not", part):
            return not holds(part, p, c, number, size, now)
        case ("and", parts):
            return all(holds(part, p, c, number, size, now) for part in parts)
        case ("or", parts):
            return any(holds(part, p, c, number, size, now) for part in parts)
        case ("call", name, argument):
            return called(name, argument, p, c, now)
        case (name, "!=", values):
            return not tested(name, "=", values, p, c, number, size)
        case (name, "not in", values):
            return not tested(name, "=", values, p, c, number, size)
        case (name, "is missing", _):
            return not tested(name, "is known", [], p, c, number, size)
        case (name, "in", values):
            return tested(name, "=", values, p, c, number, size)
        case (name, sign, values):
            return tested(name, sign, values, p, c, number, size)
    raise AssertionError(formula)


def called(name: str, argument: str, p: Person, c: Child | None, now: datetime) -> bool:
    talks = [(state, answers, known) for survey, state, answers, known in p.talks if survey == argument]
    match name:
        case "answered":
            begun = ("started", "complete", "partial", "screened", "cut")
            return any(state in begun or answers for state, answers, _ in talks)
        case "asked":
            return any(state != "unreachable" and (state != "refused" or known) for state, _, known in talks)
        case "finished":
            return any(state in ("complete", "screened", "cut") for state, _, _ in talks)
        case "replied_within":
            return any(at >= now - timedelta(int(argument)) for at in p.heard)
        case "received":
            return any(
                key == argument and state in ("sent", "delivered")
                for sent in p.sent.values()
                for key, state in sent
            )
        case "on_list":
            return argument in p.lists
        case "anniversary":
            born = day(text(p, c, argument))
            return born is not None and born[5:] == TODAY.isoformat()[5:]
    raise AssertionError(name)


def text(p: Person, c: Child | None, key: str) -> str | None:
    """An attribute as text: the child's, else the person's."""
    for said in (c.attributes if c else {}, p.groups):
        value = said.get(key)
        if value not in (None, "") or value is False:
            return str(value).lower() if isinstance(value, bool) else str(value)
    return None


def day(said: str | None) -> str | None:
    return said[:10] if said and re.match(r"\d{4}-\d\d-\d\d", said) else None


def number_in(said: str | None) -> float | None:
    return float(said) if said and re.fullmatch(r"-?\d+(\.\d+)?", said) else None


def rung(said: str | None) -> float | None:
    ladder = {"pk": -1, "tk": -0.5, "k": 0, "6th": 6}
    return ladder.get(said.lower(), number_in(said)) if said else None


def tested(
    name: str, sign: str, values: list[Any], p: Person, c: Child | None, number: int, size: int
) -> bool:
    meant = [value for _, value in values]
    if name == "channel":
        usable = {
            channel for _, channel, suppressed, ok in (*p.addresses, *p.shares) if not suppressed and ok
        }
        return bool(usable) if sign == "is known" else bool(usable & set(meant))
    if name == "name":
        return bool(p.name)
    if name in ("children", "household.size") or "." in name:
        if "." in name and name != "household.size":
            if c is None:
                return False
            kind, span = name.split(".")
            days = {"last_week": 7, "last_month": 30, "total": None, "last_8_days": 8}[span]
            wanted = {"absences": "absent", "late": "late"}[kind]
            number = sum(
                what == wanted and (days is None or TODAY - timedelta(days) <= at < TODAY)
                for at, what in c.days
            )
        elif name == "household.size":
            number = size
        return any(ordered(number, sign, value) for value in meant)
    if name == "respondent":
        return any(p.respondent == value for value in meant)
    if name == "language":
        return any((p.language.lower() + "-").startswith(value.lower() + "-") for value in meant)
    school = (c.school if c else None) or p.school or None
    said = school if name == "school" else text(p, c, name.strip('`"'))
    if sign == "is known":
        return said is not None
    if sign == "contains":
        return said is not None and any(value.lower() in said.lower() for value in meant)
    for value in meant:
        if isinstance(value, date):
            has: Any = day(said)
            value = value.isoformat()
        elif name == "grade" and rung(str(value)) is not None:
            has, value = rung(said), rung(str(value))
        elif isinstance(value, int | float):
            has = number_in(said)
        else:
            has, value = said and said.lower(), value.lower()
        if has is not None and ordered(has, sign, value):
            return True
    return False


def ordered(has: Any, sign: str, value: Any) -> bool:
    return bool(
        {"=": has == value, "<": has < value, "<=": has <= value, ">": has > value, ">=": has >= value}[sign]
    )
