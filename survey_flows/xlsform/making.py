"""What an import knows while it goes from row to row, and the frame of the survey file it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .. import phrases
from ..expressions import UNSUPPORTED, ExpressionError, parse
from ..told import told
from ..wording import nearest
from .findings import Finding, FormError
from .names import REFERENCE
from .ours import NAME, Ours, conditions, relevant
from .page import Item
from .plain import cut, plain
from .sheets import ROW
from .tongues import NAMELESS

Node = dict[str, Any]
Words = dict[str, str]

OUTSIDE = frozenset({"instanceID", "instanceName"})
_COLUMNS = {
    "relevant": "relevant",
    "constraint": "constraint",
    "calculate": "calculation",
    "choice_filter": "choice_filter",
    "default": "default",
    "repeat_count": "repeat_count",
}


@dataclass
class Making:
    """One form on its way to a survey file: ``tree`` is pyxform's, ``known`` gives each language name's tag.

    ``counts`` are pyxform's own calculations of how often a repeat comes round. ``names`` are all names that are taken, ``referred`` those that something refers to.
    """

    tree: Node
    known: dict[str, str]
    source: str
    findings: list[Finding]
    key: str = "form"
    errors: list[FormError] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    referred: frozenset[str] = frozenset()
    lists: dict[str, list[Item]] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)
    children: dict[str, Node] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    gaps: frozenset[str] = frozenset({"school"})

    def __post_init__(self) -> None:
        self.children = dict(_names(self.tree))
        self.names = set(self.children)
        self.counts = {
            f"${{{name}}}": str(node["bind"]["calculate"])
            for name, node in self.children.items()
            if name.endswith("_count") and node.get("type") == "calculate" and row_of(node) is None
        }
        self.referred = frozenset(_referred(self.tree))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.source, *self.known.values())))

    # What is told

    def find(self, node: Node, what: str, instead: str, *, note: bool = False, sheet: str = "survey") -> None:
        row = row_of(node)
        self.findings.append(Finding(sheet, row, what, instead, "note" if note else "warning"))

    def once(self, about: str, node: Node, what: str, instead: str, sheet: str = "survey") -> None:
        """Tell of something once, at the first row that has it."""
        if (sheet, about) not in self.told:
            self.told.add((sheet, about))
            self.find(node, what, instead, note=True, sheet=sheet)

    def fail(self, node: Node, problem: str, cure: str, sheet: str = "survey") -> None:
        self.errors.append(FormError(sheet, row_of(node), problem, cure))

    # What is read

    def words(
        self, node: Node, value: Any, what: str, sheet: str = "survey", *, beside: bool = False
    ) -> Words:
        """A text by language tag, in plain words; empty where there is none. A text ``beside`` another is shown only
        in the languages that it is in."""
        texts = value if isinstance(value, dict) else {NAMELESS: value} if value is not None else {}
        found: Words = {}
        for name, text in texts.items():
            tag = self.known.get(name) or (self.source if not isinstance(value, dict) else None)
            if tag is None or tag in found:
                continue
            kept = plain(str(text), self.gaps)
            if not kept:
                continue
            if len(cut(kept)) < len(kept):
                longer = told(
                    "The {what} ({tag}) is longer than a message: {n} characters.",
                    what=what,
                    tag=tag,
                    n=len(kept),
                )
                self.find(node, longer, told("It is cut short."), sheet=sheet)
            found[tag] = cut(kept)
        if found and self.source not in found and not beside and sheet == "survey":
            absent = told("The {what} is not given in {language}.", what=what, language=self.source)
            self.find(
                node,
                absent,
                told("There it is shown in {language}.", language=next(iter(found))),
                sheet=sheet,
            )
        self._gaps(node, found, what, sheet)
        return {tag: found[tag] for tag in self.languages if tag in found}

    def _gaps(self, node: Node, found: Words, what: str, sheet: str) -> None:
        for tag, text in found.items():
            if "${last-saved#" in text:
                found[tag] = re.sub(r"\$\{last-saved#[^}]*\}", "…", text)
                self.find(
                    node,
                    told("The {what} shows an earlier form's answer.", what=what),
                    told("It is left out."),
                    sheet=sheet,
                )
        held = {tag: frozenset(match[2] for match in REFERENCE.finditer(text)) for tag, text in found.items()}
        odd = sorted(tag for tag, names in held.items() if names != held.get(self.source, names))
        if odd:
            other = told(
                "The {what} puts in other answers in {languages} than in {source}.",
                what=what,
                languages=", ".join(odd),
                source=self.source,
            )
            self.find(node, other, told("Each language is shown as it is written."), sheet=sheet)

    def expression(self, node: Node, source: Any, column: str) -> str | None:
        """An expression that can be read; None (and an error with its row) where it cannot."""
        written = str(source).strip() if source is not None else ""
        if not written:
            return None
        try:
            found = parse(written)
        except ExpressionError as error:
            self.fail(
                node,
                told("In '{column}': {problem}", column=_COLUMNS.get(column, column), problem=error.problem),
                error.cure,
            )
            return None
        unknown = sorted(found.names - self.names - OUTSIDE)
        if unknown and column != "choice_filter":
            what = told(
                "'{column}' looks at {names}, which is no question.",
                column=_COLUMNS.get(column, column),
                names=", ".join(unknown),
            )
            self.find(node, what, told("It counts as blank."))
        for name in sorted(found.unsupported):
            what = told(
                "'{column}' needs {name}, which {why}.",
                column=_COLUMNS.get(column, column),
                name=name,
                why=UNSUPPORTED[name],
            )
            self.find(node, what, told("That part counts as blank."))
        return written

    def gate(self, node: Node) -> str | dict[str, object] | None:
        """When a row is asked: an expression, or our own conditions where the form still says the same."""
        said = (node.get("bind") or {}).get("relevant")
        words = Ours.of(node.get(NAME)).gates
        if words and str(said) == relevant(words):
            return conditions(words)
        return self.expression(node, said, "relevant")

    def flag(self, value: Any) -> bool | str:
        """A yes-or-no cell; an expression comes back as it is."""
        written = str(value if value is not None else "").strip()
        if written.lower() in ("", "no", "false", "false()", "0"):
            return False
        return True if written.lower() in ("yes", "true", "true()", "1") else written

    def name(self, wanted: str) -> str:
        """A name that nothing has yet."""
        found, number = wanted[:60], 1
        while found in self.names:
            number += 1
            found = f"{wanted[:57]}_{number}"
        self.names.add(found)
        return found

    def phrase(self, name: str) -> Words:
        return {tag: phrases.say(name, tag, school="{school}") for tag in self.languages}

    @property
    def spoken(self) -> bool:
        """Whether our own phrases are there in every language of the form."""
        return not self.unspoken()

    def unspoken(self) -> list[str]:
        return [tag for tag in self.languages if not nearest(tag, phrases.LANGUAGES, "")]


def row_of(node: Node) -> int | None:
    """The row of a sheet that a node was made from."""
    return int(node[ROW]) if node.get(ROW) else int(node["__row"]) if node.get("__row") else None


def survey_of(making: Making) -> Item:
    """The survey file as a mapping; what is wrong is in ``making.errors``."""
    from .items import items

    tree = making.tree
    if lacking := ", ".join(making.unspoken()):
        what = told(
            "Openline's own words ('Please reply with a number') are not there in {languages}.",
            languages=lacking,
        )
        making.findings.append(Finding("settings", None, what, told("They come in English.")))
    rows = tree.get("children") or []
    own = {
        str(node[NAME]): node
        for node in rows
        if str(node.get("name", "")).startswith(f"{NAME}_") and node.get(NAME)
    }
    making.gaps |= {name.partition("=")[2] for name in own if name.startswith("field=")}
    said = {name: making.words(node, node.get("label"), name) for name, node in own.items()}
    asked = items(making, [node for node in rows if node not in own.values()])
    if not asked and not making.errors:
        making.fail(
            {}, told("There is nothing to ask in this form."), told("Add questions that have labels.")
        )
    document: Item = {"survey": making.key, "from": "xlsform", "source": making.source}
    drafted = [tag for tag in str(tree.get("openline_drafted") or "").split() if tag in making.languages]
    document |= {"drafted": drafted} if drafted else {}
    title, intro = _opening(making)
    called = {tag: name for name, tag in making.known.items() if tag.startswith("x-") and name != NAMELESS}
    document |= {"called": called} if called else {}
    document |= {"title": _whole(making, said.get("title")) or title, "intro": said.get("intro") or intro}
    document |= {"thanks": said["thanks"]} if said.get("thanks") else {}
    fields = {
        name.partition("=")[2]: texts for name, texts in said.items() if name.startswith("field=") and texts
    }
    document |= {"fields": fields} if fields else {}
    return {**document, "lists": making.lists, "questions": asked}


def _whole(making: Making, texts: Words | None) -> Words:
    """A title in every language: it says which languages there are."""
    if not texts:
        return {}
    stand_in = texts.get(making.source) or next(iter(texts.values()))
    return {tag: texts.get(tag, stand_in) for tag in making.languages}


def _opening(making: Making) -> tuple[Words, Words]:
    """The title, and a first message: no form has one. Two languages never stand in one message: without a title of
    its own a language has our words alone."""
    tree = making.tree
    titles = making.words({}, tree.get("label"), told("title"), "settings") if tree.get("label") else {}
    title = str(tree.get("title") or tree.get("id_string") or making.key)
    titles.setdefault(making.source, plain(title) or making.key)
    titles = {tag: cut(text, 200) for tag, text in titles.items()}
    ours = making.phrase("form_intro")
    named = {tag: text for tag, text in titles.items() if " " in text or not re.search(r"[_\d]", text)}
    if title == "data":
        named = {}
    intro = {tag: f"{named[tag]}\n{ours[tag]}" if tag in named else ours[tag] for tag in making.languages}
    return _whole(making, titles), intro


def _names(node: Node) -> Iterator[tuple[str, Node]]:
    for child in node.get("children") or ():
        if child.get("name"):
            yield str(child["name"]), child
        yield from _names(child)


def _referred(value: Any) -> set[str]:
    """The names that any cell refers to, as ``${name}`` or at the end of a path."""
    if isinstance(value, str):
        found = {match[2] for match in REFERENCE.finditer(value)} if "${" in value else set()
        return found | set(re.findall(r"/([\w.-]+)", value)) if "/" in value else found
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*(_referred(each) for each in held))
