"""What of the set-up needs somebody, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ....settings import Settings
from ....store.tokens import Token
from ...tongue import say, say_n
from .channels import Shown

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Matter:
    """One of them: what is so, where it is put right, and whether it is pressing."""

    text: str
    href: str
    link: str
    pressing: bool = False


def matters(
    settings: Settings,
    channels: Sequence[Shown],
    tokens: Sequence[Token],
    admins: int,
    without_second: int,
    now: datetime,
) -> list[Matter]:
    """What needs attention. ``tokens`` are those in use, ``without_second`` the admins who sign in with one step."""
    place, accounts = (
        ("/settings/place", say("See how it is set")),
        ("/settings/users", say("Look at the accounts")),
    )
    found = []
    if not settings.on_call:
        text = say("Nobody is on call: no person is told when a message speaks of danger.")
        found.append(Matter(text, *place, pressing=True))
    if not any(each.health for each in channels):
        text = say("No channel is set up: nothing can be sent to families yet.")
        found.append(Matter(text, "/settings/channels", say("Set up a channel"), pressing=True))
    for each in channels:
        if each.state in ("danger", "warn"):
            text = say("%(channel)s: %(verdict)s") % {"channel": each.name, "verdict": each.verdict}
            found.append(
                Matter(text, "/settings/channels", say("Look at the channels"), each.state == "danger")
            )
    if admins == 1:
        text = say("You are the only admin. While you are away nobody can let people in or shut them out.")
        found.append(Matter(text, *accounts))
    if without_second:
        text = say_n(
            "One admin signs in with a password or link alone.",
            "%(num)d admins sign in with a password or link alone.",
            without_second,
        )
        found.append(Matter(text % {"num": without_second}, "/settings/users?role=admin", say("See who")))
    if not settings.secret_key.get_secret_value():
        text = say("The server has no lasting key, so two-step sign-in cannot be turned on.")
        found.append(Matter(text, *place))
    if settings.allow_drafts:
        text = say("Machine-drafted texts go out before a person has approved them.")
        found.append(Matter(text, *place))
    ending = sum(each.expires_at is not None and each.expires_at - now < SOON for each in tokens)
    if ending:
        text = say_n(
            "One token ends within two weeks; the program that uses it will stop working.",
            "%(num)d tokens end within two weeks; the programs that use them will stop working.",
            ending,
        )
        found.append(Matter(text % {"num": ending}, "/settings/tokens", say("Look at the tokens")))
    return sorted(found, key=lambda matter: not matter.pressing)
