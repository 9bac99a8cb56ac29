"""What staff should know before a survey goes out, in plain words. None of it is legal advice."""

from __future__ import annotations

from survey_flows import Survey
from survey_flows.told import joined, told

AREAS = {
    1: told("political beliefs"),
    2: told("mental or psychological problems"),
    3: told("sex"),
    4: told("illegal, anti-social or demeaning behavior"),
    5: told("critical views of family members"),
    6: told("privileged relations, as with lawyers, doctors and ministers"),
    7: told("religion"),
    8: told("income"),
}
"""What 20 U.S.C. 1232h (PPRA) protects when students are asked, by number."""


def cautions(survey: Survey, *, students: bool, on_call: bool) -> list[str]:
    """What to take care of before this survey is sent; ``students`` says whether any may answer it.

    >>> import survey_flows
    >>> first, *_ = cautions(survey_flows.library("safe-student"), students=True, on_call=True)
    >>> first.split(":")[0]
    'Answers may report harm (S2)'
    """
    found: list[str] = []
    if survey.about.sensitivity == "S2":
        found.append(
            told(
                "Answers may report harm (S2): before you send it, somebody must read them every day and know what to do "
                "(docs/safety.md)."
            )
        )
    if not on_call:  # people write of danger in answer to any question
        found.append(
            told(
                "Nobody is on call: set OPENLINE_ON_CALL, or no one is told of a message about danger (docs/safety.md)."
            )
        )
    if survey.about.ppra and students:
        found.append(
            told(
                "Students' answers may touch what US law protects (20 U.S.C. 1232h): {areas}. Tell their families first, "
                "and let them keep their child out. This is no legal advice.",
                # With semicolons: some have commas of their own.
                areas=joined(told("{some}; {more}"), (AREAS[number] for number in survey.about.ppra)),
            )
        )
    return found
