"""How far people agree on what replies say, and how far a coder agrees with people."""

from .coefficients import alpha, kappas, masi, nominal
from .judging import Verdict, judge
from .measuring import Agreement, Figure, OfTheme, Readings, measure
from .quality import Hits, Quality

__all__ = [
    "Agreement",
    "Figure",
    "Hits",
    "OfTheme",
    "Quality",
    "Readings",
    "Verdict",
    "alpha",
    "judge",
    "kappas",
    "masi",
    "measure",
    "nominal",
]
