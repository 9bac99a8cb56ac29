"""What the page for families says, in every language: one PO catalogue a language, beside this module or in a folder of
staff's own.

``msgctxt`` is the name of a phrase, ``msgid`` its English. A language is a draft until somebody who speaks it has put their
name behind ``X-Approved-By`` in the head of its file, and while a phrase of it is missing, marked as fuzzy, or made for an English
text that has changed since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from survey_flows.wording import fill, gaps

from ..web.view.tongues import direction

FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"
LANGUAGES: tuple[str, ...] = (
    SOURCE,
    *sorted(file.stem for file in FOLDER.glob("*.po") if file.stem != SOURCE),
)
MOST = 1000
"""Every plural form of a language turns up below this number."""


class BadWords(ValueError):  # noqa: N818
    """A catalogue that cannot be used. Says which file, what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language's phrases. ``approved_by`` is empty while it is a draft; ``lacking`` are the phrases it has no words for."""

    language: str
    approved_by: str
    forms: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]
    lacking: tuple[str, ...] = ()

    @property
    def draft(self) -> bool:
        """Whether nobody who speaks it has approved all of it."""
        return not self.approved_by or bool(self.lacking)

    @property
    def direction(self) -> str:
        """The way it is written: ``ltr`` or ``rtl``."""
        return direction(self.language)

    def __contains__(self, name: object) -> bool:
        return name in self.forms

    def say(self, name: str, /, **values: str) -> str:
        """A phrase. Raises LookupError for one that is not there, or a value that it needs."""
        return fill(self.forms[name][0], values)

    def count(self, name: str, n: int, /, **values: str) -> str:
        """A phrase about so many, in the form that the language has for that number; it fills ``{count}``."""
        forms = self.forms[name]
        return fill(forms[self.form(n)] if len(forms) > 1 else forms[0], {**values, "count": str(n)})


def read(language: str, folder: Path | None = None) -> Words:
    """A language's phrases: from ``folder`` where it has a file of them, else ours. Raises BadWords, and LookupError for a
    language that neither has."""
    if folder is not None and (own := folder / f"{language}.po").is_file():
        return _words(language, own)
    if language not in LANGUAGES:
        raise LookupError(language)
    return _ours(language)


@cache
def _ours(language: str) -> Words:
    return _words(language, FOLDER / f"{language}.po")


def _words(language: str, file: Path) -> Words:
    book = _catalogue(language, file)
    english, forms = _english(), {}
    for message in book:
        name, said = str(message.context or ""), _parts(message.string)
        if name in english and not message.fuzzy and all(said) and _parts(message.id) == english[name]:
            forms[name] = said
    form = c2py(book.plural_expr)
    many = 1 + max(map(form, range(MOST)))
    for name, said in forms.items():
        _look(file, name, said, english[name], many)
    return Words(
        language, _approved_by(file), forms, form, tuple(name for name in english if name not in forms)
    )


def _catalogue(language: str, file: Path) -> Catalog:
    try:
        with file.open("rb") as opened:
            return read_po(opened, locale=language.replace("-", "_"), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, UnknownLocaleError, ValueError, OSError) as error:
        raise BadWords(
            f"{file.name} cannot be read as a PO file ({error}). Mend it in a PO editor such as Poedit, or begin again from ours."
        ) from None


def _approved_by(file: Path) -> str:
    """The name in the head of a file; Babel does not keep it."""
    found = re.search(r'^"X-Approved-By: *([^\\"]*)', file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].strip() if found else ""


def _look(file: Path, name: str, said: tuple[str, ...], english: tuple[str, ...], many: int) -> None:
    """Raise BadWords for a phrase that could not be said."""
    known = frozenset().union(*map(gaps, english))
    try:
        strange = sorted(frozenset().union(*map(gaps, said)) - known)
    except ValueError as error:
        raise BadWords(f"{file.name}, {name}: {error}.") from None
    if strange:
        raise BadWords(
            f"{file.name}, {name}: nobody fills {{{strange[0]}}}. The English has: {', '.join(sorted(known)) or 'none'}."
        )
    lost = sorted((known - {"count"}) - frozenset().union(*map(gaps, said)))
    if lost:
        raise BadWords(f"{file.name}, {name}: {{{lost[0]}}} is missing. Put it where its value belongs.")
    if len(english) > 1 and len(said) < many:
        raise BadWords(
            f"{file.name}, {name}: {len(said)} forms, and the head of the file speaks of {many}. Give one for each."
        )


@cache
def _english() -> Mapping[str, tuple[str, ...]]:
    """Every phrase there is, in English: one text, or the one for 1 and the one for many."""
    book = _catalogue(SOURCE, FOLDER / f"{SOURCE}.po")
    return {str(message.context): _parts(message.id) for message in book if message.context}


def _parts(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))
