"""What a translator should know of a text beside the text: where it stands, what it takes, which rules hold."""

from __future__ import annotations

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from survey_flows.segments import count

_LEFTWARDS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
RULES = (
    ("Keep the words in braces exactly as they are:", "{school}, {first_name}, ${hard}. They are filled in when it is sent."),
    ("Keep the word STOP, and other words in capitals that people send:", "phones understand them in English."),
    ("Keep it short and plain:", "as you would say it to a neighbor. Long texts are sent, and paid for, in several parts."),
)  # fmt: skip
"""The three rules, for people who have never translated for a telephone."""


def length(text: str) -> str:
    """How much of an SMS the source takes.

    >>> length("Was it hard? Reply STOP to end."), length("é" * 200)
    ('31 characters, 1 SMS', '200 characters, 2 SMS')
    """
    return f"{len(text):,} characters, {count(text).parts} SMS"


def where(context: str) -> str:
    """A context as people read it.

    >>> where("survey:getting-to-school/hard/choice/bus")
    'getting-to-school › hard › choice › bus'
    """
    return " › ".join(part for part in context.partition(":")[2].split("/") if part) or context


def name(tag: str) -> str:
    """A language's name in English and its own: "Spanish (español)".

    >>> name("ht"), name("en"), name("not a tag")
    ('Haitian Creole (Kreyòl Ayisyen)', 'English', 'not a tag')
    """
    try:
        english, own = Language.get(tag).display_name("en"), Language.get(tag).autonym()
    except LanguageTagError:
        return tag
    return english if own in (english, tag) else f"{english} ({own})"


def direction(tag: str) -> str:
    """``rtl`` or ``ltr``, by the script the language is written in; ``auto`` when the tag is none.

    >>> direction("ur"), direction("vi"), direction("not a tag")
    ('rtl', 'ltr', 'auto')
    """
    try:
        return "rtl" if Language.get(tag).maximize().script in _LEFTWARDS else "ltr"
    except LanguageTagError:
        return "auto"
