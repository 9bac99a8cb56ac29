"""A campaign's file changed in one place, where everything else stays as somebody wrote it: comments, order, spacing.

What forms on pages do not show is thereby kept, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey_flows.files.marks import end, header, line_end
from survey_flows.told import told

from ...translation.documents.campaigns import places
from ...translation.documents.edits import Edit, Source, Unwritable
from ...translation.documents.places import Place
from ...translation.documents.scalars import scalar
from ...translation.documents.writing import write

__all__ = ["Unwritable", "inserted", "places", "put", "quoted", "said"]

_AFTER = ("when", "audience", "source", "title", "campaign")
"""Keys behind which a new one is put, the likeliest first."""


def quoted(text: str, *, flow: bool = False) -> str:
    """A text as YAML writes it behind a key.

    >>> quoted("Thanks"), quoted("no")
    ('Thanks', '"no"')
    """
    return scalar(" ".join(text.split()) if flow else text.strip(), flow=flow, indent=2)


def put(text: str, key: str, value: str | None) -> str:
    """The text with what stands behind a key on top given another value (as YAML); None takes the key out.

    >>> put("campaign: a  # mine\\nwhen: now\\n", "when", "trigger")
    'campaign: a  # mine\\nwhen: trigger\\n'
    """
    held = header(text)
    if key not in held:
        return text if value is None else inserted(text, key, value)
    name, node = held[key]
    stop = len(text[: end(node)].rstrip())
    begins = name.start_mark.index
    if value is None:
        return text[:begins] + text[line_end(text, stop) :]
    colon = text.index(":", name.end_mark.index)
    return f"{text[: colon + 1]} {value}{text[max(stop, colon + 1) :]}"


def inserted(text: str, key: str, value: str) -> str:
    """The text with a new key on top."""
    held = header(text)
    after = next(held[one] for one in _AFTER if one in held)
    line = "\r\n" if "\r\n" in text else "\n"
    at = line_end(text, len(text[: end(after[1])].rstrip()))
    before = text[:at] if text[:at].endswith("\n") else text[:at] + line
    return f"{before}{key}: {value}{line}{text[at:]}"


def said(text: str, changes: Mapping[tuple[str, str], str], source: str) -> str:
    """The text with these words, by context and language: the source's are changed where they stand, any other is entered as a
    translation, which makes its language a draft. Words that are as they were change nothing. Raises Unwritable, LookupError.
    """
    now = {place.context: place for place in places(text)}
    new = {
        (where, tag): words
        for (where, tag), words in changes.items()
        if where in now
        and now[where].texts([tag], source).get(tag, "") != words.replace("\r\n", "\n").strip()
    }
    ours = {where: words for (where, tag), words in new.items() if tag == source}
    if ours:
        text = _source(text, [(now[where], words) for where, words in ours.items()], source)
    theirs = {(where, tag): words for (where, tag), words in new.items() if tag != source}
    return write(text, theirs) if theirs else text


def _source(text: str, said: list[tuple[Place, str]], source: str) -> str:
    file = Source(text, source, [source])
    edits: list[Edit] = []
    for place, words in said:
        words = words.replace("\r\n", "\n").strip()
        if not words:
            raise Unwritable(told("{place}: there are no words", place=place.context))
        node = place.holder
        if place.nodes([source], source).get(source) is node:  # one plain text, which is the source's
            start, stop = node.start_mark.index, len(text[: end(node)].rstrip())
            flow = any(one in text[stop : stop + 2].lstrip() for one in ",}") if stop < len(text) else False
            edits.append(Edit(start, stop, scalar(words, flow=flow, quoted=True, indent=4)))
            continue
        edits += file.edits(place, {source: words})
    return file.edited(edits)
