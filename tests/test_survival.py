"""What must survive an engine survives it, or the text is refused: every library survey through an engine that mangles.

The engine is Debian's apertium behind a LibreTranslate-compatible face, and a mangler for the languages that it has not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from apertium_face import Face, standing

from bot.outreach import campaign_file
from bot.translation import Libre
from bot.translation.careful import Careful
from bot.translation.documents import campaign_units, phrase_units, survey_units
from bot.translation.terms import TERMS
from survey_flows import LIBRARY as SURVEYS
from survey_flows import library
from survey_flows.asking import Question
from survey_flows.program import walked

LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")


class InOneGo(Libre):
    """Apertium takes a quarter of a second to begin, and then a thousand lines a second."""

    texts, characters = 10_000, 10_000_000


@pytest.fixture(scope="module")
def face() -> Iterator[Face]:
    with standing() as face:
        yield face


@cache
def texts_in(language: str) -> list[str]:
    """Every text of every library survey in one language, each by itself and questions as they are shown; of every
    library campaign; and Openline's own phrases."""
    campaigns = map(
        campaign_file.loads, map(campaign_file.starter, campaign_file.LIBRARY), campaign_file.LIBRARY
    )
    units = [*phrase_units(), *(unit for campaign in campaigns for unit in campaign_units(campaign))]
    units += [unit for key in SURVEYS for unit in survey_units(library(key))]
    said = (unit.text if language == unit.source else unit.texts.get(language) for unit in units)
    found = dict.fromkeys(filter(None, said))
    for survey in map(library, SURVEYS):
        for item, _, _ in walked(survey.items):
            if isinstance(item, Question):
                found |= {item.ask(language, variant): None for variant in item.texts}
    return list(found)


def must_survive(text: str) -> Counter[str]:
    """Gaps, addresses, keywords and numbers, found by other rules than those of the code under test."""
    plain = text.replace("\u200e", "")
    found = Counter(re.findall(r"\$?\{[^}]*\}", plain))
    plain = re.sub(r"\$?\{[^}]*\}", " ", plain)
    found += Counter(re.findall(r"https?://[\x21-\x7e]*[A-Za-z0-9/]", plain))
    plain = re.sub(r"https?://\S+", " ", plain)
    found += Counter(re.findall(r"(?<![A-Za-z])(?:STOP|HELP|START|SKIP|BACK|JOIN)(?![A-Za-z])", plain))
    found += Counter(re.findall(r"[0-9]+", plain))
    found["digits of another script"] = len(re.findall(r"[^\D0-9]", plain))
    return +found


def option_numbers(text: str) -> list[str]:
    return re.findall(r"(?m)^(\d+)\. ", text)


async def test_the_face_answers_as_libretranslate_does(face):
    engine = InOneGo(face.url)

    spanish = await engine.translate(["The bus is late.", "1. Bus\n2. On foot"], "en", "es")
    arabic = await engine.translate(["Reply STOP to end."], "en", "ar")
    french = await engine.translate(["The bus is late."], "en", "fr")

    assert [t.text for t in spanish] == ["El autobús es tarde.", "1. Autobús\n2. A pie"]
    assert french[0].text == "Le bus est soir."  # a real engine's mistake
    assert all("ا" <= letter <= "ي" for letter in arabic[0].text if letter.isalpha())
    await engine.close()


async def test_the_engine_without_care_damages_texts(face):
    texts = [text for text in texts_in("en") if must_survive(text)]
    engine = InOneGo(face.url)

    damaged = {}
    for target in LANGUAGES[1:]:
        said = await engine.translate(texts, "en", target)
        damaged[target] = sum(
            t is None or must_survive(t.text) != must_survive(text)
            for text, t in zip(texts, said, strict=True)
        )

    print(f"\nwithout care, of {len(texts)}: {damaged}")
    assert all(count > len(texts) / 20 for count in damaged.values()), damaged
    await engine.close()


@pytest.mark.parametrize(
    ("source", "target"), [(s, t) for s in LANGUAGES for t in LANGUAGES if "en" in (s, t) and s != t]
)
async def test_what_must_survive_does_or_the_text_is_refused(face, source, target):
    texts = texts_in(source)
    careful = Careful(InOneGo(face.url), TERMS.spans)

    said = await careful.translate(texts, source, target)

    there = [(text, t.text) for text, t in zip(texts, said, strict=True) if t is not None]
    wrong = [(text, t) for text, t in there if must_survive(text) != must_survive(t)]
    print(
        f"\n| {source} | {target} | {len(texts)} | {careful.again} | {len(texts) - len(there)} | {dict(careful.refused)}"
    )
    assert wrong == []
    assert [option_numbers(text) for text, _ in there] == [option_numbers(t) for _, t in there]
    assert len(there) > 0.85 * len(texts)
    await careful.close()
