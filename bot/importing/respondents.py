"""Who somebody on a list is, by the words that student information systems have for it."""

from __future__ import annotations

import unicodedata

RESPONDENTS = ("family", "student", "staff")

# OneRoster 1.2 and Microsoft's School Data Sync 2.1 name these roles; the rest is what exports and staff write.
_WORDS = {
    "family": "family guardian parent relative mother father mom dad caregiver grandparent aunt uncle stepparent "
    "stepmother stepfather fosterparent contact familia tutor tutora acudiente encargado encargada representante "
    "apoderado apoderada padre madre abuela abuelo",
    "student": "student pupil learner child estudiante alumno alumna hijo hija",
    "staff": "staff teacher educator professor faculty principal administrator administratoroforganization "
    "districtadministrator siteadministrator aide assistant ta counselor counsellor advisor adviser employee "
    "personal maestro maestra docente profesor profesora director directora",
}
WORDS = {word: respondent for respondent, words in _WORDS.items() for word in words.split()}


def respondent(word: str) -> str | None:
    """``family``, ``student`` or ``staff``; None for a word that says neither.

    >>> respondent("Guardian"), respondent("MAESTRA"), respondent("proctor")
    ('family', 'staff', None)
    """
    return WORDS.get("".join(letter for letter in folded(word) if letter.isalpha()))


def folded(text: str) -> str:
    """What two spellings of a word or a name share: no case, no accents, one space between words."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in flat if not unicodedata.combining(letter)).split())
