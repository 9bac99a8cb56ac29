"""What the rooms behind raise, as the API says it: one table. Anything else is a defect, and 500."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...dialogue.reaching import Refused as NotSent
from ...importing.dates import UncertainDates
from ...importing.layout import LayoutError
from ...importing.removal import Doubtful
from ...outreach.audience import AudienceError
from ...outreach.campaign import CampaignError
from ...outreach.control import Refused
from ...spreadsheets import TableError
from .problems import Fault, Trouble

_PLACE = re.compile(r"(line \d+(?:, \w+)*): (.*)", re.DOTALL)


def fault(complaint: str) -> Fault:
    """One line of a complaint, taken apart.

    >>> fault("line 7: there is no channel 'fax'").where
    'line 7'
    """
    place = _PLACE.fullmatch(complaint)
    return Fault(where=place[1], what=place[2]) if place else Fault(where="file", what=complaint)


def _campaign(error: CampaignError) -> Trouble:
    faults = [fault(each) for each in error.complaints]
    return Trouble("campaign", f"{len(faults)} to mend before it can be kept.", faults)


def _audience(error: AudienceError) -> Trouble:
    where = f"line {error.line}, column {error.column}"
    return Trouble("audience", str(error), [Fault(where=where, what=error.what, cure=error.cure)])


def _refused(error: Refused) -> Trouble:
    """What blocks it stands on lines of its own."""
    first, *blocks = str(error).splitlines()
    faults = [Fault(where="campaign", what=block.strip()) for block in blocks]
    return Trouble("refused", first, faults)


def _not_sent(error: NotSent) -> Trouble:
    return Trouble("refused", str(error))


def _file(error: TableError) -> Trouble:
    where = f"line {error.line}" if error.line else "file"
    return Trouble(
        "file", "The file cannot be used.", [Fault(where=where, what=error.problem, cure=error.cure)]
    )


def _mapping(error: LayoutError) -> Trouble:
    faults = [Fault(where="mapping", what=each) for each in error.complaints]
    return Trouble("file", "The mapping does not fit the file, or cannot be read.", faults)


def _dates(error: UncertainDates) -> Trouble:
    return Trouble("file", "Nothing was written.", [Fault(where="dates", what=str(error))])


def _doubtful(error: Doubtful) -> Trouble:
    said = str(error).replace("--anyway", "anyway=true").replace("--whole-list", "whole_list")
    return Trouble("refused", f"{said} Nothing was written.")


def _missing(error: LookupError) -> Trouble:
    if type(error) is not LookupError:
        raise error  # a slip of ours (KeyError …), and not something that somebody looked for
    return Trouble("not-found", str(error))


TRANSLATED: dict[type[Exception], Callable[..., Trouble]] = {
    CampaignError: _campaign,
    AudienceError: _audience,
    Refused: _refused,
    NotSent: _not_sent,
    TableError: _file,
    LayoutError: _mapping,
    UncertainDates: _dates,
    Doubtful: _doubtful,
    LookupError: _missing,
}


def translate(error: Exception) -> Trouble:
    """What to answer for an error of TRANSLATED, or of a kind of one."""
    known = next(kind for kind in type(error).__mro__ if kind in TRANSLATED)
    return TRANSLATED[known](error)
