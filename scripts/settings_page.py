"""Writes docs/settings.md from the settings themselves. Run it after changing ``bot/settings.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
HEAD = """\
# Settings

Each is an environment variable, or a line `NAME=value` in a file `.env` in the folder where `openline` is started. A
variable wins over the file. `openline doctor` looks them over and says what is missing. Those marked *secret* are never
printed or logged.

| Name | If not set | What it is |
|---|---|---|
"""


def page() -> str:
    """The page as it should be."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return HEAD + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    secret = field.annotation is SecretStr
    default = "" if secret or field.default == "" else f"`{field.default}`"
    allowed = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    options = f" One of: {', '.join(f'`{value}`' for value in allowed)}." if allowed else ""
    mark = " *Secret.*" if secret else ""
    return f"| `OPENLINE_{name.upper()}` | {default} | {field.description}{options}{mark} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
