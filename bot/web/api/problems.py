"""How the API says no: problem details (RFC 9457), always with what is wrong, where, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"
URN = "urn:openline:problem:"

KINDS = {
    "unreadable": (400, "The request cannot be read"),
    "no-token": (401, "A token is needed"),
    "bad-token": (401, "This token lets nobody in"),
    "missing-scope": (403, "The token may not do this"),
    "not-found": (404, "There is no such thing"),
    "method": (405, "This address takes no such request"),
    "refused": (409, "It cannot be done now"),
    "too-large": (413, "That is too large"),
    "content-type": (415, "It is not in a form that can be read here"),
    "invalid": (422, "Something in the request is not right"),
    "campaign": (422, "The campaign cannot be used"),
    "audience": (422, "The filter cannot be used"),
    "file": (422, "The file cannot be used"),
    "too-many-tries": (429, "Too many wrong tokens"),
    "failed": (500, "Something failed on our side"),
    "unavailable": (503, "The store does not answer"),
}
"""Every kind of problem: its status and its title. docs/api.md says what to do about each."""
BY_STATUS = {400: "unreadable", 401: "no-token", 403: "missing-scope", 404: "not-found", 405: "method",
             413: "too-large", 415: "content-type", 422: "invalid", 429: "too-many-tries", 503: "unavailable"}  # fmt: skip
"""What a bare status becomes, when it is the framework that says no."""


class Fault(BaseModel):
    """One thing that is wrong."""

    where: str = Field(description="A field, a query parameter, or a line of a file.", examples=["line 7"])
    what: str = Field(description="What is wrong with it.", examples=["there is no channel 'fax'"])
    cure: str | None = Field(default=None, description="How to mend it.", examples=["use sms or telegram"])


class Problem(BaseModel):
    """Why a request was not done (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="Which kind of problem; stays the same.", examples=[f"{URN}missing-scope"])
    title: str = Field(description="The kind, in words.", examples=["The token may not do this"])
    status: int = Field(description="The HTTP status.", examples=[403])
    detail: str = Field(
        description="What happened here, and how to mend it.",
        examples=["This needs the scope campaigns:send, which the token nightly does not have."],
    )
    errors: list[Fault] = Field(default=[], description="Every fault, where there are several.")


class Trouble(Exception):  # noqa: N818
    """A request that is not done: a kind of KINDS, what happened, and each fault."""

    def __init__(
        self,
        kind: str,
        detail: str,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.faults = list(faults)
        self.headers = headers

    def response(self) -> JSONResponse:
        """The answer that says so."""
        status, title = KINDS[self.kind]
        body = Problem(
            type=URN + self.kind, title=title, status=status, detail=self.detail, errors=self.faults
        )
        return JSONResponse(body.model_dump(), status, self.headers, media_type=MEDIA_TYPE)


def documented(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The answers of these kinds as OpenAPI has them, one a status."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        status, title = KINDS[kind]
        before = found.get(status)
        found[status] = {
            "description": f"{before['description']}; or: {title}" if before else title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return found
