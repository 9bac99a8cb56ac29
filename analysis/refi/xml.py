"""Reads XML that strangers send: no document types, so no entities; no depth or size without end; lines for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

DEEPEST = 100
"""Elements inside one another. A code tree of ten levels in a project has about fifteen."""
MOST = 1_500_000
"""Elements in one file: 100,000 replies with three codings each."""
_SAFER = "Export it once more from the tool that made it."


class XmlError(ValueError):
    """XML that is not read: the line, what is wrong, and how to cure it."""

    def __init__(self, line: int, what: str, cure: str) -> None:
        super().__init__(f"line {line}: {what}. {cure}")
        self.line = line
        self.what = what
        self.cure = cure


@dataclass(slots=True)
class Element:
    """An element: its name without the namespace, its elements in order, and the text directly inside."""

    name: str
    line: int
    attributes: dict[str, str]
    elements: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, attribute: str) -> str:
        """The attribute, or nothing."""
        return self.attributes.get(attribute, "")

    def named(self, *names: str) -> list[Element]:
        """The elements directly inside that have one of these names."""
        return [each for each in self.elements if each.name in names]

    def first(self, name: str) -> Element | None:
        """The first element directly inside that has this name."""
        return next((each for each in self.elements if each.name == name), None)

    def inside(self, *names: str) -> list[Element]:
        """What lies at the end of a path of names: ``inside("CodeBook", "Codes", "Code")``."""
        found = [self]
        for name in names:
            found = [each for parent in found for each in parent.elements if each.name == name]
        return found


def parse(raw: bytes) -> Element:
    """The root of a document. Raises XmlError for anything that is not plain, whole XML."""
    top = Element("", 1, {})
    path, texts, count = [top], [[""]], 0
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True

    def begun(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        line = parser.CurrentLineNumber
        if count > MOST:
            raise XmlError(line, f"there are more than {MOST:,} elements in it", "Export a part at a time.")
        if len(path) > DEEPEST:
            raise XmlError(
                line,
                f"elements stand more than {DEEPEST} deep in one another",
                "Ask where the file comes from.",
            )
        plain = {key.rpartition("\n")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition("\n")[2], line, plain)
        path[-1].elements.append(element)
        path.append(element)
        texts.append([])

    def ended(_: str) -> None:
        path.pop().text = "".join(texts.pop())

    def said(text: str) -> None:
        texts[-1].append(text)

    def refused(*_: object) -> None:
        raise XmlError(
            parser.CurrentLineNumber,
            "it declares a document type, which can make a reader fetch or multiply things",
            "Take the <!DOCTYPE …> out of it; no tool for coding writes one.",
        )

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begun, ended, said
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise XmlError(
            error.lineno, f"the XML is damaged ({expat.ErrorString(error.code)})", _SAFER
        ) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, XmlError):
            raise
        raise XmlError(1, "the XML is in an encoding that cannot be read", "Save it as UTF-8.") from error
    return top.elements[0]
