"""Where a draft comes from: the library, a file that somebody brings, or a first question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import survey_flows
from survey_flows import SurveyError
from survey_flows.files.survey_page import NAME
from survey_flows.loading import FOLDER
from survey_flows.told import told
from survey_flows.xlsform import Finding, FormError, read_form
from survey_flows.xlsform.findings import where

from .changes import Filled, add_item, unique
from .checked import read
from .sheet import Sheet, get, mapping, missing, plain, put, word

FORMS = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".md"})
FILES = frozenset({".yaml", ".yml"})
KINDS_OF_FILE = ", ".join(sorted(FORMS | FILES))
RESERVED = frozenset({"import", "library", "new", "download"})
"""Keys that an address means something else by."""
LONGEST_KEY = 48


class Unusable(Exception):  # noqa: N818
    """A file that no draft can be made of: ``rows`` are where, what and how to mend it."""

    def __init__(self, rows: Sequence[tuple[str, str, str]]) -> None:
        self.rows = tuple(rows)
        super().__init__(self.rows[0][1] if self.rows else "")


def from_library(key: str) -> str:
    """The text of a survey that comes with Openline. Raises LookupError."""
    if key not in survey_flows.LIBRARY:
        raise LookupError(key)
    return (FOLDER / f"{key}.yaml").read_text("utf-8")


def from_file(name: str, data: bytes, language: str | None = None) -> tuple[str, str, tuple[Finding, ...]]:
    """The key and the text of the survey in a file, and what a conversation does otherwise than the form. Raises Unusable.

    A survey's own file may have something wrong with it, as long as it can be read as one: the editor shows it.
    """
    ending = PurePath(name).suffix.casefold()
    if ending in FORMS:
        try:
            made = read_form(data, name, language)
        except FormError as error:
            raise Unusable(
                [(where(one.sheet, one.row), one.problem, one.cure) for one in (error, *error.others)]
            ) from None
        return _keyed(made.survey.key), made.text, made.findings
    if ending not in FILES:
        raise Unusable(
            [
                (
                    "",
                    told("{ending} is no kind of file that can be read.", ending=ending or name),
                    told("Bring one of {endings}.", endings=KINDS_OF_FILE),
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
        key = plain(get(Sheet(text).top, "survey"))
    except UnicodeDecodeError:
        raise Unusable([("", told("The file is not in UTF-8."), told("Save it again as UTF-8."))]) from None
    except SurveyError as error:
        raise Unusable(wrong(error)) from None
    if not key:
        try:
            read(text, name)
        except SurveyError as error:
            raise Unusable(wrong(error)) from None
    return _keyed(key), text, ()


def wrong(error: SurveyError) -> list[tuple[str, str, str]]:
    """Line, problem and cure of all that is wrong with a file."""
    return [(str(one.line), one.problem, one.cure) for one in (error, *error.others)]


def _keyed(key: str) -> str:
    if not NAME.fullmatch(key) or key in RESERVED or len(key) > LONGEST_KEY:
        cure = told(
            "Write small letters, digits and hyphens behind 'survey:' (in a form: form_id), like bus-trips."
        )
        raise Unusable([("", told("'{key}' cannot be the name of a survey here.", key=key), cure)])
    return key


def key_for(title: str, taken: Sequence[str]) -> str:
    """A key from a title: "bus-trips"; one that no other survey has.

    >>> key_for("Bus trips, spring 2027", ["bus-trips-spring"]), key_for("学校", [])
    ('bus-trips-spring-2', 'survey')
    """
    found = unique(title, "survey", {one.replace("-", "_") for one in (*taken, *RESERVED)})
    return found.replace("_", "-")


def written(
    key: str, title: str, intro: str, question: str, kind: str, source: str, languages: Sequence[str]
) -> str:
    """The file of a new survey with one question; what is not there yet in the other languages is marked so."""
    sheet = Sheet(
        f"survey: {key}\nsource: {source}\nabout:\n  audience: families\n  sensitivity: S1\ntitle: x\nintro: x\nquestions: []\n"
    )
    others = [tag for tag in languages if tag != source]

    for name, text in (("title", title), ("intro", intro)):
        put(sheet.top, name, mapping({source: word(text), **{tag: missing() for tag in others}}))
    add_item(sheet, (0,), Filled(kind=kind, texts={"text": {source: question}}))
    return sheet.text()
