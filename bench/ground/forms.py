"""Forms that lead to a page with everybody in it: a campaign looked over, an audience counted, a list of 20,000 rows."""

from __future__ import annotations

from typing import Any

ROWS = 20_000
Sent = tuple[str, dict[str, Any], dict[str, Any] | None]
"""Where a form goes, what it says, and the file that it brings."""


def forms(csrf: str) -> list[Sent]:
    """The forms, in the order in which they are to be sent; none of them begins a campaign."""
    lines = "".join(
        f"Sample {n},+1{300 + n // 10_000:03}555{n % 10_000:04},en,School 01\n" for n in range(ROWS)
    )
    file = {"file": ("families.csv", f"name,phone,language,school\n{lines}".encode(), "text/csv")}
    looks = {
        "csrf": csrf,
        "who": "1",
        "filter": "respondent = family and language != en",
        "filter_was": "",
        "go": "look",
    }
    return [
        ("/campaigns/thanks-10/edit", looks | {"title": "Thanks", "go": "look"}, None),
        ("/campaigns/thanks-10/look", looks | {"title": "Thanks"}, None),
        ("/audiences/new/look", looks, None),
        ("/people/import", {"csrf": csrf}, file),
    ]
