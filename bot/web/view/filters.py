"""What a page can be narrowed to: a menu for each kind of thing, each choice a link, and each link an address."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.findings import Summary

from ..tongue import say
from .addresses import Look
from .figures import shown
from .groups import dimension_label, dimension_name, group_name, in_order, place
from .standing import OF_GROUPS


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    href: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What can be chosen of one kind. ``label`` is the kind, ``value`` what is chosen (empty: nothing), ``clear`` the address
    without it."""

    label: str
    value: str
    clear: str
    choices: tuple[Choice, ...]


def menus(found: Summary, look: Look) -> tuple[Menu, ...]:
    """Theme, then every dimension in which more than one group can be shown."""
    chosen = next((theme for theme in found.themes if theme.theme == look.theme), None)
    every = Choice(look.of("").href(), say("all"), not look.theme)
    made = [
        Menu(
            say("Theme"),
            chosen.label if chosen else "",
            every.href,
            (
                every,
                *(
                    Choice(look.of(theme.theme).href(), theme.label, theme.theme == look.theme)
                    for theme in found.themes
                    if shown(theme)
                ),
            ),
        )
    ]
    made += [menu for dimension in in_order(found.groups) if (menu := _of(found, look, dimension))]
    return tuple(made)


def _of(found: Summary, look: Look, dimension: str) -> Menu | None:
    groups = found.groups[dimension]
    value = dict(look.groups).get(dimension, "")
    told = sorted(
        (name for name, group in groups.items() if group.heard is not None),
        key=lambda name: place(dimension, name, groups[name].heard),
    )
    if len(groups) < 2 or not (told or value):
        return None
    # Gaps and changes are of everybody: whoever chooses a group sees what it names.
    here = look if look.view in OF_GROUPS else replace(look, view="named")
    every = here.at(dimension, "").href()
    return Menu(
        dimension_label(dimension),
        group_name(dimension, value) if value else "",
        every,
        (
            Choice(every, say("all"), not value),
            *(
                Choice(here.at(dimension, name).href(), group_name(dimension, name), name == value)
                for name in told
            ),
        ),
    )


def groups_named(look: Look) -> str:
    """The groups of a look in words: "school: Lincoln; language: Spanish"."""
    return "; ".join(
        say("{dimension}: {group}").format(
            dimension=dimension_name(dimension), group=group_name(dimension, value)
        )
        for dimension, value in look.groups
    )


def group_title(look: Look) -> str:
    """The groups of a look as a heading has them: "Lincoln, Spanish"."""
    return ", ".join(group_name(dimension, value) for dimension, value in look.groups)
