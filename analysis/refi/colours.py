"""A colour for each top theme. Neighbours differ in lightness too, for those who see hues badly."""

from __future__ import annotations

_COLOURS = (
    "#1F5FA8", "#E08A1E", "#2E7D4F", "#C2455B", "#6B4C9A", "#8FBF3F", "#0F8B8D", "#A0522D",
    "#D16BA5", "#4A6FE3", "#B8A11A", "#7A7A7A", "#16425B", "#F2694B", "#57A773", "#9D1F4F",
)  # fmt: skip


def colour(index: int) -> str:
    """The colour of the top theme that stands at ``index``."""
    return _COLOURS[index % len(_COLOURS)]
