"""Stand-ins for the providers, on this machine only: for the demo, for load tests and for the tests.

They speak the providers' own wire formats, so that the channels under test are the ones that ship.
"""

from channels.doubles.serve import serve
from channels.doubles.telegram import TelegramDouble
from channels.doubles.twilio import TwilioDouble

__all__ = ["TelegramDouble", "TwilioDouble", "serve"]
