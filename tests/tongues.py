"""For tests of what people text in eleven languages: tables of texts, and the languages themselves."""

import pytest

from survey_flows.lexicon import LEXICONS, ear

TAGS = ("so", "tl", "sw", "am", "hi", "ru", "uk", "ko", "zh-Hant", "ur", "fa")
ALL = ear(tuple(LEXICONS))


def each(texts):
    """The texts of one row."""
    return [text.strip() for line in texts.strip().splitlines() for text in line.split(" | ")]


def rows(table):
    """(tag, text) for every text of a table."""
    return [
        pytest.param(tag, text, id=f"{tag}-{text}") for tag, texts in table.items() for text in each(texts)
    ]
