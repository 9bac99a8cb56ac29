"""Codings from another program: they find their replies, once; what is not theirs or not known is left out and told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from export_world import KEY, fill, read_by_staff
from sqlalchemy import select

from analysis import qda
from analysis.codebook import Theme
from analysis.qda import Coder, Coding
from bot.cli.root import Problem
from bot.exporting.coming_back import LONGEST, coder_of
from bot.store.tables import answers, codings, readings

KIM = Coder("Kim Doe")
FOOD, BUS = "needs.food", "transport.bus_service"


@pytest.fixture
async def said(database):
    return await fill(database, 60, rare=0)


@pytest.fixture
def openline(typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_SECRET_KEY", "a long random text for tests")
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    return typed


@pytest.fixture
async def project(openline, said, tmp_path):
    """What went out, as another program has it."""
    await openline("export", KEY, "--replies", "--to", str(tmp_path / "out.qdpx"))
    return qda.read((tmp_path / "out.qdpx").read_bytes(), "out.qdpx")


def coded(project, themes, coder=KIM, book=None):
    """The project after somebody coded the first replies: ``themes`` of each."""
    (question,) = project.questions
    given = [tuple(Coding(theme, coder.name) for theme in some) for some in themes]
    given += [()] * (len(question.replies) - len(given))
    found = tuple(
        replace(reply, codings=(*reply.codings, *more))
        for reply, more in zip(question.replies, given, strict=True)
    )
    coders = tuple({one.name: one for one in (*project.coders, coder)}.values())
    return replace(
        project,
        coders=coders,
        codebook=book or project.codebook,
        questions=(replace(question, replies=found),),
    )


async def back(openline, project, tmp_path, *more, who="nvivo"):
    path = tmp_path / "back.qdpx"
    path.write_bytes(qda.write(project))
    return await openline("import", "codings", str(path), "--survey", KEY, "--who", who, *more)


async def stored(database):
    """What people's codings are in the store: coder, theme, and whether they count."""
    async with database.read() as db:
        rows = await db.execute(
            select(codings.c.coder, codings.c.theme, answers.c.decided)
            .join(answers, answers.c.id == codings.c.answer_id)
            .where(codings.c.coder.like("file:%"))
        )
        given = sorted((row.coder, row.theme, row.decided) for row in rows)
        read = (await db.execute(select(readings).order_by(readings.c.id))).all()
    return given, read


async def test_codings_come_back_to_their_replies_and_twice_changes_nothing(
    openline, database, project, tmp_path
):
    made = coded(project, [[FOOD], [FOOD, BUS]])

    would = await back(openline, made, tmp_path, "--dry-run")
    nothing, _ = await stored(database)
    told = await back(openline, made, tmp_path)
    given, read = await stored(database)
    again = await back(openline, made, tmp_path)

    assert "60 replies found; 2 readings would be new, 0 would be changed" in would
    assert nothing == []
    assert "60 replies found; 2 readings new, 0 changed, 0 taken back, 0 as they were." in told
    coder = "file:nvivo/Kim Doe"
    assert given == [(coder, FOOD, coder), (coder, FOOD, coder), (coder, BUS, coder)]
    assert {(one.purpose, one.drawn, one.machine, one.codebook) for one in read} == {
        ("import", "chosen", "made-up 1", "school_barriers")
    }
    assert "0 readings new, 0 changed, 0 taken back, 2 as they were" in again
    assert await stored(database) == (given, read)


async def test_what_was_coded_otherwise_is_changed_and_what_was_uncoded_taken_back(
    openline, database, project, tmp_path
):
    await back(openline, coded(project, [[FOOD], [FOOD], [FOOD]]), tmp_path)

    told = await back(openline, coded(project, [[BUS], [], [FOOD], [BUS]]), tmp_path)

    given, read = await stored(database)
    assert "1 readings new, 1 changed, 1 taken back, 1 as they were" in told
    assert sorted(theme for _, theme, _ in given) == [FOOD, BUS, BUS]
    assert len(read) == 3


async def test_codings_of_the_machine_and_of_staff_here_are_not_taken_from_a_file(
    openline, database, said, tmp_path
):
    await read_by_staff(database, said[0]["id"], [FOOD])
    await openline("export", KEY, "--replies", "--to", str(tmp_path / "out.qdpx"))
    project = qda.read((tmp_path / "out.qdpx").read_bytes(), "out.qdpx")

    told = await back(openline, project, tmp_path)

    given, read = await stored(database)
    assert given == []
    assert [one.coder for one in read] == ["staff:00000000-0000-0000-0000-000000000007"]
    assert "Left as they are here: " in told
    assert "1 by staff here" in told


async def test_an_unknown_code_is_left_out_until_somebody_says_what_it_means(
    openline, database, project, tmp_path
):
    new = (
        Theme("late", None, "Late things", "", "", "", "barrier"),
        Theme("late.bus", "late", "Late buses", "", "", "", "barrier", {"en": ("late",)}),
        Theme("late.food", "late", "Food", "", "", "", "barrier", {"en": ("hungry",)}),
    )
    food = project.codebook[FOOD].label
    new = (*new[:2], replace(new[2], label=food.upper()))
    book = replace(project.codebook, themes=(*project.codebook.themes, *new))
    made = coded(project, [["late.bus"], ["late.bus", "late.food"]], book=book)

    told = await back(openline, made, tmp_path, who="first")
    first, _ = await stored(database)
    mapped = await back(openline, made, tmp_path, "--code", f"Late buses={BUS}", who="second")
    second = [row for row in (await stored(database))[0] if row[0].startswith("file:second")]

    assert "No theme for the code “Late buses” (2 codings left out)" in told
    assert "--code 'Late buses=THEME'" in told
    assert [theme for _, theme, _ in first] == [FOOD]  # by its label, whatever its capitals
    assert "No theme" not in mapped
    assert sorted(theme for _, theme, _ in second) == [FOOD, BUS, BUS]


async def test_replies_that_are_not_here_are_counted_and_a_wrong_key_is_guessed(
    openline, database, project, tmp_path, monkeypatch
):
    (question,) = project.questions
    stranger = replace(question.replies[0], id="0123456789abcdef", codings=(Coding(FOOD, KIM.name),))
    made = replace(
        project,
        coders=(*project.coders, KIM),
        questions=(replace(question, replies=(stranger, *question.replies[1:])),),
    )

    told = await back(openline, made, tmp_path)
    monkeypatch.setenv("OPENLINE_SECRET_KEY", "another")
    wrong = await back(openline, made, tmp_path)

    assert "59 replies found; 0 readings new" in told
    assert "1 replies of the file are not (or no longer) here." in told
    assert "60 replies of the file are not (or no longer) here. Was it exported from this place" in wrong
    assert (await stored(database))[0] == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_what_cannot_come_in_is_told_with_its_cure(openline, project, tmp_path):
    cases = (
        (("--code", "Late buses"), "nvivo", "write the file's code, =, and the theme"),
        (("--code", "Late=transport"), "nvivo", "Give one of its sub-themes: .*transport.bus_service"),
        (("--code", "Late=nothing"), "nvivo", "cannot be coded to nothing"),
        ((), "a/b", "--who is a short name"),
        ((), "x" * 60, "--who is a short name"),
        (("--survey", "nothing"), "nvivo", "There is no survey nothing"),
    )
    for more, who, what in cases:
        with pytest.raises(Problem, match=what):
            await back(openline, project, tmp_path, *more, who=who)
    (tmp_path / "broken.qdpx").write_bytes(b"PK no project")
    with pytest.raises(Problem, match=r"broken\.qdpx"):
        await openline("import", "codings", str(tmp_path / "broken.qdpx"), "--survey", KEY, "--who", "x")


def test_a_long_name_is_cut_and_stays_somebodys_own():
    one, other = (coder_of("nvivo", "x" * 100 + end) for end in "ab")

    assert len(one) == len(other) == LONGEST
    assert one != other
