"""Every expression of real XLSForms, which are not part of this project, parses and can be asked."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert
from test_expressions import Answers

from survey_flows.expressions import ExpressionError, parse

FOLDER = Path(os.environ.get("OPENLINE_XLSFORMS", Path(__file__).parents[2] / "shared" / "data" / "xlsforms"))
FORMS = sorted(FOLDER.glob("*.xls*"))
BOUND = ("relevant", "constraint", "calculate", "required", "readonly")
KEPT = ("choice_filter", "repeat_count")
COLUMNS = (*BOUND, *KEPT, "calculation", "relevance", "instance_name")
NOT_EXPRESSIONS = {"yes", "no", "true", "false", "TRUE", "FALSE", "Yes", "No"}

pytestmark = pytest.mark.data


def in_tree(node: Mapping[str, Any]) -> Iterator[str]:
    """What pyxform found in a form."""
    bind = node.get("bind") or {}
    yield from (bind[key] for key in BOUND if isinstance(bind.get(key), str))
    yield from (node[key] for key in KEPT if isinstance(node.get(key), str))
    for child in node.get("children") or []:
        yield from in_tree(child)


def in_sheets(content: bytes, kind: str) -> Iterator[str]:
    """What stands in the cells, for a form that pyxform does not convert."""
    sheets = get_xlsform(content, file_type=kind)
    for row in [*sheets.survey, *sheets.settings]:
        yield from (str(row[column]) for column in COLUMNS if row.get(column))


def expressions(form: Path) -> set[str]:
    content = form.read_bytes()
    kind = ".xls" if content[:4] == bytes.fromhex("D0CF11E0") else ".xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = convert(xlsform=content, warnings=[], validate=False, file_type=kind)._pyxform
            found = set(in_tree(tree))
        except Exception:  # pyxform raises many kinds
            found = set(in_sheets(content, kind))
    return found - NOT_EXPRESSIONS


@pytest.mark.skipif(not FORMS, reason="needs real XLSForms in OPENLINE_XLSFORMS")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_every_expression_of_a_real_form_parses_and_can_be_asked(form):
    refused = []
    for source in expressions(form):
        try:
            expression = parse(source)
        except ExpressionError as error:
            refused.append(f"{source}: {error}")
            continue
        for answer in ("", "1", "yes", "2026-10-14"):
            world = Answers(dict.fromkeys(expression.names, answer), answer)
            assert isinstance(expression.text(world), str)
            assert isinstance(expression.truth(world), bool)

    assert not refused
