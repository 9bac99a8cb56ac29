"""Reads who approved which language, in a survey's file or a campaign's."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..survey import Approval
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
        told = page.mapping(held.value, f"'approved' of {tag}", ("by", "on", "of"))
        parts = {name: page.text(part.value, f"'{name}'") or "" for name, part in told.items()}
        if set(parts) != {"by", "on", "of"}:
            problem = f"'approved' of {tag} does not say by whom, on which day, and of what."
            page.wrong(held.key, problem, f"Let `openline {command} FILE {tag} --by NAME` write it.")
        else:
            found[tag] = Approval(**parts)
    return found
