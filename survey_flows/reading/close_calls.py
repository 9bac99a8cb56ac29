"""What may have been meant by a reply that names no choice clearly: to ask back with, never to keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..folding import FRACTION, fold, light, runs_on, symbols

if TYPE_CHECKING:
    from .labels import Labels

MOST = 3
"""More than so many are not a close call, but the whole question once more."""

_STORY = 24  # words
_NOT_A_CHOICE = re.compile(r"\d[.,:٫/]\d|[<>≤≥%$€£]|\d\s*\+")  # 2.5, 3:30, 10+


def near(labels: Labels, heard: str, language: str) -> tuple[int, ...]:
    """Up to three places, the likeliest first; empty when nothing is near or too much is."""
    plain, words = fold(heard), labels.ear.split(heard)
    said = fold(" ".join(words))
    misspelt = labels.spellings.near(plain, language) if plain else []
    if said != plain:
        misspelt += labels.spellings.near(said, language) if said else []
    one_slip = [(partly, at) for slips, partly, at in misspelt if slips <= 1]
    if one_slip:
        return _few(at for _, at in one_slip) or _few(at for partly, at in one_slip if not partly)
    numbers = [int(word) for word in words if word.isdigit() and len(word) < 10]
    if FRACTION in words or _NOT_A_CHOICE.search(heard) or any(n not in labels.numbered for n in numbers):
        return ()
    told: list[int] = [labels.numbered[number] for number in numbers]
    told += [labels.pictures[char] for char in symbols(heard) if char in labels.pictures]
    told += _letter(labels, plain, language)
    told += labels.exact.get(plain, ())
    if not told and (of_one := _few(_of_labels(labels, words))):
        return of_one
    if len(words) <= _STORY:
        told += _mentioned(labels, plain, language)
    if told:
        return _few(told)
    if yes := labels.ear.yesno.look_up(said or plain, language):
        return _few(_affirmed(labels)) if yes[0] else ()
    cut_short = list(labels.begun(plain)) if len(plain) >= (1 if runs_on(plain) else 3) else []
    return _few(cut_short) or _few(at for _, _, at in misspelt) or _by_word(labels, words, language)


def _affirmed(labels: Labels) -> list[int]:
    """What "yes" leaves open where one choice is called "no": "was it hard?", "a little" or "very"."""
    denied = {
        at
        for form, hits in labels.exact.items()
        for at in hits
        if (no := labels.ear.yesno.look_up(form, "")) and not no[0]
    }
    return [at for at in labels.numbered.values() if at not in denied and at != labels.zero] if denied else []


def _few(places: Iterable[int]) -> tuple[int, ...]:
    found = tuple(dict.fromkeys(places))
    return found if len(found) <= MOST else ()


def _letter(labels: Labels, plain: str, language: str) -> list[int]:
    if plain not in labels.letters:
        return []
    return [labels.letters[plain], *sorted(labels.begun_by(plain, language))]


def _of_labels(labels: Labels, words: list[str]) -> list[int]:
    """The choices whose label has every word of the reply: "bus" is of "School bus" and of "City bus"."""
    told = {fold(word) for word in words} - labels.ear.about - labels.ear.articles
    places = [labels.vocabulary.get(word, set()) for word in told]
    found = set.intersection(*places) if places else set()
    if told & labels.ear.negations:  # "pa mal" (not bad) has the words of "pa byen" and of the Spanish "mal"
        whole = {at for form, hits in labels.exact.items() if told <= set(form.split()) for at in hits}
        found &= whole
    return (
        sorted(found) if len(found) < max(len(labels.numbered), 2) else []
    )  # a word of all labels tells nothing


def _mentioned(labels: Labels, plain: str, language: str) -> Iterator[int]:
    """The choices whose label stands inside a sentence ("it was very hard for us"), unless a "not" turns it round."""
    if runs_on(plain):
        yield from _inside(labels, plain)
        return
    words = plain.split()
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 8), at, -1):
            run = words[at:end]
            form = " ".join(run)
            hits = labels.called(form, light(form), language) if form in labels.exact else {}
            if hits and not labels.ear.yesno.look_up(form, language):
                turned = set(words[max(at - 3, 0) : at]) & labels.ear.negations
                bare = set(run) <= labels.ear.negations and len(run) < len(words)  # the "pa" of "pa mal"
                if not turned and not bare:
                    yield from hits
                at = end
                break
        else:
            at += 1


def _inside(labels: Labels, plain: str) -> Iterator[int]:
    """The same for scripts without spaces: the longest labels first, each stretch of the reply used once."""
    for form in sorted((form for form in labels.exact if runs_on(form)), key=len, reverse=True):
        start = plain.find(form)
        if start < 0 or len(form) < 2:
            continue
        # "不是很难" (not very hard) offers nothing: a "not" a few characters before turns the label round.
        before = plain[max(start - 3, 0) : start]
        if not any(word in before for word in labels.ear.negations if runs_on(word)):
            yield from labels.exact[form]
        plain = plain.replace(form, " ")


def _by_word(labels: Labels, words: list[str], language: str) -> tuple[int, ...]:
    """The choices that one telling word of the reply belongs to; a word that belongs to all of them tells nothing."""
    plain = [fold(word) for word in words]
    if len(plain) > _STORY or set(plain) & labels.ear.negations:
        return ()
    found: list[int] = []
    for word in plain:
        if len(word) >= 4 and word not in labels.ear.filler and not labels.ear.yesno.look_up(word, language):
            places = labels.vocabulary.get(word, set())
            if len(places) < max(len(labels.numbered), 2):
                found += sorted(places)
    return _few(found)
