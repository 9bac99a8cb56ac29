"""Translations entered into a document: what may stand there does, what would do harm stays out, with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey_flows import Survey
from survey_flows.told import sentences, told

from ..translation import gate
from ..translation.documents import HEARD, Changes, lacking
from ..translation.documents import write as enter
from ..translation.gate import Finding, Judge
from ..translation.units import Unit
from .document import Document, Unusable

Found = Mapping[str, tuple[Finding, ...]]
"""What the gate says, by context; nothing of a text that it has nothing to say of."""


@dataclass(frozen=True)
class Entered:
    """A file's text with translations in it, and those that could not be taken, each with why."""

    text: str
    taken: Mapping[tuple[str, str], str]
    refused: Mapping[tuple[str, str], str]


def entered(given: Document, changes: Changes) -> Entered:
    """Enter translations that may stand there: those that the gate blocks stay out, and those with which the file could
    not be used, as a choice that reads like another's other words. Raises Unusable."""
    _with_its_parts(given, {tag for _, tag in changes})
    refused = blocked(given, changes)
    left = {key: said for key, said in changes.items() if key not in refused}

    def tried(some: Changes, text: str) -> str:
        try:
            written = enter(text, some)
        except (ValueError, LookupError) as error:
            raise Unusable(str(error)) from None
        given.read(written)
        return written

    try:
        return Entered(tried(left, given.text), left, refused)
    except Unusable:
        pass
    text, taken = given.text, {}
    for key, said in left.items():
        try:
            text = tried({key: said}, text)
            taken[key] = said
        except Unusable as error:
            refused[key] = error.first
    return Entered(text, taken, refused)


def _with_its_parts(given: Document, languages: Iterable[str]) -> None:
    """Raises Unusable where a survey includes one that does not speak these languages."""
    if not isinstance(given.made, Survey):
        return
    for language in sorted(languages):
        keys = {one.partition("/")[0].partition(":")[2] for one in lacking(given.made.text, language)}
        for name in sorted(keys - {given.made.key}):
            raise Unusable(
                told(
                    "{name} includes {other}, which is not all there in {language}. Translate that file first.",
                    name=given.name,
                    other=name,
                    language=language,
                )
            )


def blocked(given: Document, changes: Changes) -> dict[tuple[str, str], str]:
    """Which of these translations the gate would never let pass, and why."""
    found = {}
    for language in dict.fromkeys(tag for _, tag in changes):
        new = {
            where: said
            for (where, tag), said in changes.items()
            if tag == language and not where.endswith(HEARD)
        }
        stands = {unit.context: unit.texts[language] for unit in given.units if language in unit.texts}
        for where, findings in gate.review(given.units, language, {**stands, **new}).items():
            if where in new and gate.blocks(findings):
                found[where, language] = sentences(one.what for one in findings if one.severity == "block")
    return found


def reviewed(units: Sequence[Unit], language: str, judge: Judge | None = None) -> Found:
    """What the gate says of those of the units that have a text in this language."""
    texts = {unit.context: unit.texts[language] for unit in units if language in unit.texts}
    found = gate.review(units, language, texts, judge)
    return {where: findings for where, findings in found.items() if findings}
