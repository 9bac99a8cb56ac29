"""Which file an export becomes: its name's ending says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.qda.writing import Units

from . import as_json, csvs, package, parquet, project, spss, xlsx
from .replies import Replies
from .tables import Tables


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be written and how. ``replies``: those that the tables are made of, None for findings. ``bom``: CSV with
    the mark by which Excel knows UTF-8; ``units``: what positions in a .qdpx count."""

    tables: Tables
    replies: Replies | None = None
    bom: bool = True
    units: Units = "code points"


@dataclass(frozen=True, slots=True)
class Format:
    """``what`` it is, in a few words; ``folder``: it is no file but a folder of files."""

    what: str
    write: Callable[[Job, Path], None]
    folder: bool = False
    replies_only: bool = False


class WrongEnding(ValueError):  # noqa: N818
    """A file name whose ending stands for no format; the text lists those there are."""


def _project(job: Job, path: Path) -> None:
    if job.replies is not None:
        project.write(job.replies, path, job.units)


FORMATS: Mapping[str, Format] = {
    ".xlsx": Format("Excel workbook", lambda job, path: xlsx.write(job.tables, path)),
    ".csv.zip": Format("CSV files in a zip", lambda job, path: csvs.write_zip(job.tables, path, bom=job.bom)),
    ".csv": Format(
        "folder of CSV files", lambda job, path: csvs.write_folder(job.tables, path, bom=job.bom), folder=True
    ),
    ".zip": Format(
        "Frictionless data package", lambda job, path: package.write(job.tables, path, job.replies)
    ),
    ".parquet": Format(
        "folder of Parquet files", lambda job, path: parquet.write(job.tables, path), folder=True
    ),
    ".sav": Format("SPSS", lambda job, path: spss.write(job.tables, path)),
    ".qdpx": Format("REFI-QDA project for NVivo, ATLAS.ti, MAXQDA", _project, replies_only=True),
    ".json": Format("JSON", lambda job, path: as_json.write(job.tables, path)),
}


def of(path: Path) -> Format:
    """The format that a file's name stands for. Raises WrongEnding."""
    name = path.name.lower()
    found = [ending for ending in FORMATS if name.endswith(ending) and name != ending]
    if not found:
        known = "; ".join(f"{ending} ({each.what})" for ending, each in FORMATS.items())
        raise WrongEnding(f"{path.name}: the ending says what is written. There are: {known}.")
    return FORMATS[max(found, key=len)]
