"""Several translators, asked in order: what one has not, the next is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from .base import Failed, Translated, Translator


class Chain:
    """The first translation found wins. One that fails does not stop the others."""

    def __init__(self, *translators: Translator) -> None:
        self.translators = translators

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """Raises Failed only when a text was found nowhere and some translator failed."""
        results: list[Translated | None] = [None] * len(texts)
        failure: Failed | None = None
        for translator in self.translators:
            open_ = [i for i, result in enumerate(results) if result is None]
            if not open_:
                break
            try:
                found = await translator.translate([texts[i] for i in open_], source, target)
            except Failed as failed:
                failure = failed
                continue
            for i, result in zip(open_, found, strict=True):
                results[i] = result
        if failure is not None and None in results:
            raise failure
        return results

    async def close(self) -> None:
        """Close them all."""
        for translator in self.translators:
            await translator.close()
