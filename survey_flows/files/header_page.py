"""Reads what stands on top of a survey file, and with it the whole survey."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import langcodes
import yaml

from .. import phrases, requests, words
from ..asking import Texts
from ..choices import Option
from ..folding import fold
from ..items import Item
from ..lexicon import LEXICONS
from ..program import walked
from ..survey import About, Survey
from ..told import told
from .approvals import digest
from .approved_page import approved
from .gate_page import truth
from .item_page import items, names
from .question_page import kind_keys, listed
from .survey_page import GAPS, KEY, NAME, SurveyPage
from .tree import Entry, did_you_mean

TOP = (
    "survey", "source", "from", "drafted", "approved", "variants", "about", "fields", "contact", "keywords", "anonymous", "notes", "called",
    "title", "intro", "thanks", "lists", "questions",
)  # fmt: skip
_ABOUT = ("audience", "grades", "purpose", "sensitivity", "ppra", "approximates", "cites")
_AUDIENCES = ("families", "students", "staff", "everyone")
_AREAS = tuple("12345678")
_SENSITIVITIES = ("S0", "S1", "S2")
_OWN = frozenset({"school", "first_name", "grade", "language"})
"""Contact fields that every text may mention."""


def read(page: SurveyPage, top: dict[str, Entry], others: Sequence[yaml.MappingNode], text: str) -> Survey:
    """The survey, as far as it could be read: to be used only if the page has no problems."""
    key = page.key(top["survey"], "survey", NAME, "getting-to-school", top["survey"].value)
    page.lenient = _elsewhere(page, top.get("from"))
    page.source = (page.text(top["source"].value, "'source'") or "en") if "source" in top else "en"
    page.languages = _languages(page, top["title"])
    page.variants = _variants(page, top.get("variants"))
    fields = _stand_ins(page, top.get("fields"), "fields")
    page.known_gaps = GAPS | fields.keys()
    contact = _stand_ins(page, top.get("contact"), "contact")
    title = page.words(top["title"].value, told("the title"))
    intro = _intro(page, top["intro"])
    thanks = (
        page.words(top["thanks"].value, told("the thanks"))
        if "thanks" in top
        else _our_thanks(page.languages)
    )
    page.others, page.including = _others(page, others), [key]
    page.lists = _lists(page, top.get("lists"))
    made = _questions(page, top["questions"])
    known = {item.key for item, _, _ in walked(made)} | _OWN | fields.keys() | contact.keys()
    _known(page, known)
    survey = Survey(
        key=key,
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        source=page.source,
        languages=page.languages,
        title=title,
        intro=intro,
        thanks=thanks,
        items=made,
        variants=page.variants,
        drafts=_drafts(page, top.get("drafted")) | page.blank,
        approved=approved(page, top.get("approved"), page.languages, "translate approve"),
        gaps=frozenset(page.used),
        fields=fields,
        contact=contact,
        lists=page.lists,
        keywords=_keywords(page, top.get("keywords")),
        called=_called(page, top.get("called")),
        anonymous=truth(page, top.get("anonymous"), "'anonymous'"),
        about=_about(page, top.get("about")),
        untranslated=frozenset(page.untranslated),
        notes=page.line(top["notes"].value, "'notes'") if "notes" in top else "",
        text=text,
    )
    if page.problems or not survey.approved:
        return survey
    stale = frozenset(
        tag for tag, said in survey.approved.items() if tag != page.source and said.of != digest(survey, tag)
    )
    return replace(survey, drafts=survey.drafts | stale, stale=stale)


def _elsewhere(page: SurveyPage, entry: Entry | None) -> bool:
    """Whether the file was made from a form that somebody wrote for other software."""
    if entry is None:
        return False
    if page.text(entry.value, "'from'") != "xlsform":
        page.wrong(
            entry.value,
            told("'from' can only be xlsform."),
            told("Leave it out in a file that you write yourself."),
        )
    return True


def _stand_ins(page: SurveyPage, entry: Entry | None, what: str) -> dict[str, Texts]:
    """Names with a text in every language."""
    if entry is None:
        return {}
    found = {}
    for name, held in page.mapping(entry.value, f"'{what}'").items():
        if not KEY.fullmatch(name) or name in GAPS:
            page.wrong(
                held.key,
                told("Nothing under '{what}' can be called '{name}'.", what=what, name=name),
                told("Use small letters, like change."),
            )
        found[name] = page.words(held.value, told("'{name}' under '{what}'", name=name, what=what))
    return found


def _others(page: SurveyPage, others: Sequence[yaml.MappingNode]) -> dict[str, yaml.Node]:
    """The questions of the surveys that follow in the same text, by the surveys' keys."""
    found: dict[str, yaml.Node] = {}
    for node in others:
        top = page.mapping(node, told("a survey"))
        name = page.text(top["survey"].value, "'survey'") if "survey" in top else None
        if name and "questions" in top:
            title = top["title"].value if "title" in top else None
            spoken = page.mapping(title, told("the title")) if isinstance(title, yaml.MappingNode) else {}
            _without(top["questions"].value, spoken.keys() - set(page.languages))
            found[name] = top["questions"].value
    return found


def _without(node: yaml.Node, languages: Collection[str]) -> None:
    """Leave out the languages that the including survey does not speak."""
    if isinstance(node, yaml.MappingNode):
        node.value = [
            (key, value)
            for key, value in node.value
            if not (isinstance(key, yaml.ScalarNode) and key.value in languages)
        ]
    for each in node.value if isinstance(node, yaml.MappingNode | yaml.SequenceNode) else ():
        for part in each if isinstance(each, tuple) else (each,):
            _without(part, languages)


def _lists(page: SurveyPage, entry: Entry | None) -> dict[str, tuple[Option, ...]]:
    if entry is None:
        return {}
    lists = page.mapping(entry.value, "'lists'")
    return {name: listed(page, held.value, f"list '{name}'", "") for name, held in lists.items()}


def _questions(page: SurveyPage, entry: Entry) -> tuple[Item, ...]:
    nodes = page.sequence(entry.value, "'questions'")
    if not nodes:
        page.wrong(entry.key, told("There are no questions."), told("Add at least one."))
    included = [node for other in page.others.values() for node in page.sequence(other, "'questions'")]
    page.names = frozenset(names([*nodes, *included]))
    made = items(page, nodes)
    found = Counter(item.key for item, _, _ in walked(made))
    doubles = {name for name, times in found.items() if times > 1}
    for double in sorted(doubles - set(page.asked)):
        page.wrong(
            entry.key, told("Two items are called '{key}'.", key=double), told("Give each its own key.")
        )
    first = made[0] if made else None
    if first and first.ask_if and not page.lenient:
        page.wrong(
            nodes[0], told("The first question has a condition."), told("It has to be asked of everybody.")
        )
    return made


def _known(page: SurveyPage, known: set[str]) -> None:
    for node, name in page.mentions if not page.lenient else ():  # a form's unknown name is blank
        if name not in known:
            near = did_you_mean(name, sorted(known))
            cure = told("{cure} Other contact fields are declared under 'contact:'.", cure=near)
            page.wrong(node, told("There is nothing called '{name}' to refer to.", name=name), cure)


def _keywords(page: SurveyPage, entry: Entry | None) -> tuple[str, ...]:
    """Words that start the survey: one word each, in letters that any phone has."""
    found = page.texts(entry.value, "'keywords'") if entry else []
    for node, word in found:
        if not fold(word) or " " in fold(word) or len(word) > 20:
            page.wrong(
                node, told("'{word}' cannot be a keyword.", word=word), told("Use one short word, like BUS.")
            )
        elif page.published:
            continue
        elif fold(word).isdigit():
            page.wrong(
                node,
                told("'{word}' cannot be a keyword: a number is an answer.", word=word),
                told("Use a word, like BUS."),
            )
        elif _means_something(word):
            page.wrong(
                node,
                told("'{word}' cannot be a keyword: it has a meaning already.", word=word),
                told("Use another word."),
            )
    return tuple(fold(word) for _, word in found)


def _means_something(word: str) -> bool:
    """Whether a word is a command, asks for something or says yes or no, in any language."""
    return bool(words.read(word)) or any(
        requests.read(word, tag)
        or fold(word) in map(fold, (*lexicon.yes, *lexicon.no, *lexicon.own_yes, *lexicon.own_no))
        for tag, lexicon in LEXICONS.items()
    )


def _called(page: SurveyPage, entry: Entry | None) -> dict[str, str]:
    """Names of languages by tag, for those that have no other name than a form gives them."""
    held = page.mapping(entry.value, "'called'", page.languages) if entry else {}
    return {tag: page.line(named.value, told("the name of {tag}", tag=tag)) for tag, named in held.items()}


def _about(page: SurveyPage, entry: Entry | None) -> About:
    if entry is None:
        return About()
    held = page.mapping(entry.value, "'about'", _ABOUT)
    given = {
        name: page.text(held[name].value, f"'{name}'") or ""
        for name in ("audience", "grades", "purpose", "sensitivity", "approximates")
        if name in held
    }
    for name, known in (("audience", _AUDIENCES), ("sensitivity", _SENSITIVITIES)):
        if name in given and given[name] not in known:
            page.wrong(
                held[name].value,
                told("'{value}' is no {name}.", value=given[name], name=name),
                did_you_mean(given[name], known),
            )
    areas = page.texts(held["ppra"].value, "'ppra'") if "ppra" in held else []
    for node, area in areas:
        if area not in _AREAS:
            page.wrong(
                node, told("'{area}' is not a protected area.", area=area), told("They are numbered 1 to 8.")
            )
    cites = page.texts(held["cites"].value, "'cites'") if "cites" in held else []
    return About(
        ppra=tuple(int(area) for _, area in areas if area in _AREAS),
        cites=tuple(cite for _, cite in cites),
        **given,
    )


def _languages(page: SurveyPage, title: Entry) -> tuple[str, ...]:
    """The title decides: what it is given in are the languages of the survey, the source first."""
    if isinstance(title.value, yaml.ScalarNode):
        return (page.source,)
    entries = page.mapping(title.value, told("the title"))
    for tag, entry in entries.items():
        if not langcodes.tag_is_valid(tag):
            page.wrong(entry.key, told("'{tag}' is not a language tag.", tag=tag), _tag(tag))
    if page.source not in entries:
        page.wrong(
            title.key,
            told("The title is not given in the source language, {source}.", source=page.source),
            told("Add '{source}:' to it.", source=page.source),
        )
    return (page.source, *(tag for tag in entries if tag != page.source))


def _tag(name: str) -> str:
    try:
        return told("Did you mean '{near}'?", near=langcodes.find(name))
    except LookupError:
        return told("Use one like en, es, ht or zh-Hans.")


def _variants(page: SurveyPage, entry: Entry | None) -> tuple[str, ...]:
    names = page.texts(entry.value, "'variants'") if entry else []
    for node, name in names:
        if not KEY.fullmatch(name) or name in kind_keys():
            page.wrong(
                node,
                told("A variant cannot be called '{name}'.", name=name),
                told("Use a small word, like student."),
            )
    return tuple(name for _, name in names)


def _drafts(page: SurveyPage, entry: Entry | None) -> frozenset[str]:
    drafts = page.listed(entry, "'drafted'", page.languages)
    if entry and page.source in drafts:
        page.wrong(
            entry.value,
            told("The source language, {source}, cannot be a draft.", source=page.source),
            told("Take it off the list."),
        )
    return frozenset(drafts)


def _intro(page: SurveyPage, entry: Entry) -> Texts:
    """The first message says who asks, and how to end: the word STOP stays STOP in every language."""
    intro = page.words(entry.value, told("the intro"))
    for language, text in intro.items() if not page.lenient else ():
        for needed in ("STOP", "{school}"):
            if needed not in text:
                page.wrong(
                    page.at(entry, language),
                    told(
                        "The first message does not hold {needed} ({language}).",
                        needed=needed,
                        language=language,
                    ),
                    told("It has to say who asks, and 'Reply STOP to end'; STOP is STOP in every language."),
                )
    return intro


def _our_thanks(languages: tuple[str, ...]) -> Texts:
    return {language: phrases.say("thanks", language) for language in languages}
