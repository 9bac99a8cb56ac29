"""Talks with families: who waits for a person, what was written, and answers, drafted and then sent."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query

from ...app import App
from ...dialogue import listing, sending
from ...dialogue.drafting import draft
from ...dialogue.listing import Line, Order, Wanted
from ...dialogue.threads import thread
from .door import Bearer, needing
from .problems import documented
from .shapes import LINE
from .talk import TAG, DoneOut, DraftIn, DraftOut, ReplyIn, SentOut, ThreadLine, ThreadOut, Threads, Who

Reader = Annotated[str, Query(pattern=TAG, description="The language of whoever reads.", examples=["en"])]
Repeat = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=40,
        pattern=r"^[\x21-\x7e]*$",
        description="Any name of yours for this request. All requests here may be repeated: a draft goes out once.",
    ),
]
THERE = documented("not-found", "invalid")
WRITES = documented("not-found", "refused", "invalid", "unreadable", "too-large")


def router(app: App) -> APIRouter:
    """Everything under /threads."""
    routes = APIRouter(prefix="/threads", tags=["threads"])

    @routes.get("", summary="Who has written and waits for a person, page by page", responses=THERE)
    async def list_threads(
        unanswered: Annotated[bool, Query(description="Only those who wait.")] = True,
        language: Annotated[str | None, Query(pattern=TAG, description="Who speak or write it.")] = None,
        school: Annotated[str | None, Query(max_length=200, pattern=LINE)] = None,
        campaign: Annotated[
            str | None,
            Query(pattern=r"^[a-z][a-z0-9-]{0,63}$", description="Who wrote after this campaign's message."),
        ] = None,
        channel: Annotated[str | None, Query(pattern=r"^[a-z]{1,20}$")] = None,
        order: Annotated[Order, Query(description="By the last words, or by the longest wait.")] = "newest",
        words: Annotated[bool, Query(description="With their names and words.")] = False,
        reader: Reader = "en",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
        by: Bearer = needing("threads:read"),
    ) -> Threads:
        """One line a person. Without `words` nobody's name or words are in it; a number never is."""
        wanted = Wanted(unanswered, language, school, campaign, channel)
        async with app.database.read() as db:
            found, onward = await listing.listed(
                db, wanted, reader=reader, order=order, after=after, limit=limit
            )
        return Threads(threads=[_line(each, words) for each in found], next=onward)

    @routes.get(
        "/{person}", summary="What one person and we have written, in both languages", responses=THERE
    )
    async def get_thread(
        person: Who,
        reader: Reader = "en",
        number: Annotated[bool, Query(description="With their addresses.")] = False,
        household: Annotated[bool, Query(description="With the size of their household.")] = False,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        before: Annotated[UUID | None, Query(description="The `earlier` of the page after.")] = None,
        by: Bearer = needing("threads:read"),
    ) -> ThreadOut:
        """The words as they came or went are always there, a translation beside them. They are private."""
        async with app.database.read() as db:
            found = await thread(
                db, person, reader, number=number, household=household, before=before, most=limit
            )
        return ThreadOut.model_validate(found)

    @routes.post(
        "/{person}/drafts", summary="Put an answer into their language, without sending it", responses=WRITES
    )
    async def draft_reply(
        person: Who, say: DraftIn, by: Bearer = needing("threads:write"), repeat: Repeat = None
    ) -> DraftOut:
        """Show it to whoever sends it: its digest says that they have read it. The same text is the same draft for a day."""
        return DraftOut.model_validate(await draft(app, person, say.text, by.email, say.language, say.to))

    @routes.post("/{person}/replies", summary="Send a draft that a person has read", responses=WRITES)
    async def send_reply(
        person: Who, reply: ReplyIn, by: Bearer = needing("threads:write"), repeat: Repeat = None
    ) -> SentOut:
        """A draft goes out once: the same request again changes nothing, with any Idempotency-Key or none."""
        sent = await sending.send(app, person, reply.digest, by.email, reply.how, now_please=reply.at_once)
        return SentOut.model_validate(sent)

    @routes.post(
        "/{person}/done", summary="Say that no answer is needed, or that there has been one", responses=THERE
    )
    async def end_thread(
        person: Who,
        seen: Annotated[
            UUID | None, Query(description="The last message that was read: what came later waits on.")
        ] = None,
        by: Bearer = needing("threads:write"),
        repeat: Repeat = None,
    ) -> DoneOut:
        """Their messages wait no more; a survey's question that stepped aside is asked again."""
        return DoneOut(waited=await sending.done(app, person, seen))

    return routes


def _line(line: Line, words: bool) -> ThreadLine:
    private: dict[str, Any] = {} if words else {"name": None, "text": None}
    return ThreadLine.model_validate(line).model_copy(update=private)
