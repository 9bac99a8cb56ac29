"""What a careful reader says of a codebook that can be used as it is: themes that teach nothing, notes that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .base import Codebook

_NAMED = re.compile(r"\b([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)(?!\w|\.\w|\*)")


def remarks(book: Codebook) -> tuple[str, ...]:
    """Each in one line, the weightiest first."""
    return tuple(_remarks(book))


def _remarks(book: Codebook) -> Iterator[str]:
    if empty := [top.id for top in book.tops if not book.children(top.id)]:
        yield f"nothing can be coded to a top theme without themes below it: {_some(empty)}"
    owner: dict[tuple[str, str], str] = {}
    for theme in book:
        for language, texts in theme.examples.items():
            for text in texts:
                other = owner.setdefault((language, text.casefold()), theme.id)
                if other != theme.id:
                    yield f"the same example stands under {other} and {theme.id} ({language}): {text!r}"
    if bare := [code for code in book.codes if not any(book[code].examples.values())]:
        yield f"no examples: {', '.join(bare)}"
    for language in book.languages:
        lacking = [
            code for code in book.codes if book[code].examples and not book[code].examples.get(language)
        ]
        if lacking:
            yield f"no examples in {language}: {_some(lacking)}"
    for theme in book:
        for name in ("include", "exclude"):
            named = {match[0]: match[1] for match in _NAMED.finditer(getattr(theme, name))}
            if lost := [code for code, top in named.items() if top in book and code not in book]:
                yield f"{theme.id}, {name}: names {_some(lost)}, which is no theme here"
    if unsaid := [code for code in book.barriers if book[code].reach is None]:
        yield f"no word on who can change it (reach): {_some(unsaid)}"
    if not any(theme.kind == "other" for theme in book):
        yield "every theme counts as a barrier; what is none (thanks, nothing to say) wants 'kind: other'"


def _some(codes: Iterable[str]) -> str:
    codes = list(codes)
    return f"{', '.join(codes[:5])} and {len(codes) - 5} more" if len(codes) > 6 else ", ".join(codes)
