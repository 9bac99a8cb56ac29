"""Saved audiences, and how many people are in one before anything is sent to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from channels import CHANNELS

from ...app import App
from ...outreach import audience, calendars
from ...outreach.audience import AudienceError
from ...outreach.audience.checking import check
from ...outreach.audience.counting import counts
from ...outreach.audience.reading import LENGTH
from ...outreach.audience.saved import offer
from .door import Bearer, needing
from .problems import Trouble, documented

Key = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9][a-z0-9-]{0,63}$",
        description="Its name: small letters, digits, hyphens.",
        examples=["lincoln-families"],
    ),
]
EXAMPLE = 'school = "Lincoln" and respondent = family'


class Filter(BaseModel):
    """Whom is meant, in the language of docs/audiences.md."""

    model_config = ConfigDict(extra="forbid")

    filter: str = Field(min_length=1, max_length=LENGTH, examples=[EXAMPLE])


class Audience(BaseModel):
    """A saved audience."""

    key: str = Field(examples=["lincoln-families"])
    filter: str = Field(description="As it was written.", examples=[EXAMPLE])


class Audiences(BaseModel):
    """All saved audiences, by name."""

    audiences: list[Audience]


class Counts(BaseModel):
    """An audience in numbers: ``channels`` and ``without`` add up to ``people``, and so does each of the others."""

    model_config = ConfigDict(from_attributes=True)

    people: int = Field(examples=[1240])
    households: int = Field(examples=[1102])
    languages: dict[str, int] = Field(examples=[{"en": 780, "es": 460}])
    respondents: dict[str, int] = Field(examples=[{"family": 1240}])
    channels: dict[str, int] = Field(
        description="The first channel that each can be reached on.", examples=[{"sms": 1100, "telegram": 20}]
    )
    without: dict[str, int] = Field(
        description="Why the others cannot be reached.", examples=[{"opted out": 100, "no address": 20}]
    )
    warnings: list[str] = Field(default=[], description="What to know before the filter is used.")


def router(app: App) -> APIRouter:
    """Everything under /audiences."""
    routes = APIRouter(prefix="/audiences", tags=["audiences"])

    @routes.get("", summary="All saved audiences")
    async def list_audiences(by: Bearer = needing("audiences:read")) -> Audiences:
        async with app.database.read() as db:
            known = await audience.listed(db)
        return Audiences(audiences=[Audience(key=key, filter=text) for key, text in known.items()])

    @routes.post(
        "/count",
        summary="How many people a filter means, by language and channel",
        responses=documented("unreadable", "too-large", "audience", "invalid"),
    )
    async def count_audience(body: Filter, by: Bearer = needing("audiences:read")) -> Counts:
        """The filter may be the name of a saved audience. Its fields and values must be there: a slip is told."""
        async with app.database.read() as db:
            meant = await audience.resolve(db, body.filter)
            warnings = await check(db, meant)
            known = await calendars.load(db, app.settings.timezone, app.settings.country)
            # Before any channel is set up it is still told who has a number at all.
            ways = list(app.channels or CHANNELS)
            found = await counts(db, meant, ways, app.clock(), zone=known.other.zone)
        return Counts.model_validate(found).model_copy(update={"warnings": warnings})

    @routes.get("/{key}", summary="One saved audience", responses=documented("not-found", "invalid"))
    async def get_audience(key: Key, by: Bearer = needing("audiences:read")) -> Audience:
        async with app.database.read() as db:
            known = await audience.listed(db)
        return Audience(key=key, filter=_there(key, known))

    @routes.put(
        "/{key}",
        summary="Save an audience, or change it",
        responses=documented("unreadable", "too-large", "audience", "invalid"),
    )
    async def put_audience(key: Key, body: Filter, by: Bearer = needing("audiences:write")) -> Audience:
        """A campaign that has not begun goes by what its audience says when it begins."""
        async with app.database.begin() as db:
            saved = await audience.save(db, key, body.filter, app.clock())
            return Audience(key=key, filter=(await audience.listed(db)).get(key, saved.text))

    @routes.delete(
        "/{key}",
        summary="Forget a saved audience",
        status_code=204,
        responses=documented("not-found", "refused", "invalid"),
    )
    async def delete_audience(key: Key, by: Bearer = needing("audiences:write")) -> None:
        """Not while a campaign or another audience needs it."""
        async with app.database.begin() as db:
            _there(key, await audience.listed(db))
            try:
                await audience.delete(db, key)
            except AudienceError as error:
                raise Trouble("refused", f"{error.what} {error.cure}") from None

    return routes


def _there(key: str, known: dict[str, str]) -> str:
    if key not in known:
        raise LookupError(f"There is no saved audience {key}. {offer(key, known)}")
    return known[key]
