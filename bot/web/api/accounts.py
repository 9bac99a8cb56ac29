"""What the API tells of a campaign: what the checks found, where everyone has ended, what was done."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Finding(BaseModel):
    """One thing that the checks found. Where step, variant or language is null it is about all of them."""

    severity: Literal["block", "warn", "note"] = Field(description="block: it is not sent so.")
    rule: str
    step: int | None = Field(description="1 is the first.")
    variant: str | None
    language: str | None
    what: str
    cure: str


class Said(BaseModel):
    """What one step says in one language, as its real recipients read it."""

    step: int = Field(description="1 is the first.")
    variant: str | None
    language: str = Field(examples=["es"])
    people: int
    channels: dict[str, int]
    waiting: int = Field(description="Who wait for a text in their language.")
    in_source_instead: dict[str, int]
    skipped: int
    missing: dict[str, int] = Field(description="Words that the text has a gap for and people have not.")
    parts: int = Field(description="SMS parts for all of them.")
    parts_each: float | None
    parts_most: int | None
    cost: float = Field(description="In US dollars, about.")
    samples: list[str] = Field(
        description="With people's names in it: only for tokens that have the scope people:read as well."
    )
    longest: str


class Checked(BaseModel):
    """A campaign looked over as it would go out now. Nothing is written by it."""

    campaign: str
    title: str
    at: AwareDatetime
    may_be_sent: bool
    audience: int
    going: int
    not_going: dict[str, int]
    cost: float = Field(description="In US dollars, about.")
    findings: list[Finding]
    texts: list[Said]

    def nameless(self) -> Checked:
        """Without the texts that have people's names in them."""
        texts = [each.model_copy(update={"samples": [], "longest": ""}) for each in self.texts]
        return self.model_copy(update={"texts": texts})


class State(BaseModel):
    """How many people are in one state of a report, and why."""

    state: str = Field(examples=["delivered"])
    group: str = Field(description="reached; on the way; failed; not sent, on purpose.", examples=["reached"])
    people: int = Field(examples=[912])
    share: float = Field(examples=[0.7355])
    next: str = Field(
        description="What happens next with those in it.", examples=["Nothing more in this round"]
    )
    reasons: dict[str, int] = Field(
        description="Of the failed: what providers said.", examples=[{"landline": 3}]
    )


class Report(BaseModel):
    """Every person of the audience in exactly one state for each step: the states add up to ``total``."""

    campaign: str
    occasion: str | None = Field(description="Null where it counts several rounds.")
    steps: int
    total: int
    replied: int = Field(description="Who have written to us since; they are in the states as well.")
    states: list[State]
    by_language: dict[str, dict[str, int]]
    by_variant: dict[str, dict[str, int]]


class Recipient(BaseModel):
    """One person at one step of one round: who, and what became of it. No words, no name, no number."""

    person: str = Field(
        description="Our id of the person.", examples=["0199e0f4-7d5e-7c1a-9a52-0c7a6f1d2e3b"]
    )
    external_id: str | None = Field(
        description="What your own system calls them; null where the list had no id but the number.",
        examples=["G-20114"],
    )
    occasion: str
    step: int = Field(description="0 is the first.")
    state: str = Field(description="As in the report.", examples=["delivered"])
    channel: str | None = Field(examples=["sms"])
    variant: str | None
    due_at: AwareDatetime | None
    sent_at: AwareDatetime | None


class Recipients(BaseModel):
    """A page of recipients."""

    recipients: list[Recipient]
    next: str | None = Field(description="Give it as `after` to get the next page; null at the end.")


class Event(BaseModel):
    """Something that was done with a campaign."""

    model_config = ConfigDict(from_attributes=True)

    at: AwareDatetime
    event: str = Field(examples=["approved"])
    by: str | None = Field(examples=["ngozi@riverbend.example"])
    detail: str | None


class Log(BaseModel):
    """What was done, the newest first."""

    events: list[Event]
