"""What comes back from translators a little wrong: nothing is taken for something else, and nothing is lost in silence."""

from __future__ import annotations

import pytest

from bot.translation.exchange import Returned, Row, match, read, write
from bot.translation.exchange.base import digest
from bot.translation.units import Unit


def test_columns_that_were_sorted_without_the_hidden_ones_are_not_taken_over():
    units = [Unit("survey:x/one/ask", "en", "Hello"), Unit("survey:x/two/ask", "en", "Goodbye")]
    rows = (
        Row("survey:x/two/ask", "Hello", "Hola", "approved", digest=digest("Goodbye")),
        Row("survey:x/one/ask", "Goodbye", "Adiós", "approved", digest=digest("Hello")),
    )

    found, told = match(Returned("x.xlsx", "xlsx", "en", "es", rows), units, "es")

    assert [one.verdict for one in found] == ["stale", "stale"]
    assert [one.word for one in told] == ["stale", "stale"]


@pytest.mark.parametrize("hex_", ["D800", "DFFF", "0"])
def test_half_a_character_or_none_is_no_translation(hex_):
    raw = write([Unit("survey:x/one/ask", "en", "Hello", texts={"es": "Hola"})], "es", "xliff").decode()

    back = read(raw.replace("Hola", f'Hola<cp hex="{hex_}"/>').encode(), "x.xlf")

    assert (back.rows, [one.word for one in back.complaints]) == ((), ["unreadable"])


@pytest.mark.parametrize("line", ['msgstr Hola"', 'msgstr "Hola', "msgstr 'Hola'", 'msgstr "Hola\\"'])
def test_an_entry_that_lacks_a_quotation_mark_is_told_and_loses_no_letter(line):
    raw = write([Unit("survey:x/one/ask", "en", "Hello", texts={"es": "Hola"})], "es", "po").decode()

    back = read(raw.replace('msgstr "Hola"', line).encode(), "x.po")

    assert (back.rows, [one.word for one in back.complaints]) == ((), ["unreadable"])
