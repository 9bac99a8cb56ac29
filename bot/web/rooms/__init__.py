"""The rooms of the pages: each has its own routes, templates and styles, and knows none of the others."""

from __future__ import annotations

from . import account, coding, home, inbox, listen, outreach, people, settings, themes, translations

ROOMS = (home, listen, outreach, inbox, themes, coding, people, translations, settings, account)
