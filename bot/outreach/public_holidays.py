"""Public holidays of a country or a part of one, as the package ``holidays`` has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays, list_supported_countries


@lru_cache(maxsize=512)
def public_holidays(code: str, year: int) -> Mapping[date, str]:
    """The holidays of a year and their names, days off in lieu of them too: for "US", "US-NY", or "" (none).

    Raises NotImplementedError for a country that is not known: see ``known``.
    """
    if not code:
        return {}
    country, _, part = code.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=[year]).items())


def known(code: str) -> bool:
    """Whether the holidays of this country, or part of a country, are known."""
    country, dash, part = code.partition("-")
    countries = list_supported_countries()
    return country in countries and (not dash or part in countries[country])


def parts(country: str) -> list[str]:
    """The parts of a country that have holidays of their own: NY, CA …"""
    return list(list_supported_countries().get(country, []))
