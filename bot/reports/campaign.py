"""What families were heard to say, as the file of a campaign: looked over, approved and sent like any other."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from .words import SOURCE

HEAD = """\
# What families told us, as a text message to those who answered. Made by openline report {survey} --families --as text.
#
# The languages under "drafted" were drafted by a machine: they are NOT sent until somebody who speaks the language has
# read the message, and you have taken the language off the list.
"""


def file(survey: str, texts: Mapping[str, str], drafts: set[str]) -> str:
    """The campaign's file. ``texts`` are by language, English among them."""
    first = {SOURCE: texts[SOURCE]}
    made = {
        "campaign": f"told-{survey}"[:40].rstrip("-"),
        "title": "What families told us",
        "source": SOURCE,
        "drafted": sorted(drafts),
        "audience": f"answered({survey})",
        "when": "now",
        "steps": [{"message": first | {tag: texts[tag] for tag in texts if tag != SOURCE}}],
    }
    if not drafts:
        del made["drafted"]
    return HEAD.format(survey=survey) + yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=1000)
