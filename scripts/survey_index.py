"""Writes docs/surveys/README.md from the library itself. Run it after changing a survey's header or adding one."""

from __future__ import annotations

from pathlib import Path

import survey_flows
from survey_flows import Survey

PAGE = Path(__file__).parent.parent / "docs" / "surveys" / "README.md"
AUDIENCES = {"families": "families", "students": "students", "staff": "staff", "everyone": "everyone"}
SENSITIVITIES = {"S0": "S0 little risk", "S1": "S1 private facts", "S2": "**S2 take care**"}
HEAD = """\
# The library's surveys

{count} surveys that are ready to be heard, changed and asked. Each has a page that says what it asks, what to take care
of, how to read the answers, and what published work it stands near to. Hear one before you ask it, in any language:
`openline talk transport-family --language es`. Nothing is sent.

They are written in our own words. None is a published instrument, and none has been tested for reliability: "stands near
to" says where a topic comes from, so that you can look up what is known about it. All languages but English are drafts
of a machine until a person approves them.

**Sensitivity.** S0: little risk. S1: open answers may hold private facts. S2: a protected topic, or one that may bring
reports of harm: read [safety.md](../safety.md) before you ask it. *PPRA* names the areas that United States law protects
when students answer (20 U.S.C. 1232h: 1 politics, 2 mental health, 3 sex, 4 illegal or demeaning behavior, 5 critical
views of family, 6 privileged relations, 7 religion, 8 income): tell families first, and let them opt out. This is no
legal advice.

"""
COLUMNS = "| survey | key | grades | sensitivity | questions | stands near to |\n|---|---|---|---|---|---|\n"
FOOT = """
Questions are all that a survey has; most people are asked fewer, because some questions follow from an answer. Surveys
marked *fill in* have words of yours in them: `openline ask fit-staff --set change="the advisory period"`. Those marked
*anonymous* are cut from the person when they end ([running.md](../running.md#anonymous-surveys)).

This page is made by `scripts/survey_index.py`.
"""


def page() -> str:
    """The page as it should be."""
    surveys = [survey_flows.library(key) for key in survey_flows.LIBRARY]
    parts = [HEAD.format(count=len(surveys))]
    for audience, name in AUDIENCES.items():
        rows = [_row(survey) for survey in surveys if survey.about.audience == audience]
        if rows:
            parts.append(f"## For {name}\n\n{COLUMNS}" + "\n".join(rows) + "\n\n")
    return "".join(parts).rstrip("\n") + "\n" + FOOT


def _row(survey: Survey) -> str:
    marks = [f"PPRA {', '.join(map(str, survey.about.ppra))}"] if survey.about.ppra else []
    marks += ["*anonymous*"] if survey.anonymous else []
    marks += [f"*fill in* {', '.join(survey.fields)}"] if survey.fields else []
    cells = (
        f"[{survey.title[survey.source]}]({survey.key}.md)",
        f"`{survey.key}`",
        survey.about.grades or "-",
        "; ".join([SENSITIVITIES.get(survey.about.sensitivity, "-"), *marks]),
        str(len(survey.questions)),
        survey.about.approximates.replace("|", "/") or "-",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
