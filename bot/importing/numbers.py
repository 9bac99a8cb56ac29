"""Reads a cell with phone numbers, as schools write them: several in one, with words beside them, with extensions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

from survey_flows.told import told

BETWEEN = re.compile(r"[;/|,\n]+|\s(?:or|and|y|o|ou|e)\s", re.IGNORECASE)
BESIDE = re.compile(r"\([^\d()]*\)|^[^\d+(]+|[^\dx#)]+$", re.IGNORECASE)
"""Words beside a number: "(cell)", "home: ", " mother's". An x before digits is an extension and stays."""
NO_NUMBER = re.compile(r"^\W*(?:none|no|n/?a|unknown|ninguno|no tiene|nil|null|tbd)?\W*$", re.IGNORECASE)
SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?e\+?\d+$", re.IGNORECASE)
FRACTION = re.compile(r"^(\d{7,15})\.0+$")

NONE = told("no phone number")
WRITTEN_BY_EXCEL = told(
    "the spreadsheet has cut the phone number (it shows an E); make the column text and write it anew"
)
EXTENSION = told("a phone number with an extension gets no text messages; give a mobile number")
LOCAL = told("the phone number has no area code; write it with one")
PLACEHOLDER = told("the phone number only fills the cell; leave it empty or give the real one")
NOT_ONE = told("no usable phone number; check its digits, and write the country code if it is a foreign one")


@dataclass(frozen=True, slots=True)
class Number:
    """One number in E.164. ``valid`` and ``landline`` are what the numbering plan says: advice, for it lags behind."""

    e164: str
    valid: bool = True
    landline: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands in a cell: the numbers, each once, and what is wrong with what is no number."""

    found: tuple[Number, ...] = field(default=(), repr=False)
    problem: str | None = None


def read(cell: str, country: str) -> Numbers:
    """The numbers of one cell; ``country`` (two letters) is theirs where no country code is written.

    *Possible* is asked for, not *valid*: validity tables lag behind and know no made-up numbers.

    >>> [number.e164 for number in read("503-555-0123 / (503) 555-0199 (cell)", "US").found]
    ['+15035550123', '+15035550199']
    >>> read("503-555-0123 ext 4", "US").problem == EXTENSION, read("555-0123", "US").problem == LOCAL
    (True, True)
    """
    if NO_NUMBER.match(cell):
        return Numbers()
    found: dict[str, Number] = {}
    problem = None
    for part in BETWEEN.split(cell):
        if NO_NUMBER.match(part):
            continue
        one = _one(part.strip(), country)
        if isinstance(one, Number):
            found.setdefault(one.e164, one)
        else:
            problem = problem or one
    return Numbers(tuple(found.values()), problem)


def e164(written: str, country: str) -> str | None:
    """One number as the providers want it; None where it cannot be one.

    >>> e164("(503) 555-0123", "US"), e164("12", "US")
    ('+15035550123', None)
    """
    found = read(written, country).found
    return found[0].e164 if found else None


@lru_cache(maxsize=20_000)  # sisters and brothers stand near each other, with the same numbers
def _one(written: str, country: str) -> Number | str:
    if SCIENTIFIC.match(written):
        return WRITTEN_BY_EXCEL
    plain = FRACTION.sub(r"\1", BESIDE.sub("", written))
    try:
        read = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        return NOT_ONE
    if read.extension:
        return EXTENSION
    digits = str(read.national_number)
    if read.country_code == 52 and len(digits) == 11 and digits.startswith("1"):
        # Mexico's mobiles lost this 1 in 2019; phones still show it in their address books.
        read.national_number, digits = int(digits[1:]), digits[1:]
    if len(set(digits)) == 1:
        return PLACEHOLDER
    possible = phonenumbers.is_possible_number_with_reason(read)
    if possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return LOCAL
    if possible != ValidationResult.IS_POSSIBLE:
        return NOT_ONE
    kind = phonenumbers.number_type(read)
    return Number(
        phonenumbers.format_number(read, PhoneNumberFormat.E164),
        kind != PhoneNumberType.UNKNOWN,
        kind == PhoneNumberType.FIXED_LINE,
    )
