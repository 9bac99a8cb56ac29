"""openline export: what it writes and refuses, and what it says of it."""

from __future__ import annotations

import csv
import stat

import pytest
from export_world import KEY, fill

from bot.cli.root import Problem


@pytest.fixture
async def said(database):
    return await fill(database, 120)


@pytest.fixture
def openline(typed, monkeypatch):
    monkeypatch.setenv("OPENLINE_SECRET_KEY", "a long random text for tests")
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    return typed


async def exported(openline, tmp_path, ending, *more):
    to = tmp_path / f"out{ending}"
    told = await openline("export", KEY, "--to", str(to), *more)
    return to, told


async def test_a_survey_goes_out_as_findings_and_as_replies_that_only_this_account_can_open(
    openline, said, tmp_path
):
    findings, told = await exported(openline, tmp_path, ".csv")
    replies, warned = await exported(openline, tmp_path, "2.csv", "--replies", "--groups", "school,grade")
    again, _ = await exported(openline, tmp_path, "3.csv", "--replies")

    assert "They may be published." in told
    assert "As of 2026-10-14" in told
    assert "Never publish" in warned
    assert "3 replies in languages that fewer than 10 people wrote in are left out." in warned
    assert stat.S_IMODE(replies.stat().st_mode) == 0o700
    assert not (findings / "replies.csv").exists()

    def names(folder):
        with (folder / "replies.csv").open(encoding="utf-8-sig") as file:
            return {row["reply"] for row in csv.DictReader(file)}

    assert len(names(again)) == 117
    assert not names(replies) & names(again)


async def test_a_project_needs_a_key_by_which_its_codings_come_back(openline, said, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENLINE_SECRET_KEY", "")
    with pytest.raises(Problem, match="OPENLINE_SECRET_KEY"):
        await exported(openline, tmp_path, ".qdpx", "--replies")
    assert list(tmp_path.glob("out*")) == []


WRONG = (
    ("out.docx", (), r"There are: \.xlsx"),
    (".xlsx", (), r"There are: \.xlsx"),
    ("no/out.xlsx", (), "folder .* does not exist"),
    ("out.qdpx", (), "Say --replies"),
    ("out.xlsx", ("--groups", "school"), "stands with --replies"),
    ("out.xlsx", ("--replies", "--pair", "school,language"), "--pair is for findings"),
    ("out.xlsx", ("--pair", "school"), "two groups"),
    ("out.xlsx", ("--replies", "--groups", "shoe size"), "no group shoe size. There are: .*school"),
    ("out.qdpx", ("--replies", "--units", "bytes"), "--units"),
    ("out.xlsx", ("--replies", "--wave", "spring"), "spring"),
    ("out.xlsx", ("--wave", "spring"), "spring"),
)


async def test_what_cannot_be_is_told_with_its_cure_and_leaves_nothing_behind(openline, said, tmp_path):
    for name, more, what in WRONG:
        with pytest.raises(Problem, match=what):
            await openline("export", KEY, "--to", str(tmp_path / name), *more)
    assert not any(file.name.startswith((".out", "out")) for file in tmp_path.iterdir())


async def test_an_unknown_survey_is_told(openline, said, tmp_path):
    with pytest.raises(Problem, match=f"There is no survey nothing. There are: {KEY}"):
        await openline("export", "nothing", "--to", str(tmp_path / "out.xlsx"))
    with pytest.raises(Problem, match="There is no survey nothing"):
        await openline("export", "nothing", "--to", str(tmp_path / "out.xlsx"), "--replies")


async def test_a_file_that_is_there_is_only_written_over_on_request(openline, said, tmp_path):
    to, _ = await exported(openline, tmp_path, ".csv")
    mine = tmp_path / "mine.csv"
    mine.mkdir()
    (mine / "diary.txt").write_text("dear diary", encoding="utf-8")

    with pytest.raises(Problem, match="--force"):
        await exported(openline, tmp_path, ".csv")
    await exported(openline, tmp_path, ".csv", "--force")
    with pytest.raises(Problem, match="other things in it"):
        await openline("export", "survey", KEY, "--to", str(mine), "--force")

    assert (to / "themes.csv").exists()
    assert (mine / "diary.txt").exists()
