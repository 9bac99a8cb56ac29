"""Nothing a person can use is undocumented: settings, commands, channels, surveys."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import typer

import survey_flows
from bot.cli import app
from channels import CHANNELS

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
README = (ROOT / "README.md").read_text(encoding="utf-8")
EVERYTHING = README + "".join(DOCS.values())


def commands(root: object, before: str = "openline") -> dict[str, str]:
    """Each command as it is typed, and its help."""
    found = {}
    for name, command in root.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, f"{before} {name}")
        else:
            found[f"{before} {name}"] = command.help or ""
    return found


COMMANDS = commands(typer.main.get_command(app))


def test_the_page_of_settings_is_what_the_settings_say():
    made = runpy.run_path(str(ROOT / "scripts/settings_page.py"))["page"]()

    assert DOCS["settings.md"] == made, "run: .venv/bin/python scripts/settings_page.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained_by_its_help_and_in_the_docs(command):
    assert len(COMMANDS[command]) > 30
    assert command in EVERYTHING


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_is_in_the_docs(name):
    assert re.search(rf"\b{name}\b", DOCS["channels.md"], re.IGNORECASE)


@pytest.mark.parametrize("key", survey_flows.LIBRARY)
def test_every_survey_of_the_library_is_named_in_the_docs(key):
    assert key in EVERYTHING


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", *(f"docs/{name}" for name in DOCS)])
def test_links_between_pages_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target and not target.startswith("/"):
            assert ((ROOT / page).parent / target).exists(), target
