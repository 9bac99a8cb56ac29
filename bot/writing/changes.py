"""Changes of a survey's file, item by item. Each takes the sheet and changes it; whoever calls writes it and keeps it.

Words that change make their translations drafts again: an approval is bound to the words it was given for, and a language
that nobody has approved by name goes under ``drafted:``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from survey_flows.files.survey_page import KEY

from .outline import CHOSEN, NUMBERS, TEXTS, outline
from .sheet import At, Sheet, bare, drop, get, listed, mapping, missing, plain, put, sequence, word

Texts = Mapping[str, Mapping[str, str]]
"""The key that words stand under ("text", "hint", a variant) to language to words; "" takes words away."""

_KEEPS = {"open": ("seeks",), "many": ("choices", "choice_filter", "shuffle", "show", "none", "pick")}
_KEEPS |= dict.fromkeys(("one", "scale", "rank"), ("choices", "choice_filter", "shuffle", "show"))
_KEEPS |= dict.fromkeys(NUMBERS, ("min", "max", "decimals", "units", "step"))
_KEEPS |= dict.fromkeys(("date", "datetime"), ("order",))
_LITTLE = frozenset(
    [
        "a",
        "about",
        "an",
        "and",
        "any",
        "anything",
        "are",
        "as",
        "at",
        "be",
        "did",
        "do",
        "does",
        "for",
        "from",
        "have",
        "how",
        "if",
        "in",
        "is",
        "it",
        "its",
        "last",
        "of",
        "on",
        "or",
        "school",
        "so",
        "that",
        "the",
        "there",
        "this",
        "to",
        "was",
        "were",
        "what",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
"""Words that say little in a key."""
_ANY = ("key", "kind", "text", "ask_if", "hint", "required", "constraint", "default")


@dataclass(frozen=True, slots=True)
class Row:
    """A choice in a form: where it stood (None for a new one), and its words in the languages of the form."""

    was: int | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form of one item, filled in. What is None is left as it is; ``ask`` and ``bounds`` are the conditions on the
    questions that the form showed."""

    what: str = "question"
    kind: str = ""
    key: str = ""
    texts: Texts = field(default_factory=dict)
    rows: Sequence[Row] | None = None
    required: bool | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    ask: Mapping[str, Sequence[str]] | None = None
    bounds: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def write_item(sheet: Sheet, at: At, filled: Filled) -> None:
    """Put what was filled in into the item that stands there. Raises LookupError where there is none."""
    node = sheet.item(at)
    changed = _Changed(sheet)
    if filled.what == "question":
        _kind(node, filled.kind, sheet.variants)
    for name, said in filled.texts.items():
        changed.texts(node, name, said, needed=name in TEXTS.values() and filled.what in ("question", "note"))
    if filled.rows is not None and filled.kind in CHOSEN:
        _choices(node, filled.rows, changed)
    if filled.required is not None:
        _required(node, required=filled.required)
    for name, value in filled.settings.items():
        _setting(node, name, value)
    if filled.ask is not None:
        _ask_if(node, filled.ask, filled.bounds)
    changed.drafted()


def write_head(
    sheet: Sheet,
    texts: Texts,
    about: Mapping[str, str],
    keywords: Sequence[str] | None,
    *,
    anonymous: bool | None,
) -> None:
    """The title, the first and the last message, and what the file says of itself."""
    changed = _Changed(sheet)
    for name, said in texts.items():
        changed.texts(sheet.top, name, said, needed=name != "thanks", after=("intro", "title"))
    held = get(sheet.top, "about")
    if about and held is None and any(about.values()):
        held = mapping()
        put(sheet.top, "about", held, after=("approved", "drafted", "source", "survey"))
    for name, value in about.items():
        if held is not None and value != plain(get(held, name)):
            put(held, name, word(value)) if value else drop(held, name)
    now = [one.casefold() for one in listed(get(sheet.top, "keywords"))]
    if keywords is not None and [one.casefold() for one in keywords] != now:
        if keywords:
            put(
                sheet.top,
                "keywords",
                sequence([word(one) for one in keywords]),
                after=("about", "source", "survey"),
            )
        else:
            drop(sheet.top, "keywords")
    if anonymous is not None and anonymous != (plain(get(sheet.top, "anonymous")) in ("yes", "true")):
        put(sheet.top, "anonymous", bare("yes"), after=("about", "survey")) if anonymous else drop(
            sheet.top, "anonymous"
        )
    changed.drafted()


def add_item(sheet: Sheet, at: At, filled: Filled) -> str:
    """A new item in this place; gives its key. Raises LookupError for a group that is not there."""
    key = filled.key or fresh(
        sheet, filled.texts.get(TEXTS.get(filled.what, "text"), {}).get(sheet.source, ""), filled.what
    )
    node = mapping({"key": word(key)})
    if filled.what == "question":
        put(node, "kind", word(filled.kind))
    elif filled.what == "group":
        node = mapping({"group": word(key), "questions": yaml.SequenceNode("tag:yaml.org,2002:seq", [])})
    rows = sheet.rows(at[:-1])
    place = min(max(at[-1], 0), len(rows))
    rows.insert(place, node)
    write_item(sheet, (*at[:-1], place), filled)
    return key


def move(sheet: Sheet, at: At, by: int) -> At:
    """Change places with the one before (-1) or behind (1); gives where it stands then."""
    sheet.item(at)
    rows, to = sheet.rows(at[:-1]), at[-1] + by
    if not 0 <= to < len(rows):
        return at
    rows[at[-1]], rows[to] = rows[to], rows[at[-1]]
    return (*at[:-1], to)


def remove(sheet: Sheet, at: At) -> None:
    """Take an item out."""
    sheet.item(at)
    del sheet.rows(at[:-1])[at[-1]]


def fresh(sheet: Sheet, words: str, what: str, taken: Collection[str] = ()) -> str:
    """A key for a new item, from its words: "what_made_it_hard"; one that nothing else has.

    >>> fresh(Sheet("survey: one"), "What, if anything, made it hard?", "question")
    'made_hard'
    """
    return unique(words, what, {item.key for item in outline(sheet).walked()} | set(taken))


def unique(words: str, otherwise: str, taken: Collection[str]) -> str:
    """A key made of the first words that is not taken yet."""
    found_words = re.findall(r"[a-z0-9]+", re.sub(r"['’]\w+", "", words.casefold()))
    plain_words = [one for one in found_words if one not in _LITTLE] or found_words
    key = "_".join(plain_words[:3])[:24].strip("_")
    key = key if KEY.fullmatch(key) else otherwise
    found, number = key, 2
    while found in taken:
        found, number = f"{key}_{number}", number + 1
    return found


class _Changed:
    """Words being changed in a sheet, and in which languages."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.tags = sheet, set[str]()

    def texts(
        self,
        node: yaml.Node,
        name: str,
        said: Mapping[str, str],
        *,
        needed: bool = False,
        after: Sequence[str] = (),
    ) -> None:
        """Words under a key. Where the source has none any more the whole entry goes, if it is not ``needed``."""
        source, held = self.sheet.source, get(node, name)
        clean = {tag: _clean(text) for tag, text in said.items()}
        if held is None and not any(clean.values()):
            return
        if not needed and source in clean and not clean[source]:
            drop(node, name)
            self.tags |= set(self.sheet.languages)
            return
        if not isinstance(held, yaml.MappingNode):
            alone = plain(held)
            if clean == {source: alone}:
                return
            if self.sheet.languages == (source,):
                put(node, name, word(clean[source]), after=after or ("text", "note", "kind", "key"))
                self.tags.add(source)
                return
            held = mapping(
                {tag: word(alone) if alone and tag == source else missing() for tag in self.sheet.languages}
            )
            put(node, name, held, after=after or ("text", "note", "kind", "key"))
        self.into(held, clean)

    def into(self, held: yaml.Node, said: Mapping[str, str]) -> None:
        """Words by language, into a mapping that has languages among its keys."""
        tags = self.sheet.languages
        for tag, text in said.items():
            before = get(held, tag)
            if text == plain(before) and (before is not None or not text):
                continue
            if not text and tag == self.sheet.source:
                continue
            if isinstance(before, yaml.ScalarNode) and text and before.tag.endswith(":str"):
                before.value = text
                before.style = "|" if "\n" in text else before.style if before.style == '"' else None
            else:
                put(held, tag, word(text) if text else missing(), after=("key", *tags))
            self.tags.add(tag)
        for tag in tags:
            if get(held, tag) is None:
                put(held, tag, missing(), after=("key", *tags))

    def drafted(self) -> None:
        """Languages whose words are not what anybody approved any more."""
        top, source = self.sheet.top, self.sheet.source
        tags = set(self.sheet.languages) if source in self.tags else self.tags
        approved = get(top, "approved")
        now = listed(get(top, "drafted"))
        more = [
            tag
            for tag in self.sheet.languages
            if tag in tags and tag != source and tag not in now and get(approved, tag) is None
        ]
        if more:
            put(top, "drafted", sequence([word(tag) for tag in [*now, *more]]), after=("survey", "source"))


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _kind(node: yaml.MappingNode, kind: str, variants: Iterable[str]) -> None:
    """Another kind of question holds other things beside its words."""
    if not kind or kind == plain(get(node, "kind")):
        return
    put(node, "kind", word(kind), after=("key",))
    keeps = {*_ANY, *_KEEPS.get(kind, ()), *variants}
    for name in [key.value for key, _ in node.value if key.value not in keeps]:
        drop(node, name)


def _choices(node: yaml.MappingNode, rows: Sequence[Row], changed: _Changed) -> None:
    held = get(node, "choices")
    if isinstance(held, yaml.ScalarNode):
        return  # a list that several questions share: it is changed in the file
    before = held.value if isinstance(held, yaml.SequenceNode) else []
    source, made = changed.sheet.source, list[yaml.Node]()
    taken = {plain(get(one, "key")) for one in before} | {"none"}
    kept: set[int] = set()
    for row in rows:
        said = {tag: _clean(text) for tag, text in row.texts.items()}
        if row.was is not None and 0 <= row.was < len(before) and row.was not in kept:
            choice = before[row.was]
            kept.add(row.was)
            choice.flow_style = bool(choice.flow_style) and len(changed.sheet.languages) < 3
        elif said.get(source):
            key = unique(said[source], f"choice_{len(made) + 1}", taken)
            taken.add(key)
            choice = mapping({"key": word(key)})
        else:
            continue
        changed.into(choice, said)
        made.append(choice)
    if len(kept) < len(before):
        changed.tags.add(source)
    if isinstance(held, yaml.SequenceNode):
        held.value[:] = made
    elif made:
        put(node, "choices", yaml.SequenceNode("tag:yaml.org,2002:seq", made, flow_style=False))


def _required(node: yaml.MappingNode, *, required: bool) -> None:
    held = get(node, "required")
    now = held is not None and plain(held) not in ("no", "false")
    if required and not now:
        put(node, "required", bare("yes"))
    elif now and not required:
        drop(node, "required")


def _setting(node: yaml.MappingNode, name: str, value: str) -> None:
    value = value.strip()
    if value == plain(get(node, name)):
        return
    if value:
        put(node, name, bare(value), after=("kind",))
    else:
        drop(node, name)


def _ask_if(
    node: yaml.MappingNode, ask: Mapping[str, Sequence[str]], bounds: Mapping[str, tuple[str, str]]
) -> None:
    """Conditions on the questions that the form showed; those on others stay, and so does an expression."""
    held = get(node, "ask_if")
    if isinstance(held, yaml.ScalarNode):
        return
    made = held if isinstance(held, yaml.MappingNode) else mapping()
    made.flow_style = True
    for name, keys in ask.items():
        if list(keys) != listed(get(made, name)):
            put(made, name, sequence([_answer(key) for key in keys])) if keys else drop(made, name)
    for name, (least, most) in bounds.items():
        limits = {key: value.strip() for key, value in (("min", least), ("max", most)) if value.strip()}
        if limits:
            put(made, name, mapping({key: bare(value) for key, value in limits.items()}))
            get(made, name).flow_style = True  # type: ignore[union-attr]
        else:
            drop(made, name)
    if made.value:
        put(node, "ask_if", made, after=("kind", "seeks", "key"))
    else:
        drop(node, "ask_if")


def _answer(key: str) -> yaml.ScalarNode:
    return bare(key) if key in ("yes", "no") else word(key)
