"""Small summaries, made by hand: what a test of gaps, changes and views starts from."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.codebook.base import Codebook, Theme
from analysis.findings import Corrected, Finding, GroupFinding, Summary, Tongue, Unheard
from analysis.intervals import wilson


def theme(name, reach=None, flag=None, kind="barrier"):
    parent = name.split(".")[0] if "." in name else None
    return Theme(name, parent, name.capitalize(), "", "", "", kind, reach=reach, flag=flag)


BOOK = Codebook(
    "barriers",
    "1",
    "Barriers",
    (
        theme("ill"),
        theme("ill.short", "outside"),
        theme("ill.care", "partners"),
        theme("road"),
        theme("road.bus", "district"),
        theme("road.cost", "partners"),
        theme("talk", flag="Title VI: language lead"),
        theme("talk.child", "school", "civil rights: language lead"),
        theme("fear"),
        theme("fear.law", None, "restricted view, aggregate only"),
    ),
)


def finding(name, count, heard, subs: Mapping[str, int] | None = None, mended=None):
    """A shown theme, or a hidden one where ``count`` is None."""
    label = BOOK[name].label if name in BOOK else name
    if count is None:
        return Finding(name, label, None, None, None, None)
    parts = tuple(finding(sub, said, heard) for sub, said in (subs or {}).items())
    return Finding(
        name,
        label,
        count,
        count / heard,
        *wilson(count, heard),
        subs=parts,
        corrected=mended and Corrected(*mended, 100),
    )


def group(heard, mended=None, **said):
    """How many of a group named each theme; None is hidden."""
    shares = {name: None if count is None else count / heard for name, count in said.items()}
    return GroupFinding(
        heard, heard, shares, {name: Corrected(*ends, 100) for name, ends in (mended or {}).items()}
    )


def summary(heard, *themes, groups=None, tongues=(), asked=None):
    return Summary(
        survey="attend",
        asked=asked or heard,
        answered=heard,
        heard=heard,
        uncoded=0,
        minimum=10,
        themes=themes,
        apart=None,
        groups=groups or {},
        unheard=Unheard({}, {}),
        tongues={tongue: Tongue(1.0, 1.0) for tongue in tongues},
    )
