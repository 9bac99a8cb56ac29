"""What was just done, told once on the next page, with a way to undo it: carried in a signed cookie."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.responses import RedirectResponse

COOKIE = "openline_notice"
LIFE = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """``said``: a sentence in the page's language, without anybody's name. ``undo``: an address that takes a POST."""

    said: str
    undo: str = ""


def onward(to: str, key: bytes, said: str = "", undo: str = "") -> RedirectResponse:
    """To another page after something was done (303); that page says what was."""
    response = RedirectResponse(to, 303)
    if said:
        packed = base64.urlsafe_b64encode(json.dumps([said, undo]).encode()).decode()
        response.set_cookie(
            COOKIE, f"{packed}.{_seal(packed, key)}", max_age=LIFE, path="/", httponly=True, samesite="lax"
        )
    return response


def take(request: Request, key: bytes) -> Notice | None:
    """The notice that this request brings; None for none, or one that is not ours."""
    packed, _, seal = request.cookies.get(COOKIE, "").partition(".")
    if not packed or not hmac.compare_digest(seal.encode(), _seal(packed, key).encode()):
        return None
    said, undo = json.loads(base64.urlsafe_b64decode(packed))
    return Notice(said, undo)


def drop(response: Response) -> None:
    """It has been told."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def _seal(packed: str, key: bytes) -> str:
    return hmac.new(key, b"notice:" + packed.encode(), "sha256").hexdigest()
