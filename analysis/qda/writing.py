"""Writes a project as REFI-QDA 1.5 (.qdpx), schema Project.xsd: one plain text a question, whoever coded as a user."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from ..codebook.files import codes
from ..refi.guids import guid
from ..refi.writing import HEAD, tag
from .checking import check
from .layout import Stretch, in_order, lay_out
from .packing import pack
from .people import MACHINE
from .positions import Ruler
from .project import OURS, Coder, Coding, Project, Question, Reply

NAMESPACE = "urn:QDA-XML:project:1.0"
Units = Literal["code points", "utf-16"]


def write(project: Project, units: Units = "code points") -> bytes:
    """The project's bytes; the same project gives the same. Raises QdaError, naming reply and code.

    ``units``: what positions count. The standard says code points; NVivo 12 counts UTF-16 units, where an emoji has
    two. Only the replies that hold such characters come out differently: they stand last.
    """
    check(project)
    write_one = _Writing(project, units)
    files = {"project.qde": (HEAD + write_one.project_element()).encode()}
    files |= {f"Sources/{name}.txt": text.encode() for name, text in write_one.texts.items()}
    return pack(files)


class _Writing:
    """One project on its way out: ``texts`` fills up with the sources by GUID, ``selections`` by reply's case."""

    def __init__(self, project: Project, units: Units) -> None:
        self.project = project
        self.units = units
        self.texts: dict[str, str] = {}
        self.selections: dict[str, list[str]] = {}
        self.users = {coder.name: self.name("user", coder.name) for coder in project.coders}

    def name(self, kind: str, *ids: str) -> str:
        return guid(kind, self.project.id, *ids)

    def project_element(self) -> str:
        project = self.project
        sources = [self._source(question) for question in project.questions]
        notes, on_all = self._notes()
        parts = [
            _all("Users", [self._user(coder) for coder in project.coders]),
            tag("CodeBook", {}, [tag("Codes", {}, codes.elements(project.codebook, self._noted()))]),
            _all("Variables", [self._variable(name) for name in self._variables()]),
            _all("Cases", list(self._cases())),
            _all("Sources", sources),
            _all("Notes", notes),
            _all("Sets", list(self._sets())),
            tag("Description", {}, text=f"{OURS}{project.id}"),
            *on_all,
        ]
        when = _time(project.at)
        origin = "Openline" if self.units == "code points" else f"Openline ({self.units})"
        attributes: dict[str, str | None] = {
            "xmlns": NAMESPACE,
            "name": project.name,
            "origin": origin,
            "creationDateTime": when,
            "modifiedDateTime": when,
        }
        return tag("Project", attributes, parts)

    def _user(self, coder: Coder) -> str:
        shown = coder.name + MACHINE if coder.machine else coder.name
        kind = "machine" if coder.machine else "person"
        return tag("User", {"guid": self.users[coder.name], "name": shown, "id": f"{kind}:{coder.name}"})

    def _source(self, question: Question) -> str:
        text, stretches = lay_out(question)
        name = self.name("source", question.id)
        self.texts[name] = text
        ruler = Ruler(text, utf16=self.units == "utf-16")
        inside = [
            selection
            for reply, stretch in zip(in_order(question.replies), stretches, strict=True)
            for selection in self._selections(question, reply, stretch, ruler)
        ]
        path = f"internal://{name}.txt"
        described = tag(
            "Description", {}, text=f"Question {question.id}: one reply below each line of === signs."
        )
        return tag(
            "TextSource", {"guid": name, "name": question.title, "plainTextPath": path}, [described, *inside]
        )

    def _selections(self, question: Question, reply: Reply, stretch: Stretch, ruler: Ruler) -> Iterator[str]:
        """The reply as a whole, coded or not; then each part of it that somebody has coded."""
        whole = self.name("reply", question.id, reply.id)
        if reply.case is not None:
            self.selections.setdefault(reply.case, []).append(whole)
        spans: dict[tuple[int, int] | None, list[Coding]] = {None: []}
        for coding in reply.codings:
            span = None if coding.start is None or coding.end is None else (coding.start, coding.end)
            spans.setdefault(span, []).append(coding)
        for span, codings in spans.items():
            start, end = (0, stretch.end - stretch.start) if span is None else span
            ids = (question.id, reply.id, *(() if span is None else (str(start), str(end))))
            attributes: dict[str, str | None] = {
                "guid": whole if span is None else self.name("part", *ids),
                "name": reply.id,
                "startPosition": str(ruler.position(stretch.start + start)),
                "endPosition": str(ruler.position(stretch.start + end)),
            }
            yield tag("PlainTextSelection", attributes, [self._coding(coding, ids) for coding in codings])

    def _coding(self, coding: Coding, ids: tuple[str, ...]) -> str:
        when = _time(coding.at)
        attributes: dict[str, str | None] = {
            "guid": self.name("coding", *ids, coding.code, coding.coder),
            "creatingUser": self.users[coding.coder],
            "creationDateTime": when,
        }
        target = codes.code_guid(self.project.codebook, coding.code)
        return tag("Coding", attributes, [tag("CodeRef", {"targetGUID": target})])

    def _variables(self) -> list[str]:
        return sorted({name for case in self.project.cases for name in case.values})

    def _variable(self, name: str) -> str:
        return tag("Variable", {"guid": self.name("variable", name), "name": name, "typeOfVariable": "Text"})

    def _cases(self) -> Iterator[str]:
        for case in self.project.cases:
            values = [
                tag(
                    "VariableValue",
                    {},
                    [
                        tag("VariableRef", {"targetGUID": self.name("variable", name)}),
                        tag("TextValue", {}, text=value),
                    ],
                )
                for name, value in sorted(case.values.items())
            ]
            said = [tag("SelectionRef", {"targetGUID": each}) for each in self.selections.get(case.id, ())]
            yield tag("Case", {"guid": self.name("case", case.id), "name": case.id}, [*values, *said])

    def _note_names(self) -> list[str]:
        return [self.name("note", str(place), note.title) for place, note in enumerate(self.project.notes)]

    def _noted(self) -> dict[str, list[str]]:
        """The notes on each code."""
        noted: dict[str, list[str]] = {}
        for name, note in zip(self._note_names(), self.project.notes, strict=True):
            if note.code is not None:
                noted.setdefault(note.code, []).append(name)
        return noted

    def _notes(self) -> tuple[list[str], list[str]]:
        """The notes, and references to those on the whole project."""
        notes, on_all = [], []
        for name, note in zip(self._note_names(), self.project.notes, strict=True):
            content = [tag("PlainTextContent", {}, text=note.text)]
            notes.append(tag("Note", {"guid": name, "name": note.title}, content))
            if note.code is None:
                on_all.append(tag("NoteRef", {"targetGUID": name}))
        return notes, on_all

    def _sets(self) -> Iterator[str]:
        for each in self.project.sets:
            members = [
                tag("MemberCode", {"targetGUID": codes.code_guid(self.project.codebook, code)})
                for code in each.codes
            ]
            yield tag("Set", {"guid": self.name("set", each.name), "name": each.name}, members)


def _all(name: str, inside: list[str]) -> str:
    """The element that holds a list; the schema knows no empty lists."""
    return tag(name, {}, inside) if inside else ""


def _time(at: datetime | None) -> str | None:
    """In UTC, as xsd:dateTime. A time without a zone is taken for UTC."""
    if at is None:
        return None
    utc = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return utc.isoformat().replace("+00:00", "Z")
