"""What became of the people of a campaign, said in the page's language: on the campaign's account and on a person's record."""

from __future__ import annotations

from ..outreach.accounting import STATES
from .tongue import say


def group(name: str) -> str:
    """A group of states in the account."""
    return {
        "reached": say("Reached"),
        "on the way": say("On the way"),
        "failed": say("Failed"),
        "not sent, on purpose": say("Not sent, on purpose"),
    }[name]


def reason(name: str) -> str:
    """A counted state, or the reason why somebody gets nothing."""
    return {
        "read": say("Read"),
        "delivered": say("Delivered"),
        "sent": say("Sent, no receipt yet"),
        "waiting": say("Waiting to be sent"),
        "queued": say("In the queue"),
        "sending": say("Being sent"),
        "uncertain": say("Cut short, the provider is asked"),
        "held": say("May have been sent"),
        "failed": say("Could not be delivered"),
        "opted out": say("Asked us to stop"),
        "no address": say("No usable number"),
        "no consent": say("On no list that allows it"),
        "unreachable": say("Number not in service"),
        "same household": say("Somebody else in the household gets it"),
        "same number": say("Same phone as another family"),
        "held out": say("Left out by lot, for comparison"),
        "cap": say("Had enough messages from us"),
        "hours ran out": say("No open hour was left"),
        "replied": say("Had answered an earlier step"),
        "being looked after": say("A person is looking after them"),
        "asked before": say("Had this survey before"),
        "in a survey": say("In the middle of another survey"),
        "not translated": say("Their language was not approved"),
        "words missing": say("The list had no words for a gap"),
        "no child meant": say("None of their children is meant"),
        "erased": say("Erased at their wish"),
        "cancelled": say("Stopped before it was sent"),
    }.get(name, name)


def onward(name: str) -> str:
    """What happens next with those in a state."""
    return {
        "read": say("Nothing more in this round"),
        "delivered": say("Nothing more in this round"),
        "sent": say("The phone company has it; a receipt may follow"),
        "waiting": say("Sent in order, in open hours"),
        "queued": say("Goes out in a moment"),
        "sending": say("Being handed over"),
        "uncertain": say("We ask the provider; nobody gets it twice"),
        "held": say("Nobody can say; it is not sent again"),
        "failed": say("Ask the school office for a new number, or call"),
        "opted out": say("Left alone"),
        "no address": say("Ask the school office for a number"),
        "no consent": say("Ask the family first"),
        "unreachable": say("Ask the school office for a new number"),
        "same household": say("One message to a household"),
        "same number": say("One message to a phone"),
        "held out": say("Nothing; they are compared with the others"),
        "cap": say("They may have the next one"),
        "hours ran out": say("Send again if it still matters"),
        "replied": say("Answered in the inbox"),
        "being looked after": say("See the safety alerts"),
        "asked before": say("Nothing more"),
        "in a survey": say("Nothing; one thing at a time"),
        "not translated": say("Have their language approved"),
        "words missing": say("Fill in what the message says of them"),
        "no child meant": say("Nothing more"),
        "erased": say("Nothing is kept of it"),
        "cancelled": say("Nothing more"),
    }.get(name, STATES[name].next if name in STATES else "")
