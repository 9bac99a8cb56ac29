"""Reads XML that strangers send: no document types, so no entities; no depth without end; every element with its line.

Defused parsers of others give no lines, and a translator has to find the place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from survey_flows.told import told

from .base import ExchangeError

DEEPEST = 60
"""Elements inside one another. XLIFF with all its groups has about ten."""
MOST = 500_000
"""Elements in one file: each takes memory. All texts of Openline in one language take about six thousand."""
DAMAGED = told("Export it once more from the tool that made it.")


@dataclass(slots=True)
class Element:
    """An element: its name without the namespace, and what is in it, texts and elements in order."""

    name: str
    line: int
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [each for each in self.inside if isinstance(each, Element)]

    def named(self, name: str) -> list[Element]:
        """The elements directly inside that have this name."""
        return [each for each in self.elements if each.name == name]

    def under(self, name: str) -> list[Element]:
        """All elements of this name, however deep, in the order of the file."""
        found = []
        for each in self.elements:
            found += [each] if each.name == name else each.under(name)
        return found

    @property
    def text(self) -> str:
        """All text inside, however deep."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)


def parse(raw: bytes, file: str) -> Element:
    """The root of a document. Raises ExchangeError for anything that is not plain, whole XML."""
    top = Element("", 1, {})
    open_now, count = [top], 0
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True

    def begun(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST:
            what = told("there are more than {n} elements in it.", n=f"{MOST:,}")
            raise ExchangeError(file, what, told("Give one survey and one language at a time."))
        if len(open_now) > DEEPEST:
            what = told("elements stand more than {n} deep in one another.", n=DEEPEST)
            cure = told("No translator's tool writes that; ask where the file comes from.")
            raise ExchangeError(file, what, cure)
        plain = {key.rpartition("\n")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition("\n")[2], parser.CurrentLineNumber, plain)
        open_now[-1].inside.append(element)
        open_now.append(element)

    def refused(*_: object) -> None:
        what = told("it declares a document type, which can make a reader fetch or multiply things.")
        place = told("line {n}", n=parser.CurrentLineNumber)
        raise ExchangeError(file, what, told("Take the <!DOCTYPE …> out of it."), place)

    def ended(_: str) -> None:
        open_now.pop()

    def said(text: str) -> None:
        open_now[-1].inside.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begun, ended, said
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        what = told("the XML is damaged ({why}).", why=expat.ErrorString(error.code))
        raise ExchangeError(file, what, DAMAGED, told("line {n}", n=error.lineno)) from error
    except (LookupError, ValueError) as error:
        what = told("the XML is in an encoding that cannot be read.")
        raise ExchangeError(file, what, told("Save it as UTF-8.")) from error
    return top.elements[0]
