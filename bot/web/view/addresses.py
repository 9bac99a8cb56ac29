"""Where the findings of a survey are: each view, wave, theme and group has an address of its own, so that it can be shared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from analysis.views import VIEWS, View

from ..tongue import CHOICE

OWN = frozenset({"wave", "view", "theme", "cells", "pair", "part", "page", "kind", "q", CHOICE})
"""Words of our own in an address; a dimension that is called so stands behind ``group.``."""
MOST_GROUPS = 2
"""Numbers are reckoned of one group, or of two at once."""


def address(survey: str, theme: str | None = None, how: View | None = None, wave: str | None = None) -> str:
    """All findings of a survey, or with one theme chosen; in another order than by how many named it; of an earlier wave.

    >>> address("fall"), address("fall", "health"), address("fall", None, "gap", "Fall 2026")
    ('/findings/fall', '/findings/fall?theme=health', '/findings/fall?wave=Fall+2026&view=gap')
    """
    return Look(survey, wave or "", how or "named", theme or "").href()


@dataclass(frozen=True, slots=True)
class Look:
    """What a page shows of a survey's findings. Empty is everything; ``groups`` are (dimension, value); ``families``: the
    cells hold numbers of families in place of shares; ``pair``: two dimensions to be crossed."""

    survey: str
    wave: str = ""
    view: View = "named"
    theme: str = ""
    groups: tuple[tuple[str, str], ...] = ()
    families: bool = False
    pair: tuple[str, str] | None = None

    def href(self, under: str = "", **more: str) -> str:
        """The address of this, or of a page ``under`` it.

        >>> Look("fall", groups=(("school", "Oak Hill"),), families=True).href()
        '/findings/fall?school=Oak+Hill&cells=families'
        >>> Look("fall", theme="health").href("quotes", page="2")
        '/findings/fall/quotes?theme=health&page=2'
        """
        query = {
            "wave": self.wave,
            "view": "" if self.view == "named" else self.view,
            "theme": self.theme,
            **{named(dimension): value for dimension, value in self.groups},
            "cells": "families" if self.families else "",
            "pair": ",".join(self.pair) if self.pair else "",
            **more,
        }
        chosen = urlencode({name: value for name, value in query.items() if value})
        path = f"/findings/{quote(self.survey, safe='')}" + (f"/{under}" if under else "")
        return path + (f"?{chosen}" if chosen else "")

    def at(self, dimension: str, value: str) -> Look:
        """The same in one group of a dimension; without a ``value`` in all. Of more than two groups the first gives way."""
        others = tuple(group for group in self.groups if group[0] != dimension)
        chosen = ((dimension, value),) if value else ()
        return replace(self, groups=(*others, *chosen)[-MOST_GROUPS:])

    def of(self, theme: str) -> Look:
        """The same with this theme chosen."""
        return replace(self, theme=theme)


def named(dimension: str) -> str:
    """What a dimension is called in an address.

    >>> named("school"), named("view")
    ('school', 'group.view')
    """
    return f"group.{dimension}" if dimension in OWN or dimension.startswith("group.") else dimension


def dimension(name: str) -> str:
    """The dimension that a word in an address stands for; empty for a word of our own."""
    return "" if name in OWN else name.removeprefix("group.")


def read(survey: str, query: Iterable[tuple[str, str]]) -> Look | None:
    """What an address asks for; None where it asks for a view that there is not, or for more than two groups.

    >>> read("fall", [("language", "es"), ("view", "gap"), ("school", "")])
    Look(survey='fall', wave='', view='gap', theme='', groups=(('language', 'es'),), families=False, pair=None)
    """
    given = {name: value for name, value in query if value}
    how = next((known for known in VIEWS if known == given.get("view", "named")), None)
    groups = tuple((of, value) for name, value in given.items() if (of := dimension(name)))
    pair = tuple(part.strip() for part in given.get("pair", "").split(",") if part.strip())
    if how is None or len(groups) > MOST_GROUPS or len(pair) not in (0, 2) or len(set(pair)) != len(pair):
        return None
    return Look(
        survey,
        given.get("wave", ""),
        how,
        given.get("theme", ""),
        groups,
        given.get("cells") == "families",
        (pair[0], pair[1]) if pair else None,
    )
