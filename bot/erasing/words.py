"""Takes out what other rows hold of a person's words: translations, proposed themes, examples of codebooks."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook, files

from ..codebooks import Books
from ..store import memory
from ..store.tables import answers, codebooks, codings, messages, proposals, translations
from .plan import Plan, parts

AT_ONCE = 200


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What they said, in every form in which it is kept; ``alone`` are the texts that nobody else has said or sent."""

    heard: frozenset[str]
    alone: frozenset[str]
    folded: str  # all of it, with its translations, to look single words up in


async def gather(db: AsyncConnection, plan: Plan) -> Words:
    """Their words; before anything has gone."""
    heard: set[str] = set()
    texts: set[str] = set()
    for some in parts(plan.answers):
        rows = await db.execute(select(answers.c.heard).where(answers.c.id.in_(some)))
        heard |= set(rows.scalars())
    for some in parts(plan.messages):
        wanted = select(messages.c.text, messages.c.original).where(messages.c.id.in_(some))
        for text, original in await db.execute(wanted):
            texts |= {text, original} - {None, ""}
    texts |= heard
    alone = texts - await _elses(db, plan, texts)
    translated = await _translated(db, texts)
    return Words(frozenset(heard), frozenset(alone), "\n".join((*texts, *translated)).casefold())


async def forget(db: AsyncConnection, words: Words) -> int:
    """Drop the translations of what only they said. Returns how many."""
    gone = 0
    for some in _lots(map(memory.digest, words.alone)):
        which = translations.c.digest.in_(some), translations.c.context == memory.SAID
        gone += (await db.execute(delete(translations).where(*which))).rowcount
    return gone


async def take_out_of_proposals(db: AsyncConnection, plan: Plan, words: Words) -> list[tuple[str, str]]:
    """Proposed themes forget their replies, and the words that only these had.

    Returns (codebook, theme) of those that had become themes: their examples may be these replies.
    """
    gone = {str(id_) for id_ in plan.answers}
    accepted: list[tuple[str, str]] = []
    rows = await db.execute(select(proposals).order_by(proposals.c.id).with_for_update())
    for row in rows.all() if gone else ():
        if gone.isdisjoint(row.members):
            continue
        left = [member for member in row.members if member not in gone]
        if row.state == "accepted" and row.theme:
            accepted.append((row.codebook, row.theme))
        if not left and row.state == "open":
            await db.execute(delete(proposals).where(proposals.c.id == row.id))
            continue
        others = await _said_by(db, [UUID(member) for member in left])

        def stays(word: str, others: str = others) -> bool:
            return word.casefold() in others or word.casefold() not in words.folded

        told = {language: [word for word in listed if stays(word)] for language, listed in row.words.items()}
        label = ", ".join(part for part in str(row.label).split(", ") if stays(part))
        fallback = next((word for listed in told.values() for word in listed), row.theme or "?")
        await db.execute(
            update(proposals)
            .where(proposals.c.id == row.id)
            .values(members=left, words=told, label=label or fallback)
        )
    return accepted


async def take_out_of_codebooks(
    db: AsyncConnection, books: Books, themes: Collection[tuple[str, str]], words: Words
) -> int:
    """Themes that were made of replies have some as examples: theirs go, from every version. Returns how many."""
    alone = {" ".join(text.split()) for text in words.alone & words.heard}
    codes = {theme for _, theme in themes}
    gone = 0
    keys = sorted({key for key, _ in themes})
    wanted = select(codebooks.c.id, codebooks.c.key, codebooks.c.text).where(codebooks.c.key.in_(keys))
    for id_, key, text in (await db.execute(wanted.with_for_update())).all() if keys and alone else ():
        book = (await asyncio.to_thread(files.read, text.encode(), f"{key}.yaml")).codebook
        thinner, some = _without(book, alone)
        if some:
            gone += some
            new = files.write(thinner, "yaml").decode()
            await db.execute(
                update(codebooks).where(codebooks.c.id == id_).values(text=new, digest=thinner.digest)
            )
            books.drop(id_)
    for code in sorted(codes) if gone else ():
        near = select(codings.c.id, codings.c.evidence).where(codings.c.theme == code)
        for id_, evidence in (await db.execute(near)).all():
            if (evidence or {}).get("nearest") in alone:
                clean = {**evidence, "nearest": ""}
                await db.execute(update(codings).where(codings.c.id == id_).values(evidence=clean))
    return gone


def _without(book: Codebook, texts: Collection[str]) -> tuple[Codebook, int]:
    gone = 0
    themes = []
    for theme in book:
        kept = {
            language: tuple(text for text in listed if text not in texts)
            for language, listed in theme.examples.items()
        }
        less = sum(map(len, theme.examples.values())) - sum(map(len, kept.values()))
        gone += less
        themes.append(replace(theme, examples={k: v for k, v in kept.items() if v}) if less else theme)
    return (replace(book, themes=tuple(themes)), gone) if gone else (book, 0)


async def _elses(db: AsyncConnection, plan: Plan, texts: Collection[str]) -> set[str]:
    """Those of these texts that somebody else has said as well."""
    mine, ours = set(plan.answers), set(plan.messages)
    found: set[str] = set()
    for some in _lots(texts):
        for wanted, own in (
            (select(answers.c.id, answers.c.heard).where(answers.c.heard.in_(some)), mine),
            (select(messages.c.id, messages.c.text).where(messages.c.text.in_(some)), ours),
            (select(messages.c.id, messages.c.original).where(messages.c.original.in_(some)), ours),
        ):
            found |= {text for id_, text in await db.execute(wanted) if id_ not in own}
    return found


async def _translated(db: AsyncConnection, texts: Collection[str]) -> set[str]:
    found: set[str] = set()
    for some in _lots(map(memory.digest, texts)):
        wanted = select(translations.c.text).where(
            translations.c.digest.in_(some), translations.c.context == memory.SAID
        )
        found |= {text for text in (await db.execute(wanted)).scalars() if text}
    return found


async def _said_by(db: AsyncConnection, ids: Collection[UUID]) -> str:
    """What these answers say, with their translations."""
    heard: set[str] = set()
    for some in parts(ids):
        heard |= set((await db.execute(select(answers.c.heard).where(answers.c.id.in_(some)))).scalars())
    return "\n".join((*heard, *await _translated(db, heard))).casefold()


def _lots(texts: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(set(texts))
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
