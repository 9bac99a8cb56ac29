"""A form taken over: opened, mended where that is safe, read by pyxform, written as a survey file, and read as one."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from ..files.tree import SurveyError
from ..folding import fold
from ..loading import loads
from ..told import told
from .complaints import complaint
from .findings import Finding, FormError, Imported, all_of
from .making import Making, survey_of
from .names import settle
from .page import written
from .sheets import ROW, sheets
from .tongues import NAMELESS, tag, tags

TRANSLATED = ("label", "hint", "guidance_hint")


def read(data: bytes, name: str, language: str | None = None) -> Imported:
    """See ``survey_flows.xlsform.read_form``."""
    findings: list[Finding] = []
    book = sheets(data, findings)
    settle(book, findings)
    _same_choices(book, findings)
    tree = _tree(book)
    known = tags(
        _languages(tree, book),
        str(tree.get("default_language") or NAMELESS),
        language,
        _labels(tree),
        findings,
    )
    making = Making(tree, known, _source(tree, known), findings)
    making.key = _key(tree, name)
    document = survey_of(making)
    if making.errors:
        raise all_of(making.errors)
    text, rows = written(document)
    try:
        survey = loads(text, f"{making.key}.yaml")
    except SurveyError as error:
        raise all_of([_complaint(one, rows) for one in (error, *error.others)]) from None
    return Imported(text, survey, tuple(dict.fromkeys(findings)))


def _tree(book: Any) -> dict[str, Any]:
    from pyxform.xls2json import workbook_to_json

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree: dict[str, Any] = workbook_to_json(
                workbook_dict=book, fallback_form_name=book.fallback_form_name, warnings=[]
            )
        except Exception as error:  # what pyxform cannot read, it may meet with any exception
            raise complaint(error, book) from None
    return tree


def _same_choices(book: Any, findings: list[Finding]) -> None:
    """Choices of one name in one list are all kept (a cascade repeats "other" in each region); each counts as that
    name."""
    heads = {head.strip().lower().replace(" ", "_"): head for row in book.choices or () for head in row}
    list_name, name = heads.get("list_name"), heads.get("name") or heads.get("value")
    if not list_name or not name:
        return
    asked = [row for row in book.settings or () if row.get("allow_choice_duplicates")]
    said = str(asked[0]["allow_choice_duplicates"]).lower() if asked else "no"
    seen: set[tuple[str, str]] = set()
    twice: dict[str, list[str]] = {}
    for row in book.choices:
        listed = (str(row.get(list_name)), str(row.get(name)))
        if row.get(list_name) and row.get(name) and listed in seen and said not in ("yes", "true", "true()"):
            twice.setdefault(listed[0], []).append(row[ROW])
        seen.add(listed)
    for listed_name, rows in twice.items():
        first = ", ".join(rows[:5])
        what = (
            told(
                "The list '{name}' has choices of one name (rows {rows} and {n} more).",
                name=listed_name,
                rows=first,
                n=len(rows) - 5,
            )
            if len(rows) > 5
            else told(
                "The list '{name}' has choices of one name (rows {rows}).", name=listed_name, rows=first
            )
        )
        findings.append(Finding("choices", int(rows[0]), what, told("All are kept; one name is one answer.")))
    if not book.settings:
        book.settings, book.settings_header = [{}], [{}]
    book.settings[0]["allow_choice_duplicates"] = "yes"
    if book.settings_header:
        book.settings_header[0]["allow_choice_duplicates"] = None


def _every(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node.get("children") or ():
        yield child
        yield from _every(child)


def _labels(tree: dict[str, Any]) -> list[dict[str, str]]:
    listed = [choice for choices in (tree.get("choices") or {}).values() for choice in choices]
    return [node["label"] for node in (*_every(tree), *listed) if isinstance(node.get("label"), dict)]


def _languages(tree: dict[str, Any], book: Any) -> list[str]:
    """The names of the languages in which there is any text, in the order of the columns."""
    listed = [choice for choices in (tree.get("choices") or {}).values() for choice in choices]
    found: dict[str, None] = {}
    plain = False
    for node in (*_every(tree), *listed):
        bind = node.get("bind") or {}
        for texts in (
            *(node.get(each) for each in TRANSLATED),
            bind.get("jr:constraintMsg"),
            bind.get("jr:requiredMsg"),
        ):
            if isinstance(texts, dict):
                found |= dict.fromkeys(texts)
            elif texts and not str(node.get("name", "")).endswith("_other"):
                plain = True
    heads = [str(head) for row in (*(book.survey_header or ()), *(book.choices_header or ())) for head in row]

    def place(name: str) -> int:
        return next((at for at, head in enumerate(heads) if head.endswith(name) and ":" in head), len(heads))

    named = sorted((name for name in found if name != NAMELESS), key=place)
    default = str(tree.get("default_language") or NAMELESS)
    if plain or NAMELESS in found or not named:
        named.append(default if default != NAMELESS and default in named else NAMELESS)
    return list(dict.fromkeys(named))


def _source(tree: dict[str, Any], known: dict[str, str]) -> str:
    """The form's default language, if any text is in it; else the one that has most labels."""
    default = str(tree.get("default_language") or NAMELESS)
    wanted = known.get(default) or tag(default) if default != NAMELESS else None
    if wanted is not None and wanted in known.values():
        return wanted
    labels = _labels(tree)
    held = [{known[name] for name in label if name in known} for label in labels]
    return max(dict.fromkeys(known.values()), key=lambda its: sum(its in each for each in held))


def _key(tree: dict[str, Any], name: str) -> str:
    """A key for the survey, of the form's id, its title or its file."""
    for said in (tree.get("id_string"), tree.get("title"), PurePath(name).stem):
        plain = re.sub(r"[^a-z0-9]+", "-", fold(str(said or ""))).strip("-")[:60].strip("-")
        if plain and plain != "data" and plain[0].isalpha():
            return plain
    stem = re.sub(r"[^a-z0-9]+", "-", fold(PurePath(name).stem)).strip("-")[:50]
    return f"form-{stem}".rstrip("-")


def _complaint(error: SurveyError, rows: dict[int, int]) -> FormError:
    """A complaint of the loader, at the row that the line of the survey file was made from."""
    line = max((line for line in rows if line <= error.line), default=None)
    return FormError("survey", rows[line] if line is not None else None, error.problem, error.cure)
