"""What somebody may do here: roles, each everywhere or at one school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["admin", "organizer", "staff", "translator", "coder"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Grants:
    """``given``: pairs of a role and the school it is for (as ``people.school`` has it), None for everywhere.

    An admin everywhere may do everything. An admin of one school has there what organizers, staff and coders have, and
    none of what concerns everybody: accounts, channels, surveys.
    """

    given: frozenset[tuple[Role, str | None]] = frozenset()

    def may(self, *roles: Role) -> bool:
        """Whether they have one of these roles, wherever it is."""
        return any(role in roles or role == "admin" for role, _ in self._worth())

    def everywhere(self, *roles: Role) -> bool:
        """Whether they have one of these roles for all schools."""
        return self.reach(*roles) is None

    def reach(self, *roles: Role) -> frozenset[str] | None:
        """The schools at which they have one of these roles: None is everywhere, an empty set nowhere."""
        schools = {school for role, school in self._worth() if role in roles or role == "admin"}
        return None if None in schools else frozenset(school for school in schools if school is not None)

    @property
    def schools(self) -> frozenset[str] | None:
        """The schools that any of their roles is for: None is everywhere."""
        return self.reach(*ROLES)

    def _worth(self) -> Iterable[tuple[Role, str | None]]:
        for role, school in self.given:
            if role == "admin" and school is not None:
                yield from ((worth, school) for worth in SCHOOL_ADMIN)
            else:
                yield role, school


NOTHING = Grants()
SCHOOL_ADMIN: tuple[Role, ...] = ("organizer", "staff", "coder")


def grants(pairs: Iterable[tuple[str, str | None]]) -> Grants:
    """From rows; a role that this version does not know gives nothing."""
    return Grants(frozenset((role, school) for role, school in pairs if role in ROLES))
