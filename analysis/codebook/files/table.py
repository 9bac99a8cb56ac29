"""A codebook as a table, one row a theme: CSV that opens in Excel, LibreOffice and Google Sheets."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from .. import KINDS, Codebook, CodebookError, Theme
from ..fields import reach, slug
from .cells import guarded, listed, paired, unguarded, unlisted, unpaired
from .headings import COLUMNS, MORE, Column, columns
from .loaded import Loaded, Notice
from .tree import Branch, Grove

_MOST = 5_000
_DEEPEST = 50
_HEADINGS_CURE = (
    "Give the first row headings: id, parent, label, definition, include, exclude, examples en, …"
)


def write(book: Codebook) -> bytes:
    """UTF-8 with the mark that Excel needs to see it, lines as Excel writes them."""
    spoken = {
        what: sorted({language for theme in book for language in getattr(theme, what)})
        for what in ("examples", "cues")
    }
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    wordings = [(what, language) for what, languages in spoken.items() for language in languages]
    writer.writerow([*COLUMNS, *(f"{what} {language}" for what, language in wordings), *MORE])
    for top in book.tops:
        for theme in (top, *book.children(top.id)):
            writer.writerow([guarded(cell) for cell in _row(book, theme, wordings)])
    return out.getvalue().encode("utf-8-sig")


def _row(book: Codebook, theme: Theme, wordings: list[Column]) -> list[str]:
    plain = [theme.id, theme.parent or "", theme.label, theme.definition, theme.include, theme.exclude]
    said = [listed(getattr(theme, what).get(language, ())) for what, language in wordings]
    rest = [
        theme.flag or "",
        theme.reach or "",
        theme.kind,
        paired(theme.map),
        " ".join(sorted(theme.drafted)),
    ]
    return [*plain, *said, *rest, book.id, book.version, book.title]


def read(data: bytes, name: str, language: str = "en") -> Loaded:
    """A table with headings in any order, parted by commas, semicolons or tabs. Raises CodebookError."""
    text, notices = _text(data)
    rows = _rows(text, name)
    found, strange = columns(rows[0][1], language) if rows else ({}, [])
    if not {"id", "label"} & {what for what, _ in found.values()}:
        raise CodebookError(name, None, "no column is called 'id' or 'label'", _HEADINGS_CURE, "row 1")
    if strange:
        notices.append(Notice("row 1", f"columns left out: {', '.join(strange)}"))
    branches: list[tuple[Branch, str]] = []
    heads: dict[str, str] = {}
    for number, cells in rows[1:]:
        given = {
            column: unguarded(cells[place].strip()) for place, column in found.items() if place < len(cells)
        }
        for what in ("codebook", "version", "title"):
            value = given.get((what, ""), "")
            if value and heads.setdefault(what, value) != value:
                problem = f"'{what}' is {value!r} here and {heads[what]!r} above"
                raise CodebookError(name, None, problem, "Give one codebook a file.", f"row {number}")
        if any(given.values()):
            branches.append((_branch(name, number, given), given.get(("parent", ""), "")))
    if not branches:
        raise CodebookError(name, None, "there are no themes below the headings", "Add a row a theme.")
    if len(branches) > _MOST:
        raise CodebookError(name, None, f"there are more than {_MOST:,} themes", "Replies are not themes.")
    grove = Grove()
    grove.notices = notices
    grove.grow(_planted(name, branches, grove))
    stem = PurePath(name).stem
    ours = (heads.get("codebook") or slug(stem), heads.get("version") or "1", heads.get("title") or stem)
    return Loaded(
        Codebook(*ours, tuple(grove.themes)),
        tuple(grove.notices),
        stated="version" in heads and bool(heads["version"]),
    )


def _branch(name: str, number: int, given: dict[Column, str]) -> Branch:
    place = f"row {number}"
    code = given.get(("id", ""), "")
    kind = given.get(("kind", ""), "").lower()
    if kind and kind not in KINDS:
        raise CodebookError(name, code or None, f"the kind is {kind!r}", "Write barrier or other.", place)
    said: dict[str, dict[str, tuple[str, ...]]] = {"examples": {}, "cues": {}}
    for (what, spoken), cell in given.items():
        if what in said and cell:
            said[what][spoken] = unlisted(cell)
    return Branch(
        label=given.get(("label", "")) or code,
        place=place,
        id=code,
        definition=given.get(("definition", ""), ""),
        include=given.get(("include", ""), ""),
        exclude=given.get(("exclude", ""), ""),
        examples=said["examples"],
        cues=said["cues"],
        flag=given.get(("flag", "")) or None,
        map=unpaired(given.get(("map", ""), "")),
        kind=next((each for each in KINDS if each == kind), None),
        reach=reach(name, code, given.get(("reach", ""), "").lower(), place),
        drafted=frozenset(given["drafted", ""].replace(",", " ").split())
        if ("drafted", "") in given
        else None,
        # An id of ours without a dot is a top theme's, and "parent" is empty for it.
        top=bool(code) and "." not in code and ("codebook", "") in given and not given.get(("parent", "")),
    )


def _planted(name: str, branches: list[tuple[Branch, str]], grove: Grove) -> list[Branch]:
    """The tree: each under its parent, which is named by id or by label, or by an id with a dot in it."""
    by_name: dict[str, Branch] = {}
    for branch, _ in branches:
        if branch.id and by_name.setdefault(branch.id.casefold(), branch) is not branch:
            raise CodebookError(
                name, branch.id, "the id is used twice", "Give one of the two another id.", branch.place
            )
    for branch, _ in branches:
        by_name.setdefault(branch.label.casefold(), branch)
    roots: list[Branch] = []
    parents: dict[int, Branch] = {}
    for branch, wanted in branches:
        wanted = wanted or branch.id.rpartition(".")[0]
        parent = by_name.get(wanted.casefold()) if wanted else None
        if wanted and parent is None:
            parent = by_name[wanted.casefold()] = Branch(wanted, branch.place, id=wanted)
            roots.append(parent)
            grove.notices.append(Notice(branch.place, f"'{wanted}' has no row of its own: it was added"))
        if parent is None or parent is branch:
            roots.append(branch)
        else:
            parent.branches.append(branch)
            parents[id(branch)] = parent
    for branch, _ in branches:
        _no_circle(name, branch, parents)
    return roots


def _no_circle(name: str, branch: Branch, parents: dict[int, Branch]) -> None:
    above, steps = parents.get(id(branch)), 0
    while above is not None:
        steps += 1
        if above is branch or steps > _DEEPEST:
            what = "it lies under itself" if above is branch else f"it lies more than {_DEEPEST} deep"
            raise CodebookError(name, branch.id or branch.label, what, "Correct its parent.", branch.place)
        above = parents.get(id(above))


def _text(data: bytes) -> tuple[str, list[Notice]]:
    for bom, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(bom):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError:
                continue
    told = "not in UTF-8; read as Western European (Windows). Look at the accents, or save it as CSV UTF-8"
    return data.decode("cp1252", "replace"), [Notice("", told)]


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, with their numbers as a spreadsheet counts them."""
    first, _, rest = text.partition("\n")
    between = ""
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        between, text = first.strip()[4], rest
        first = rest.partition("\n")[0]
    between = between or max((",", ";", "\t"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=between))
    except csv.Error as error:
        cure = "Look for a quotation mark that is opened and never closed."
        raise CodebookError(name, None, f"the table cannot be read ({error})", cure) from error
    return [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
