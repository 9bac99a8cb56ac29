"""What is wrong with a filter: where, what, and how to mend it."""

from __future__ import annotations

from survey_flows.told import lines, told

SHOWN = 90
"""So many characters of the line are shown about the place."""


class AudienceError(ValueError):
    """A filter cannot be used. ``what`` is wrong, ``cure`` mends it; ``line`` and ``column`` count from 1.

    >>> print(AudienceError('grade > Lincoln', 8, '"Lincoln" has no order.', "Compare with =."))
    "Lincoln" has no order.
      grade > Lincoln
              ^
    Compare with =.
    """

    def __init__(self, text: str, at: int, what: str, cure: str) -> None:
        at = max(0, min(at, len(text)))
        before = text[:at].split("\n")
        rest = text[at:].partition("\n")[0]
        self.what, self.cure = what, cure
        self.line, self.column = len(before), len(before[-1]) + 1
        super().__init__(lines((what, *_pointed(before[-1], rest), cure)))

    @property
    def plain(self) -> str:
        """What is wrong and what mends it, without the place."""
        return told("{what} {cure}", what=self.what, cure=self.cure)


def _pointed(before: str, rest: str) -> tuple[str, str]:
    """The line with a caret below the place; of a long one what stands about it."""
    left, right = before[-SHOWN // 2 :], rest[: SHOWN // 2]
    if len(left) < len(before):
        left = f"… {left}"
    if len(right) < len(rest):
        right = f"{right} …"
    shown = "".join(each if each.isprintable() else " " for each in left + right)
    return f"  {shown}".rstrip(), f"  {' ' * len(left)}^"
