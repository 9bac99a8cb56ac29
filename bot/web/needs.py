"""What the pages need of the service, and nothing more. ``bot.app.App`` has it; a test may bring its own."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

from analysis.findings import Summary
from analysis.items import Results
from analysis.views import View

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
    """``findings`` and ``viewed`` give None where nobody has been asked, ``results`` where there is no such survey.
    ``viewed`` raises waves.NoWave for a wave that there is not, or where there is nothing to compare with."""

    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...

    def clock(self) -> datetime: ...
    def surveys(self) -> Awaitable[Sequence[Listed]]: ...
    def findings(self, survey: str, /) -> Awaitable[Summary | None]: ...
    def viewed(self, survey: str, how: View, wave: str | None, /) -> Awaitable[Viewed | None]: ...
    def results(self, survey: str, /) -> Awaitable[Results | None]: ...
