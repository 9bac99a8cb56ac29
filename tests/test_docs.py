"""Nothing a person can use is undocumented: settings, commands, channels, surveys."""

from __future__ import annotations

import re
import runpy
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import survey_flows
from bot import alerts, timing
from bot.cli import app
from bot.settings import Settings
from channels import CHANNELS
from survey_flows import phrases

ROOT = Path(__file__).parent.parent
DOCS = {
    path.relative_to(ROOT / "docs").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs").rglob("*.md"))
}
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


def test_the_index_of_surveys_is_what_the_library_holds():
    made = runpy.run_path(str(ROOT / "scripts/survey_index.py"))["page"]()

    assert DOCS["surveys/README.md"] == made, "run: .venv/bin/python scripts/survey_index.py"


def test_the_conversation_that_is_shown_goes_as_it_is_written(tmp_path):
    shown = re.findall(r"```(?:yaml)?\n(.*?)```", DOCS["write-a-survey.md"], re.DOTALL)
    (survey,) = (text for text in shown if text.startswith("survey: mornings\nsource: en"))
    (written,) = (text for text in shown if text.startswith("survey: mornings.yaml"))
    (tmp_path / "mornings.yaml").write_text(survey, encoding="utf-8")
    (tmp_path / "hard.txt").write_text(written, encoding="utf-8")

    told = CliRunner().invoke(app, ["survey", "test", str(tmp_path / "hard.txt")])

    assert told.exit_code == 0, told.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained_by_its_help_and_in_the_docs(command):
    assert len(COMMANDS[command]) > 30
    assert command in EVERYTHING


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_is_in_the_docs(name):
    assert re.search(rf"\b{name}\b", DOCS["channels.md"], re.IGNORECASE)


@pytest.mark.parametrize("key", survey_flows.LIBRARY)
def test_every_survey_of_the_library_has_its_page_with_all_its_questions(key):
    page = DOCS.get(f"surveys/{key}.md", "")

    assert f"`{key}`" in page
    assert f"openline ask {key}" in page
    for question in survey_flows.library(key).questions:
        assert f"`{question.key}`" in page, question.key


def test_every_page_of_a_survey_is_of_one_in_the_library():
    pages = {
        name.removeprefix("surveys/").removesuffix(".md") for name in DOCS if name.startswith("surveys/")
    }

    assert pages == {*survey_flows.LIBRARY, "README"}


def test_the_figures_on_running_and_safety_are_those_of_the_program():
    running, safety = " ".join(DOCS["running.md"].split()), " ".join(DOCS["safety.md"].split())

    for span in timing.REMIND:
        assert f"{span / timedelta(hours=1):.0f} hours" in running
    assert f"{timing.EXPIRE.days} days" in running
    assert f"{Settings.model_fields['join_seconds'].default:.0f} seconds" in running
    assert f"every {alerts.WAIT / timedelta(minutes=1):.0f} minutes" in safety
    assert f"{alerts.ROUNDS} times" in safety
    for text in alerts.TEXTS.values():
        assert text.format(where="https://openline.riverbend.example/alerts") in safety
    assert phrases.PHRASES["crisis"] in safety


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", *(f"docs/{name}" for name in DOCS)])
def test_links_between_pages_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target and not target.startswith("/"):
            assert ((ROOT / page).parent / target).exists(), target
