"""What somebody has typed is not lost because their sign-in has ended meanwhile: the form comes back with what it held.

Only a form that our own page has sent comes here (the guard has seen to that), and only to the browser that sent it. Files, and
all that stands under one's own account (passwords, codes), are never sent back. Nothing is kept on the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import HTTPException, Request, Response
from starlette.formparsers import MultiPartException

from ..store.staff import Session
from .page import Page

NEVER = ("/account", "/signout")
BUTTONS = frozenset({"how", "go", "act"})
"""What a button says of itself, which nobody has typed."""


class Typed:
    """Makes the page that gives a form back."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def give_back(self, request: Request, session: Session | None) -> Response | None:
        """The form as it was sent, to be sent once more; None where there are no words in it that would be missed.

        Without ``session`` it asks for a sign-in first. With one, its button carries that session's token.
        """
        if request.url.path.startswith(NEVER) or "hx-request" in request.headers:
            return None
        try:
            async with request.form() as form:
                held = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        except (HTTPException, MultiPartException):
            return None
        held = [(name, value) for name, value in held if name != "csrf"]
        said = words(held)
        if not said:
            return None
        query = f"?{request.url.query}" if request.url.query else ""
        shown: dict[str, Any] = {"to": request.url.path + query, "held": held, "words": said}
        return self._page(request, "typed.html", 403 if session else 401, **shown)


def words(held: Sequence[tuple[str, str]]) -> list[str]:
    """What a person has written in a form: all that has two words or more, each once.

    >>> words([("title", "Bus 14"), ("at", "2026-10-14T09:00"), ("how", "as written"), ("again", "Bus 14")])
    ['Bus 14']
    """
    said = (value.strip() for name, value in held if name not in BUTTONS and len(value.split()) > 1)
    return list(dict.fromkeys(said))
