"""What an address of the inbox asks for: which conversations, and from where on. Everything stands in the query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlencode
from uuid import UUID

from langcodes import tag_is_valid

from ....dialogue.listing import Wanted
from ....dialogue.within import Reach

View = Literal["all", "mine", "unassigned", "snoozed", "done"]
VIEWS: tuple[View, ...] = get_args(View)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Which conversations to list. What nobody asks for is empty."""

    view: View = "all"
    q: str = ""
    language: str = ""
    school: str = ""
    campaign: str = ""
    channel: str = ""
    after: UUID | None = None

    @property
    def narrowed(self) -> bool:
        """Whether one of the filters is set."""
        return bool(self.language or self.school or self.campaign or self.channel)

    @property
    def query(self) -> str:
        """As the end of an address: "?view=mine&language=ht", or nothing."""
        said = {name: str(value) for name in self.__slots__ if (value := getattr(self, name))}
        if self.view == "all":
            del said["view"]
        return f"?{urlencode(said)}" if said else ""

    def to(self, **changes: str | UUID | None) -> str:
        """The address of the list with something changed; it begins at its first page."""
        return f"/inbox{replace(self, **({'after': None} | changes)).query}"  # type: ignore[arg-type]

    def of(self, person: UUID) -> str:
        """The address of a conversation beside this list."""
        return f"/inbox/{person}{self.query}"

    def wanted(self, reach: Reach, member: UUID, now: datetime) -> Wanted:
        """As the list of threads is asked: who waits and does not rest, those who rest, or where nothing waits."""
        return Wanted(
            unanswered=self.view != "done",
            language=self.language or None,
            school=self.school or None,
            campaign=self.campaign or None,
            channel=self.channel or None,
            reach=reach,
            done=self.view == "done",
            by={"mine": member, "unassigned": "nobody"}.get(self.view),  # type: ignore[arg-type]
            rests=None if self.view == "done" else self.view == "snoozed",
            now=now,
        )


def asked(query: Mapping[str, str]) -> Asked:
    """Read it from an address; what makes no sense there is as if it were not there.

    >>> asked({"view": "mine", "language": "ht", "after": "x"}).query
    '?view=mine&language=ht'
    >>> asked({"view": "everything"}).to(q="bis la")
    '/inbox?q=bis+la'
    """
    said = {name: query.get(name, "").strip()[:LONGEST] for name in Asked.__slots__}
    view: View = next((known for known in VIEWS if known == said["view"]), "all")
    language = said["language"] if said["language"] and tag_is_valid(said["language"]) else ""
    return Asked(
        view, said["q"], language, said["school"], said["campaign"], said["channel"], ids(said["after"])
    )


def ids(text: str) -> UUID | None:
    """An id, if it is one.

    >>> ids("no") is None
    True
    """
    try:
        return UUID(text)
    except ValueError:
        return None
