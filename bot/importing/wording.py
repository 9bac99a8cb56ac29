"""What is wrong with a file or a line, kept as JSON: it is found beside the pages, and read later, in any language."""

from __future__ import annotations

from typing import Any

from survey_flows.told import Told, told, told_n

LONGEST = 500
"""Characters of a text that is kept as it is."""


def kept(text: str) -> Any:
    """The text; one that can be said again as its words and values.

    >>> kept(told("{what} (the rest was taken)", what="no area code"))
    {'text': '{what} (the rest was taken)', 'values': {'what': 'no area code'}}
    """
    if not isinstance(text, Told):
        return text[:LONGEST]
    values = {name: _value(value) for name, value in text.values.items()}
    if text.many is None:
        return {"text": text.one, "values": values}
    return {"text": text.one, "many": text.many, "number": text.number, "values": values}


def unkept(given: Any) -> str:
    """What ``kept`` gave, as it was.

    >>> unkept(kept(told("the day is no date; write it as 2026-10-14")))
    'the day is no date; write it as 2026-10-14'
    """
    if not isinstance(given, dict):
        return str(given)
    values = {
        name: unkept(value) if isinstance(value, dict) else value for name, value in given["values"].items()
    }
    text, many = given["text"], given.get("many")
    return told(text, **values) if many is None else told_n(text, many, given["number"], **values)


def _value(value: object) -> Any:
    if isinstance(value, str):
        return kept(value)
    return value if isinstance(value, int) else str(value)
