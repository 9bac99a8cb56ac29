"""From a finding to a problem statement that people can measure, edit and be held to: "reduce X among Y at Z from A to B by D".

A draft says what the shown numbers say and no more. What only people can know (why it is so, what helps, whether a rule of
the school's own is behind it) is left for them to fill in; check() says what a statement still lacks, whoever wrote it.
The form follows REL 2021-014 (Shakman and others 2020, a toolkit of the US Department of Education, public domain).
"""

from .checking import Lack, check
from .drafting import draft
from .statement import TO_SET, Evidence, Statement, as_text, edited, from_json, to_json

__all__ = (
    "TO_SET",
    "Evidence",
    "Lack",
    "Statement",
    "as_text",
    "check",
    "draft",
    "edited",
    "from_json",
    "to_json",
)
