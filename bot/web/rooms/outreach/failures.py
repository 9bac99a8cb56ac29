"""Why a message did not arrive, as channels say it (``messages.reason``): kept in English, said in the page's language."""

from __future__ import annotations

from survey_flows.told import told

FAILURES = {
    str(one): one
    for one in (
        # Twilio: channels/twilio_codes.py
        told("opted out at the provider"),
        told("blocked, most often opted out with the carrier"),
        told("on the provider's do-not-text list"),
        told("not a phone number"),
        told("not a mobile number"),
        told("a landline"),
        told("unknown or inactive number"),
        told("a landline, or a carrier that cannot be reached"),
        told("sending to this country is not enabled in the account"),
        told("empty text"),
        told("no route from our number to this one"),
        told("text too long"),
        told("filtered by the carrier: review the wording, links and registration"),
        told("blocked as suspected SMS pumping"),
        told("sending too fast"),
        told("too many requests at once"),
        told("our number's queue is full"),
        told("the queue overflowed"),
        told("handset off or out of reach"),
        told("failed for an unknown reason at the carrier"),
        told("over the carrier's rate for this campaign"),
        told("over the carrier's daily cap"),
        told("waited too long in the queue"),
        told("blocked by the provider's quiet hours"),
        told("over the account's daily limit"),
        told("wrong account or token"),
        told("account not active"),
        told("test credentials cannot do this"),
        told("our sending number is not valid"),
        told("our number cannot send texts"),
        told("a trial account sends to verified numbers only"),
        told("our public address is not one the provider can call back"),
        told("our sending number is not in this account"),
        told("our sending number is in another account"),
        told("the messaging service has no number to send from"),
        told("account suspended"),
        told("our number is not yet known to the carrier"),
        told("our toll-free number is not verified"),
        told("our campaign is suspended by the carrier"),
        told("our number is not registered for US texting (10DLC)"),
        told("the account may not do this"),
        told("no such account"),
        told("the provider failed"),
        told("refused for a reason we do not know"),
        # Telegram: channels/telegram_wire.py
        told("the account is gone"),
        told("the person has not started the bot"),
        told("the address is a bot"),
        told("the person has blocked the bot"),
        told("no such chat"),
        told("no such person"),
        told("the bot may not write in this chat"),
        told("refused as malformed"),
        told("the chat has become a group of another address"),
        told("wrong bot token"),
        told("another program is fetching this bot's messages"),
        told("a bot cannot look up what it has sent"),
        told("text empty or too long"),
        told("a button's payload is empty or too long"),
        # the way there, and what nobody can say
        told("the provider could not be reached"),
        told("the connection to the provider broke"),
        told("the provider's answer could not be read"),
        told("the provider cannot be asked now"),
        told("no answer in time"),
        told("unexpected error"),
        told("not known"),
    )
}


def failure(reason: str) -> str:
    """Why a message did not arrive, as a text that can be said again."""
    return FAILURES.get(reason, reason)
