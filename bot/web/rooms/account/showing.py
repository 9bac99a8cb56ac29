"""What the pages of an account show: time zones to choose from, browsers in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from ...tongue import say

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
LOOKS = ("", "light", "dark")


@dataclass(frozen=True, slots=True)
class Zones:
    """A part of the list of time zones: pairs of the zone and its words."""

    heading: str
    zones: Sequence[tuple[str, str]]


@cache
def _places() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    known = sorted(zone for zone in available_timezones() if zone.split("/")[0] in REGIONS)
    return tuple(
        (region, tuple((zone, zone.partition("/")[2].replace("_", " ").replace("/", ", ")) for zone in known
                       if zone.startswith(f"{region}/")))
        for region in REGIONS
    )  # fmt: skip


def zones() -> list[Zones]:
    """Every time zone, those of the United States by their names first."""
    ours = [
        ("America/New_York", say("Eastern (New York)")),
        ("America/Chicago", say("Central (Chicago)")),
        ("America/Denver", say("Mountain (Denver)")),
        ("America/Phoenix", say("Mountain, without summer time (Phoenix)")),
        ("America/Los_Angeles", say("Pacific (Los Angeles)")),
        ("America/Anchorage", say("Alaska (Anchorage)")),
        ("Pacific/Honolulu", say("Hawaii (Honolulu)")),
        ("America/Puerto_Rico", say("Atlantic (Puerto Rico)")),
    ]
    named = {
        "Africa": say("Africa"),
        "America": say("North and South America"),
        "Antarctica": say("Antarctica"),
        "Asia": say("Asia"),
        "Atlantic": say("Atlantic Ocean"),
        "Australia": say("Australia"),
        "Europe": say("Europe"),
        "Indian": say("Indian Ocean"),
        "Pacific": say("Pacific Ocean"),
    }
    first = {zone for zone, _ in ours}
    rest = [
        Zones(named[region], [(zone, words) for zone, words in known if zone not in first])
        for region, known in _places()
    ]
    return [Zones(say("United States"), ours), *rest]


def is_zone(zone: str) -> bool:
    """Whether the list has it; nothing is the district's."""
    return not zone or any(zone == known for _, places in _places() for known, _ in places)


def browser(known: str | None) -> str:
    """ "Firefox/Windows" as a person says it."""
    name, _, system = (known or "").partition("/")
    if name and system:
        return say("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or say("A browser that does not say which")
