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

from ..hours import DAYS, Window
from ..public_holidays import known, parts

LONGEST_BREAK = 366
"""Days that one break may have: a longer one is a slip in a year, and nobody would hear from the school."""

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
                f"{upper(what)} has to have names with values.",
                "Write 'name: value', each on its line.",
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
            self.wrong(node, f"There is no time zone '{text[:40]}'.", _nearest_zone(text))
        return text

    def _hours(self, node: yaml.Node) -> list[str]:
        """One window, or one for each of several days: at most one for any day."""
        if isinstance(node, yaml.MappingNode):
            entries = self.mapping(node, "'hours'").items()
            windows = [self._window(entry.value, days) for days, entry in entries]
            if not entries:
                self.wrong(node, "'hours' has no day, so nothing would ever go out.", "Write mon-fri: 9-20.")
        else:
            windows = [self._window(node)]
        taken: set[int] = set()
        for window in filter(None, windows):
            if twice := taken & window.days:
                told = ", ".join(DAYS[day].capitalize() for day in sorted(twice))
                self.wrong(
                    node, f"'hours' has two windows for {told}.", "A day has one: keep the one that holds."
                )
            taken |= window.days
        return [str(window) for window in windows if window]

    def _window(self, node: yaml.Node, days: str = "") -> Window | None:
        text = self.text(node, "'hours'")
        if text is None:
            return None
        if days and re.search(r"[a-z]{3}", text.casefold()):
            problem = f"'{text[:40]}' names days, and so does what stands before it."
            self.wrong(node, problem, "Write mon-fri: 9-20.")
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
            has = ", ".join(f"{country}-{part}" for part in parts(country))
            cure = (
                f"There are {country}, {has}."
                if has
                else "Write a country's two letters, like US or US-NY, or none."
            )
            self.wrong(node, f"The holidays of '{code[:40]}' are not known.", cure)
        return code

    def _closed(self, node: yaml.Node) -> list[list[str]]:
        found = []
        for item, text in self.texts(node, "'closed'"):
            span = _SPAN.fullmatch(text.strip())
            first, last = (self._day(item, part) for part in (span.groups() if span else (text, text)))
            if first is None or last is None:
                continue
            if first > last:
                self.wrong(item, f"'{text[:40]}' ends before it begins.", "Write the first day first.")
            elif (last - first).days >= LONGEST_BREAK:
                self.wrong(item, f"'{text[:40]}' is more than a year.", "Look at the years.")
            found.append([first.isoformat(), last.isoformat()])
        return found

    def _dates(self, node: yaml.Node) -> dict[str, list[str]]:
        found = {}
        for name, entry in self.mapping(node, "'dates'").items():
            if not _NAME.fullmatch(name) or name == "absence":
                problem = f"A date cannot be called '{name[:40]}'."
                self.wrong(
                    entry.key, problem, "Use a small word like term or report_cards; 'absence' is taken."
                )
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
            cure = "Write days like 2027-01-05, and breaks like 2026-12-24..2027-01-02."
            self.wrong(node, f"'{text[:40]}' is no day of the calendar.", cure)
            return None


def _no_day() -> date:
    raise ValueError


def _nearest_zone(text: str) -> str:
    """The cure for a time zone that there is not: the city's, or the one that is written almost so."""
    zones, said = sorted(available_timezones()), text.strip().replace(" ", "_").casefold()
    cities = [zone for zone in zones if zone.casefold().rpartition("/")[2] == said.rpartition("/")[2]]
    near = cities or difflib.get_close_matches(text, zones, n=1, cutoff=0.7)
    return f"Did you mean {near[0]}?" if near else "Write it as the IANA list does, like America/Chicago."


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in (None, "") and node.value in ("", "~", "null")
