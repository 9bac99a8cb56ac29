"""What must survive an engine survives it, or the text is refused: every library survey through an engine that mangles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from apertium_face import Face, standing

from bot.translation import Libre


@pytest.fixture(scope="module")
def face() -> Iterator[Face]:
    with standing() as face:
        yield face


async def test_the_face_answers_as_libretranslate_does(face):
    engine = Libre(face.url)

    spanish = await engine.translate(["The bus is late.", "1. Bus\n2. On foot"], "en", "es")
    arabic = await engine.translate(["Reply STOP to end."], "en", "ar")
    french = await engine.translate(["The bus is late."], "en", "fr")

    assert [t.text for t in spanish] == ["El autobús es tarde.", "1. Autobús\n2. A pie"]
    assert french[0].text == "Le bus est soir."  # a real engine's mistake
    assert all("ا" <= letter <= "ي" for letter in arabic[0].text if letter.isalpha())
    await engine.close()
