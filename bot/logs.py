"""Logs are events with fields: ids, channels, counts and codes; never a person's words, name or number."""

from __future__ import annotations

import logging
import sys

import structlog
from stamina.instrumentation import set_on_retry_hooks

CHATTY = ("httpx", "httpcore", "twilio", "telegram", "apscheduler", "aiosqlite", "alembic")
"""Libraries that log addresses, bodies or tokens at their lower levels."""


def configure(*, quiet: bool = False) -> None:
    """Send events to standard error: for a person at a terminal in colour, else one JSON object a line."""
    level = logging.WARNING if quiet else logging.INFO
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Whoever types a command is told how it ended; each try of a request in between is for a service's log.
    set_on_retry_hooks([] if quiet else None)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at each event: standard error may be another one by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
