"""What the roles are called on the pages, and what each may do."""

from __future__ import annotations

from ..roles import ROLES, Role
from .tongue import say


def name_of(role: str) -> str:
    """One role: "Organizer"."""
    return {
        "admin": say("Admin"),
        "organizer": say("Organizer"),
        "staff": say("Staff"),
        "translator": say("Translator"),
        "coder": say("Coder"),
    }.get(role, role)


def may(role: Role) -> str:
    """What somebody with this role does here, in one sentence."""
    return {
        "admin": say("May do everything, also make accounts, give roles and look after channels."),
        "organizer": say("Writes surveys and campaigns, reads findings and publishes reports."),
        "staff": say("Answers families, looks at safety alerts and keeps the list of people."),
        "translator": say("Translates what families read, and approves translations."),
        "coder": say("Reads replies and decides which themes they speak of."),
    }[role]


def at(role: str, school: str | None) -> str:
    """A role and where it counts: "Coder at Lincoln", "Coder at all schools"."""
    if school is None:
        return say("%(role)s at all schools") % {"role": name_of(role)}
    return say("%(role)s at %(school)s") % {"role": name_of(role), "school": school}


def explained() -> list[tuple[Role, str, str]]:
    """Every role: its key, its name, what it may do."""
    return [(role, name_of(role), may(role)) for role in ROLES]
