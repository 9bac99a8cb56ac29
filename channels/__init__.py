"""The edge: one module per medium, each speaks the small contract in ``channels.base``."""

from channels.base import Channel
from channels.console import Console
from channels.sms import Sms
from channels.telegram import Telegram

CHANNELS: dict[str, type[Channel]] = {
    "sms": Sms,
    "telegram": Telegram,
    "console": Console,
}
"""Every channel there is, by the name under which its messages are stored."""

__all__ = ["CHANNELS", "Channel", "Console", "Sms", "Telegram"]
