"""The forms of the city hold what inspectors need, in every shape a form can be taken away."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from gongchou.checklists.merging import Part, merge
from gongchou.checklists.printing import questions_of
from gongchou.checklists.xform import xform
from gongchou.checklists.xlsform import Definition, read_form, write_form
from gongchou.demo.checklists import all_forms, workbook_of
from gongchou.demo.forms import BASE, FORMS
from gongchou.demo.forms.writing import Form
from gongchou.papers.sheet import sheet_pdf
from tests.factories.papers import outside, sheet

WRITTEN = (BASE, *FORMS)
EACH = pytest.mark.parametrize("written", WRITTEN, ids=[one.items[0] if one.items else "base" for one in WRITTEN])
HTML = "{http://www.w3.org/1999/xhtml}"
XFORMS = "{http://www.w3.org/2002/xforms}"
SIGNS = r"\$\{\w+\}|'[\w ]*'|\b(?:and|or|not|selected)\b|[<>!]?=|[<>()+*,.-]|\d+(?:\.\d+)?|\s+"


@cache
def definition_of(name: str) -> Definition:
    return workbook_of(next(one for one in all_forms() if one.name == name)).definition


def points(definition: Definition) -> list[dict[str, Any]]:
    """What is asked, without what only goes further into an answer."""
    return [
        row for row in definition.survey if "list_name" in row or row["type"] in ("integer", "decimal", "date", "text")
    ]


def test_seventeen_items_of_eight_departments_have_a_form_written_for_them() -> None:
    items = [code for one in FORMS for code in one.items]

    assert len(items) == len(set(items)) == 17
    assert {one.department for one in FORMS} == {"SCJG", "XFJY", "GAJ", "YJGL", "WJW", "YBJ", "RSJ", "ZJJ"}


def test_no_two_forms_use_a_code_for_different_questions() -> None:
    """Forms are merged for a visit: what has one code is asked once."""
    names = [row["name"] for one in all_forms() for row in definition_of(one.name).survey if "name" in row]

    assert sorted({name for name in names if names.count(name) > 1}) == []


@EACH
def test_a_form_asks_in_many_ways_and_says_why(written: Form) -> None:
    made = definition_of(written.name)
    kinds = {row["type"] for row in made.survey}
    findings = [row for row in made.survey if row.get("list_name") == "finding" and "severity" in row]

    assert {"select_one", "text"} < kinds
    assert kinds & {"integer", "decimal", "date", "image"}
    assert any("relevant" in row for row in made.survey)
    assert [row["name"] for row in findings if "basis" not in row] == []
    assert {row["severity"] for row in made.survey if "severity" in row} <= {"一般", "较重", "严重"}
    assert [row["name"] for row in made.survey if ("constraint" in row) != ("constraint_message" in row)] == []
    assert 8 <= len([row for row in points(made) if not row["name"].endswith("_note")]) <= 30


@EACH
def test_conditions_keep_to_the_signs_that_every_interpreter_knows(written: Form) -> None:
    told = [
        row[column]
        for row in definition_of(written.name).survey
        for column in ("relevant", "constraint", "calculation")
        if column in row
    ]

    assert [one for one in told if not re.fullmatch(f"(?:{SIGNS})+", one)] == []


@EACH
def test_a_form_comes_back_from_a_workbook_as_it_went(written: Form, tmp_path: Path) -> None:
    made, path = definition_of(written.name), tmp_path / "form.xlsx"
    with path.open("wb") as file:
        write_form(file, made.to_json())

    assert read_form(path) == (made, [])


@EACH
def test_a_form_is_an_xform_with_every_question_and_rule(written: Form) -> None:
    made = definition_of(written.name)

    tree = ElementTree.fromstring(xform(made.to_json(), form_id="f", version="7", title=written.name))  # noqa: S314 -- ours

    asked = {row["name"]: row for row in made.survey if not row["type"].startswith(("begin", "end"))}
    binds = {bind.get("nodeset", "").rpartition("/")[2]: bind for bind in tree.iter(f"{XFORMS}bind")}
    assert set(asked) <= set(binds)
    for column, attribute in (("relevant", "relevant"), ("constraint", "constraint"), ("required", "required")):
        assert [
            name for name, row in asked.items() if (column in row) != (binds[name].get(attribute) is not None)
        ] == []
    assert tree.findtext(f"{HTML}head/{HTML}title") == written.name
    assert len(list(tree.iter(f"{XFORMS}repeat"))) == sum(row["type"] == "begin_repeat" for row in made.survey)


@pytest.mark.parametrize("written", [BASE, max(FORMS, key=lambda one: len(one.rows))], ids=["base", "longest"])
def test_a_form_stays_on_its_paper(written: Form) -> None:
    pdf = sheet_pdf(sheet(questions=questions_of(definition_of(written.name).to_json()), title=written.name))

    assert outside(pdf) == []


def test_the_forms_of_a_visit_are_one_sheet_that_asks_nothing_twice_and_prints() -> None:
    chosen = [one for one in WRITTEN if set(one.items) <= {"GAJ-02", "WJW-01", "XFJY-01", "A10"}]
    merged = merge(part_of(one) for one in chosen)

    labels = [row["name"] for row in merged["survey"] if "name" in row]
    assert len(chosen) == 5
    assert len(labels) == len(set(labels))
    assert len(merged["survey"]) > 200
    assert outside(sheet_pdf(sheet(questions=questions_of(merged)))) == []


def part_of(written: Form) -> Part:
    made = workbook_of(written)
    return Part(
        version=written.name,
        digest=made.digest,
        name=written.name,
        number=1,
        is_base=not written.items,
        department=written.department,
        department_name=written.department,
        items=tuple((code, code) for code in written.items),
        definition=made.definition.to_json(),
    )


def test_conditions_are_printed_in_words() -> None:
    asked = questions_of(definition_of(BASE.name).to_json())
    told = {row.name: row.condition for part in asked for row in (part, *part.rows)}

    assert told["base_papers"] == "“经营状态”为“正常经营”"
    assert told["status_note"] == "并非（“经营状态”为“正常经营”）"
    assert told["entrusted"] == "“核查方式”选了“委托专业机构辅助”"
    assert told["not_signed"] == "“当事人是否签字”为“拒绝签字”，或者“当事人是否签字”为“无法签字”"
