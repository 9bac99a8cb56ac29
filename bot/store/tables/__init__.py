"""Every table. Rows are the queue: a message that is to be sent is a row that is due.

States of a message, and who moves it:

    in    heard, or waiting → answered                          (by a person: bot/dialogue)
    out   draft → queued                                        (a translated reply that staff have confirmed)
          queued → sending → sent → delivered → read          (outbox, then the provider's receipts)
                 ↘ failed                                      (surely not delivered)
                 ↘ uncertain → queued | sent | held            (a send cut short: reconciled, never blindly repeated)
          queued → cancelled                                   (the person said STOP, or cannot be reached)

A campaign's message that has not gone out when its hours end, or when the campaign is paused, is taken out of the queue
again (its row goes), and its recipient waits as before.
"""

from __future__ import annotations

from .base import OPEN, TRIAL, WAITING, metadata
from .coding import codebook_uses, codebooks, coders, codings, draws, holds, proposals, readings
from .desk import audit, erased_addresses, erasures, notes, survey_drafts, threads, uploads
from .languages import terms, translations
from .outreach import audiences, campaign_log, campaigns, recipients, runs, senders
from .people import (
    absences,
    addresses,
    consents,
    guardianships,
    list_entries,
    people,
    schools,
    shared_addresses,
    students,
)
from .results import duties, figures, releases, statements, summaries, waves
from .staff import api_tokens, signin_links, staff, staff_identities, staff_roles, staff_sessions
from .talk import alerts, answers, conversations, keywords, messages, quota_fills, surveys

__all__ = [
    "OPEN",
    "TRIAL",
    "WAITING",
    "absences",
    "addresses",
    "alerts",
    "answers",
    "api_tokens",
    "audiences",
    "audit",
    "campaign_log",
    "campaigns",
    "codebook_uses",
    "codebooks",
    "coders",
    "codings",
    "consents",
    "conversations",
    "draws",
    "duties",
    "erased_addresses",
    "erasures",
    "figures",
    "guardianships",
    "holds",
    "keywords",
    "list_entries",
    "messages",
    "metadata",
    "notes",
    "people",
    "proposals",
    "quota_fills",
    "readings",
    "recipients",
    "releases",
    "runs",
    "schools",
    "senders",
    "shared_addresses",
    "signin_links",
    "staff",
    "staff_identities",
    "staff_roles",
    "staff_sessions",
    "statements",
    "students",
    "summaries",
    "survey_drafts",
    "surveys",
    "terms",
    "threads",
    "translations",
    "uploads",
    "waves",
]
