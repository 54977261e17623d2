"""The cells of an import into values, or every reason why not."""

from __future__ import annotations

import pytest

from gongchou.registry.rules.inspector_values import FIELDS, InspectorValues, Paper, inspector_values
from tests.factories.inspectors import CANARY

DEPARTMENTS = {"SCJG": "d1", "演示市场监管局": "d1"}
TAGS = {"食品检查员": "t1", "Z2": "t2"}
ROW = {"number": "001", "name": "演示张三", "department": "SCJG"}


def read(**own):
    return inspector_values({**ROW, **own}, departments=DEPARTMENTS, tags=TAGS)


def reasons(**own):
    found = read(**own)
    assert isinstance(found, list)
    return [(reason.field, reason.code.removeprefix("registry.cell_")) for reason in found]


def test_a_full_row_is_read():
    found = read(
        department="演示市场监管局",
        gender="女",
        category="日常监管人员",
        post="科室正职",
        certificate_kinds="行政执法证；特种设备安全监察员证",
        certificate_numbers="zj001；TZ 002",
        certificate_ends="2027-12-31；2028/1/5",
        tags="食品检查员；Z2；食品检查员",
        phone="139 0000 1111",
        identity=CANARY,
    )

    assert found == InspectorValues(
        "001",
        "d1",
        {
            "name": "演示张三",
            "gender": "女",
            "unit": "",
            "category": "daily",
            "post": "section_head",
            "phone": "13900001111",
            "masked_id": "990*************54",
        },
        ("t1", "t2"),
        (Paper("行政执法证", "ZJ001", "2027-12-31"), Paper("特种设备安全监察员证", "TZ002", "2028-01-05")),
    )


def test_what_is_not_said_is_ordinary():
    found = read()

    assert isinstance(found, InspectorValues)
    assert (found.person["category"], found.person["post"], found.papers, found.tags) == (
        "civil_servant",
        "staff",
        (),
        (),
    )


@pytest.mark.parametrize(
    ("own", "papers"),
    [
        ({"certificate_numbers": "1", "certificate_ends": "2027-01-01"}, [("行政执法证", "1")]),
        (
            {"certificate_numbers": "1;2", "certificate_ends": "2027-01-01;2028-01-01"},
            [("行政执法证", "1"), ("行政执法证", "2")],
        ),
        (
            {"certificate_kinds": "演示证", "certificate_numbers": "1、2", "certificate_ends": "20270101、20280101"},
            [("演示证", "1"), ("演示证", "2")],
        ),
        ({"certificate_numbers": "—"}, []),
    ],
)
def test_certificates_stand_beside_each_other(own, papers):
    assert [(paper.kind, paper.number) for paper in read(**own).papers] == papers


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"number": ""}, [("number", "empty")]),
        ({"number": "1.2E+17"}, [("number", "id_float")]),
        ({"name": ""}, [("name", "empty")]),
        ({"gender": "未知"}, [("gender", "word")]),
        ({"department": ""}, [("department", "keeper_missing")]),
        ({"department": "别的局"}, [("department", "keeper_unknown")]),
        ({"category": "领导"}, [("category", "word")]),
        ({"tags": "食品检查员；没有的"}, [("tags", "tag_unknown")]),
        ({"phone": "1390000"}, [("phone", "mobile")]),
        ({"identity": CANARY[:-1] + "3"}, [("identity", "identity_check")]),
        ({"certificate_numbers": "1"}, [("certificate_ends", "paper_endless")]),
        ({"certificate_numbers": "1;2", "certificate_ends": "2027-01-01"}, [("certificate_ends", "papers_uneven")]),
        ({"certificate_numbers": "1", "certificate_ends": "明年"}, [("certificate_ends", "day")]),
        ({"name": "", "phone": "x", "tags": "y"}, [("name", "empty"), ("phone", "mobile"), ("tags", "tag_unknown")]),
    ],
)
def test_every_reason_is_told_for_its_cell(own, expected):
    assert reasons(**own) == expected


@pytest.mark.parametrize("own", [{"identity": CANARY[:-1] + "3"}, {"phone": "139000077881"}])
def test_no_reason_repeats_a_number_of_a_person(own):
    [reason] = read(**own)

    assert next(iter(own.values())) not in reason.told
    assert FIELDS[reason.field] in reason.told


def test_a_number_that_is_masked_already_is_taken():
    found = read(identity="990*************54")

    assert isinstance(found, InspectorValues)
    assert found.person["masked_id"] == "990*************54"
