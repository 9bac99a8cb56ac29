"""Which language a column is in: "English (en)", "portuguese(pt_br)", "Dari", "Tetun", or one that we do not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import langcodes
from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from ..told import told
from .findings import Finding

NAMELESS = "default"
"""What pyxform calls the language of a column that names none."""

_WITH_CODE = re.compile(r"^(?P<name>.*?)\s*[(\[](?P<code>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)[)\]]\s*$")
_HAN = {"zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh": "zh-Hans"}


def tag(name: str) -> str | None:
    """The BCP 47 tag of a column's language; None for one that we do not know.

    >>> tag("English (en)"), tag("portuguese(pt_br)"), tag("Igbo"), tag("Dari"), tag("chinese"), tag("es")
    ('en', 'pt-BR', 'ig', 'fa-AF', 'zh-Hans', 'es')
    >>> tag("Local language"), tag("kreyòl ayisyen")
    (None, 'ht')
    """
    match = _WITH_CODE.match(name.strip())
    if match and (found := _code(match["code"])):
        return found
    bare = re.sub(r"[_\s]+", " ", match["name"] if match else name).strip()
    if len(bare) == 2 or re.fullmatch(r"[a-z]{2,3}[-_ ][A-Za-z]{2,4}", bare):
        return _code(bare.replace(" ", "-"))
    try:
        found = langcodes.find(bare).to_tag()
    except LookupError:
        return _code(bare) if len(bare) == 3 else None
    return _HAN.get(found, found)


def _code(code: str) -> str | None:
    written = code.replace("_", "-")
    try:
        known = langcodes.tag_is_valid(written) and Language.get(written).language is not None
        found = langcodes.standardize_tag(written) if known else None
    except LanguageTagError:
        return None
    return _HAN.get(found, found) if found else None


def own_tag(name: str, taken: Iterable[str]) -> str:
    """A private tag for a language that we do not know, unlike the others.

    >>> own_tag("Local language", ()), own_tag("Tigirigna", ()), own_tag("Local language", ["x-local-language"])
    ('x-local-language', 'x-tigirign-a', 'x-local-language-2')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word[at : at + 8] for word in re.findall(r"[a-z0-9]+", plain) for at in range(0, len(word), 8)]
    first = "-".join(["x", *(words[:4] or ["unnamed"])])
    found, number = first, 1
    while found in taken:
        number += 1
        found = f"{first}-{number}"
    return found


def tags(
    names: Iterable[str],
    default: str,
    given: str | None,
    texts: Sequence[Mapping[str, str]],
    findings: list[Finding],
) -> dict[str, str]:
    """A tag for each language name of the columns, NAMELESS among them if some column names none.

    ``default`` is the form's own default_language, ``given`` what the person who imports it says, ``texts`` the form's
    labels by language name.
    """
    names = list(names)
    found: dict[str, str] = {}
    for name in names:
        if name == NAMELESS:
            continue
        known = tag(name)
        if known is None:
            known = own_tag(name, found.values())
            what = told("'{name}' is no language that we know.", name=name)
            cure = told(
                "It is kept apart as {language}. Name the column like 'Tigrinya (ti)' to have it known.",
                language=known,
            )
            findings.append(Finding("survey", 1, what, cure))
        elif known in found.values():
            other = next(other for other, its in found.items() if its == known)
            what = told(
                "'{other}' and '{name}' are one language ({language}).",
                other=other,
                name=name,
                language=known,
            )
            findings.append(
                Finding("survey", 1, what, told("Their texts are put together; the first counts."))
            )
        found[name] = known
    if NAMELESS in names:
        found[NAMELESS] = _nameless(found, default, given, texts, findings)
    return found


def _nameless(
    found: dict[str, str],
    default: str,
    given: str | None,
    texts: Sequence[Mapping[str, str]],
    findings: list[Finding],
) -> str:
    said = given or (tag(default) if default != NAMELESS else None)
    if said:
        return langcodes.standardize_tag(said)
    if not found:
        what = told("The form does not say in which language it is.")
        findings.append(
            Finding("survey", 1, what, told("It is read as English (en); --language says otherwise."))
        )
        return "en"
    # The same words in both columns speak for one language, other words against it.
    both = [held for held in texts if NAMELESS in held and len(held) > 1]
    alike = {
        name: sum(1 if held[name] == held[NAMELESS] else -1 for held in both if name in held)
        for name in found
    }
    likeliest = max(alike, key=lambda name: alike[name])
    what = told("Some columns name no language.")
    if alike[likeliest] >= 0:
        findings.append(
            Finding("survey", 1, what, told("They are read as {language}.", language=found[likeliest]))
        )
        return found[likeliest]
    own = own_tag("unnamed", found.values())
    findings.append(
        Finding(
            "survey",
            1,
            what,
            told("They are kept apart as {language}; --language says which one it is.", language=own),
        )
    )
    return own
