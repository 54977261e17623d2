"""What the log calls subjects, inspectors and what belongs to them: whoever has only a number finds their lines."""

from __future__ import annotations

import pytest

from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.registry.operations.conflicts import declare_conflict
from gongchou.registry.operations.subjects import tag_subjects, untag_subject
from tests.factories.inspectors import TODAY, days, make_certificate, make_inspector, make_leave
from tests.factories.people import BY, official, signed_in
from tests.factories.subjects import enter, home, make_library, make_subject, make_tag

pytestmark = pytest.mark.django_db

LONGEST = 200  # characters of a name in the log


@pytest.fixture
def subject():
    return make_subject(1, name="演示鲜果店")


@pytest.fixture
def inspector():
    return make_inspector("S-007", home(), name="演示张三")


def latest_name():
    return Line.objects.latest("index").about_name


def declare(inspector, subject):
    return declare_conflict(inspector=inspector, subject=subject, relation="relative", declared_by="subject", **BY)


def test_a_subject_is_called_with_its_code(subject):
    assert latest_name() == f"演示鲜果店（{subject.number}）"


def test_an_inspector_is_called_with_the_number(inspector):
    assert latest_name() == "演示张三（S-007）"


def test_an_entry_into_a_sub_library_is_called_after_its_subject(subject):
    enter(subject, make_library(name="餐饮服务"))

    assert latest_name() == f"演示鲜果店（{subject.number}） 餐饮服务"


def test_a_tag_on_a_subject_is_called_after_both(subject):
    tag_subjects(subjects=[subject], tag=make_tag(name="重点"), **BY)
    untag_subject(tagging=subject.taggings.get(), **BY)

    assert latest_name() == f"演示鲜果店（{subject.number}） 重点"


def test_a_certificate_is_called_after_its_holder(inspector):
    make_certificate(inspector, days(90), number="ZJ-1")

    assert latest_name() == "演示张三（S-007） 行政执法证 ZJ-1"


def test_a_leave_is_called_after_who_is_away(inspector):
    make_leave(inspector, TODAY, days(1))

    assert latest_name() == "演示张三（S-007） 2026-03-02–2026-03-03"


def test_a_conflict_is_called_after_both_sides(inspector, subject):
    declare(inspector, subject)

    assert latest_name() == f"演示张三（S-007） — 演示鲜果店（{subject.number}）"


def test_of_what_is_too_long_the_name_is_cut_and_never_the_code(inspector):
    subject = make_subject(2, name="长" * LONGEST)
    names = [latest_name()]
    enter(subject, make_library(name="餐饮服务"))
    names.append(latest_name())
    declare(inspector, subject)
    names.append(latest_name())

    ends = [f"…（{subject.number}）", f"…（{subject.number}） 餐饮服务", f"…（{subject.number}）"]
    assert [name.endswith(end) for name, end in zip(names, ends, strict=True)] == [True, True, True]
    assert [len(name) for name in names] == [LONGEST, LONGEST, LONGEST]


def test_whoever_has_only_the_code_finds_what_happened_to_a_subject(client, subject):
    make_subject(2)
    signed_in(client, official(RoleCode.AUDIT_ADMIN, scope="all", department=home()))

    answer = client.get("/audit/lines/", {"thing": subject.number})

    assert [row.record.about for row in answer.context["table"].page.object_list] == [subject.audit_id]
