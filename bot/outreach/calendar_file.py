"""From the text of a calendar file to what is said of each school; every fault is told at once, with its line."""

from __future__ import annotations

from survey_flows import SurveyError
from survey_flows.told import told

from .calendars import EVERY_OTHER, Said
from .files.calendar_page import CalendarPage
from .files.complaints import complaint, unusable

_OURS = {
    "A survey is a list of keys like 'survey:' and 'questions:'.": (
        told("A calendar file is a list of keys: 'default:' and 'schools:'."),
        told("`openline calendar new FILE` writes one to begin with."),
    ),
    "The file is larger than any survey should be.": (
        told("The file is larger than any calendar should be."),
        told("Leave out years that are over."),
    ),
}
"""What the tree says of survey files, said of calendars."""


class CalendarError(ValueError):
    """A calendar file cannot be used. ``complaints`` has one line for each fault: where, what, how to mend it."""

    def __init__(self, name: str, complaints: tuple[str, ...]) -> None:
        super().__init__(unusable(name, complaints))
        self.name = name
        self.complaints = complaints


def loads(text: str, name: str) -> dict[str, Said]:
    """What a calendar file says of each school, and under "" of every other; ``name`` stands for the file in errors.

    Raises CalendarError with every fault.

    >>> loads("default: {hours: 9am-6pm mon-fri}\\nschools: {Lincoln: {timezone: America/Denver}}", "calendar.yaml")
    {'': {'hours': ['09:00-18:00 mon-fri']}, 'Lincoln': {'timezone': 'America/Denver'}}
    """
    page = CalendarPage(name)
    try:
        root, *others = page.roots(text)
        for other in others:
            page.wrong(other, told("There is a second calendar after '---'."), told("Keep one."))
        top = page.mapping(root, told("a calendar file"), ("default", "schools"))
        said: dict[str, Said] = {}
        if "default" in top:
            said[EVERY_OTHER] = page.calendar(top["default"], "'default'")
        named = page.mapping(top["schools"].value, "'schools'") if "schools" in top else {}
        for school, entry in named.items():
            if not school.strip() or len(school) > 200:
                page.wrong(
                    entry.key,
                    told("A school has no name, or one of more than 200 characters."),
                    told("Write its name."),
                )
            said[school] = page.calendar(entry, f"'{school[:40]}'")
        page.finish()
    except SurveyError as error:
        found = sorted((error, *error.others), key=lambda one: one.line)
        ours = [(one.line, *_OURS.get(one.problem, (one.problem, one.cure))) for one in found]
        raise CalendarError(name, tuple(dict.fromkeys(complaint(*one) for one in ours))) from None
    return said


def starter(timezone: str, holidays: str) -> str:
    """A calendar file to begin with, as text; ``holidays`` as in ``hours.Calendar``."""
    return _STARTER.format(timezone=timezone, holidays=holidays or "none")


_STARTER = """\
# When the schools can be heard from: docs/calendars.md explains it. Look it over with: openline calendar set FILE --dry-run
# Take the # and the blank after it away from a line to have it hold.

default:                        # every school that is not named below
  timezone: {timezone}
  hours: 9:00-20:00 mon-sat     # nothing goes out before, after, or on another day
  # hours: {{mon-fri: 9-20, sun: 12-18}}     # or for each day its own
  holidays: {holidays}                  # public holidays are closed: a country, a part of one (US-NY), or none
  closed:                       # your own days and breaks, the first and the last in:
  #   - 2026-11-25..2026-11-27
  #   - 2026-12-24..2027-01-02
  dates:                        # days with a name, for campaigns that go out before or after them:
  #   term: 2027-01-05
  #   report_cards: [2026-11-13, 2027-02-05]

schools:                        # by the name that your list has; what is not said here is as above
#   Lincoln School:
#     timezone: America/Denver
#     hours: 10-18 mon-fri
"""
