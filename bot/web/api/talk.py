"""What goes in and out of the API under /threads, as its description shows it."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

TAG = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$"
"""How a language tag looks."""
EXAMPLE = "0199e0f4-7d5e-7c1a-9a52-0c7a6f1d2e3b"
Who = Annotated[
    UUID,
    Path(
        description="A person, as the list of threads names them.",
        examples=[EXAMPLE],
    ),
]
_CLOSED = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ThreadLine(BaseModel):
    """One thread in the list."""

    model_config = ConfigDict(from_attributes=True)

    person: UUID
    respondent: str = Field(description="family, student or staff.", examples=["family"])
    language: str = Field(description="The one they speak.", examples=["ht"])
    school: str | None = Field(examples=["Marsh Lane"])
    channel: str = Field(examples=["sms"])
    at: AwareDatetime = Field(
        description="When the words came by which it is listed: the last; in order=longest the first that wait."
    )
    text_language: str | None = Field(
        description="Of these words; null: nobody has looked yet.", examples=["ht"]
    )
    translated: bool = Field(description="Whether the reader can read them by now.")
    answered: bool = Field(description="Whether everything of theirs has its answer, or needs none.")
    waiting: int = Field(description="How many of their messages wait.", examples=[2])
    since: AwareDatetime | None = Field(description="When the first that waits came.")
    alerts: int = Field(description="Alerts about them that nobody has closed.", examples=[0])
    stopped: bool = Field(description="They have asked us to stop: nothing can be sent.")
    name: str | None = Field(default=None, description="Only with words=true.")
    text: str | None = Field(default=None, description="Only with words=true.")


class Threads(BaseModel):
    """A page of the list."""

    threads: list[ThreadLine]
    next: UUID | None = Field(description="`after` of the next page; null at the end.")


class WayOut(BaseModel):
    """One way to reach somebody."""

    model_config = ConfigDict(from_attributes=True, title="Way")

    channel: str
    state: str = Field(description="open, stopped, dead or no consent.", examples=["open"])
    address: str | None = Field(description="Only with number=true.")


class AlertOut(BaseModel):
    """An alert about them that nobody has closed."""

    model_config = ConfigDict(from_attributes=True, title="Alert")

    id: str = Field(description="As `openline alerts` takes it.", examples=["6f1d2e3b"])
    kind: str = Field(examples=["self_harm"])
    state: str = Field(examples=["new"])
    at: AwareDatetime


class HeadOut(BaseModel):
    """Whom a thread is with."""

    model_config = ConfigDict(from_attributes=True, title="ThreadHead")

    id: UUID
    name: str | None
    respondent: str
    language: str
    school: str | None
    groups: dict[str, str | int | float | bool | None]
    stopped: bool = Field(description="They have asked us to stop: nothing can be sent.")
    ways: list[WayOut]
    alerts: list[AlertOut]
    survey: str | None = Field(description="The key of a survey in whose middle they are.")
    household: int | None = Field(description="How many people are in theirs; only with household=true.")


class BubbleOut(BaseModel):
    """One message, as it came or went, and the other language beside it."""

    model_config = ConfigDict(from_attributes=True, title="Message")

    id: UUID
    direction: Literal["in", "out"]
    at: AwareDatetime
    channel: str
    purpose: str
    text: str = Field(description="Word for word.")
    language: str | None = Field(description="Null: nobody has looked yet.")
    other: str | None = Field(description="A translation for the reader; of a reply what staff wrote.")
    other_language: str | None
    translated_by: str | None = Field(description="person, or machine:<engine>.")
    confidence: float | None = Field(description="0 to 1: how sure it is that the meaning is the same.")
    sure: Literal["sure", "fair", "doubtful", "not known"] | None
    translation: UUID | None = Field(description="The translation's entry in the memory.")
    note: Literal["", "not translated yet", "anonymous"] = Field(
        description="Why there is no other language; `anonymous`: the words of an anonymous survey are not shown."
    )
    state: str = Field(
        description="heard, waiting, answered; queued, sent, delivered, read, failed, cancelled …"
    )
    reason: str | None
    written_by: str | None
    media: list[tuple[str, str]] = Field(description="Addresses and types of what came with it.")


class ThreadOut(BaseModel):
    """One person's messages, the oldest first."""

    model_config = ConfigDict(from_attributes=True, title="Thread")

    head: HeadOut
    messages: list[BubbleOut] = Field(validation_alias="bubbles", serialization_alias="messages")
    waiting: int
    earlier: UUID | None = Field(description="`before` of the page that came earlier; null at the beginning.")


class DraftIn(BaseModel):
    """What to say."""

    model_config = _CLOSED

    text: str = Field(min_length=1, max_length=1000, examples=["We will look into it."])
    language: str = Field(
        default="en", pattern=TAG, description="The language it is written in.", examples=["en"]
    )
    to: str | None = Field(
        default=None, pattern=TAG, description="Another language than theirs.", examples=["ht"]
    )


class LetterOut(BaseModel):
    """A text as it would arrive."""

    model_config = ConfigDict(from_attributes=True, title="Letter")

    text: str
    original: bool = Field(description="Whether the words that were written are in it.")
    parts: int = Field(description="SMS parts.")
    cost: float = Field(description="About so many US dollars.")


class FindingOut(BaseModel):
    """What a check says of the translation."""

    model_config = ConfigDict(from_attributes=True, title="Finding")

    severity: Literal["block", "warn", "note"]
    rule: str
    what: str
    cure: str


class DraftOut(BaseModel):
    """A reply before it goes."""

    model_config = ConfigDict(from_attributes=True, title="Draft")

    digest: str = Field(description="Stands for this draft: give it back to send it.")
    person: UUID
    written: str
    written_in: str
    language: str = Field(description="The language they would read it in.")
    text: str | None = Field(description="The translation; null where there is none.")
    origin: str | None = Field(description="person, or machine:<engine>.")
    confidence: float | None
    sure: Literal["sure", "fair", "doubtful", "not known"] | None
    back: str | None = Field(description="It translated back.")
    findings: list[FindingOut]
    translated: LetterOut | None
    as_written: LetterOut
    refusals: dict[str, str] = Field(
        description="Of `translated` and `as written`, what cannot be sent, and why."
    )
    channel: str
    due: AwareDatetime | None = Field(
        description="When it would go; null: only at_once, for their school is closed for months."
    )
    notes: list[str]


class ReplyIn(BaseModel):
    """Which draft to send, and how."""

    model_config = _CLOSED

    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the draft that a person has read.")
    how: Literal["translated", "as written"] = "translated"
    at_once: bool = Field(default=False, description="Do not wait for the hours of their school.")


class SentOut(BaseModel):
    """What became of a reply."""

    model_config = ConfigDict(from_attributes=True, title="Reply")

    id: UUID = Field(description="The message.")
    state: str = Field(examples=["queued"])
    due: AwareDatetime | None = Field(description="When it goes, or was to go.")
    text: str
    before: bool = Field(description="An earlier request had sent it: this one changed nothing.")
    aside: bool = Field(description="A survey's question waits until this talk is over.")


class DoneOut(BaseModel):
    """How many messages wait no more."""

    model_config = ConfigDict(title="Done")

    waited: int
