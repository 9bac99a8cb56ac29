"""The text of a campaign out of a request: YAML as it is, or JSON of the same shape, which becomes YAML."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import yaml
from fastapi import Request

from ...outreach.campaign_file import loads
from ...outreach.files.campaign_page import LARGEST
from .problems import Fault, Trouble

YAML = ("text/yaml", "application/yaml", "application/x-yaml")
JSON = "application/json"

EXAMPLE = """\
campaign: on-time-thanks
title: Thank you for two weeks on time
audience: respondent = family
when: now
steps:
  - message: {en: "{school} thanks you. Reply STOP to end."}
"""

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The campaign's file (docs/outreach.md): YAML, or JSON of the same shape.",
        "content": {
            "text/yaml": {
                "schema": {"type": "string", "minLength": 1},
                "example": EXAMPLE,
            },
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["campaign", "title", "audience", "when", "steps"],
                },
                "example": {
                    "campaign": "on-time-thanks",
                    "title": "Thank you for two weeks on time",
                    "audience": "respondent = family",
                    "when": "now",
                    "steps": [{"message": {"en": "{school} thanks you. Reply STOP to end."}}],
                },
            },
        },
    }
}
"""How the description shows it."""


async def read(request: Request, key: str) -> str:
    """The text, which has been read as a campaign of this key. Raises Trouble and CampaignError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (*YAML, JSON):
        raise Trouble("content-type", f"Send the campaign as {YAML[0]} or {JSON}.")
    try:
        text = (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Trouble("unreadable", "The text is not in UTF-8.") from None
    # In threads: a large file takes a second, and webhooks are answered meanwhile.
    written = await asyncio.to_thread(_as_yaml, text) if kind == JSON else text
    named = (await asyncio.to_thread(loads, written, key)).key
    if named != key:
        fault = Fault(
            where="campaign",
            what=f"the file is of '{named}', the address of '{key}'",
            cure="make them the same",
        )
        raise Trouble("campaign", "1 to mend before it can be kept.", [fault])
    return written


def _as_yaml(text: str) -> str:
    """
    >>> print(_as_yaml('{"campaign": "thanks", "steps": [{"message": {"en": "Merci \\\\ud83d\\\\ude00"}}]}').strip())
    campaign: thanks
    steps:
    - message:
        en: Merci 😀
    """
    if len(text) > LARGEST:
        return text  # whose length will be complained of
    try:
        document = json.loads(text)
        if isinstance(document, dict):
            document = {name: value for name, value in document.items() if value is not None}
        made = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
        json.dumps(document, ensure_ascii=False).encode()  # half a character cannot be kept
    except (ValueError, RecursionError):
        raise Trouble("unreadable", "The body is no JSON that can be kept.") from None
    return made
