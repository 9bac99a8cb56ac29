"""What goes in and out of the API under /campaigns, as its description shows it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Key = Annotated[
    str,
    Path(
        pattern=r"^[a-z][a-z0-9-]{0,63}$",
        description="Its key: small letters, digits, hyphens.",
        examples=["on-time-thanks"],
    ),
]
LINE = r"^[^\x00-\x1f\x7f]*$"
"""One line of text: what a store and a log can hold."""
_CLOSED = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Sent(BaseModel):
    """One round of a campaign, and how far it has come."""

    model_config = ConfigDict(from_attributes=True, title="Run")

    occasion: str = Field(
        description="What it is about: once, a moment, a day, a file.", examples=["2026-10-15T16:30"]
    )
    state: str = Field(description="expanding, sending, done or stopped.", examples=["sending"])
    begins_at: AwareDatetime
    expected: int = Field(description="People in the audience when it began.", examples=[1240])
    expanded: int = Field(description="Of them, those whose state has been decided.", examples=[1240])
    staged: int = Field(
        description="Messages that have been put into the queue, over all steps.", examples=[311]
    )


class Standing(BaseModel):
    """How a campaign stands."""

    model_config = ConfigDict(from_attributes=True, title="Campaign")

    key: str = Field(examples=["on-time-thanks"])
    title: str = Field(examples=["Thank you for two weeks on time"])
    state: str = Field(
        description="draft, awaiting (a second person), scheduled, paused, finished or stopped.",
        examples=["scheduled"],
    )
    reason: str | None = Field(default=None, description="Why it is paused or stopped.")
    next_at: AwareDatetime | None = Field(default=None, description="When its next round begins.")
    written_by: str | None = Field(default=None, examples=["ines@riverbend.example"])
    approved_by: str | None = Field(default=None, examples=["ngozi@riverbend.example"])
    size: int | None = Field(default=None, description="How many people it was approved for, or would reach.")
    runs: list[Sent] = Field(default=[], description="Its rounds.")


class WithFile(Standing):
    """How a campaign stands, and its file as it was written."""

    model_config = ConfigDict(from_attributes=True, title="CampaignWithFile")

    text: str = Field(description="The YAML.", examples=["campaign: on-time-thanks\ntitle: …\n"])


class Campaigns(BaseModel):
    """All campaigns."""

    campaigns: list[Standing]


class Why(BaseModel):
    """Why a campaign is paused or stopped; it stands in the log."""

    model_config = _CLOSED

    reason: str = Field(default="", max_length=200, pattern=LINE, examples=["The buses run again"])


class To(BaseModel):
    """Where a test message goes: your own phone, never a family's."""

    model_config = _CLOSED

    channel: Literal["sms", "telegram"] = Field(examples=["sms"])
    address: str = Field(
        pattern=r"^(\+[1-9][0-9]{6,14}|-?[0-9]{1,20})$",
        description="A number with its country code, or a Telegram chat id.",
        examples=["+16175550142"],
    )
    language: str | None = Field(
        default=None,
        max_length=35,
        pattern=r"^[A-Za-z0-9-]+$",
        description="Which language; default: the source language.",
        examples=["es"],
    )


class Occasion(BaseModel):
    """What a triggered campaign is about: it goes out once for each."""

    model_config = _CLOSED

    occasion: str | None = Field(
        default=None,
        min_length=1,
        max_length=40,
        pattern=LINE,
        description="A day, a file, a number of yours. Default: the Idempotency-Key; without one, this moment.",
        examples=["2026-10-15"],
    )
