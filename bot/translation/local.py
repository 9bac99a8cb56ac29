"""Translation on this machine, with the models of Firefox that the operator has put into a folder. Nothing is ever fetched."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import tags
from .base import Failed, Pair, Translated
from .pieces import Parcel

CHILD = Path(__file__).with_name("local_child.py")
BETWEEN = "en"
"""Where there is no model for a pair, two are used, by way of this language."""
SPECIAL = {
    "zh-Hans": ("zh-Hans", "zh_hans", "zh"),
    "zh-Hant": ("zh-Hant", "zh_hant"),
    "pt-BR": ("pt-BR", "pt"),
    "fil": ("fil", "tl"),
}

_MODEL = re.compile(r"model\.(?P<pair>[\w-]+)\.\S*?bin(?:\.gz)?")
_FOLDER = re.compile(r"(?P<source>[a-z]{2,3}(?:[_-][A-Za-z]{4})?)-(?P<target>[a-z]{2,3}(?:[_-][A-Za-z]{4})?)")


@dataclass(frozen=True, slots=True)
class Model:
    """The files of one model: ``model``, vocabularies (the same one twice in most), and a shortlist, where there is one."""

    model: Path
    source: Path
    target: Path
    shortlist: Path | None


def models(folder: Path) -> dict[Pair, Model]:
    """Every model in a folder and those inside it, told by the names of its files, as Firefox has them::

        es-en/model.esen.intgemm.alphas.bin  vocab.esen.spm  lex.50.50.esen.s2t.bin
        en-ja/model.enja.intgemm.alphas.bin  srcvocab.enja.spm  trgvocab.enja.spm  lex.50.50.enja.s2t.bin

    Files may be packed with gzip (``.gz``). A model without a vocabulary is left out.
    """
    found: dict[Pair, Model] = {}
    for path in sorted(folder.rglob("model.*")) if folder.is_dir() else ():
        named = _MODEL.fullmatch(path.name)
        pair = named and _pair(named["pair"], path.parent.name)
        if not named or not pair:
            continue
        beside = {file.name.removesuffix(".gz"): file for file in path.parent.iterdir()}
        one = beside.get(f"vocab.{named['pair']}.spm")
        source = beside.get(f"srcvocab.{named['pair']}.spm", one)
        target = beside.get(f"trgvocab.{named['pair']}.spm", one)
        short = [
            beside[name] for name in sorted(beside) if re.fullmatch(rf"lex\..*{named['pair']}.*\.bin", name)
        ]
        if source and target:
            found[pair] = Model(path, source, target, short[0] if short else None)
    return found


def _pair(written: str, folder: str) -> Pair | None:
    if re.fullmatch(r"[a-z]{4}", written):
        return written[:2], written[2:]
    named = _FOLDER.fullmatch(written) or _FOLDER.fullmatch(folder)
    return (named["source"], named["target"]) if named else None


class Local:
    """fxtranslate in a process of its own, started when it is first needed."""

    name = "local"
    ours = True
    origin = "machine:firefox"
    most = 300
    """Characters of one piece. The time for a text grows faster than its length."""

    def __init__(
        self, folder: Path, *, timeout: float = 20.0, deadline: float = 60.0, child: Path = CHILD
    ) -> None:
        self._folder = folder
        self._timeout = timeout
        self._deadline = deadline
        self._child = child
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def pairs(self) -> frozenset[Pair]:
        """The pairs with a model, and those that go by way of English."""
        found = await asyncio.to_thread(models, self._folder)
        over = {(s, t) for s, a in found if a == BETWEEN for b, t in found if b == BETWEEN and s != t}
        return frozenset(found) | over

    async def has(self, source: str, target: str) -> bool:
        """Whether there is a model, or two."""
        return bool(await asyncio.to_thread(self._way, source, target))

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """None where there is no model, for what has no words, and for a text on which the engine dies. Raises Failed, with
        what was translated before."""
        parcel = Parcel(texts, self.most)
        done: dict[str, str] = {}
        way = await asyncio.to_thread(self._way, source, target) if parcel.pieces else []
        if not way:
            return [None] * len(texts)
        if importlib.util.find_spec("fxtranslate") is None:
            raise Failed("local: fxtranslate is not installed")
        try:
            async with asyncio.timeout(self._deadline), self._turn:
                await self._work(way, parcel.pieces, done)
        except Failed as failed:
            raise Failed(f"local: {failed}", parcel.opened(done, self.origin)) from None
        except TimeoutError:
            raise Failed("local: too slow", parcel.opened(done, self.origin)) from None
        except OSError as error:
            raise Failed(f"local: {type(error).__name__}", parcel.opened(done, self.origin)) from None
        return parcel.opened(done, self.origin)

    def _way(self, source: str, target: str) -> list[Model]:
        found = models(self._folder)
        if direct := tags.known(source, target, found, SPECIAL):
            return [found[direct]]
        first = tags.known(source, BETWEEN, found, SPECIAL)
        second = tags.known(BETWEEN, target, found, SPECIAL)
        return [found[first], found[second]] if first and second else []

    async def _work(self, way: Sequence[Model], pieces: Sequence[str], done: dict[str, str]) -> None:
        files = [[str(m.model), str(m.source), str(m.target), m.shortlist and str(m.shortlist)] for m in way]
        deaths = 0
        for piece in pieces:
            try:
                answer = await self._ask({"models": files, "text": piece})
            except _Died as died:
                # This text may be to blame: the others get a new process, but not for ever.
                deaths += 1
                if deaths == 3:
                    raise Failed(f"the engine {died} three times") from None
                continue
            if "error" in answer:
                raise Failed(str(answer["error"]))
            done[piece] = str(answer["text"])

    async def _ask(self, body: dict[str, object]) -> dict[str, object]:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(self._child),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=1 << 20,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        whole = False
        try:
            process.stdin.write(json.dumps(body).encode() + b"\n")
            await process.stdin.drain()
            line = await asyncio.wait_for(process.stdout.readline(), self._timeout)
            answer: dict[str, object] = json.loads(line)
            whole = True
            return answer
        except TimeoutError:
            raise _Died("did not answer") from None
        except (ValueError, ConnectionError):
            raise _Died("died") from None
        finally:
            if not whole:  # its answer would be taken for the next one's
                await self._stop()

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.communicate())

    async def close(self) -> None:
        """End the process."""
        await self._stop()


class _Died(Exception):  # noqa: N818
    pass
