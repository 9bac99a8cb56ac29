"""What the pages need of the service, and nothing more. ``bot.app.App`` has it; a test may bring its own."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

from analysis.findings import Summary
from analysis.items import Results
from analysis.views import View

from ..at_hand import Pairs
from ..settings import Settings
from ..store.database import Database
from ..viewing import Viewed


class Listed(Protocol):
    """One survey in the list: its key, as in addresses, and its title in English."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...


class Needs(Protocol):
    """``glance``, ``crossed`` and ``chosen`` give what is at hand, without waiting; they raise at_hand.NotYet where nothing is.
    ``glance`` gives None where nobody has been asked, ``chosen`` where there is no such survey, and else when it was counted
    too. Both of the first raise waves.NoWave for a wave that there is not, or where there is nothing to compare with."""

    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...

    def clock(self) -> datetime: ...
    def surveys(self) -> Awaitable[Sequence[Listed]]: ...
    def glance(
        self, survey: str, how: View = "named", wave: str | None = None, /
    ) -> Awaitable[Viewed | None]: ...
    def crossed(self, survey: str, wave: str | None, pairs: Pairs, /) -> Awaitable[Summary | None]: ...
    def chosen(self, survey: str, /) -> Awaitable[tuple[Results, datetime] | None]: ...
