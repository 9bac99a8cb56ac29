"""Which of the messages that were heard wait for a person. Surveys, commands and alerts are answered by themselves; a
question to the school is not. In doubt it waits: a message too many costs a look, one too few costs somebody's voice."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from channels.base import Received
from survey_flows import requests
from survey_flows.dispositions import OPEN
from survey_flows.folding import fold, light
from survey_flows.lexicon import POLITE_RUN_ON, bare

WAITING, ANSWERED = "waiting", "answered"
"""States of a message that was heard, where the words are for a person: nobody has answered; somebody has, or has said
that no answer is needed. Every other message that was heard is simply ``heard``."""
FOR_A_PERSON = ("kept", "person", "danger")
"""What the inbox calls words that it can answer by no question and no command."""
SURVEY = ("answered", "again")
"""And words that it has put to a survey's question, or has not understood as an answer to it."""
FRIENDLY = frozenset("👍👌🙏👏🙌🤝💪❤♥🧡💛💚💙💜🤍🤎💕💖😊🙂😀😃😄😁😆😂😅😇😉😍🥰😘🤗☺✅✔☑💯🎉🌹🌷🌸💐⭐🌟")
ASKING = frozenset("?？؟՞፧⁇⁈⁉❓❔")
SKIN = frozenset("🏻🏼🏽🏾🏿")
"""Signs that say thanks or yes; that ask; and that colour a hand."""
A_WHILE = timedelta(hours=1)
"""Who has been asked so long ago may since have had a message of a campaign, and mean that."""


def waits(
    outcome: str,
    message: Received,
    language: str,
    before: str | None,
    *,
    anonymous: bool,
    after_campaign: bool = False,
) -> bool:
    """Whether a person should read and answer this message.

    ``outcome`` is what the inbox made of it, in its word; ``language`` the sender's; ``before`` the disposition of the sender's conversation when it
    came, None where there was none. Words after a survey's end are put to its last answer, and may well be a question
    to the school: they wait, unless they are mere politeness, or the survey is ``anonymous``: then nobody may read
    them under a name. So do words in the middle of one ``after_campaign``: where the last that went out was no question
    but a campaign's message, which they may mean.
    """
    if message.choice is not None or message.word is not None:
        return False
    if not message.media and _nods(message.text):
        return False
    if outcome in FOR_A_PERSON:
        return True
    over = before is not None and before not in OPEN and not anonymous
    meant_otherwise = over or (after_campaign and not anonymous)
    return outcome in SURVEY and meant_otherwise and not polite(message.text, language)


def _nods(text: str) -> bool:
    """Whether this is signs only, and friendly ones: "👍" asks nothing, "???" and "🆘" do."""
    plain = (sign for sign in text if unicodedata.category(sign)[0] not in "ZCM" and sign not in SKIN)
    return all(
        sign in FRIENDLY or (sign not in ASKING and unicodedata.category(sign)[0] == "P") for sign in plain
    )


def polite(text: str, language: str) -> bool:
    """Whether this is nothing but thanks, a greeting, or "ok", in any language.

    >>> polite("Mèsi anpil!", "ht"), polite("ok thank you", "en"), polite("谢谢老师", "zh-Hans"), polite("thanks, but when?", "en")
    (True, True, True, False)
    """
    if any(sign in ASKING for sign in text):
        return False  # "Hello?" calls for somebody
    left = " ".join(bare([word.strip(".,;:!?¡¿") for word in light(text).split()]))
    folded = fold(left)
    for phrase in POLITE_RUN_ON:
        folded = folded.replace(phrase, "")
    if not any(letter.isalnum() for letter in folded):
        return True
    request = requests.read(left, language)
    return request is not None and request.kind == "ok"
