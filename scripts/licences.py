#!/usr/bin/env python3
"""Writes docs/licences.md: what Openline runs on, in which version, under which licence.

The versions come from requirements.lock, the licences from what each installed package says of itself. Run it with
the project's own Python (``make licences``) after the lock has changed.
"""

import json
import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
ELSEWHERE = {
    # Not installed on every system, so not there to be asked.
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
}


def locked() -> dict[str, str]:
    """Every package in the lock with its version; two where they differ by Python version."""
    found: dict[str, list[str]] = {}
    for name, version in PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        found.setdefault(name, []).append(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


def licence(name: str) -> str:
    """What the installed package says: the SPDX expression, else its classifiers, else its first line of licence."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE[name]
    if said["License-Expression"]:
        return str(said["License-Expression"])
    classed = [
        line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License :: ")
    ]
    named = [each for each in classed if each != "OSI Approved"]
    if named:
        return " or ".join(named)
    first = (said["License"] or "").strip().splitlines()
    return first[0].strip() if first else STATED.get(str(said["Name"]).lower(), "see the package")


STATED = {"pyxform": "BSD 2-Clause License (its LICENSE file)"}
"""Licences that a package states in a file only."""


def page() -> str:
    """The whole page."""
    lines = [
        "# The works of others",
        "",
        "Openline itself is under the Apache License 2.0 (LICENSE). It runs on these packages, which are installed",
        "from the package index and are not part of this repository. This page is written by `make licences`.",
        "",
        "| package | version | licence, as the package states it |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {version} | {licence(name)} |" for name, version in sorted(locked().items())]
    lines += [
        "",
        "## Files of others in this repository",
        "",
        "| what | version | licence | where |",
        "|---|---|---|---|",
    ]
    vendor = ROOT / "bot" / "web" / "static" / "vendor"
    for entry in json.loads((vendor / "LOCK.json").read_text(encoding="utf-8")):
        where = ", ".join(f"bot/web/static/vendor/{file}" for file in entry["files"])
        lines.append(f"| {entry['package']} | {entry['version']} | {entry['licence']} | {where} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "licences.md").write_text(page(), encoding="utf-8")
