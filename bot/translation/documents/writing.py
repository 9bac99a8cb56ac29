"""Translations entered into a file's text: whatever else stands in it stays as somebody wrote it.

The text is changed where its nodes stand, from the end to the beginning, so that no change moves another. Comments, order,
spacing and quoting of everything else are not touched. What has been written is read again and compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from survey_flows.files.drafted import with_drafts
from survey_flows.files.marks import header

from . import campaigns, surveys
from .edits import Edit, Source, Unwritable
from .places import BETWEEN, HEARD, Entries, Place, entries, plain, top
from .scalars import parted

Changes = Mapping[tuple[str, str], str]
"""Context and language to text."""


def write(text: str, changes: Changes) -> str:
    """The file's text with these translations entered, and their languages under ``drafted:``.

    A language that has been approved is not listed there: its approval holds for other words, so it is a draft anyway, until
    somebody approves these. A language that the file did not have is added to every text; ``!missing`` marks those for
    which there is no translation.

    Raises Unwritable, LookupError for a context that is not in this file, ValueError for a text that is no survey.
    """
    if not changes:
        return text
    known = places(text)
    wanted = {(where, tag): _clean(said, where, tag) for (where, tag), said in changes.items()}
    held = top(text)[0]
    source, languages = plain(held, "source", "en"), spoken(held, known)
    if strange := {where for where, _ in wanted} - {place.context for place in known}:
        raise LookupError(f"{min(strange)} is not in this file")
    if any(tag == source for _, tag in wanted):
        raise Unwritable(f"{source} is the language that the file is written in, and is changed there")
    given = dict.fromkeys(tag for _, tag in wanted)
    tags = [*(tag for tag in languages if tag in given), *(tag for tag in given if tag not in languages)]
    file = Source(text, source, [*languages, *tags])
    edits: list[Edit] = []
    for place, *others in _together(known):
        contexts = {one.context for one in (place, *others)}
        meant = {(tag, text) for (where, tag), text in wanted.items() if where in contexts}
        said = dict(meant)
        if len(said) < len(meant):
            raise Unwritable(
                f"{place.context}: the same text stands elsewhere too, behind an anchor. Write it out"
            )
        lacking = [] if place.heard else _lacking(held, place, languages, tags)
        row = {tag: said.get(tag, "") for tag in tags if tag in said or tag in lacking}
        edits += file.edits(place, row)
    written = file.edited(edits)
    approved = entries(held["approved"][1]) if "approved" in held else {}
    shown = {tag for where, tag in wanted if not where.endswith(HEARD)}
    written = with_drafts(written, [tag for tag in tags if tag in shown and tag not in approved])
    _compare(known, written, wanted, source, [*languages, *tags])
    return written


def places(text: str) -> list[Place]:
    """Where all the texts of a survey's or a campaign's file stand. Raises ValueError for another text."""
    held = header(text)
    if "campaign" in held:
        return list(campaigns.places(text))
    if "survey" in held:
        return list(surveys.places(text))
    raise ValueError("there is no 'survey:' and no 'campaign:' in this text")


def lacking(text: str, language: str) -> list[str]:
    """The contexts of the texts that a file, and those included in it, do not have in a language."""
    return [
        place.context
        for place in places(text)
        if not place.heard and language not in place.texts([language], "")
    ]


def spoken(held: Entries, known: Iterable[Place]) -> list[str]:
    """The languages of a file, its source first: a survey's title decides, a campaign speaks what its messages do."""
    found = dict.fromkeys([plain(held, "source", "en")])
    if "campaign" not in held:
        return list(found | dict.fromkeys(entries(held["title"][1]) if "title" in held else {}))
    for place in known:
        found |= dict.fromkeys(entries(place.holder))
    return list(found)


def _lacking(held: Entries, place: Place, languages: Collection[str], tags: Collection[str]) -> list[str]:
    """The languages that this text has to be given in now, be it as a mark. A survey has all its texts in all its languages, a
    campaign's messages and the words for their gaps speak the same; a form from elsewhere may lack what it likes."""
    if "campaign" in held:
        return [tag for tag in tags if tag not in place.nodes(tags, "")]
    if "from" in held and not place.context.endswith("/title"):
        return []
    return [tag for tag in tags if tag not in languages]


def _together(known: Iterable[Place]) -> list[list[Place]]:
    """The places by where they stand in the file: what stands behind an anchor comes again and again."""
    found: dict[int, list[Place]] = {}
    for place in known:
        found.setdefault(place.holder.start_mark.index, []).append(place)
    return list(found.values())


def _clean(said: str, where: str, tag: str) -> str:
    text = said.replace("\r\n", "\n").strip()
    if not text:
        raise Unwritable(f"{where} ({tag}): there are no words")
    return text


def _compare(
    known: Iterable[Place], written: str, wanted: Changes, source: str, tags: Collection[str]
) -> None:
    """Raises Unwritable where the new text does not say exactly what it should."""
    try:
        now = {place.context: place.texts(tags, source) for place in places(written)}
    except ValueError as error:
        raise Unwritable(f"the file could not be read any more: {error}") from None
    for same in _together(known):
        contexts = {place.context for place in same}
        new = {tag: said for (where, tag), said in wanted.items() if where in contexts}
        if same[0].heard:
            new = {tag: BETWEEN.join(parted(said)) for tag, said in new.items()}
        for place in same:
            if now.get(place.context) != place.texts(tags, source) | new:
                raise Unwritable(f"{place.context}: it cannot be entered without changing something else")


__all__ = ["Changes", "Unwritable", "lacking", "places", "spoken", "write"]
