"""What every page of this room begins with: the documents, and how their texts stand in one language."""

from __future__ import annotations

from dataclasses import dataclass

import langcodes
from fastapi import HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....store.staff import Member
from ....texts.standing import Known, Text, known, texts
from ....texts.stored import Stored, gather


@dataclass(frozen=True, slots=True)
class Desk:
    """One language: its documents, all their texts, and what the memory has of them."""

    language: str
    stored: list[Stored]
    texts: list[Text]
    known: Known

    def of(self, stored: Stored) -> list[Text]:
        """The texts of one document, in its order."""
        return [one for one in self.texts if one.stored is stored]

    def text(self, context: str) -> Text:
        """One text. Raises 404."""
        for one in self.texts:
            if one.context == context:
                return one
        raise HTTPException(404)

    def document(self, name: str) -> Stored:
        """One document by its name in addresses. Raises 404."""
        for one in self.stored:
            if one.name == name:
                return one
        raise HTTPException(404)


async def desk(app: App, db: AsyncConnection, language: str) -> Desk:
    """What there is in a language. Raises 404 for what is no language, or is written otherwise."""
    if (
        len(language) > 35
        or not langcodes.tag_is_valid(language)
        or langcodes.standardize_tag(language) != language
    ):
        raise HTTPException(404)
    stored = await gather(app, db)
    memory = await known(db, language)
    return Desk(language, stored, texts(stored, language, memory), memory)


def me(request: Request) -> Member:
    """Who looks at this page: the guard has seen to it that there is somebody."""
    member: Member = request.state.session.member
    return member
