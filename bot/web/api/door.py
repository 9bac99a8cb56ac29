"""Lets programs in by their token: ``Authorization: Bearer openline_…``, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from ... import tokens
from ..needs import Needs
from ..throttle import Throttle
from .problems import Trouble

WINDOW = timedelta(minutes=15)
TRIES = 60
"""Tokens that were never made, by one address of the internet in that time: as many as wrong passwords."""
OPEN = frozenset({"/api/v1/openapi.json"})
"""What the API is, and nothing of anybody's: the only page of it that needs no token."""

REASONS = {
    "revoked": "This token has been revoked. Have a new one made: openline token create",
    "expired": "The days of this token are over. Have a new one made: openline token create",
    "disabled": "The account that this token acts for is disabled. Have one made for another: openline token create",
}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks: a token's name, what it may do, and the address of the person it acts for."""

    name: str
    email: str
    scopes: frozenset[str]


class Door:
    """Stands before all of the API. Counts tokens that were never made; one that has ended is no guess."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.wrong = Throttle(TRIES, WINDOW)

    async def let_in(self, request: Request) -> Bearer | None:
        """Who this is; None where nobody has to be anybody. Raises Trouble."""
        if request.scope["path"] in OPEN:
            return None
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            raise Trouble(
                "no-token",
                "Send the header Authorization: Bearer openline_… A token is made with: openline token create",
                headers={"WWW-Authenticate": 'Bearer realm="openline"'},
            )
        now = self.needs.clock()
        client = request.client.host if request.client else ""
        async with self.needs.database.read() as db:
            token = await tokens.find(db, given.strip())
        if token is None:
            # Only guesses are turned away: behind a proxy everybody has one address, and a stranger's guesses must not
            # keep out the program that stops a campaign.
            if self.wrong.spent(client, now):
                raise Trouble(
                    "too-many-tries",
                    "Too many tokens that were never made have come from your address. Wait 15 minutes.",
                    headers={"Retry-After": str(int(WINDOW.total_seconds()))},
                )
            self.wrong.allow(client, now)
            raise refused(
                "There is no such token. Check that it was copied whole: openline_ and 43 characters"
            )
        if (state := tokens.state(token, now)) != "good":
            raise refused(REASONS[state])
        if tokens.due_for_touch(token, now):
            async with self.needs.database.begin() as db:
                await tokens.touch(db, now, token)
        return Bearer(token.name, token.email, token.scopes)


def refused(why: str) -> Trouble:
    """A token was shown, and it is no good (RFC 6750, section 3.1)."""
    challenge = 'Bearer realm="openline", error="invalid_token"'
    return Trouble("bad-token", f"{why}.", headers={"WWW-Authenticate": challenge})


_SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token from `openline token create`. Each operation names the scope that it needs.",
)


def _known(
    request: Request,
    wanted: SecurityScopes,
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)],
) -> Bearer:
    # The guard has looked at the token; whoever comes past it without one gets no further than here.
    bearer: Bearer | None = getattr(request.state, "bearer", None)
    if bearer is None:
        raise Trouble("no-token", "Send the header Authorization: Bearer openline_…")
    if missing := [scope for scope in wanted.scopes if scope not in bearer.scopes]:
        raise Trouble(
            "missing-scope",
            f"This needs the scope {' and '.join(missing)}, which the token {bearer.name} does not have. "
            f"Have one made: openline token create NAME --scope {' --scope '.join(missing)}",
        )
    return bearer


def needing(*scopes: str) -> Bearer:
    """A parameter's default: who asks, if their token has these scopes. Every operation has one."""
    if unknown := set(scopes) - tokens.SCOPES.keys():
        raise ValueError(f"no such scope: {unknown}")
    made: Bearer = Security(_known, scopes=list(scopes))
    return made
