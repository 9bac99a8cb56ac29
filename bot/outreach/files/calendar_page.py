"""Reads what a calendar file says of one school."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import yaml

from survey_flows.files.tree import Entry, Page, upper
from survey_flows.told import listed, told

from ..hours import Window
from ..public_holidays import known, parts

LONGEST_BREAK = 366
"""Days that one break may have: a longer one is a slip in a year, and nobody would hear from the school."""

NAMES = (
    told("Monday"), told("Tuesday"), told("Wednesday"), told("Thursday"), told("Friday"), told("Saturday"),
    told("Sunday"),
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SPAN = re.compile(r"(\S+?)\s*(?:\.\.|\s(?:to|-|–)\s)\s*(\S+)")


@dataclass
class CalendarPage(Page):
    """A calendar file being read. What is left empty says nothing."""

    def mapping(
        self, node: yaml.Node | None, what: str, known: Collection[str] | None = None
    ) -> dict[str, Entry]:
        """As the tree's; nothing where nothing is written."""
        if node is None or _empty(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(
                node,
                told("{what} has to have names with values.", what=upper(what)),
                told("Write 'name: value', each on its line."),
            )
            return {}
        return super().mapping(node, what, known)

    def texts(self, node: yaml.Node | None, what: str) -> list[tuple[yaml.Node, str]]:
        """As the tree's; nothing where nothing is written."""
        return [] if node is None or _empty(node) else super().texts(node, what)

    def calendar(self, entry: Entry, what: str) -> dict[str, Any]:
        """What is said of one school, as ``Calendar.to_json`` names it; what is not said is not in it."""
        readers = {
            "timezone": self._timezone,
            "hours": self._hours,
            "holidays": self._holidays,
            "closed": self._closed,
            "dates": self._dates,
        }
        held = self.mapping(entry.value, what, tuple(readers))
        return {key: readers[key](held[key].value) for key in readers if key in held}

    def _timezone(self, node: yaml.Node) -> str | None:
        text = self.text(node, "'timezone'")
        if text is not None and text not in available_timezones():
            self.wrong(node, told("There is no time zone '{zone}'.", zone=text[:40]), _nearest_zone(text))
        return text

    def _hours(self, node: yaml.Node) -> list[str]:
        """One window, or one for each of several days: at most one for any day."""
        if isinstance(node, yaml.MappingNode):
            entries = self.mapping(node, "'hours'").items()
            windows = [self._window(entry.value, days) for days, entry in entries]
            if not entries:
                problem = told("'hours' has no day, so nothing would ever go out.")
                self.wrong(node, problem, told("Write mon-fri: 9-20."))
        else:
            windows = [self._window(node)]
        taken: set[int] = set()
        for window in filter(None, windows):
            if twice := taken & window.days:
                problem = told(
                    "'hours' has two windows for {days}.", days=listed(NAMES[day] for day in sorted(twice))
                )
                self.wrong(node, problem, told("A day has one: keep the one that holds."))
            taken |= window.days
        return [str(window) for window in windows if window]

    def _window(self, node: yaml.Node, days: str = "") -> Window | None:
        text = self.text(node, "'hours'")
        if text is None:
            return None
        if days and re.search(r"[a-z]{3}", text.casefold()):
            problem = told("'{word}' names days, and so does what stands before it.", word=text[:40])
            self.wrong(node, problem, told("Write mon-fri: 9-20."))
            return None
        try:
            return Window.parse(f"{text} {days}".strip())
        except ValueError as error:  # it says how to write them
            self.wrong(node, str(error), "")
            return None

    def _holidays(self, node: yaml.Node) -> str:
        code = (self.text(node, "'holidays'") or "").strip().upper()
        if code in ("", "NO", "NONE"):
            return ""
        if not known(code):
            country = code.partition("-")[0]
            has = listed(f"{country}-{part}" for part in parts(country))
            cure = (
                told("There are {country}, {parts}.", country=country, parts=has)
                if has
                else told("Write a country's two letters, like US or US-NY, or none.")
            )
            self.wrong(node, told("The holidays of '{code}' are not known.", code=code[:40]), cure)
        return code

    def _closed(self, node: yaml.Node) -> list[list[str]]:
        found = []
        for item, text in self.texts(node, "'closed'"):
            span = _SPAN.fullmatch(text.strip())
            first, last = (self._day(item, part) for part in (span.groups() if span else (text, text)))
            if first is None or last is None:
                continue
            if first > last:
                problem = told("'{word}' ends before it begins.", word=text[:40])
                self.wrong(item, problem, told("Write the first day first."))
            elif (last - first).days >= LONGEST_BREAK:
                problem = told("'{word}' is more than a year.", word=text[:40])
                self.wrong(item, problem, told("Look at the years."))
            found.append([first.isoformat(), last.isoformat()])
        return found

    def _dates(self, node: yaml.Node) -> dict[str, list[str]]:
        found = {}
        for name, entry in self.mapping(node, "'dates'").items():
            if not _NAME.fullmatch(name) or name == "absence":
                problem = told("A date cannot be called '{name}'.", name=name[:40])
                cure = told("Use a small word like term or report_cards; 'absence' is taken.")
                self.wrong(entry.key, problem, cure)
            days = [self._day(item, text) for item, text in self.texts(entry.value, f"'{name[:40]}'")]
            found[name] = sorted({day.isoformat() for day in days if day})
        return found

    def _day(self, node: yaml.Node, text: str) -> date | None:
        try:
            return (
                date.fromisoformat(text.strip())
                if re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", text)
                else _no_day()
            )
        except ValueError:
            cure = told("Write days like 2027-01-05, and breaks like 2026-12-24..2027-01-02.")
            self.wrong(node, told("'{word}' is no day of the calendar.", word=text[:40]), cure)
            return None


def _no_day() -> date:
    raise ValueError


def _nearest_zone(text: str) -> str:
    """The cure for a time zone that there is not: the city's, or the one that is written almost so."""
    zones, said = sorted(available_timezones()), text.strip().replace(" ", "_").casefold()
    cities = [zone for zone in zones if zone.casefold().rpartition("/")[2] == said.rpartition("/")[2]]
    near = cities or difflib.get_close_matches(text, zones, n=1, cutoff=0.7)
    if near:
        return told("Did you mean {name}?", name=near[0])
    return told("Write it as the IANA list does, like America/Chicago.")


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in (None, "") and node.value in ("", "~", "null")
