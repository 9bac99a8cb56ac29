"""What a filter means: the databases and a slow reading of the rules in Python agree on who is in an audience."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from random import Random

from audience_world import LANGUAGES, TODAY, ZONE, audience, people, store, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.ids import maker
from bot.outreach.audience import children, condition, everyone, parse
from bot.store import tables
from bot.store.database import connect

NOW = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)  # still the 14th in Los Angeles
SAME = ["=", "!=", "in", "not in"]
ORDER = ["<", "<=", ">", ">="]
KNOWN = ["is missing", "is known"]


def plain(*words):
    return [(f'"{word}"' if " " in word else word, word) for word in words]


VALUES = {
    "respondent": (plain("family", "student", "staff"), [*SAME]),
    "language": (plain(*LANGUAGES, "zh"), [*SAME]),
    "school": (plain("lincoln", "Oak Hill", "ÉCOLE nord", "nobodys"), [*SAME, "contains", *KNOWN]),
    "name": ([], KNOWN),
    "channel": (plain("sms", "telegram"), [*SAME, *KNOWN]),
    "household.size": ([("1", 1), ("2", 2)], [*SAME, *ORDER]),
    "children": ([("0", 0), ("1", 1), ("2", 2)], [*SAME, *ORDER]),
    **{
        name: ([("0", 0), ("1", 1), ("2", 2)], [*SAME, *ORDER])
        for name in ("absences.last_week", "absences.last_month", "absences.total", "late.last_8_days")
    },
    "grade": (
        [*plain("K", "PK", "tk", "6th"), ("6", 6), ('"06"', "06"), ("9", 9), ("none", "none")], [*SAME, *KNOWN]
    ),
    "grade ": ([*plain("K", "PK", "tk", "6th"), ("6", 6), ("9", 9), ('"10"', 10)], ORDER),
    "`bus route`": (
        [("12", 12), ('"12"', "12"), ("12a", "12A"), ("7.50", 7.5), ("-3", -3), ("true", "true"), ("5.", "5."),
         *plain("ñandú 4")], [*SAME, *KNOWN]
    ),
    '"bus route"': ([("12", 12), ('"8"', 8), ("-3.0", -3), ("0", 0)], ORDER),
    "`bus route` ": ([("1", "1"), ('"%"', "%"), ("_", "_"), ("ñ", "ñ"), ("a", "a")], ["contains"]),
    "born": (
        [("today", TODAY), ('"7 days ago"', date(2026, 10, 7)), ("2016-02-28", date(2016, 2, 28))],
        [*SAME, *ORDER, *KNOWN],
    ),
    "größe": (plain("l", "xl"), [*SAME, "contains", *KNOWN]),
}  # fmt: skip
CALLS = [
    *[("call", name, key) for name in ("answered", "asked", "finished") for key in ("buses", "meals")],
    *[("call", "received", "thanks"), ("call", "on_list", "Fall list"), ("call", "anniversary", "born")],
    *[("call", "replied_within", days) for days in ("1", "6", "7", "40")],
]


@st.composite
def single(draw):
    name = draw(st.sampled_from(list(VALUES)))
    values, signs = VALUES[name]
    sign = draw(st.sampled_from(signs))
    if sign in KNOWN:
        return (name.strip(), sign, [])
    most = 3 if sign in ("in", "not in") else 1
    return (name.strip(), sign, draw(st.lists(st.sampled_from(values), min_size=1, max_size=most)))


formulas = st.recursive(
    st.one_of(single(), single(), st.sampled_from(CALLS), st.just(("everyone",))),
    lambda part: st.one_of(
        st.tuples(st.just("not"), part),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(part, min_size=2, max_size=4)),
    ),
    max_leaves=8,
)


def test_the_database_and_the_rules_agree_on_everybody_and_their_children(url):
    new_id = maker()
    district = people(Random(14), 120, NOW, new_id)
    who = tables.people.c.id
    with asyncio.Runner() as runner:
        database = connect(url)

        async def fill():
            async with database.begin() as db:
                await store(db, district, NOW, new_id)

        async def found(expression):
            async with database.read() as db:
                chosen = (everyone(), condition(expression, NOW, zone=ZONE))
                ids = set((await db.execute(select(who).where(*chosen))).scalars())
                meant = children(expression, NOW, zone=ZONE)
                joined = (
                    select(who, tables.students.c.id)
                    .join(tables.guardianships, tables.guardianships.c.person_id == who)
                    .join(tables.students, tables.students.c.id == tables.guardianships.c.student_id)
                    .where(*chosen, tables.students.c.removed_at.is_(None))
                )
                rows = await db.execute(joined if meant is None else joined.where(meant))
                return ids, {tuple(row) for row in rows}

        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
        @given(formulas)
        def agree(formula):
            expected = audience(district, formula, NOW)

            ids, pairs = runner.run(found(parse(written(formula))))

            assert ids == set(expected), written(formula)
            assert pairs == {(person, child) for person, theirs in expected.items() for child in theirs}

        try:
            runner.run(fill())
            agree()
        finally:
            runner.run(database.close())
