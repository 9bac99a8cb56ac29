"""What is wrong with a file that staff write, as a line each: where, what, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey_flows.told import Told, lines, told


def complaint(line: int, problem: str, cure: str) -> str:
    """One fault, on one line, in characters that any terminal takes."""
    if cure:
        said = told("line {line}: {problem} {cure}", line=line, problem=problem, cure=cure)
    else:
        said = told("line {line}: {problem}", line=line, problem=problem)
    plain = said.encode("utf-8", "backslashreplace").decode()
    plain = "".join(char if char.isprintable() else " " for char in plain)
    return said if plain == said else plain


def without_line(said: str) -> str:
    """A fault for a page whose reader sees no lines."""
    if not isinstance(said, Told):
        return re.sub(r"^line \d+: ", "", said)
    problem, cure = str(said.values["problem"]), said.values.get("cure")
    return told("{what} {cure}", what=problem, cure=cure) if cure else problem


def unusable(name: str, complaints: Iterable[str]) -> str:
    """The whole of it: the file's name, and every fault below."""
    indented = "  {complaint}"
    return lines(
        (told("{file} cannot be used:", file=name), *(told(indented, complaint=one) for one in complaints))
    )
