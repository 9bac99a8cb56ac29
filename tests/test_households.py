"""Lists made by chance, read in any order and again: nobody is doubled, and whoever belongs together is one household."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.app import opened
from bot.importing import people as lists
from bot.importing.guessing import guess
from bot.importing.households import settle
from bot.importing.merging import MOST_SHARE, chunks, merge
from bot.importing.rows import read
from bot.settings import Settings
from bot.spreadsheets import open_table
from bot.store.tables import addresses, guardianships, people, shared_addresses

HEAD = "Student ID,Guardian ID,Guardian Name,Phone,Grade\n"
NAMES = ("", "Ana", "Bea", "Cleo")


@st.composite
def rows(draw):
    """One line of a list: an id is always the same person, with one name and one number."""
    child = draw(st.sampled_from(["", *(f"S{n}" for n in range(5))]))
    who = draw(st.integers(0, 11))
    name, number = NAMES[who % 4], f"503-555-01{who // 3:02}"
    id_ = f"G{who}" if who % 2 else ""
    return f"{child},{id_},{name},{number},{draw(st.sampled_from(['3', '4', '']))}\n"


MANY = st.lists(st.lists(rows(), min_size=1, max_size=8), min_size=1, max_size=3)


async def read_all(url: str, files: list[list[str]], folder: Path) -> list[Counter]:
    """Take each of these lists; gives the counts of lines."""
    counted = []
    async with opened(Settings(database_url=url, cache_folder=folder, _env_file=None), channels={}) as app:
        for number, lines in enumerate(files):
            path = folder / f"list{number}.csv"
            path.write_text(HEAD + "".join(lines), encoding="utf-8")
            table = open_table(path)
            report = await lists.take(app, table, f"list{number}", guess(table.columns))
            assert report.rows == len(table.rows) + len(table.bad)
            counted.append(Counter(taken=report.taken, changed=report.changed))
        async with app.database.read() as db:
            everybody = (await db.execute(select(people))).all()
            links = (await db.execute(select(guardianships.c.person_id, guardianships.c.student_id))).all()
            owned = (await db.execute(select(addresses.c.person_id, addresses.c.id))).all()
            shared = (await db.execute(select(shared_addresses))).all()
    consistent(everybody, links, [*owned, *shared])
    counted.append(identities(everybody, owned, shared))
    return counted


def identities(everybody, owned, shared) -> Counter:
    """How many people there are at each number, and how many of them have an id."""
    number = {address: place for place, (_, address) in enumerate(sorted(owned, key=str))}
    at = Counter(person for person, _ in [*owned, *shared])
    return Counter(people=len(everybody), numbers=len(number), reached=len(at),
                   ids=sum(not row.external_id.startswith("people:") for row in everybody))  # fmt: skip


def consistent(everybody, links, reached) -> None:
    home = {row.id: row.household_id for row in everybody}
    for pairs in (links, reached):
        together: dict = {}
        for person, thing in pairs:
            together.setdefault(thing, set()).add(home[person])
        assert all(len(homes) == 1 for homes in together.values()), "whoever shares a child or a phone"
    for house in set(home.values()):
        assert house == min(id_ for id_, where in home.items() if where == house), "the oldest person's id"
    assert all(id_ in {person for person, _ in reached} for id_ in home), "everybody has a number here"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=MANY, data=st.data())
def test_lists_read_in_any_order_and_again_double_nobody(files, data, migrated):
    otherwise = data.draw(st.permutations(files))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for store in ("one.db", "other.db"):
            shutil.copy(migrated, folder / store)

        *_, first = asyncio.run(read_all(f"sqlite:///{folder}/one.db", files, folder))
        *_, other = asyncio.run(read_all(f"sqlite:///{folder}/other.db", otherwise, folder))
        *again, last = asyncio.run(read_all(f"sqlite:///{folder}/one.db", files, folder))

    assert first == last
    assert sum((count["taken"] for count in again), 0) == 0
    assert (first["ids"], first["numbers"]) == (other["ids"], other["numbers"])


FIXED = [
    [[",,,503-555-0100,3\n", ",,Bea,503-555-0100,3\n"], [",,,503-555-0100,3\n", "S1,G1,Ana,503-555-0100,3\n"]],
    [["S1,G1,Ana,503-555-0100,3\n", "S1,G3,Bea,503-555-0101,3\n", "S2,G3,Bea,503-555-0101,4\n"], ["S2,,Cleo,503-555-0102,\n"]],
    [[",,Ana,503-555-0100,3\n", ",,Bea,503-555-0100,3\n"], ["S1,,Bea,503-555-0100,\n", "S1,G5,Cleo,503-555-0101,\n"]],
    [["S1,,,503-555-0100,3\n"], ["S1,G1,Ana,503-555-0100,4\n"], ["S3,G1,Ana,503-555-0100,4\n", "S3,,,503-555-0102,5\n"]],
]  # fmt: skip


@pytest.mark.parametrize("files", FIXED)
async def test_the_same_holds_on_both_databases(files, url, tmp_path):
    *_, first = await read_all(url, files, tmp_path)
    *again, last = await read_all(url, files, tmp_path)

    assert first == last
    assert [count["taken"] for count in again] == [0] * len(files)


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    ties=st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), max_size=12),
    said=st.dictionaries(st.integers(0, 23), st.sampled_from("ABC"), max_size=8),
)
def test_households_settle_at_once_and_hold_to_what_the_list_says(sizes, ties, said):
    ids = [UUID(int=n + 1) for n in range(sum(sizes))]
    homes, start = {}, 0
    for size in sizes:
        homes |= dict.fromkeys(ids[start : start + size], ids[start])
        start += size
    pairs = [(ids[a], ids[b]) for a, b in ties if a < len(ids) and b < len(ids)]
    told = {ids[n]: home for n, home in said.items() if n < len(ids)}

    after = homes | settle(homes, pairs, told)

    assert settle(after, pairs, told) == {}
    assert all(after[house] == house for house in after.values())
    for one in told:
        for other in told:
            assert (after[one] == after[other]) == (told[one] == told[other])
    assert all(after[a] == after[b] for a, b in pairs if a not in told and b not in told) or told


@given(st.lists(rows(), min_size=1, max_size=30))
def test_every_line_is_in_exactly_one_lot_and_lots_have_nothing_in_common(lines):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "list.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        table = open_table(path)
    listed = merge(read(table, guess(table.columns), "US"), "list")
    lots = list(chunks(listed, 1))

    assert sorted(line for lot in lots for one in lot for line in one.lines) == [
        row.line for row in table.rows
    ]
    for what in ("reaches", "children"):
        seen = [thing for lot in lots for thing in {thing for one in lot for thing in getattr(one, what)}]
        assert len(seen) == len(set(seen))
    assert max(Counter(reach for one in listed for reach in one.reaches).values()) <= MOST_SHARE
