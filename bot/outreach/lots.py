"""Who gets which variant, and who gets nothing, for comparison: by lot, and always the same lot for one household."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from .campaign import Campaign

HOLDOUT = "holdout"


@lru_cache(maxsize=64)
def _shares(holdout: int, variants: tuple[tuple[str, int], ...]) -> tuple[tuple[float, str], ...]:
    """Upper ends of the slices of [0, 1) and whom they belong to."""
    upper, slices = holdout / 100, [(holdout / 100, HOLDOUT)]
    rest = 1 - upper
    for variant, percent in variants or (("", 100),):
        upper += rest * percent / 100
        slices.append((upper, variant))
    return tuple(slices)


def lot(campaign: Campaign, household: UUID) -> str:
    """The variant for a household ("" where there is one), or ``holdout``.

    The lot is a hash of the campaign's key and the household: nobody can choose it, it is the same for all steps and
    on every machine, and a household that was held out of one campaign is not more likely to be held out of the next.
    """
    if not campaign.variants and not campaign.holdout:
        return ""
    drawn = int.from_bytes(blake2b(campaign.key.encode() + household.bytes, digest_size=7).digest()) / 2**56
    shares = _shares(campaign.holdout, tuple(campaign.variants.items()))
    return next((whose for upper, whose in shares if drawn < upper), shares[-1][1])
