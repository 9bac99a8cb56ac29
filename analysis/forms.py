"""First what form a reply has (a barrier, an idea, thanks …), given what was asked; then which barrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from .codebook import Codebook
from .space import Floats, softmax

Asked = Literal["hard", "helps", "idea"]

FORMS: Mapping[Asked | None, Mapping[str, float]] = {
    "hard": {"x.no_barrier": 0.10, "x.helps": 0.01, "x.idea": 0.02, "x.thanks": 0.02, "x.unclear": 0.04},
    "helps": {"x.no_barrier": 0.08, "x.helps": 0.75, "x.idea": 0.02, "x.thanks": 0.04, "x.unclear": 0.04},
    "idea": {"x.no_barrier": 0.08, "x.helps": 0.01, "x.idea": 0.75, "x.thanks": 0.05, "x.unclear": 0.04},
    None: {"x.no_barrier": 0.10, "x.helps": 0.08, "x.idea": 0.12, "x.thanks": 0.05, "x.unclear": 0.05},
}
"""How likely each form of reply is before it is read, by what was asked; what is left goes to the barriers. "The bus"
is a barrier after "What made it hard?" and a help after "What helps?": no words could tell. Round numbers of our own."""
RARE = 0.02
_IDEA = "x.idea"


def by_form(codebook: Codebook, logits: Floats, asked: Sequence[Asked | None]) -> Floats:
    """First what form of reply it is (a barrier, an idea, thanks …), given what was asked; then which barrier.

    An idea is about something: its subject is coded too. What helps is not a barrier.
    """
    codes = codebook.codes
    others = [at for at, code in enumerate(codes) if codebook[code].kind == "other"]
    barriers = [at for at, code in enumerate(codes) if codebook[code].kind == "barrier"]
    prior = np.array([_prior(codebook, question) for question in asked], np.float32)
    together = np.log(
        np.exp(logits[:, barriers] - logits.max(axis=1, keepdims=True)).sum(axis=1)
    ) + logits.max(axis=1)
    # Every code counted the same in training, so the barriers together stand for as many as they are.
    forms = np.concatenate([(together - np.log(len(barriers)))[:, None], logits[:, others]], axis=1)
    form = softmax(forms + np.log(prior))
    subject = form[:, 0].copy()
    if _IDEA in codes:
        subject += form[:, 1 + others.index(codes.index(_IDEA))]
    found = np.empty_like(logits)
    found[:, others] = form[:, 1:]
    found[:, barriers] = softmax(logits[:, barriers]) * subject[:, None]
    return found


def _prior(codebook: Codebook, asked: Asked | None) -> list[float]:
    others = [code for code in codebook.codes if codebook[code].kind == "other"]
    chances = [FORMS[asked].get(code, RARE) for code in others]
    return [max(1 - sum(chances), RARE), *chances]
