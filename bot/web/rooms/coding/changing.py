"""From a form to the next version of a codebook, and from two versions to what is said about them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.codebook import REACHES, Codebook, CodebookError, Reach, Theme
from analysis.codebook.changes import Changes
from analysis.codebook.editing import Part, added, changed, merged, moved, split
from analysis.codebook.fields import LANGUAGE, slug

from ... import tongue
from .workbench import Wrong

Fields = Mapping[str, str]
How = Literal["edit", "add", "merge", "split", "move"]
MOST_LINES, LONGEST_LINE, LONGEST_TEXT = 400, 300, 4000
PARTS = 4
"""So many parts a theme can be split into at once."""


class Unfit(ValueError):  # noqa: N818
    """A form that cannot be taken. ``wrongs`` says why, field by field."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__(len(wrongs))
        self.wrongs = list(wrongs)


def edited(book: Codebook, theme: Theme, given: Fields) -> Codebook:
    """With this theme as the form has it. Raises Unfit."""
    wrongs = [*_texts(given)]
    wordings: dict[str, dict[str, tuple[str, ...]]] = {"examples": {}, "cues": {}}
    if theme.parent is not None:
        for name, found in wordings.items():
            for tag, text in _wordings(given, name):
                if not LANGUAGE.fullmatch(tag):
                    says = tongue.say("Write the language as a tag, such as es, ht or zh-Hans.")
                    wrongs += [Wrong("tag-new", says)] * (not wrongs or wrongs[-1].field != "tag-new")
                elif lines := _lines(text):
                    if len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
                        says = tongue.say("Write at most {lines} lines of {letters} letters.")
                        wrongs.append(
                            Wrong(f"{name}-{tag}", says.format(lines=MOST_LINES, letters=LONGEST_LINE))
                        )
                    found[tag] = tuple(dict.fromkeys([*found.get(tag, ()), *lines]))
    if wrongs:
        raise Unfit(*wrongs)
    new = replace(
        theme,
        label=given["label"].strip(),
        definition=given["definition"].strip(),
        include=given.get("include", "").strip(),
        exclude=given.get("exclude", "").strip(),
        reach=_reach(given, theme.kind == "barrier"),
        flag=given.get("flag", "").strip() or None,
        examples=wordings["examples"],
        cues=wordings["cues"],
        drafted=theme.drafted & wordings["examples"].keys() if theme.parent else theme.drafted,
    )
    return changed(book, new)


def extended(book: Codebook, given: Fields) -> Codebook:
    """With one more theme; below a new top theme, where no other is named. Raises Unfit."""
    wrongs = [*_texts(given)]
    under = given.get("under", "")
    if under and (under not in book or book[under].parent is not None):
        wrongs.append(Wrong("under", tongue.say("Choose the group that it belongs to.")))
    if not under and not given.get("top", "").strip():
        wrongs.append(Wrong("top", tongue.say("Give the new group a name, or choose one that is there.")))
    if wrongs:
        raise Unfit(*wrongs)
    if not under:
        name = given["top"].strip()
        under = _free(book, slug(name))
        book = added(book, Theme(under, None, name, name, "", "", "barrier"))
    kind = book[under].kind
    theme = Theme(
        _free(book, f"{under}.{slug(given['label'])}"),
        under,
        given["label"].strip(),
        given["definition"].strip(),
        given.get("include", "").strip(),
        given.get("exclude", "").strip(),
        kind,
        {tag: tuple(lines) for tag, text in _wordings(given, "examples") if (lines := _lines(text))},
        {tag: tuple(lines) for tag, text in _wordings(given, "cues") if (lines := _lines(text))},
        reach=_reach(given, kind == "barrier"),
    )
    return added(book, theme)


def joined(book: Codebook, theme: Theme, given: Fields) -> Codebook:
    """This theme becomes a part of another. Raises Unfit."""
    into = given.get("into", "")
    if into not in book.codes or into == theme.id:
        raise Unfit(Wrong("into", tongue.say("Choose the theme that it becomes a part of.")))
    return merged(book, theme.id, into)


def parted(book: Codebook, theme: Theme, given: Fields) -> Codebook:
    """This theme becomes several. Raises Unfit."""
    parts: list[Part] = []
    taken = set(book.codes)
    for number in range(1, PARTS + 1):
        label = given.get(f"label-{number}", "").strip()
        if not label:
            continue
        id_ = f"{theme.parent}.{slug(label)}"
        id_ = next(each for each in (id_, *(f"{id_}_{n}" for n in range(2, 100))) if each not in taken)
        taken.add(id_)
        words = tuple(
            word.strip() for word in re.split(r"[,\n]", given.get(f"words-{number}", "")) if word.strip()
        )
        parts.append(
            Part(id_, label[:300], given.get(f"definition-{number}", "").strip()[:LONGEST_TEXT], words)
        )
    if len(parts) < 2:
        raise Unfit(Wrong("label-1", tongue.say("Name two parts or more.")))
    return split(book, theme.id, parts).codebook


def shifted(book: Codebook, theme: Theme, given: Fields) -> Codebook:
    """This theme belongs to another group. Raises Unfit."""
    under = given.get("under", "")
    if under not in book or book[under].parent is not None or under == theme.parent:
        raise Unfit(Wrong("under", tongue.say("Choose another group.")))
    return moved(book, theme.id, under)


def next_of(book: Codebook, how: str, theme: Theme | None, given: Fields) -> Codebook:
    """The codebook after one change. Raises Unfit, and CodebookError for what the codebook's own rules forbid."""
    if how == "add":
        return extended(book, given)
    if theme is None or (how != "edit" and theme.parent is None):
        raise CodebookError(book.id, None, tongue.say("there is no such theme"), tongue.say("Choose one."))
    return {"edit": edited, "merge": joined, "split": parted, "move": shifted}[how](book, theme, given)


@dataclass(frozen=True, slots=True)
class Told:
    """One difference: what happened (``did``), to which theme, and the texts before and after, or those come and gone."""

    did: str
    theme: str
    field: str = ""
    before: str = ""
    after: str = ""
    come: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def told(changes: Changes) -> list[Told]:
    """The difference of two versions, for people."""
    return list(_told(changes))


def _told(changes: Changes) -> Iterator[Told]:
    old, new = changes.old, changes.new
    for code, sources in changes.merged.items():
        names = tuple(old[each].label for each in sources if each != code)
        yield Told(tongue.say("Merged"), new[code].label, tongue.say("receives"), after=", ".join(names))
    for code, parts in changes.split.items():
        names = tuple(new[each].label for each in parts)
        yield Told(tongue.say("Split"), old[code].label, tongue.say("becomes"), after=", ".join(names))
    for theme in changes.added:
        yield Told(tongue.say("Added"), theme.label, after=theme.definition)
    for theme in changes.removed:
        yield Told(tongue.say("Removed"), theme.label, before=theme.definition)
    for each in changes.moved:
        yield Told(
            tongue.say("Moved"),
            each.new.label,
            tongue.say("group"),
            _group(old, each.old),
            _group(new, each.new),
        )
    fields = field_names()
    for each in changes.kept:
        for name in each.fields:
            if name in ("examples", "cues", "map", "drafted"):
                continue
            before, after = (str(getattr(one, name) or "") for one in (each.old, each.new))
            yield Told(tongue.say("Changed"), each.new.label, fields.get(name, name), before, after)
        for what, (come, gone) in each.wordings.items():
            name, _, tag = what.partition(" ")
            yield Told(tongue.say("Changed"), each.new.label, f"{fields[name]}, {tag}", come=come, gone=gone)


def field_names() -> dict[str, str]:
    """What the fields of a theme are called."""
    return {
        "label": tongue.say("name"),
        "definition": tongue.say("meaning"),
        "include": tongue.say("use it for"),
        "exclude": tongue.say("not for"),
        "kind": tongue.say("barrier or not"),
        "flag": tongue.say("duty"),
        "reach": tongue.say("who can change it"),
        "examples": tongue.say("examples"),
        "cues": tongue.say("words"),
    }


def reaches() -> list[tuple[str, str]]:
    """Who can change what a theme names."""
    return [
        ("", tongue.say("Not said")),
        ("school", tongue.say("The school itself, this year")),
        ("district", tongue.say("The district: a decision, a contract, a budget")),
        ("partners", tongue.say("Together with others: city, clinics, transit, employers")),
        ("outside", tongue.say("None of these; the school can only soften it")),
    ]


def shortly() -> dict[str, str]:
    """The same in a word."""
    return {
        "school": tongue.say_in("who can change it", "School"),
        "district": tongue.say_in("who can change it", "District"),
        "partners": tongue.say_in("who can change it", "With partners"),
        "outside": tongue.say_in("who can change it", "Outside"),
    }


def _group(book: Codebook, theme: Theme) -> str:
    return book[theme.parent].label if theme.parent else ""


def _texts(given: Fields) -> Iterator[Wrong]:
    if not given.get("label", "").strip():
        yield Wrong("label", tongue.say("Give the theme a name of a few words."))
    if not given.get("definition", "").strip():
        yield Wrong("definition", tongue.say("Say in a sentence what the theme means."))
    for name in ("label", "definition", "include", "exclude", "flag"):
        if len(given.get(name, "")) > (300 if name in ("label", "flag") else LONGEST_TEXT):
            yield Wrong(name, tongue.say("Shorten this text."))


def _wordings(given: Fields, name: str) -> Iterator[tuple[str, str]]:
    """Pairs of a language and its text; that of a new language has its tag in a field of its own."""
    for field, text in given.items():
        kind, _, tag = field.partition("-")
        if kind == name and text.strip():
            yield (given.get("tag-new", "").strip() if tag == "new" else tag), text


def _lines(text: str) -> Sequence[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _reach(given: Fields, barrier: bool) -> Reach | None:
    return next((each for each in REACHES if each == given.get("reach")), None) if barrier else None


def _free(book: Codebook, wanted: str) -> str:
    wanted = wanted[:76].rstrip("_")
    return next(each for each in (wanted, *(f"{wanted}_{n}" for n in range(2, 1000))) if each not in book)
