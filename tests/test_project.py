"""The project can be installed as written: locks, ranges, commands and licences agree with each other."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.cli import app as cli

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(lock):
    """What a lock pins: (requirement, number of hashes) for each entry."""
    entries = read(lock).replace("\\\n", " ").splitlines()
    return [
        (Requirement(entry.split("--hash")[0].strip()), entry.count("--hash=sha256:")) for entry in entries
    ]


def targets():
    return set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))


def tracked():
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in said.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_its_hashes(lock):
    for requirement, hashes in pinned(lock):
        assert hashes >= 1, requirement.name
        assert [spec.operator for spec in requirement.specifier] == ["=="], requirement.name


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_no_addresses(lock):
    assert not re.search(r"://|^-|--index|--find-links| @ |^#", read(lock), re.MULTILINE)


def test_both_locks_agree():
    everything = {str(requirement) for requirement, _ in pinned("requirements-dev.lock")}
    at_run_time = {str(requirement).split(";")[0].strip() for requirement, _ in pinned("requirements.lock")}

    assert at_run_time <= {entry.split(";")[0].strip() for entry in everything}


@pytest.mark.parametrize(("lock", "extra"), [("requirements.lock", None), ("requirements-dev.lock", "dev")])
def test_what_the_project_asks_for_is_locked_within_its_range(lock, extra):
    locked: dict[str, list[str]] = {}
    for requirement, _ in pinned(lock):
        locked.setdefault(canonicalize_name(requirement.name), []).append(
            next(iter(requirement.specifier)).version
        )
    asked = PROJECT["dependencies"] + (PROJECT["optional-dependencies"][extra] if extra else [])

    for requirement in map(Requirement, asked):
        versions = locked[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement.name


def test_every_dependency_has_a_lower_and_an_upper_bound():
    for requirement in map(Requirement, PROJECT["dependencies"]):
        operators = {spec.operator for spec in requirement.specifier}
        assert operators == {">=", "<"}, requirement.name


def test_the_pins_that_matter():
    asked = {each.name: each for each in map(Requirement, PROJECT["dependencies"])}

    assert not asked["httpx"].specifier.contains("0.29.0")  # python-telegram-bot
    assert not asked["apscheduler"].specifier.contains("4.0.0")  # another library under the same name
    assert asked["sqlalchemy"].extras == {"asyncio"}


def test_the_python_versions_are_the_same_everywhere():
    classified = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))

    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert classified == ["3.11", "3.12", "3.13"]
    assert "(3, 11) <= sys.version_info < (3, 14)" in read("Makefile")


def test_the_readme_tells_how_to_start_and_how_to_test():
    readme = read("README.md")

    for command in ("make install", "make demo", "make test"):
        assert command in readme, command


def test_every_command_in_the_documentation_exists():
    commands = typer.main.get_command(cli).commands
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
        for target in re.findall(r"\bmake ([a-z-]+)\b", code):
            assert target in targets(), f"{page.name}: make {target}"
        for command in re.findall(r"(?:^|[\s`$/])openline ([a-z][a-z-]*)", code, re.MULTILINE):
            assert command in commands, f"{page.name}: openline {command}"


def test_every_target_of_the_makefile_is_listed_by_help():
    phony = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)

    assert phony
    assert set(phony[1].split()) == targets()


def test_ci_runs_the_test_command_of_the_readme_last_and_lets_nothing_skip():
    run = ROOT / ".ci" / "run"
    lines = [
        line for line in run.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]

    assert os.access(run, os.X_OK)
    assert lines[0] == "set -euo pipefail"
    assert "export OPENLINE_NO_SKIPS=1" in lines
    assert lines[-1] == "exec make --no-print-directory test"


def test_no_file_names_a_place_on_somebodys_machine():
    # Written in parts, or this file would name them too. A form's own lists stand at …/item, which is no such place.
    places = {"/" + "root/", "/" + "work/", "/" + "Users/", "/" + "opt/wheels", f"{ROOT}/", f"{Path.home()}/"}
    pattern = re.compile(rf"(?<![\w.}}~*-])(?:{'|'.join(map(re.escape, sorted(places)))})(?!item\b)")

    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = pattern.search(text)
        assert not found, f"{path.relative_to(ROOT)}: {found[0] if found else ''}"


def test_the_licence_is_whole_and_named():
    text = read("LICENSE")

    assert text.lstrip().startswith("Apache License")
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License" in text
    assert PROJECT["license"] == "Apache-2.0"


def test_the_list_of_licences_names_what_is_locked():
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]+) \| ([^|]+) \|$", read("docs/licences.md"), re.MULTILINE)
    listed = {name: set(versions.split(", ")) for name, versions, _ in rows if name != "package"}
    locked: dict[str, set[str]] = {}
    for requirement, _ in pinned("requirements.lock"):
        locked.setdefault(requirement.name, set()).add(next(iter(requirement.specifier)).version)

    assert listed == locked, "run: make licences"
    assert all(licence.strip() not in {"", "UNKNOWN", "see the package"} for *_, licence in rows)
