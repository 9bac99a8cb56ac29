"""What a project is: questions with replies, what people and the coder have coded in them, and who said it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..codebook import Codebook
from ..codebook.files import Notice

OURS = "Openline project "
"""How the description of a project of ours begins; its id follows."""
_LINES = re.compile("\r\n?")
# Control characters, and halves of surrogate pairs: no text file can hold them safely.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


class QdaError(ValueError):
    """A project that cannot be read or written: the file, the place in it, what is wrong and how to cure it."""

    def __init__(self, file: str, place: str, problem: str, cure: str) -> None:
        where = ", ".join(part for part in (file, place) if part)
        super().__init__(f"{where}: {problem}. {cure}")
        self.file = file
        self.place = place
        self.problem = problem
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody who codes; ``machine``: it was Openline. The name is what people see, and unique in a project."""

    name: str
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of the project's codebook given to a reply, or to the part of it from ``start`` to ``end``.

    Positions count Unicode code points in the reply, as Python does; None: the reply as a whole.
    """

    code: str
    coder: str
    at: datetime | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody said to a question. ``id`` goes out and comes back; ``case`` is the id of whoever said it."""

    id: str
    text: str
    codings: tuple[Coding, ...] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its replies: one text for the other tool. In a project of another tool: one of its texts."""

    id: str
    title: str
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody who replied, by a name that says nothing, with those groups that may leave the house."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A memo: on a code, or (None) on the whole project."""

    title: str
    text: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Codes that are looked at together ("what the school can change")."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Project:
    """``id`` and ``codebook.id`` make the names in the file: keep them, and a tool knows what it already has.

    ``notices`` say what was understood in an unexpected way, or left out, when the project was read.
    """

    id: str
    name: str
    codebook: Codebook
    coders: tuple[Coder, ...] = ()
    questions: tuple[Question, ...] = ()
    cases: tuple[Case, ...] = ()
    notes: tuple[Note, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    at: datetime | None = None
    notices: tuple[Notice, ...] = ()


def plain(text: str) -> str:
    """A reply as it stands in a text file: lines end in LF, control characters are blanks.

    The tools disagree on whether CR LF is one character or two, so there is none.
    """
    return _HALVES.sub("\ufffd", _UNSAFE.sub(" ", _LINES.sub("\n", text)))
