"""Which roles an address asks for. The longest beginning that fits decides; what stands nowhere here is closed.

A role at one school opens the same doors as the same role everywhere; what is behind them is then narrowed to that
school (``Grants.reach``), and what concerns everybody asks for the role everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..roles import ROLES, Grants, Role

EVERYBODY: tuple[Role, ...] = ()
"""Whoever has an account, with or without a role."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may look (``look``), who may change something (``change``; None: the same), and whether it must be everywhere."""

    look: tuple[Role, ...]
    change: tuple[Role, ...] | None = None
    everywhere: bool = False


RULES: dict[str, Rule] = {
    "/": Rule(EVERYBODY),
    "/signout": Rule(EVERYBODY),
    "/account": Rule(EVERYBODY),
    "/how-we-count": Rule(EVERYBODY),
    "/findings": Rule(EVERYBODY, ("organizer",)),
    "/replies": Rule(("organizer", "coder")),
    "/problems": Rule(EVERYBODY, ("organizer",)),
    "/duties": Rule(("organizer", "staff")),
    "/reports": Rule(("organizer",)),
    "/coding": Rule(("coder", "organizer")),
    "/codebooks": Rule(("coder", "organizer"), ("organizer",), everywhere=True),
    "/surveys": Rule(ROLES, ("organizer",)),
    "/surveys/*/try": Rule(ROLES),
    "/campaigns": Rule(("organizer", "staff")),
    "/audiences": Rule(("organizer", "staff")),
    "/calendar": Rule(("organizer", "staff"), ("organizer",)),
    "/inbox": Rule(("staff",)),
    "/alerts": Rule(("staff",)),
    "/people": Rule(("staff",)),
    "/people/import": Rule(("staff",), everywhere=True),
    "/translations": Rule(("translator", "organizer"), ("translator",), everywhere=True),
    "/settings": Rule(("admin",), everywhere=True),
    "/setup": Rule(("admin",), everywhere=True),
}


def rule(path: str) -> Rule | None:
    """The rule for a path: that of its longest beginning, at whole steps. A ``*`` stands for the key behind a room's name.

    >>> rule("/people/import/map") is RULES["/people/import"], rule("/peoples") is None
    (True, True)
    >>> rule("/surveys/spring/try") is RULES["/surveys/*/try"], rule("/surveys/spring/edit") is RULES["/surveys"]
    (True, True)
    """
    steps = path.split("/")
    for end in range(len(steps), 1, -1):
        for known in ("/".join(steps[:end]), "/".join((*steps[:2], "*", *steps[3:end]))):
            if known in RULES:
                return RULES[known]
    return None


def allowed(grants: Grants, path: str, *, changes: bool) -> bool:
    """Whether somebody with these roles may come to this address."""
    found = rule(path)
    if found is None:
        return False
    wanted = found.change if changes and found.change is not None else found.look
    if not wanted:
        return True
    return grants.everywhere(*wanted) if found.everywhere else grants.may(*wanted)
