"""What a problem statement lacks: whoever wrote it, the same is asked of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .statement import Statement, in_percent


@dataclass(frozen=True, slots=True)
class Lack:
    """What a statement lacks, and what to do about it."""

    field: str
    problem: str
    cure: str


_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|caused? by|as a result of|thanks to|lack of|results? from|reason (?:is|being)|stems? from|driven by)\b",
    re.I,
)
_SOLUTION = re.compile(
    r"\b(?:by (?!\d|the end|end|mid|early|late|spring|summer|fall|autumn|winter|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|…)\w+ing\b"
    r"|through (?:a|an|the|new|better|more)\b|should\b|must\b|needs? to\b|implement\w*|introduc\w+|launch\w*|hir(?:e|ing)\b|install\w*"
    r"|purchas\w+|provid(?:e|ing)\b|train(?:ing)? (?:for|of|staff|parents|teachers)|new (?:app|bus|program\w*|position|policy)|workshops?|add(?:ing)? (?:a|an|more)\b)",
    re.I,
)
_BLAME = re.compile(
    r"(?:\b(?:parents?|famil(?:y|ies)|mothers?|fathers?|students?|kids|children|households?|caregivers?|they)\s+"
    r"(?:(?:who|that|often|just|simply|always|still|also|do|are|is|have|has|will|would)\s+)*"
    r"(?:do ?n[o']t (?:care|value|bother|try|want|respond|engage|read|show)|don't (?:care|value|bother|try|want|respond|engage|read|show)"
    r"|not (?:care|value|bother|try|want|respond|engage|read|show|interested|motivated|involved)"
    r"|fail(?:s|ed|ing)?\b|refus\w+|neglect\w*|ignor\w+|lazy|careless|unmotivated|unwilling|uninvolved|uninterested|irresponsible|uncooperative)"
    r"|\b(?:bad|poor|lax|weak) parenting\b|\bbroken homes?\b|\bparental (?:apathy|neglect|indifference)\b|\bculture of (?:absence|poverty|truancy)\b"
    r"|\blazy (?:parents?|families|students?)\b|\bexcuses\b|\bhard[- ]to[- ]reach\b|\b(?:parents?|famil(?:y|ies)|students?)['’]? fault\b)",
    re.I,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")


def check(statement: Statement, today: date | None = None) -> tuple[Lack, ...]:
    """What a statement lacks; nothing for one that can be agreed on ``today``. Labels in quotation marks are names of themes, and not
    looked at for causes."""
    bare = _QUOTED.sub("“…”", statement.line)
    found: list[Lack] = []
    if hit := _CAUSE.search(bare):
        found.append(
            Lack(
                "line",
                f"the first line names a cause (“{hit[0]}”)",
                "Say what happens to whom; put causes to the drill-down.",
            )
        )
    if hit := _SOLUTION.search(bare):
        found.append(
            Lack(
                "line",
                f"the first line has a solution in it (“{hit[0]}”)",
                "Say what shall be different, and leave open how.",
            )
        )
    words = " ".join(
        [
            bare,
            statement.going_well,
            statement.our_rules,
            *statement.unknown,
            *statement.not_heard,
            *(one.text for one in statement.evidence),
        ]
    )
    if hit := _BLAME.search(_QUOTED.sub(" ", words)):
        found.append(
            Lack(
                "line",
                f"it blames families or students (“{hit[0]}”)",
                "Say what stands in their way, and what of it is ours.",
            )
        )
    if statement.start is None or statement.target is None:
        found.append(
            Lack("start", "there is no number", "Say from how much to how much: start and target, as shares.")
        )
    if statement.start is not None and statement.target is not None:
        down = statement.target < statement.start
        if down is not (statement.verb == "Reduce") or statement.target == statement.start:
            found.append(
                Lack(
                    "target",
                    f"“{statement.verb}” does not go with {in_percent(statement.start)} to {in_percent(statement.target)}",
                    "Turn one of them round.",
                )
            )
    if statement.by is None:
        found.append(Lack("by", "there is no date", "Say by when: by=2027-06-30."))
    elif today is not None and statement.by <= today:
        found.append(Lack("by", f"{statement.by} has passed", "Say by when: a day to come."))
    if not statement.evidence:
        found.append(Lack("evidence", "there is no source", "Add where the numbers are from."))
    elif not any(one.kind == "listening" for one in statement.evidence):
        found.append(
            Lack(
                "evidence", "no listening source is cited", "Add what people themselves have said, and where."
            )
        )
    for field in statement.unset:
        found.append(
            Lack(
                field,
                f"{field} is a proposal of Openline's",
                f"Set it: openline problems edit ID --set {field}=…",
            )
        )
    return tuple(found)  # fmt: skip
