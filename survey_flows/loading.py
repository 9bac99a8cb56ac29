"""From a survey file to a checked Survey. Whatever could go wrong in front of a family goes wrong here instead."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .files.header_page import TOP, read
from .files.item_page import included
from .files.survey_page import NAME, SurveyPage
from .files.tree import SurveyError
from .survey import Survey
from .told import told

FOLDER = Path(__file__).parent / "library"

LIBRARY: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
"""The keys of the surveys that come with Openline."""


def load(path: str | Path) -> Survey:
    """The survey in a file, with the surveys that it includes: files beside it, or of the library.

    Raises SurveyError, or OSError where the file cannot be read.

    >>> from survey_flows import loading
    >>> load(f"{loading.FOLDER}/getting-to-school.yaml").key
    'getting-to-school'
    """
    path = Path(path)
    return loads(together(_written(path), path), path.name)


def together(text: str, path: Path) -> str:
    """The text of a survey with those that it includes behind it; ``path`` is where it stands, or is going to.

    Raises SurveyError, or OSError where a file cannot be read.
    """
    looked_for = {path.stem}
    while names := [name for name in _included(text, path.name) if name not in looked_for]:
        looked_for.update(names)
        for name in names:
            beside = path.parent / f"{name}.yaml"
            if beside.is_file() or name in LIBRARY:
                other = _written(beside if beside.is_file() else FOLDER / f"{name}.yaml")
                text = f"{text.rstrip()}\n---\n{other}"
    return text


def _written(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SurveyError(
            path.name, 1, told("The file is not in UTF-8."), told("Save it again as UTF-8.")
        ) from None


def _included(text: str, name: str) -> list[str]:
    """The surveys that a text, or one that it includes, includes and does not hold yet."""
    if "include:" not in text:
        return []
    page = SurveyPage(name)
    surveys = [page.mapping(root, told("a survey")) for root in page.roots(text)]
    held = {page.text(top["survey"].value, "'survey'") for top in surveys if "survey" in top}
    questions = [
        page.sequence(top["questions"].value, "'questions'") for top in surveys if "questions" in top
    ]
    found = dict.fromkeys(name for nodes in questions for name in included(nodes))
    return [name for name in found if name not in held and NAME.fullmatch(name)]  # a name becomes a file's


@lru_cache(maxsize=256)
def loads(text: str, name: str, *, published: bool = False) -> Survey:
    """The survey in a text; ``name`` stands in for the file in errors. The same text gives the same object, at once.

    A text that has been ``published`` is not held to words that mean something to Openline since then: people are in
    the middle of it. Raises SurveyError with the first problem; its ``others`` are the rest.

    >>> one = loads(
    ...     "survey: one\\ntitle: {en: One}\\nintro: {en: '{school} asks one thing. Reply STOP to end.'}\\n"
    ...     "questions:\\n  - {key: why, kind: open, text: {en: 'What made it hard?'}}\\n", "one.yaml")
    >>> [question.key for question in one.questions]
    ['why']
    """
    page = SurveyPage(name, published=published)
    root, *others = page.roots(text)
    top = page.mapping(root, told("a survey"), TOP)
    for needed in ("survey", "title", "intro", "questions"):
        if needed not in top:
            page.wrong(
                root,
                told("There is no '{needed}:'.", needed=needed),
                told("Add '{needed}:' to the top of the file.", needed=needed),
            )
    page.finish()
    survey = read(page, top, others, text)
    page.finish()
    return survey


def library(key: str) -> Survey:
    """A survey that comes with Openline. Raises LookupError for a key not in LIBRARY.

    >>> library("getting-to-school").title["fr"]
    "Aller à l'école"
    """
    if key not in LIBRARY:
        raise LookupError(f"no survey {key!r} in the library: {', '.join(LIBRARY)}")
    return load(FOLDER / f"{key}.yaml")
