"""The command line as an operator meets it: a real process, an empty folder, clear words when something is amiss."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest


@pytest.fixture
def openline(tmp_path):
    """Run ``openline`` in an empty folder, with nothing in the environment but what is given."""

    def openline(*arguments: str, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("OPENLINE_")}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env=clean | environment | {"COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parent.parent)},
            input=said,
            capture_output=True,
            text=True,
            timeout=100,
            start_new_session=True,  # no terminal: a hidden prompt then reads what is said
            check=False,
        )

    return openline


def test_help_shows_the_first_steps(openline):
    shown = openline("--help")

    assert shown.returncode == 0
    assert "openline demo" in shown.stdout


def test_a_survey_is_played_as_a_family_would_hear_it(openline):
    played = openline(
        "talk", "getting-to-school", "--language", "es", said="3\nel bus no pasa\n2 días\ngracias\n"
    )

    assert played.returncode == 0
    assert "Lincoln School quiere saber" in played.stderr
    assert "1. Nada difícil" in played.stderr


def test_a_survey_that_is_not_there_is_named_with_what_there_is(openline):
    played = openline("talk", "nowhere")

    assert played.returncode == 1
    assert "getting-to-school" in played.stderr
    assert "Traceback" not in played.stderr


def test_a_survey_file_with_a_mistake_is_named_by_line_and_cure(openline, tmp_path):
    (tmp_path / "mine.yaml").write_text("survey: mine\nsource: en\nquestionz: []\n")

    played = openline("talk", "mine.yaml")

    assert played.returncode == 1
    assert "mine.yaml:3" in played.stderr
    assert "questions" in played.stderr


def test_before_the_first_migration_every_command_says_what_to_do(openline):
    for command in (["summary"], ["code"], ["user", "add", "a@school.example"]):
        said = openline(*command)
        assert said.returncode == 1
        assert "openline migrate" in said.stderr


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(openline):
    said = openline("migrate", OPENLINE_DATABASE_URL="mysql://user:geheim@host/db")

    assert said.returncode == 1
    assert "OPENLINE_DATABASE_URL" in said.stderr
    assert "geheim" not in said.stderr


def test_somebody_without_a_password_gets_another_link(openline):
    openline("migrate")
    first = openline("user", "add", "ana@school.example", "--name", "Ana")

    second = openline("user", "link", "Ana@school.example")

    assert second.returncode == 0
    assert "http://127.0.0.1:8000/signin/link/" in second.stdout
    assert second.stdout.split("/link/")[1] != first.stdout.split("/link/")[1]


def test_a_password_is_asked_twice_and_never_shown(openline):
    openline("migrate")
    openline("user", "add", "ana@school.example", "--name", "Ana")
    words = "the bus came late again"

    typed = openline("user", "password", "ana@school.example", said=f"{words}\n{words}\n")
    given = openline("user", "password", "ana@school.example", OPENLINE_PASSWORD=words)
    unlike = openline("user", "password", "ana@school.example", said=f"{words}\nsomething else\n")
    short = openline("user", "password", "ana@school.example", OPENLINE_PASSWORD="short")
    listed = openline("user", "list")

    assert (typed.returncode, given.returncode) == (0, 0)
    assert words not in typed.stdout + given.stdout
    assert unlike.returncode == 1
    assert "do not match" in unlike.stdout + unlike.stderr
    assert short.returncode == 1
    assert "15 to 256 characters" in short.stderr
    assert listed.stdout.split("\n")[0].split() == ["ana@school.example", "Ana", "password", "admin"]


def test_somebody_who_leaves_is_shut_out_and_stays_listed(openline):
    openline("migrate")
    nobody = openline("user", "list")
    openline("user", "add", "ana@school.example", "--name", "Ana")
    openline("user", "add", "bo@school.example", "--name", "Bo Muster")

    last = openline("user", "disable", "ana@school.example")
    openline("user", "role", "bo@school.example", "admin")
    gone = openline("user", "disable", "ana@school.example")
    link = openline("user", "link", "ana@school.example")
    listed = openline("user", "list")

    assert nobody.returncode == 1
    assert "openline user add" in nobody.stderr
    assert last.returncode == 1
    assert "Make somebody else an admin first" in last.stderr
    assert gone.returncode == 0
    assert link.returncode == 1
    assert "or it is disabled" in link.stderr
    assert listed.stdout.splitlines() == [
        "ana@school.example  Ana        disabled   admin",
        "bo@school.example   Bo Muster  link only  organizer, admin",
    ]


@pytest.mark.parametrize("command", ["link", "disable"])
def test_an_address_nobody_has_is_said_in_one_line(openline, command):
    openline("migrate")

    said = openline("user", command, "kim@school.example")

    assert said.returncode == 1
    assert "No account with the address kim@school.example" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_way_from_nothing_to_findings(openline, tmp_path):
    rows = "".join(f"en,the bus is late again and again {n}\n" for n in range(12))
    (tmp_path / "replies.csv").write_text("Language,What is hard?\n" + rows + "en,\n")

    migrated = openline("migrate")
    again = openline("migrate")
    added = openline("user", "add", "ana@school.example", "--name", "Ana")
    twice = openline("user", "add", "ana@school.example", "--name", "Ana")
    taken = openline(
        "import", "answers", "replies.csv", "--text-column", "what is hard", "--language-column", "Language",
        "--seeks", "barriers",
    )  # fmt: skip
    shown = openline("summary", "--json")
    wrong = openline("import", "answers", "replies.csv", "--text-column", "Wat is hard?")
    looked = openline("doctor")

    assert "(was empty)" in migrated.stdout
    assert "was" not in again.stdout
    assert "http://127.0.0.1:8000/signin/link/" in added.stdout
    assert "already" in twice.stderr
    assert "13 rows: 12 taken, 0 here already, 1 without words" in taken.stderr
    found = json.loads(shown.stdout)
    assert (found["survey"], found["asked"], found["answered"]) == ("replies", 12, 12)
    (bus,) = [theme for theme in found["themes"] if theme["theme"] == "transport"]
    assert set(bus) >= {"theme", "count", "share", "low", "high", "quotes"}
    assert "did you mean 'What is hard?'" in wrong.stderr.replace("\n", " ").lower().replace(
        "'what is hard?'", "'What is hard?'"
    )
    assert looked.returncode == 0
    assert "Set OPENLINE_TELEGRAM_TOKEN." in looked.stderr


@pytest.mark.parametrize("command", ["serve", "work"])
def test_a_service_that_is_asked_to_end_ends_in_order(openline, tmp_path, command):
    openline("migrate")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["serve", "--port", str(port)] if command == "serve" else ["work"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OPENLINE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stderr.readline()
        if command == "serve":
            assert _answers(f"http://127.0.0.1:{port}/healthz") == {"status": "ok"}

        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=30)

    assert "Openline is" in said
    assert process.returncode == 0
    assert "Traceback" not in rest


def _answers(url: str) -> object:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")
