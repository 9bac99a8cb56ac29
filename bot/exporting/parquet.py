"""Parquet: a folder with a file for each table, for pandas, R, DuckDB and other programs that read columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from .extra import load
from .tables import Row, Sheet, Tables

AT_ONCE = 5_000


def write(tables: Tables, path: Path) -> None:
    """Write the tables into a new folder. Raises NotInstalled."""
    arrow = load("pyarrow", "Parquet")
    parquet = load("pyarrow.parquet", "Parquet")
    types = {
        "text": arrow.string(), "code": arrow.string(), "several": arrow.list_(arrow.string()),
        "count": arrow.int64(), "number": arrow.float64(), "share": arrow.float64(), "yesno": arrow.bool_(),
    }  # fmt: skip
    told = {"openline": json.dumps(dict(tables.about.facts()), ensure_ascii=False)}
    path.mkdir()
    for sheet in tables.all():
        fields = [
            arrow.field(column.name, types[column.kind], metadata={"label": column.label})
            for column in sheet.columns
        ]
        schema = arrow.schema(fields, metadata=told)
        with parquet.ParquetWriter(path / f"{sheet.name}.parquet", schema, compression="zstd") as out:
            for some in _parts(sheet):
                columns = [arrow.array(values, one.type) for values, one in zip(some, schema, strict=True)]
                out.write_table(arrow.Table.from_arrays(columns, schema=schema))


def _parts(sheet: Sheet) -> Iterator[list[tuple[Any, ...]]]:
    """The rows, some at a time, turned into columns."""
    rows: Iterator[Row] = sheet.rows()
    while some := list(islice(rows, AT_ONCE)):
        yield list(zip(*some, strict=True))
