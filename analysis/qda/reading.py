"""Reads a REFI-QDA project (.qdpx) of any tool: codes, texts, what is coded by whom, cases, notes, sets."""

from __future__ import annotations

from collections import Counter

from ..codebook import Codebook
from ..codebook.fields import slug
from ..codebook.files import codes
from ..codebook.files.tree import Grove
from ..refi.guids import read_guid
from ..refi.xml import Element, XmlError, parse
from .heard import Heard
from .packing import LARGEST, Packed
from .people import Coders, read_cases
from .project import OURS, CodeSet, Note, Project, QdaError
from .sources import Source, read_source, read_time
from .texts import text_of

_NVIVO = "nvivo"
_KNOWN = {"Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Sets", "Description", "NoteRef"}


def read(data: bytes, name: str, language: str = "en") -> Project:
    """The project in a file called ``name``. Raises QdaError for what cannot be read at all.

    What was read in an unexpected way, or is left out, is in ``notices``. ``language`` (BCP 47) is that of examples
    in code descriptions that do not name theirs.
    """
    packed = Packed(data, name)
    root = _root(packed)
    found = root.inside("CodeBook", "Codes", "Code")
    grove = Grove().grow(codes.branches(found, language))
    title = root.get("name") or name.rpartition(".")[0] or name
    book = Codebook(*(codes.head(found) or (slug(title), "1", title)), tuple(grove.themes))
    coders = Coders(root)
    heard = Heard(grove.guids, coders.of, _utf16(root.get("origin")), list(grove.notices))
    sources = _sources(root, packed, heard)
    cases = read_cases(root, sources, heard)
    _left_out(root, heard)
    return Project(
        id=_id(root) or slug(title),
        name=title,
        codebook=book,
        coders=coders.all(),
        questions=tuple(source.question() for source in sources),
        cases=cases,
        notes=_notes(root, found, packed, heard),
        sets=_sets(root, heard),
        at=read_time(root.get("creationDateTime")),
        notices=tuple(heard.notices),
    )


def _root(packed: Packed) -> Element:
    # ATLAS.ti calls it after the project.
    inside = packed.find("project.qde") or next(iter(packed.ending(".qde")), None)
    if inside is None:
        cure = "Export it as REFI-QDA project (.qdpx); a codebook alone (.qdc) is read elsewhere."
        raise QdaError(packed.file, "", "there is no project in it (no file *.qde)", cure)
    raw = packed.read(inside)
    if len(raw) > LARGEST:
        raise QdaError(packed.file, inside, f"it is {len(raw) / 1e6:.0f} MB", "Export a part at a time.")
    try:
        root = parse(raw)
    except XmlError as error:
        raise QdaError(packed.file, f"{inside}, line {error.line}", error.what, error.cure) from error
    if root.name != "Project":
        what = f"its root is <{root.name[:40]}>, not <Project>"
        raise QdaError(packed.file, inside, what, "Export it as REFI-QDA project (.qdpx).")
    return root


def _id(root: Element) -> str:
    said = root.first("Description")
    return said.text.removeprefix(OURS).strip() if said and said.text.startswith(OURS) else ""


def _utf16(origin: str) -> bool:
    return "utf-16" in origin if origin.startswith("Openline") else origin.lower().startswith(_NVIVO)


def _sources(root: Element, packed: Packed, heard: Heard) -> list[Source]:
    sources: list[Source] = []
    seen: Counter[str] = Counter()
    for element in root.inside("Sources"):
        others = Counter(each.name for each in element.elements if each.name != "TextSource")
        for kind, count in sorted(others.items()):
            heard.note("sources", f"{count} of kind {kind[:40]} are left out: only texts are read")
        for each in element.named("TextSource"):
            source = read_source(each, packed, heard)
            if source is not None:
                seen[source.id] += 1
                if seen[source.id] > 1:
                    source.id = f"{source.id}_{seen[source.id]}"
                sources.append(source)
    return sources


def _notes(root: Element, found: list[Element], packed: Packed, heard: Heard) -> tuple[Note, ...]:
    on: dict[str, str] = {}
    stack = list(found)
    while stack:
        code = stack.pop()
        stack += code.named("Code")
        theme = heard.codes.get(read_guid(code.get("guid")) or "")
        for refers in code.named("NoteRef"):
            if theme:
                on.setdefault(read_guid(refers.get("targetGUID")) or "", theme)
    notes = []
    for element in root.inside("Notes", "Note"):
        title = element.get("name")
        try:
            text = text_of(element, packed, f"note '{title[:60]}'", heard)
        except QdaError as error:
            heard.note(error.place, error.problem)
            continue
        if text is not None:
            notes.append(Note(title, text, on.get(read_guid(element.get("guid")) or "")))
    return tuple(notes)


def _sets(root: Element, heard: Heard) -> tuple[CodeSet, ...]:
    sets = []
    for element in root.inside("Sets", "Set"):
        members = [
            heard.codes.get(read_guid(each.get("targetGUID")) or "") for each in element.named("MemberCode")
        ]
        others = len(element.elements) - len(members) - len(element.named("Description"))
        if others:
            heard.note(
                f"set '{element.get('name')[:60]}'", f"{others} members that are no codes are left out"
            )
        sets.append(CodeSet(element.get("name"), tuple(code for code in members if code)))
    return tuple(sets)


def _left_out(root: Element, heard: Heard) -> None:
    for element in root.elements:
        if element.name not in _KNOWN:
            heard.note(
                f"line {element.line}", f"<{element.name[:40]}> is left out: Openline has no place for it"
            )
    notes = sum(
        len(inside.named("NoteRef")) + sum(len(coding.named("NoteRef")) for coding in inside.named("Coding"))
        for inside in root.inside("Sources", "TextSource", "PlainTextSelection")
    )
    if notes:
        heard.note("sources", f"that {notes} notes belong to selections or codings is not kept")
