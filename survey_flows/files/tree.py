"""Reads a YAML file as nodes that know their lines, so that every complaint can point at one.

The file is read once. Nothing is ever constructed from it but strings, lists and mappings: "no" stays a word and no
tag can make an object.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import yaml

from ..told import Told, told

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 8 * 1024 * 1024
DEEPEST = 100
"""Levels of lists and mappings, one inside the other. PyYAML's composer crashes the process at some ten thousand."""
MOST = 500_000
"""Nodes, each counted as often as anchors have it come again."""


MISSING = "!missing"
"""The mark of a text that has no translation yet (``es: !missing ""``): the source's words stand in for it, and the language is
a draft until they are all there."""

_TOO_LARGE = told("The file is larger than any survey should be.")


class SurveyError(Exception):
    """Something in a survey file that a person has to mend: where it is, what is wrong, and what to do.

    ``others`` holds the rest of what was found in the same file, so that all can be mended at once.

    >>> from survey_flows import loads
    >>> try:
    ...     loads("survey: one", "one.yaml")
    ... except SurveyError as error:
    ...     print(error.problem, error.cure, len(error.others))
    There is no 'title:'. Add 'title:' to the top of the file. 2
    """

    def __init__(
        self, file: str, line: int, problem: str, cure: str, others: tuple[SurveyError, ...] = ()
    ) -> None:
        super().__init__(
            told("{file}:{line}: {problem} {cure}", file=file, line=line, problem=problem, cure=cure)
            if cure
            else told("{file}:{line}: {problem}", file=file, line=line, problem=problem)
        )
        self.file = file
        self.line = line
        self.problem = problem
        self.cure = cure
        self.others = others


@dataclass(frozen=True)
class Entry:
    """A key of a mapping and what it holds."""

    key: yaml.Node
    value: yaml.Node


@dataclass
class Page:
    """One file being read, and what is wrong with it so far."""

    name: str
    problems: list[SurveyError] = field(default_factory=list)

    def wrong(self, where: yaml.Node, problem: str, cure: str) -> None:
        self.problems.append(SurveyError(self.name, where.start_mark.line + 1, problem, cure))

    def finish(self) -> None:
        """Raises the first problem, with the others; returns when there is none."""
        if self.problems:
            first, *rest = sorted(self.problems, key=lambda problem: problem.line)
            raise SurveyError(first.file, first.line, first.problem, first.cure, tuple(rest))

    def roots(self, text: str) -> list[yaml.MappingNode]:
        """The mapping that the file is, and those that follow it after ``---``. Raises SurveyError."""
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
            raise SurveyError(self.name, 1, _TOO_LARGE, told("Split it in two."))
        try:
            self._bounded(text)
            nodes = list(yaml.compose_all(text, _Loader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise SurveyError(
                self.name,
                line,
                told("This is not well-formed YAML: {problem}.", problem=error.problem),
                told("Check quotes, colons and indents."),
            ) from None
        except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
            at = error.start if isinstance(error, UnicodeEncodeError) else error.position
            line = text.count("\n", 0, at) + 1
            raise SurveyError(
                self.name,
                line,
                told("There is a character here that no text holds."),
                told("Type the line anew."),
            ) from None
        except (yaml.YAMLError, RecursionError):
            raise SurveyError(
                self.name, 1, told("This is not well-formed YAML."), told("Check the file's indents.")
            ) from None
        roots = [node for node in nodes if isinstance(node, yaml.MappingNode)]
        if not roots or len(roots) < len(nodes):
            raise SurveyError(
                self.name,
                1,
                told("A survey is a list of keys like 'survey:' and 'questions:'."),
                told("See docs/write-a-survey.md."),
            )
        return roots

    def _bounded(self, text: str) -> None:
        """Refuses what would not end, or not fit, before any of it is put together."""
        nodes, sizes = 0, dict[str, int]()
        opened: list[tuple[str | None, int]] = []
        for event in yaml.parse(text, _Loader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                if any(anchor == event.anchor for anchor, _ in opened):
                    raise SurveyError(
                        self.name,
                        line,
                        told("'*{anchor}' stands within itself.", anchor=event.anchor),
                        told("Write it out."),
                    )
                nodes += sizes.get(event.anchor or "", 0)
            elif isinstance(event, yaml.ScalarEvent):
                nodes += 1
                sizes |= {event.anchor: 1} if event.anchor else {}
            elif isinstance(event, yaml.CollectionStartEvent):
                opened.append((event.anchor, nodes))
                nodes += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                anchor, before = opened.pop()
                sizes |= {anchor: nodes - before} if anchor else {}
            if nodes > MOST:
                raise SurveyError(
                    self.name, line, _TOO_LARGE, told("Split it in two, and write anchors out.")
                )
            if len(opened) > DEEPEST:
                raise SurveyError(
                    self.name,
                    line,
                    told("More than {most} levels stand in each other.", most=DEEPEST),
                    told("Take groups apart."),
                )

    def mapping(
        self, node: yaml.Node | None, what: str, known: Collection[str] | None = None
    ) -> dict[str, Entry]:
        """The keys of a mapping, complaining of doubled ones and, when ``known`` is given, of unknown ones."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(
                node,
                told("{what} has to be a mapping, like {en: …, es: …}.", what=upper(what)),
                told("Write 'name: value' pairs."),
            )
            return {}
        entries: dict[str, Entry] = {}
        for key, value in node.value:
            name = self.text(key, told("A key"))
            if name in entries:
                self.wrong(
                    key,
                    told("'{name}' is given twice in {what}.", name=name, what=what),
                    told("Keep one of them."),
                )
            elif name is not None:
                entries[name] = Entry(key, value)
        return entries if known is None else self.known(entries, what, known)

    def known(self, entries: Mapping[str, Entry], what: str, known: Collection[str]) -> dict[str, Entry]:
        """The entries whose keys can stand here, complaining of the others."""
        for name in entries.keys() - set(known):
            entry, cure = entries[name], did_you_mean(name, known)
            if " " in name and isinstance(entry.value, yaml.ScalarNode) and not entry.value.value:
                cure = told(
                    "If it is the rest of a text with a comma in it, put the whole text in quotation marks."
                )
            self.wrong(entry.key, told("{what} has no '{name}'.", what=upper(what), name=name), cure)
        return {name: entry for name, entry in entries.items() if name in known}

    def sequence(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(
                node,
                told("{what} has to be a list.", what=upper(what)),
                told("Write each item on a line of its own, after '- '."),
            )
            return []
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str | None:
        """A scalar's own characters, whatever YAML would make of them ("no", "1.0")."""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(
                node,
                told("{what} has to be plain text.", what=upper(what)),
                told("Put it in quotes if it holds a colon or a bracket."),
            )
            return None
        return str(node.value)

    def texts(self, node: yaml.Node | None, what: str) -> list[tuple[yaml.Node, str]]:
        """A list of plain texts, or one text where a list of one is meant."""
        items = [node] if isinstance(node, yaml.ScalarNode) else self.sequence(node, what)
        return [
            (item, text)
            for item in items
            if (text := self.text(item, told("Each item of {what}", what=what))) is not None
        ]


class _Begins(Told):
    """A text that begins a sentence, in whatever words it is said."""

    def again(self, say: Callable[[str], str], say_n: Callable[[str, str, int], str]) -> str:
        return upper(super().again(say, say_n))


def upper(what: str) -> str:
    """The name of a thing as the beginning of a sentence."""
    begun = what[:1].upper() + what[1:]
    if isinstance(what, Told):
        begins = _Begins(begun)
        begins.__dict__ |= what.__dict__
        return begins
    return begun


def did_you_mean(word: str, known: Collection[str] | Mapping[str, object]) -> str:
    """The cure for a word that is not known: the one it is nearest to, else all there are."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if near:
        return told("Did you mean '{near}'?", near=near[0])
    return told("What can stand here: {known}.", known=", ".join(known))
