"""What Openline itself says around a survey, in every language: thanks, help, one confirmation of a STOP.

One catalogue a language, in the PO format that translators' tools know: locale/<tag>/LC_MESSAGES/openline.po. There
``msgctxt`` is the name of the phrase and ``msgid`` its English text. A phrase that a catalogue does not have, marks
as fuzzy (nobody has approved it), or has for an English text that has changed since, is said in English.

The catalogues come as drafts. Whoever runs Openline approves them, or words them otherwise, and hands what they have
approved to ``adopt``: from then on such a language is no draft, and says in English what has not been approved in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.pofile import read_po

from .wording import fill, gaps, nearest

FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"
"""The language the phrases were written and approved in."""


def catalogue(language: str) -> Path:
    """The file that holds a language's phrases."""
    return FOLDER / language / "LC_MESSAGES" / "openline.po"


@dataclass(frozen=True, slots=True)
class _Phrases:
    """One language's approved phrases: name to its English text and its forms (one, or one a plural form)."""

    forms: Mapping[str, tuple[str, tuple[str, ...]]]
    form: Callable[[int], int]


@cache
def _read(language: str) -> _Phrases:
    with catalogue(language).open("rb") as file:
        book = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    forms = {
        message.context: (_parts(message.id)[0], _parts(message.string))
        for message in book
        if message.context and not message.fuzzy and all(_parts(message.string))
    }
    return _Phrases(forms, c2py(book.plural_expr))


def _parts(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _unapproved(language: str) -> bool:
    with catalogue(language).open(encoding="utf-8") as file:
        header = file.read(2000)
    return re.search(r'^"X-Approved-By: *[^\s\\]', header, re.MULTILINE) is None


LANGUAGES: tuple[str, ...] = (
    SOURCE,
    *sorted({file.parts[-3] for file in FOLDER.glob("*/LC_MESSAGES/openline.po")} - {SOURCE}),
)
DRAFTS: frozenset[str] = frozenset(filter(_unapproved, LANGUAGES))
"""Languages whose catalogue a machine has drafted and no person has approved (``X-Approved-By`` in the header)."""
CRITICAL = frozenset({"consent", "anonymous", "stopped", "started", "help", "person", "crisis"})
"""What people agree to, how they leave, and where there is help: never in words that nobody has approved."""
_adopted: list[Mapping[str, Mapping[str, tuple[str, ...]]]] = [{}]
"""One element, put there in one step: another thread sees what was adopted before, or all of the new."""
PHRASES: Mapping[str, str] = {name: english for name, (english, _) in _read(SOURCE).forms.items()}
"""Phrase name to its English text; of a phrase that counts, the text for one."""
COUNTED: frozenset[str] = frozenset(
    name for name, (_, forms) in _read(SOURCE).forms.items() if len(forms) > 1
)
"""The phrases that need a number: for ``count``, not for ``say``."""


def adopt(approved: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
    """Say these from now on in this process, in place of whatever was adopted before: by language and name, the forms
    that people here have approved (one, or one a plural form). Names that we do not have are passed over, and so is what could not be said.
    """
    _adopted[0] = {
        language: fitting
        for language in sorted(approved.keys() & set(LANGUAGES) - {SOURCE})
        if (
            fitting := {
                name: said for name, said in approved[language].items() if _fits(name, language, said)
            }
        )
    }


def _fits(name: str, language: str, said: tuple[str, ...]) -> bool:
    """Whether a phrase can be said so: with a form for each number of a language, and no gap that nobody fills."""
    if name not in PHRASES or not all(said):
        return False
    many = 1 + max(map(_read(language).form, range(200))) if name in COUNTED else 1
    try:
        known = frozenset().union(*map(gaps, _read(SOURCE).forms[name][1]))
        return len(said) >= many and all(gaps(form) <= known for form in said)
    except ValueError:
        return False


def drafts(name: str | None = None) -> frozenset[str]:
    """The languages that nobody has approved; with a ``name`` those in which this phrase is a draft."""
    if name is None:
        return DRAFTS - _adopted[0].keys()
    return DRAFTS - {language for language, said in _adopted[0].items() if name in said}


def forms(name: str, language: str) -> tuple[str, ...]:
    """What a language's catalogue has for a phrase, one text or one a plural form; empty where it is not there, or was
    made for another English text."""
    written_for, said = _read(language).forms.get(name, ("", ()))
    return said if written_for == PHRASES[name] else ()


def say(name: str, language: str, /, **values: str) -> str:
    """A phrase in a language, or in the nearest one we have, or in English. Raises LookupError for an unknown name
    or a value that the phrase needs and has not been given.

    >>> say("language_set", "es-MX")
    'De acuerdo, le escribiremos en español.'
    """
    if name in COUNTED:
        raise LookupError(f"{name} needs a number: count it")
    _, forms = _found(name, language)
    return fill(forms[0], values)


def count(name: str, language: str, n: int, /, **values: str) -> str:
    """A phrase about so many things, in the form that the language has for that number; it fills ``{count}``.

    Raises LookupError as ``say`` does.

    >>> count("reminder", "en", 1, school="Lincoln School")
    'Lincoln School: 1 question is left, when you have a moment. Reply STOP to end.'
    """
    if name not in COUNTED:
        raise LookupError(f"no phrase {name} that counts")
    phrases, forms = _found(name, language)
    return fill(forms[phrases.form(n)], {**values, "count": str(n)})


def _found(name: str, language: str) -> tuple[_Phrases, tuple[str, ...]]:
    english, adopted = PHRASES[name], _adopted[0]
    for tag in (nearest(language, LANGUAGES, SOURCE), SOURCE):
        phrases = _read(tag)
        if name in adopted.get(tag, ()):
            return phrases, adopted[tag][name]
        if tag in adopted and tag in DRAFTS:
            continue
        written_for, forms = phrases.forms.get(name, ("", ()))
        if written_for == english:
            return phrases, forms
    raise LookupError(f"no phrase {name}")  # pragma: no cover - the source has every name there is
