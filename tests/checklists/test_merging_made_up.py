"""Whatever forms meet on a visit, their sheet is a form: each name once, each reference to what is there."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.checklists.answers import fill, form_of
from gongchou.checklists.expressions import names_in, parse
from gongchou.checklists.merging import Part, merge
from tests.checklists.test_agreement import ANSWERS, TODAY, forms
from tests.checklists.test_merging import part


def parts(definitions: list[dict[str, Any]]) -> list[Part]:
    made = []
    for number, one in enumerate(definitions):
        told = {"items": f"A0{number}", "choices": one["choices"]}
        made.append(part(f"v{number}", *one["survey"], **told))
    return made


@settings(max_examples=40)
@given(st.lists(forms(), min_size=2, max_size=4), ANSWERS)
def test_a_sheet_of_made_up_forms_is_whole(definitions: list[dict[str, Any]], answers: dict[str, Any]) -> None:
    sheet = merge(parts(definitions))

    rows = [row for row in sheet["survey"] if "name" in row]
    names = [row["name"] for row in rows]
    texts = [row[one] for row in rows for one in ("relevant", "constraint", "calculation") if one in row]
    assert len(names) == len(set(names))
    assert {name for text in texts for name in names_in(parse(text))} <= {*names, "gone"}
    assert merge(parts(definitions)[::-1]) == sheet
    served = [(one["form"], one["name"]) for row in rows for one in row.get("serves", ())]
    asked = [
        (number, row["name"])
        for number, one in enumerate(definitions, 1)
        for row in one["survey"]
        if "name" in row and not row["type"].startswith("begin_")
    ]
    assert sorted(pair for pair in served if pair[1] not in ("g", "goods")) == sorted(asked)
    fill(form_of(sheet), answers, today=TODAY)
