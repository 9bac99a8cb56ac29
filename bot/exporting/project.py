"""REFI-QDA (.qdpx): a project for NVivo, ATLAS.ti and others, whose codings find their replies when they come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from analysis import qda
from analysis.qda import Case, Coder, Coding, Note, Project, Question, Reply
from analysis.qda.writing import Units

from .replies import Replies


def write(replies: Replies, path: Path, units: Units = "code points") -> None:
    """Write the project, one source a question. Raises QdaError."""
    path.write_bytes(qda.write(project(replies), units))


def project(replies: Replies) -> Project:
    """The replies as a project. There are cases only for people beside whose replies a group stands."""
    about = replies.about
    used = {coding["coder"] for one in replies.each() for coding in one["codings"]}
    coders = sorted({Coder(each.name, each.machine) for each in replies.coders.values() if each.name in used},
                    key=lambda coder: coder.name)  # fmt: skip
    questions = tuple(
        Question(key, replies.questions.get(key, key), tuple(map(_reply, said)))
        for key, said in groupby(
            (one for one in replies.each() if one["words"].strip()), key=lambda one: one["question"]
        )
    )
    return Project(
        id="/".join(filter(None, (about.survey, about.wave))),
        name=f"{about.title} (replies)",
        codebook=replies.book,
        coders=tuple(coders),
        questions=questions,
        cases=tuple(_cases(replies)),
        notes=(Note("What this is", "\n".join(f"{what}: {said}" for what, said in about.facts())),),
        at=about.at,
    )


def _reply(one: dict[str, Any]) -> Reply:
    case = one["person"] if any(one["groups"].values()) else None
    return Reply(one["id"], one["words"], tuple(map(_coding, one["codings"])), case)


def _coding(given: dict[str, Any]) -> Coding:
    return Coding(given["theme"], given["coder"], datetime.fromisoformat(given["at"]).replace(tzinfo=UTC))


def _cases(replies: Replies) -> Iterator[Case]:
    seen = set()
    for one in replies.each():
        values = {name: value for name, value in one["groups"].items() if value is not None}
        if values and one["person"] not in seen:
            seen.add(one["person"])
            yield Case(one["person"], values)
