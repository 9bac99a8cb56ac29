"""Looks a project over before it is written: what its parts name has to be there, once."""

from __future__ import annotations

from collections.abc import Iterable

from .layout import ID
from .project import Project, QdaError, Question, Reply, plain


def check(project: Project) -> None:
    """Raises QdaError for the first thing that no reader of the file could make sense of."""
    if not project.codebook.themes:
        raise QdaError(project.name, "", "the codebook has no themes", "Give a codebook with themes.")
    _once(project, "coder", [coder.name for coder in project.coders])
    _once(project, "question", [question.id for question in project.questions])
    _once(project, "case", [case.id for case in project.cases])
    _once(project, "set", [each.name for each in project.sets])
    coders = {coder.name for coder in project.coders}
    cases = {case.id for case in project.cases}
    for question in project.questions:
        _once(project, f"reply to {question.id}", [reply.id for reply in question.replies])
        for reply in question.replies:
            _check_reply(project, question, reply, coders, cases)
    for what, codes in (
        ("note", [note.code for note in project.notes if note.code is not None]),
        ("set", [code for each in project.sets for code in each.codes]),
    ):
        for code in codes:
            if code not in project.codebook:
                raise QdaError(project.name, what, f"the codebook has no theme {code}", "Correct the code.")


def _check_reply(
    project: Project, question: Question, reply: Reply, coders: set[str], cases: set[str]
) -> None:
    place = f"question {question.id}, reply {reply.id[:60]}"
    if not ID.fullmatch(reply.id):
        raise QdaError(
            project.name, place, "the id cannot stand in a text", "Use letters, digits and . _ : -"
        )
    if not reply.text:
        raise QdaError(project.name, place, "there are no words", "Leave empty replies out.")
    if reply.case is not None and reply.case not in cases:
        raise QdaError(project.name, place, "its case is not among the cases", "Pass the case as well.")
    length = len(plain(reply.text))
    seen = set()
    for coding in reply.codings:
        if coding.code not in project.codebook:
            what = f"the codebook has no theme {coding.code}"
            raise QdaError(project.name, place, what, "Recode the reply, or pass the codebook of its codes.")
        if coding.coder not in coders:
            raise QdaError(
                project.name, place, "its coder is not among the coders", "Pass the coder as well."
            )
        if (coding.start is None) != (coding.end is None) or not (
            coding.start is None or coding.end is None or 0 <= coding.start < coding.end <= length
        ):
            raise QdaError(
                project.name, place, "a coding lies outside of the reply", "Correct start and end."
            )
        key = (coding.code, coding.coder, coding.start, coding.end)
        if key in seen:
            what = f"{coding.coder} has given {coding.code} twice"
            raise QdaError(project.name, place, what, "Pass each coding once.")
        seen.add(key)


def _once(project: Project, what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise QdaError(
                project.name, f"{what} {name[:60]}", "the name is used twice", "Give each its own."
            )
        seen.add(name)
