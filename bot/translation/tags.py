"""What engines call languages. Ours are BCP 47 tags; theirs are as they please."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .base import Pair


def codes(tag: str, special: Mapping[str, tuple[str, ...]] = {}) -> tuple[str, ...]:
    """What an engine may call the language of a BCP 47 tag, likeliest first.

    >>> codes("es-MX")
    ('es-MX', 'es')
    >>> codes("zh-Hant", {"zh-Hant": ("zt",)})
    ('zt',)
    """
    return special.get(tag) or tuple(dict.fromkeys((tag, tag.split("-")[0])))


def known(
    source: str,
    target: str,
    pairs: Collection[Pair],
    special: Mapping[str, tuple[str, ...]] = {},
) -> Pair | None:
    """The engine's own codes of a pair of tags; None where it has not got them."""
    theirs = {(s.lower(), t.lower()): (s, t) for s, t in pairs}
    for s in codes(source, special):
        for t in codes(target, special):
            if found := theirs.get((s.lower(), t.lower())):
                return found
    return None
