"""Several translators, asked in order: what one has not, the next is asked for. The order may differ by pair of languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .base import Failed, Translated, Translator


class Chain:
    """The first translation found wins. One that fails does not stop the others."""

    def __init__(self, *translators: Translator) -> None:
        self.translators = translators

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """Raises Failed, with what was found, only when a text was found nowhere and some translator failed."""
        results: list[Translated | None] = [None] * len(texts)
        failures: list[str] = []
        for translator in self.translators:
            open_ = [i for i, result in enumerate(results) if result is None]
            if not open_:
                break
            found: Sequence[Translated | None]
            try:
                found = await translator.translate([texts[i] for i in open_], source, target)
            except Failed as failed:
                failures.append(str(failed))
                found = failed.found or [None] * len(open_)
            for i, result in zip(open_, found, strict=True):
                results[i] = result
        if failures and None in results:
            raise Failed("; ".join(failures), results)
        return results

    async def close(self) -> None:
        """Close them all, also where one of them cannot be closed."""
        failure: Exception | None = None
        for translator in self.translators:
            try:
                await translator.close()
            except Exception as error:
                failure = error
        if failure is not None:
            raise failure


class Routed:
    """Another chain for each pair of languages."""

    def __init__(
        self, route: Callable[[str, str], Sequence[str]], translators: dict[str, Translator]
    ) -> None:
        """``route`` gives the names of ``translators`` that are asked for a pair, in order."""
        self._route = route
        self._translators = translators

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """As the pair's chain does. Raises Failed."""
        chain = Chain(*(self._translators[name] for name in self._route(source, target)))
        return await chain.translate(texts, source, target)

    async def close(self) -> None:
        """Close them all."""
        await Chain(*self._translators.values()).close()
