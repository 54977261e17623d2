"""What is written about a subject, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.roles import RoleCode
from gongchou.audit.damage import find_damage
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line
from gongchou.refusal import Refused, sentence
from gongchou.registry.forms.subjects import EntryForm, SubjectForm, TagForm
from gongchou.registry.models import Membership, Subject
from gongchou.registry.operations import papers
from gongchou.registry.operations import subjects as operations
from tests.cli.offices import credit_code
from tests.factories.people import BY, NOW, make_department, make_region, official
from tests.factories.subjects import enter, home, make_library, make_subject, make_tag

pytestmark = pytest.mark.django_db


def code_of(act: Any, **words: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(**{**BY, **words})
    return refused.value.code


def facts_of(subject: Subject) -> list[tuple[str, str]]:
    return list(subject.facts.order_by("id").values_list("kind", "told"))


def test_a_registered_subject_is_found_by_its_initials_and_begins_its_dossier():
    subject = make_subject(1, name="演示鲜果店")

    assert subject.text.text.split("\n")[:2] == ["演示鲜果店", "ysxgd"]
    assert facts_of(subject) == [("registered", "登记入库")]
    assert Line.objects.latest("index").verb == "subject.registered"


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("enterprise", "91990101MA0000000X", "registry.number_invalid"),
        ("enterprise", "SHORT", "registry.number_invalid"),
        ("enterprise", credit_code(3).lower(), "registry.number_invalid"),
        ("trader", "91990101MA0000000X", "registry.number_invalid"),
        ("trader", credit_code(1), "registry.subject_exists"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused(kind: str, number: str, code: str):
    make_subject(1)
    told = {"name": "演示", "kind": kind, "region": home().region, "keeper": home()}

    assert code_of(operations.register_subject, number=number, **told) == code
    assert Subject.objects.count() == 1


def test_what_is_no_enterprise_needs_no_credit_code():
    told = {"name": "演示项目", "kind": "project", "region": home().region, "keeper": home()}

    subject = operations.register_subject(number="XM-2026-1", **told, **BY)

    assert subject.number == "XM-2026-1"


def test_a_change_keeps_what_was_there_before():
    subject = make_subject(1, address="演示路1号")

    operations.change_subject(subject=subject, address="演示路2号", name=subject.name, **BY)

    fact = subject.facts.get(kind="changed")
    assert fact.data == {"address": ["演示路1号", "演示路2号"]}
    subject.refresh_from_db()
    assert subject.text.text.endswith("演示路2号")


def test_who_no_longer_lives_leaves_the_pools_and_cannot_be_brought_back():
    subject = make_subject(1)

    operations.set_status(subject=subject, status="deregistered", source="登记通知 1 号", **BY)
    subject.refresh_from_db()

    assert (subject.state, subject.state_reason) == ("inactive", "登记状态为注销")
    assert code_of(operations.set_state, subject=subject, state="active", reason="x") == "registry.subject_not_living"


def test_who_lives_again_is_back():
    subject = make_subject(1)
    operations.set_status(subject=subject, status="suspended", source="登记通知 1 号", **BY)

    back = operations.set_status(subject=subject, status="living", source="登记通知 2 号", **BY)

    assert (back.state, back.cause, back.state_reason) == ("active", "", "")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("active", "inactive", None),
        ("active", "archived", "registry.subject_move"),
        ("active", "active", "registry.subject_move"),
        ("inactive", "active", None),
        ("inactive", "archived", None),
        ("archived", "active", "registry.subject_move"),
        ("archived", "inactive", "registry.subject_move"),
    ],
)
def test_moves_within_the_library(before: str, after: str, code: str | None):
    subject = make_subject(1)
    for state in {"active": [], "inactive": ["inactive"], "archived": ["inactive", "archived"]}[before]:
        operations.set_state(subject=subject, state=state, reason="演示", **BY)

    if code:
        assert code_of(operations.set_state, subject=subject, state=after, reason="演示") == code
    else:
        assert operations.set_state(subject=subject, state=after, reason="演示", **BY).state == after


def test_an_archived_subject_stays_as_it_is():
    subject = make_subject(1)
    for state in ("inactive", "archived"):
        operations.set_state(subject=subject, state=state, reason="演示", **BY)

    assert code_of(operations.change_subject, subject=subject, name="别名") == "registry.subject_archived"
    assert code_of(operations.hand_over, subject=subject, keeper=home(), reason="x") == "registry.subject_archived"


@pytest.mark.parametrize(
    ("own", "licence", "code"),
    [
        ({"is_licensed": True}, {}, "registry.licence_missing"),
        ({"is_licensed": True}, {"licence_no": "X1", "valid_to": date(2026, 3, 1)}, "registry.licence_over"),
        ({"is_licensed": True}, {"licence_no": "X1", "valid_to": date(2026, 3, 2)}, None),
        ({"is_licensed": False}, {}, None),
    ],
)
def test_a_licensed_library_asks_for_a_licence_in_force(own: dict[str, Any], licence: dict[str, Any], code: str | None):
    subject, library = make_subject(1), make_library(**own)
    words = {"subject": subject, "library": library, **licence}

    if code:
        assert code_of(operations.enter_library, **words) == code
    else:
        assert operations.enter_library(**words, **BY).state == "active"


def test_a_subject_enters_once_per_licence_and_leaves_with_a_reason():
    subject, library = make_subject(1), make_library()
    first = enter(subject, library, licence_no="A")
    enter(subject, library, licence_no="B")

    again = code_of(operations.enter_library, subject=subject, library=library, licence_no="A")
    operations.leave_library(membership=first, reason="停业", **BY)

    assert again == "registry.already_entered"
    assert code_of(operations.leave_library, membership=first, reason="x") == "registry.membership_ended"
    assert list(Membership.objects.values_list("licence_no", "state", "state_reason")) == [
        ("A", "inactive", "停业"),
        ("B", "active", ""),
    ]


def test_a_licence_that_is_renewed_brings_the_entry_back():
    subject, library = make_subject(1), make_library(is_licensed=True)
    entry = enter(subject, library, licence_no="A", valid_to=date(2026, 3, 9))
    papers.expire_papers(day=date(2026, 3, 10), at=NOW)

    renewed = operations.renew_licence(membership=entry, valid_to=date(2031, 3, 9), licensed_on=None, **BY)

    assert (renewed.state, renewed.state_reason, renewed.valid_to) == ("active", "", date(2031, 3, 9))
    assert code_of(operations.renew_licence, membership=entry, valid_to=date(2020, 1, 1), licensed_on=None) == (
        "registry.licence_over"
    )


def test_what_somebody_took_out_comes_back_by_being_entered_again_and_not_by_its_licence():
    subject, library = make_subject(1), make_library(is_licensed=True)
    entry = enter(subject, library, licence_no="A", valid_to=date(2026, 3, 9))
    operations.leave_library(membership=entry, reason="停业", **BY)

    with pytest.raises(Refused) as refused:
        operations.renew_licence(membership=entry, valid_to=date(2031, 3, 9), licensed_on=None, **BY)
    again = enter(subject, library, licence_no="A", valid_to=date(2031, 3, 9))

    assert sentence(refused.value) == (
        f"这条记录已由人工移出“{library.name}”（原因：停业），办理许可延续不能恢复。"
        "确需恢复的，请在检查对象页面点“列入分库”，用原许可证编号重新列入。"
    )
    assert (again.pk, again.state, again.cause, again.valid_to) == (entry.pk, "active", "", date(2031, 3, 9))
    assert [kind for kind, _ in facts_of(subject)] == ["registered", "entered", "left", "entered"]


def test_a_name_that_is_too_long_for_the_log_is_cut_in_its_column_and_in_what_is_hashed():
    subject = make_subject(name="长" * 150)
    enter(subject, make_library(name="库" * 60))

    line = Line.objects.get(verb="membership.added")
    cut = f"{'长' * 118}…（{subject.number}） {'库' * 60}"
    assert (line.about_name, json.loads(line.data)["about_name"]) == (cut, cut)
    assert find_damage() is None


def test_an_archived_subject_is_neither_graded_nor_entered_nor_renewed():
    subject, library = make_subject(1), make_library(is_licensed=True)
    entry = enter(subject, library, licence_no="A", valid_to=date(2027, 1, 1))
    for state in ("inactive", "archived"):
        operations.set_state(subject=subject, state=state, reason="长期歇业", **BY)
    before = facts_of(subject)

    refused = [
        code_of(operations.grade_subject, subject=subject, grade="A", graded_on=date(2026, 1, 1), source="省局"),
        code_of(operations.enter_library, subject=subject, library=library, licence_no="B"),
        code_of(operations.renew_licence, membership=entry, valid_to=date(2031, 1, 1), licensed_on=None),
    ]

    assert refused == ["registry.subject_archived"] * 3
    assert facts_of(subject) == before


def test_a_tag_is_put_once_and_its_end_is_kept():
    first, second, tag = make_subject(1), make_subject(2), make_tag()
    operations.tag_subjects(tag=tag, subjects=[first], **BY)

    operations.tag_subjects(tag=tag, subjects=[first, second], **BY)
    operations.untag_subject(tagging=first.taggings.get(), **BY)

    assert [first.taggings.count(), second.taggings.count()] == [1, 1]
    assert first.taggings.get().ended_at == NOW
    assert code_of(operations.untag_subject, tagging=first.taggings.get()) == "registry.tag_gone"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"is_for_subjects": False}, "标签“演示标签T1”不用于检查对象。"),
        ({"state": "proposed"}, "标签“演示标签T1”未在使用中：待审批、未通过或已停用的标签不能标注。"),
        ({"state": "refused"}, "标签“演示标签T1”未在使用中：待审批、未通过或已停用的标签不能标注。"),
        ({"valid_to": date(2026, 3, 1)}, "标签“演示标签T1”的有效期至 2026-03-01，已经过期，不能标注。请另选标签。"),
    ],
)
def test_only_approved_tags_for_subjects_are_put(own: dict[str, Any], told: str):
    subject, tag = make_subject(1), make_tag(**own)

    with pytest.raises(Refused) as refused:
        operations.tag_subjects(tag=tag, subjects=[subject], **BY)

    assert sentence(refused.value) == told


@pytest.mark.parametrize(
    ("reach", "is_own", "is_put"),
    [
        ("province", False, True),
        ("city", False, False),
        ("department", False, False),
        ("department", True, True),
    ],
)
def test_a_tag_is_put_by_those_within_whose_reach_it_lies(reach: str, is_own: bool, is_put: bool):
    subject = make_subject(1)
    owner = home() if is_own else make_department("B", make_region("9902", "别市"))
    tag, by = make_tag(reach=reach, owner=owner), official(RoleCode.LIAISON, "below")

    offered = TagForm(by=by).fields["tag"].queryset.filter(pk=tag.pk).exists()
    try:
        operations.tag_subjects(tag=tag, subjects=[subject], by=by, at=NOW)
    except Refused as refused:
        assert sentence(refused).startswith("标签“演示标签T1”不在您可使用的范围内")

    assert (offered, subject.taggings.exists()) == (is_put, is_put)


def test_who_keeps_an_internal_unit_s_subjects_uses_the_tags_of_its_office():
    unit = make_department("KS", home().region, parent=home(), is_internal_unit=True)
    by, tag = official(RoleCode.LIAISON, "own", department=unit), make_tag(reach="department")
    subject = make_subject(1, keeper=unit)

    operations.tag_subjects(tag=tag, subjects=[subject], by=by, at=NOW)

    assert subject.taggings.get().tag == tag


@pytest.mark.parametrize(
    "own",
    [{"reach": "department"}, {"valid_to": date(2026, 3, 1)}, {"is_for_inspectors": False}, {"dimension": "focus"}],
)
def test_an_entry_asks_only_for_a_qualification_that_may_be_used(own: dict[str, Any]):
    elsewhere = make_department("B", make_region("9902", "别市"))
    told = {"dimension": "qualification", "is_for_inspectors": True, "reach": "province", "owner": elsewhere, **own}
    by, tag = official(RoleCode.LIAISON, "below"), make_tag(**told)
    subject, library = make_subject(1), make_library()

    assert not EntryForm(by=by).fields["qualification"].queryset.filter(pk=tag.pk).exists()
    with pytest.raises(Refused) as refused:
        operations.enter_library(subject=subject, library=library, qualification=tag, by=by, at=NOW)
    assert sentence(refused.value).startswith("资格“演示标签T1”不能使用")


def test_a_subject_stands_in_the_region_of_its_keeper_or_below():
    by, subject = official(RoleCode.LIAISON, "below"), make_subject(1)
    below = make_region("990101", "演示东区", "county", home().region)
    other = make_region("9902", "别市")
    own = {"number": "X-9", "name": "x", "kind": "project", "keeper": home(), "by": by, "at": NOW}

    operations.change_subject(subject=subject, region=below, by=by, at=NOW)
    operations.register_subject(region=below, **own)
    for act in (
        lambda: operations.change_subject(subject=subject, region=other, by=by, at=NOW),
        lambda: operations.register_subject(region=other, **{**own, "number": "X-8"}),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert sentence(refused.value) == "“别市”不在“SCJG”的辖区内。请重新选择行政区划。"

    forms = [SubjectForm(by=by), SubjectForm(by=by, instance=subject)]
    assert [set(form.fields["region"].queryset) for form in forms] == [{home().region, below}] * 2


def test_a_subject_that_stood_elsewhere_before_may_be_changed_otherwise():
    other, subject = make_region("9902", "别市"), make_subject(1)
    with open_for_writing():
        Subject.objects.update(region=other)
    subject.refresh_from_db()
    by = official(RoleCode.LIAISON, "below")

    operations.change_subject(subject=subject, name="演示新名", region=other, by=by, at=NOW)

    assert Subject.objects.get().name == "演示新名"
    assert other in SubjectForm(by=by, instance=subject).fields["region"].queryset


def test_nobody_writes_beyond_her_reach():
    elsewhere = make_department("B", make_region("9902", "别市"))
    subject, library = make_subject(1, keeper=elsewhere), make_library("B1", department=elsewhere)
    by, tag, mine = official(RoleCode.LIAISON, "below"), make_tag(), make_subject(2)
    operations.tag_subjects(tag=tag, subjects=[subject], **BY)
    acts = [
        lambda: operations.tag_subjects(tag=tag, subjects=[mine, subject], by=by, at=NOW),
        lambda: operations.untag_subject(tagging=subject.taggings.get(), by=by, at=NOW),
        lambda: operations.change_subject(subject=subject, name="x", by=by, at=NOW),
        lambda: operations.set_status(subject=subject, status="revoked", source="x", by=by, at=NOW),
        lambda: operations.set_state(subject=subject, state="inactive", reason="x", by=by, at=NOW),
        lambda: operations.hand_over(subject=subject, keeper=by.department, reason="x", by=by, at=NOW),
        lambda: operations.grade_subject(
            subject=subject, grade="A", graded_on=date(2026, 1, 1), source="x", by=by, at=NOW
        ),
        lambda: operations.enter_library(subject=subject, library=library, by=by, at=NOW),
        lambda: operations.register_subject(
            number="X-9", name="x", kind="project", region=elsewhere.region, keeper=elsewhere, by=by, at=NOW
        ),
        lambda: operations.add_sub_library(code="N", name="x", department=elsewhere, by=by, at=NOW),
    ]
    before = Line.objects.count()

    codes = []
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        codes.append(refused.value.code)

    assert codes == ["registry.out_of_reach"] * len(acts)
    assert Line.objects.count() == before


def test_two_who_put_the_same_tag_come_one_after_the_other():
    subject, tag = make_subject(1), make_tag()

    with CaptureQueriesContext(connection) as queries:
        operations.tag_subjects(tag=tag, subjects=[subject], **BY)

    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert 'FROM "registry_tag"' in asked[0]
    assert ("FOR UPDATE" in asked[0]) == connection.features.has_select_for_update
