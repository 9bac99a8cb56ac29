"""The form of what stands on top of a survey: its title, its first and last message, whom it asks and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from ....writing.outline import Outline
from ...tongue import say
from .forms import token

ABOUT = ("audience", "sensitivity", "grades", "purpose")


@dataclass(frozen=True, slots=True)
class TopForm:
    """``was`` stands for all of it as it was when the form was made, ``stamp`` for the draft."""

    tags: tuple[str, ...]
    texts: Mapping[str, Mapping[str, str]]
    about: Mapping[str, str]
    words: str
    anonymous: bool
    stamp: str
    was: str

    @property
    def keywords(self) -> list[str]:
        return [one for one in self.words.replace(",", " ").split() if one]


def of(seen: Outline, tags: tuple[str, ...], stamp: str) -> TopForm:
    """The form of a survey as it stands."""
    texts = {
        name: {tag: seen.head[name].get(tag, "") for tag in tags} for name in ("title", "intro", "thanks")
    }
    about = {name: seen.about.get(name, "") for name in ABOUT}
    return TopForm(
        tags, texts, about, " ".join(seen.keywords).upper(), seen.anonymous, stamp, token(seen.digest)
    )


def sent(given: FormData) -> TopForm:
    """The form as it was sent."""

    def said(name: str) -> str:
        value = given.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    tags = tuple(tag for tag in said("tags").split(",") if tag)[:3]
    return TopForm(
        tags=tags,
        texts={name: {tag: said(f"{name}.{tag}") for tag in tags} for name in ("title", "intro", "thanks")},
        about={name: " ".join(said(name).split()) for name in ABOUT},
        words=said("keywords"),
        anonymous=given.get("anonymous") == "yes",
        stamp=said("stamp"),
        was=said("was"),
    )


def problems(form: TopForm, source: str) -> list[dict[str, str]]:
    """What has to be mended before it can be saved at all."""
    told = []
    for name in ("title", "intro"):
        if not form.texts[name].get(source, ""):
            told.append({"field": f"{name}.{source}", "text": say("Write the words.")})
    return told
