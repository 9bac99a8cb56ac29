"""Audiences: a small readable language for whom a message is meant, and its translation to SQL.

A filter is asked of each person together with each of their children, one after the other; a person is in the audience
when it is true with any of them (with none, for those who have no children). docs/audiences.md explains the language.
"""

from .checking import check
from .condition import children, condition, everyone
from .counting import Counts, counts
from .errors import AudienceError
from .expression import Expression
from .reading import parse
from .saved import delete, get, listed, resolve, save

__all__ = [
    "AudienceError",
    "Counts",
    "Expression",
    "check",
    "children",
    "condition",
    "counts",
    "delete",
    "everyone",
    "get",
    "listed",
    "parse",
    "resolve",
    "save",
]
