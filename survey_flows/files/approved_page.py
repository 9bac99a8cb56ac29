"""Reads who approved which language, in a survey's file or a campaign's."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..survey import Approval
from ..told import told
from .tree import Entry, Page


def approved(
    page: Page, entry: Entry | None, languages: Collection[str], command: str
) -> Mapping[str, Approval]:
    """Who approved which language; whether the words are still the same is looked at when they have all been read.
    ``command`` is what writes such an entry."""
    if entry is None:
        return {}
    found = {}
    for tag, held in page.mapping(entry.value, "'approved'", languages).items():
        entries = page.mapping(
            held.value, told("'{name}' of {what}", name="approved", what=tag), ("by", "on", "of")
        )
        parts = {name: page.text(part.value, f"'{name}'") or "" for name, part in entries.items()}
        if set(parts) != {"by", "on", "of"}:
            problem = told("'approved' of {tag} does not say by whom, on which day, and of what.", tag=tag)
            page.wrong(
                held.key,
                problem,
                told("Let `openline {command} FILE {tag} --by NAME` write it.", command=command, tag=tag),
            )
        else:
            found[tag] = Approval(**parts)
    return found
