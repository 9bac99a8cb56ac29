"""Where the findings of a survey are: each view, wave and theme has an address of its own."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from analysis.views import View


def address(survey: str, theme: str | None = None, how: View | None = None, wave: str | None = None) -> str:
    """All findings of a survey, or with one theme chosen; in another order than by how many named it; of an earlier wave.

    >>> address("fall"), address("fall", "health"), address("fall", None, "gap", "Fall 2026")
    ('/findings/fall', '/findings/fall?theme=health', '/findings/fall?wave=Fall+2026&view=gap')
    """
    query = {"wave": wave, "view": None if how == "named" else how, "theme": theme}
    chosen = urlencode({name: value for name, value in query.items() if value})
    return f"/findings/{quote(survey, safe='')}" + (f"?{chosen}" if chosen else "")
