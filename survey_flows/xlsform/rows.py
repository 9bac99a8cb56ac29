"""A survey as the rows of an XLSForm: what a form can say of it. The column ``openline`` holds what a form has no word
for, so that a survey that went to translators comes back as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from langcodes import Language

from .. import phrases
from ..asking import Question, Texts
from ..choices import Many, One, Option
from ..gates import Condition, Gate, Relevant
from ..items import Block, Computed, Item, Note, Split
from ..questions import Number, Open, Range, YesNo
from ..survey import Survey
from .ours import NAME, Ours, both, relevant, word

Row = dict[str, str]

TYPES: Mapping[str, str] = {
    "open": "text", "one": "select_one", "scale": "select_one", "yesno": "select_one", "many": "select_multiple",
    "rank": "rank", "date": "date", "time": "time", "datetime": "dateTime", "image": "image", "audio": "audio",
}  # fmt: skip


@dataclass
class Rows:
    """The sheets of one survey on their way."""

    source: Survey
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Row:
        made = self.source
        told = {"form_title": made.title[made.source], "form_id": made.key, "version": made.version}
        told |= {"default_language": column(made.source), "allow_choice_duplicates": "yes"}
        return {**told, "openline_drafted": " ".join(sorted(made.drafts))} if made.drafts else told

    def worded(self, head: str, texts: Texts | None, about: str = "") -> Row:
        """A text, a column for each language it is in. What only stands in for a translation is left blank: somebody
        has to translate it."""
        given, source = texts or {}, self.source.source
        return {
            f"{head}::{column(tag)}": text
            for tag, text in given.items()
            if text and not (tag != source and text == given.get(source) and self._lacks(tag, about))
        }

    def _lacks(self, tag: str, about: str) -> bool:
        return any(tag == its and f"'{about}'" in what for its, what in self.source.untranslated)


def column(tag: str) -> str:
    """A language as translators know it.

    >>> column("es"), column("zh-Hans"), column("x-local")
    ('Spanish (es)', 'Chinese (Simplified) (zh-Hans)', 'x-local')
    """
    if tag.startswith("x-"):
        return tag
    return f"{Language.get(tag).display_name()} ({tag})".replace("::", ":")


def rows_of(survey: Survey) -> Rows:
    """The sheets of a survey."""
    rows = Rows(survey)
    for name, options in survey.lists.items():
        _listed(rows, options, name)
    _told(rows, "title", survey.title)
    _told(rows, "intro", survey.intro)
    for name, texts in survey.fields.items():
        _told(rows, f"field={name}", texts)
    _items(rows, survey.items)
    _told(rows, "thanks", survey.thanks)
    return rows


def _told(rows: Rows, what: str, texts: Texts) -> None:
    """A text of the survey that is no question: to be translated, and not shown by other software."""
    name = f"{NAME}_{what.replace('=', '_')}"
    row = {"type": "note", "name": name, NAME: what, "relevant": "false()"}
    rows.survey.append({**row, **rows.worded("label", texts)})


def _items(rows: Rows, items: Sequence[Item]) -> None:
    for item in items:
        if isinstance(item, Question):
            _question(rows, item)
        elif isinstance(item, Block):
            _block(rows, item)
        elif isinstance(item, Note):
            _put(
                rows,
                {"type": "note", "name": item.key, **rows.worded("label", item.texts[None], item.key)},
                item.ask_if,
            )
        elif isinstance(item, Computed):
            told = {"type": "calculate", "name": item.key, "calculation": item.expression.source}
            _put(rows, told, item.ask_if)
        elif isinstance(item, Split):
            _put(rows, {"type": "calculate", "name": item.key, **_split(item)}, item.ask_if)
        # A quota is about all people together; a form knows one.


def _split(item: Split) -> Row:
    """The arm, drawn once. Each random() is a lot of its own, so that every arm is weighed against those after it."""
    arms = list(item.arms.items())
    written = f"'{arms[-1][0]}'"
    for at in range(len(arms) - 2, -1, -1):
        share = arms[at][1] / sum(weight for _, weight in arms[at:])
        written = f"if(random() < {share:.6g}, '{arms[at][0]}', {written})"
    told = " ".join(f"{arm}={weight:g}" for arm, weight in item.arms.items())
    return {"calculation": f"once({written})", NAME: f"split {told}"}


def _block(rows: Rows, item: Block) -> None:
    kind = "repeat" if item.repeat else "group"
    row: Row = {"type": f"begin_{kind}", "name": item.key}
    inner = item.items
    if item.repeat and item.repeat.count is not None:
        row["repeat_count"] = item.repeat.count.source
    elif item.repeat and item.repeat.more:
        inner = tuple(each for each in inner if each.key != item.repeat.more)
    _put(rows, row, item.ask_if, ["order=random"] if item.shuffled else [])
    _items(rows, inner)
    rows.survey.append({"type": f"end_{kind}", "name": item.key})


def _question(rows: Rows, item: Question) -> None:
    row: Row = {"type": TYPES.get(item.kind, "text"), "name": item.key}
    words = [f"kind={item.kind}"] if item.kind in ("scale", "yesno") else []
    if isinstance(item, One):
        row |= _list(rows, item, words)
    elif isinstance(item, YesNo):
        row["type"] = f"select_one {_listed(rows, _yes_no(rows.source))}"
    elif isinstance(item, Number):
        row |= _number(item, words)
    elif isinstance(item, Open) and item.seeks:
        words.append(f"seeks={item.seeks}")
    row |= rows.worded("label", item.texts[None], item.key)
    row |= rows.worded("hint", item.hints)
    own = item.constraint.expression.source if item.constraint else ""
    if limit := both(Ours(tuple(words)).limit, own):
        row["constraint"] = limit
    if item.constraint:
        row |= rows.worded("constraint_message", item.constraint.texts)
    if item.required:
        row["required"] = "yes"
        row |= rows.worded("required_message", item.required_texts)
    if item.default:
        source = item.default.source
        row["default"] = source[1:-1] if _literal(source) else source
    _put(rows, row, item.ask_if, words)


def _put(rows: Rows, row: Row, gates: tuple[Gate, ...], words: Sequence[str] = ()) -> None:
    """Add a row, with its condition, and our own words for both."""
    found = [_gate(rows, gate) for gate in gates]
    told = [f"if={word}" for word, _ in found if word]
    if found:
        apart = [expression for _, expression in found]
        row["relevant"] = apart[0] if len(apart) == 1 else " and ".join(f"({each})" for each in apart)
    if len(told) < len(found):
        told = []  # an expression among them: the whole stays one
    if row.get(NAME) or words or told:
        row[NAME] = " ".join(filter(None, [row.get(NAME), *words, *told]))
    rows.survey.append(row)


def _literal(source: str) -> bool:
    """A text between quotes that a form would not take for an expression."""
    return bool(re.fullmatch(r"'[^\W\d][\w ]*'", source))


def _number(item: Number, words: list[str]) -> Row:
    if isinstance(item, Range):
        told = f"start={item.least or 0:g} end={10 if item.most is None else item.most:g} step={item.step or 1:g}"
        return {"type": "range", "parameters": told}
    for name, value in (("min", item.least), ("max", item.most), ("step", item.step)):
        words += [f"{name}={value:g}"] if value is not None else []
    return {"type": "decimal" if item.decimals else "integer"}


def _list(rows: Rows, item: One, words: list[str]) -> Row:
    nothing, options = isinstance(item, Many) and item.nothing, item.options
    if nothing and all(options[-1].labels[tag] == phrases.say("none", tag) for tag in item.languages):
        nothing, options = False, options[:-1]  # a form has no need of it: nothing chosen is blank
        words.append("blank")
    row: Row = {"type": f"{TYPES[item.kind]} {_listed(rows, options)}"}
    words += ["none"] if nothing else []
    if isinstance(item, Many) and item.pick is not None:
        words.append(f"pick={item.pick}")
    if item.offered is not None:
        found = item.offered.source.partition("/root/item[")[2].rpartition("]/")[0]
        row["choice_filter"] = f"({found}) or name = 'none'" if nothing else found
    if item.shuffled:
        row["parameters"] = "randomize=true"
    words += [f"show={item.show}"] if item.show is not None else []
    return row


def _listed(rows: Rows, options: tuple[Option, ...], name: str | None = None) -> str:
    """The name of the list with these choices, written out at its first use."""
    held = repr([(option.value, option.labels, option.columns) for option in options])
    if held in rows.lists:
        return rows.lists[held]
    name = name or f"list_{len(rows.lists) + 1}"
    while name in rows.lists.values():
        name += "_"
    rows.lists[held] = name
    for option in options:
        row = {"list_name": name, "name": option.value, **rows.worded("label", option.labels, option.key)}
        rows.choices.append(
            {**row, **{head: told for head, told in option.columns.items() if " " not in head}}
        )
    return name


def _yes_no(survey: Survey) -> tuple[Option, ...]:
    return tuple(
        Option(key, {tag: phrases.say(key, tag) for tag in survey.languages}) for key in ("yes", "no")
    )


def _gate(rows: Rows, gate: Gate) -> tuple[str, str]:
    """A condition in our words ("" for an expression), and as an expression."""
    if isinstance(gate, Relevant):
        return "", gate.expression.source
    if not isinstance(gate, Condition):
        raise TypeError(f"no form can hold {gate}")
    asked = rows.source.by_key.get(gate.question)
    keys = [key for key in asked.keys if key in gate.keys] if asked else sorted(gate.keys)
    told = word(gate, keys, isinstance(asked, Many))
    return told, relevant([told])
