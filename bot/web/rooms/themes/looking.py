"""What several pages of this room need first: which survey, what of it, and the numbers that are at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import HTTPException, Request

from analysis.findings import Summary

from ....at_hand import NotYet
from ....viewing import Viewed
from ....waves import NoWave
from ...needs import Needs
from ...view.addresses import Look, read
from ...view.narrow import crossing
from ...view.themes import in_words


async def title_of(needs: Needs, survey: str) -> str:
    """The title of a survey. 404 for one that there is not."""
    for known in await needs.surveys():
        if known.key == survey:
            return known.title
    raise HTTPException(404)


def look_of(request: Request, survey: str) -> Look:
    """What the address asks for. 404 where it asks for what there is not."""
    look = read(survey, request.query_params.multi_items())
    if look is None:
        raise HTTPException(404)
    return look


async def glance(needs: Needs, look: Look) -> Viewed | None:
    """The findings at hand. 404 for a wave that there is not; raises NotYet."""
    try:
        return await needs.glance(look.survey, look.view, look.wave or None)
    except NoWave:
        raise HTTPException(404) from None


def worded(seen: Viewed) -> Viewed:
    """The same to be shown: themes by their names in the language of the page. What is kept or downloaded has the codebook's."""
    return replace(seen, summary=in_words(seen.summary))


async def crossed(needs: Needs, look: Look, found: Summary) -> Summary | None:
    """The same with the crossings that a page needs; None where it needs none. Raises NotYet; 404 for a dimension that there
    is not."""
    pairs = crossing(look)
    if any(dimension not in found.groups for pair in pairs for dimension in pair):
        raise HTTPException(404)
    return await needs.crossed(look.survey, look.wave or None, pairs) if pairs else None


async def every_wave(needs: Needs, viewed: Viewed) -> Sequence[tuple[str, Summary]]:
    """The findings of all waves that are at hand, the earliest first; none where there is one wave only."""
    found = []
    for name in viewed.waves if len(viewed.waves) > 1 else ():
        if name == viewed.wave:
            found.append((name, viewed.summary))
            continue
        try:
            seen = await needs.glance(viewed.summary.survey, "named", name)
        except (NotYet, NoWave):
            continue
        if seen is not None and seen.summary.heard:
            found.append((name, seen.summary))
    return found
