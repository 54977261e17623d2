"""What may be done to inspectors, and what stays written of it."""

from __future__ import annotations

from datetime import date

import pytest

from gongchou.accounts.models import Department
from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.refusal import Refused, sentence
from gongchou.registry.models import Certificate, InspectorFact, StaffCount
from gongchou.registry.operations import certificates, inspectors, third_parties
from gongchou.registry.queries.inspectors import certificates_holding_on
from tests.factories.inspectors import (
    TODAY,
    days,
    make_body,
    make_certificate,
    make_inspector,
    make_leave,
    make_tag,
)
from tests.factories.people import BY, NOW, make_department, make_region, make_user, official

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def other(bureau):
    return make_department("XF", bureau.region)


def refusal(act, **kwargs):
    """The code an operation says no with, whose sentence must exist."""
    with pytest.raises(Refused) as refused:
        act(**{**BY, **kwargs})
    assert sentence(refused.value)
    return refused.value.code


def told(inspector):
    return [fact.told for fact in InspectorFact.objects.filter(inspector=inspector).order_by("id")]


# Entries ----------------------------------------------------------------------------------------


def test_a_new_person_gets_initials_a_line_and_a_fact(bureau):
    inspector = make_inspector("001", bureau, name="演示张三")

    assert (inspector.initials, inspector.state) == ("yszs", "active")
    assert told(inspector) == ["登记入库：演示SCJG局，公务员"]
    assert Line.objects.order_by("index").last().verb == "inspector.registered"


def test_a_number_is_given_once(bureau, other):
    make_inspector("001", bureau)

    code = refusal(inspectors.register_inspector, number="001", department=other, values={"name": "演示李四"})

    assert code == "registry.inspector_number_taken"


@pytest.mark.parametrize(
    ("category", "has_body", "code"),
    [
        ("expert", True, None),
        ("expert", False, "registry.expert_without_body"),
        ("assistant", True, None),
        ("assistant", False, None),
        ("civil_servant", True, "registry.body_without_expert"),
        ("qualified", True, "registry.body_without_expert"),
        ("daily", False, None),
    ],
)
def test_experts_come_from_a_body_and_officials_do_not(bureau, category, has_body, code):
    values = {"name": "演示张三", "category": category, "third_party": make_body(bureau) if has_body else None}

    if code:
        assert refusal(inspectors.register_inspector, number="1", department=bureau, values=values) == code
    else:
        entered = inspectors.register_inspector(number="1", department=bureau, values=values, **BY)
        assert entered.is_expert == (category == "expert")


def test_a_change_keeps_old_and_new_and_shows_no_telephone(bureau):
    inspector = make_inspector("001", bureau, phone="13900001111")

    inspectors.change_inspector(inspector=inspector, values={"phone": "13900002222", "post": "section_head"}, **BY)

    fact = InspectorFact.objects.get(kind="changed")
    assert fact.data == {"phone": ["139****1111", "139****2222"], "post": ["一般干部", "科室正职"]}
    assert fact.told == "手机号：139****1111 → 139****2222；职务：一般干部 → 科室正职"
    log = "".join(Line.objects.values_list("data", flat=True))
    assert [number for number in ("13900001111", "13900002222") if number in log] == []


def test_a_change_of_nothing_is_refused(bureau):
    inspector = make_inspector("001", bureau)

    assert refusal(inspectors.change_inspector, inspector=inspector, values={"unit": ""}) == "registry.nothing_changed"


def test_a_change_by_hand_lets_the_next_import_look_again(bureau):
    inspector = make_inspector("001", bureau)

    changed = inspectors.change_inspector(inspector=inspector, values={"name": "演示王五"}, **BY)

    assert (changed.digest, changed.initials) == ("", "ysww")


def test_who_moves_leaves_an_account_of_the_old_department_behind(bureau, other):
    inspector = make_inspector("001", bureau)
    inspectors.link_account(inspector=inspector, user=make_user("li", bureau), **BY)

    moved = inspectors.move_inspector(inspector=inspector, department=other, reason="演示文号", **BY)

    assert (moved.department, moved.user) == (other, None)
    assert told(inspector)[-2:] == [
        "因调动，与登录账号 li 的关联已解除",
        "由“演示SCJG局”调入“演示XF局”：演示文号",
    ]


def test_who_moves_into_an_internal_unit_keeps_the_account(bureau):
    inside = make_department("SCJG-1", bureau.region, parent=bureau, is_internal_unit=True)
    inspector = make_inspector("001", bureau)
    user = make_user("li", bureau)
    inspectors.link_account(inspector=inspector, user=user, **BY)

    moved = inspectors.move_inspector(inspector=inspector, department=inside, reason="演示文号", **BY)

    assert moved.user == user


def test_states_move_one_way_and_back(bureau):
    inspector = make_inspector("001", bureau)

    assert refusal(inspectors.restore_inspector, inspector=inspector, reason="演示") == "registry.inspector_active"
    ended = inspectors.end_inspector(inspector=inspector, reason="退休", **BY)
    assert (ended.state, ended.state_reason) == ("inactive", "退休")
    assert refusal(inspectors.end_inspector, inspector=inspector, reason="演示") == "registry.inspector_inactive"
    restored = inspectors.restore_inspector(inspector=inspector, reason="返聘", **BY)
    assert (restored.state, restored.state_reason) == ("active", "")


def test_who_does_not_keep_a_department_changes_nothing_of_its_people(bureau, other):
    mine = official(RoleCode.LIAISON, scope="own", department=other)
    inspector = make_inspector("001", bureau)
    own = make_inspector("002", other)
    by = {"by": mine, "at": NOW, "inspector": inspector}

    certificate = make_certificate(inspector, days(10))
    leave = make_leave(inspector, TODAY, TODAY)
    tries = [
        (inspectors.change_inspector, {**by, "values": {"name": "演示"}}),
        (inspectors.move_inspector, {**by, "department": other, "reason": "演示"}),
        (inspectors.move_inspector, {**by, "inspector": own, "department": bureau, "reason": "演示"}),
        (inspectors.end_inspector, {**by, "reason": "演示"}),
        (inspectors.set_tags, {**by, "tags": []}),
        (inspectors.set_items, {**by, "does_all": True, "items": []}),
        (inspectors.link_account, {**by, "user": mine}),
        (inspectors.unlink_account, by),
        (certificates.record_leave, {**by, "begins_on": TODAY, "ends_on": TODAY, "reason": "other"}),
        (certificates.add_certificate, {**by, "kind": "演示", "number": "1", "valid_to": TODAY}),
    ]
    of_papers = {"by": mine, "at": NOW}
    tries += [
        (certificates.end_certificate, {**of_papers, "certificate": certificate, "reason": "演示"}),
        (
            certificates.renew_certificate,
            {**of_papers, "certificate": certificate, "valid_from": TODAY, "valid_to": TODAY},
        ),
        (certificates.revoke_leave, {**of_papers, "leave": leave}),
    ]

    assert {refusal(act, **kwargs) for act, kwargs in tries} == {"registry.out_of_reach"}


# Certificates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "ended_on", "day", "holds"),
    [
        (None, date(2026, 3, 2), None, date(2026, 3, 2), True),
        (None, date(2026, 3, 1), None, date(2026, 3, 2), False),
        (date(2026, 3, 2), date(2027, 1, 1), None, date(2026, 3, 2), True),
        (date(2026, 3, 3), date(2027, 1, 1), None, date(2026, 3, 2), False),
        (None, date(2027, 1, 1), NOW, date(2026, 3, 1), True),
        (None, date(2027, 1, 1), NOW, date(2026, 3, 2), False),
    ],
)
def test_a_certificate_holds_by_its_own_dates(bureau, valid_from, valid_to, ended_on, day, holds):
    certificate = make_certificate(make_inspector("001", bureau), valid_to, valid_from=valid_from)
    if ended_on:
        certificates.end_certificate(certificate=certificate, reason="遗失", **BY)

    assert certificates_holding_on(day).exists() == holds


def test_a_renewal_leaves_the_gap_between_two_cards_open(bureau):
    certificate = make_certificate(make_inspector("001", bureau), date(2026, 1, 31))

    certificates.renew_certificate(
        certificate=certificate, valid_from=date(2026, 3, 1), valid_to=date(2031, 2, 28), **BY
    )

    days_held = [date(2026, 1, 31), date(2026, 2, 15), date(2026, 3, 1)]
    assert [certificates_holding_on(day).count() for day in days_held] == [1, 0, 1]
    assert Certificate.objects.filter(replaced_by=None).get().number == certificate.number


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"number": "ZJ-001"}, "registry.certificate_held"),
        ({"number": "ZJ-002"}, "registry.certificate_elsewhere"),
        ({"number": "ZJ-003", "valid_from": date(2030, 1, 1)}, "registry.certificate_dates"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(bureau, own, code):
    first, second = make_inspector("001", bureau), make_inspector("002", bureau)
    make_certificate(first, days(100))
    make_certificate(second, days(100))

    act = certificates.add_certificate

    assert refusal(act, inspector=first, kind="行政执法证", valid_to=days(200), **own) == code


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"valid_from": days(0), "valid_to": days(100)}, "registry.renewal_shorter"),
        ({"valid_from": days(300), "valid_to": days(200)}, "registry.certificate_dates"),
        ({"valid_from": days(0), "valid_to": days(200), "number": "ZJ-002"}, "registry.certificate_elsewhere"),
    ],
)
def test_a_renewal_that_cannot_be_is_refused(bureau, own, code):
    certificate = make_certificate(make_inspector("001", bureau), days(100))
    make_certificate(make_inspector("002", bureau), days(100))

    assert refusal(certificates.renew_certificate, certificate=certificate, **own) == code


def test_what_is_over_is_neither_renewed_nor_ended_again(bureau):
    certificate = make_certificate(make_inspector("001", bureau), days(100))
    certificates.end_certificate(certificate=certificate, reason="遗失", **BY)

    codes = [
        refusal(certificates.end_certificate, certificate=certificate, reason="演示"),
        refusal(certificates.renew_certificate, certificate=certificate, valid_from=TODAY, valid_to=days(200)),
    ]

    assert codes == ["registry.certificate_over"] * 2


def test_a_number_is_free_again_once_its_certificate_was_cancelled(bureau):
    first, second = make_inspector("001", bureau), make_inspector("002", bureau)
    certificates.end_certificate(certificate=make_certificate(first, days(100)), reason="收回", **BY)

    again = make_certificate(second, days(100), number="ZJ-001")

    assert again.inspector == second


# Leave ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        (0, 4, None),
        (0, 5, "registry.leave_overlaps"),
        (5, 10, "registry.leave_overlaps"),
        (6, 7, "registry.leave_overlaps"),
        (1, 20, "registry.leave_overlaps"),
        (10, 12, "registry.leave_overlaps"),
        (11, 12, None),
        (12, 11, "registry.leave_dates"),
    ],
)
def test_one_day_is_covered_by_one_leave(bureau, begins, ends, code):
    inspector = make_inspector("001", bureau)
    make_leave(inspector, days(5), days(10))
    asked = {"inspector": inspector, "begins_on": days(begins), "ends_on": days(ends), "reason": "training"}

    if code:
        assert refusal(certificates.record_leave, **asked) == code
    else:
        assert certificates.record_leave(**asked, **BY).begins_on == days(begins)


def test_the_sentence_about_an_overlap_says_which_leave_is_there(bureau):
    inspector = make_inspector("001", bureau, name="演示张三")
    make_leave(inspector, date(2026, 5, 1), date(2026, 5, 5))

    with pytest.raises(Refused) as refused:
        make_leave(inspector, date(2026, 5, 5), date(2026, 5, 6))

    assert sentence(refused.value) == (
        "“演示张三”在 2026-05-01 至 2026-05-05 已登记离岗，与所填日期重叠。请调整日期，或先撤销已登记的离岗。"
    )


def test_a_revoked_leave_makes_room_and_is_not_revoked_again(bureau):
    inspector = make_inspector("001", bureau)
    leave = make_leave(inspector, days(5), days(10))

    certificates.revoke_leave(leave=leave, **BY)

    assert make_leave(inspector, days(5), days(10)).revoked_at is None
    assert refusal(certificates.revoke_leave, leave=leave) == "registry.leave_revoked"


# Tags and accounts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "is_usable"),
    [
        ({}, True),
        ({"state": "proposed"}, False),
        ({"state": "ended", "ended_at": NOW, "end_reason": "演示"}, False),
        ({"is_for_inspectors": False, "is_for_items": True}, False),
        ({"valid_to": days(-1)}, False),
        ({"valid_to": days(0)}, True),
        ({"reach": "department"}, False),
        ({"reach": "province"}, True),
    ],
)
def test_only_tags_in_use_for_inspectors_within_reach_are_set(bureau, other, own, is_usable):
    tag = make_tag(other, **own)
    inspector = make_inspector("001", bureau)

    if is_usable:
        inspectors.set_tags(inspector=inspector, tags=[tag], **BY)
        assert list(inspector.tags.all()) == [tag]
    else:
        assert refusal(inspectors.set_tags, inspector=inspector, tags=[tag]) == "registry.tag_not_usable"


def test_a_change_of_tags_says_what_came_and_went(bureau):
    inspector = make_inspector("001", bureau)
    one, two = make_tag(bureau, "Z1", name="食品检查员"), make_tag(bureau, "Z2", name="药品检查员")
    inspectors.set_tags(inspector=inspector, tags=[one], **BY)

    inspectors.set_tags(inspector=inspector, tags=[two], **BY)

    assert told(inspector)[-1] == "资质与专长：加药品检查员；减食品检查员"


@pytest.mark.parametrize(
    ("where", "is_active", "is_taken", "code"),
    [
        ("SCJG", True, False, None),
        ("SCJG-1", True, False, None),
        ("XF", True, False, "registry.account_elsewhere"),
        ("SCJG", False, False, "registry.account_disabled"),
        ("SCJG", True, True, "registry.account_taken"),
    ],
)
def test_an_account_is_of_one_person_of_the_same_department(bureau, other, where, is_active, is_taken, code):
    make_department("SCJG-1", bureau.region, parent=bureau, is_internal_unit=True)
    user = make_user("li", Department.objects.get(code=where))
    if not is_active:
        _disable(user)
    if is_taken:
        inspectors.link_account(inspector=make_inspector("002", bureau), user=user, **BY)
    inspector = make_inspector("001", bureau)

    if code:
        assert refusal(inspectors.link_account, inspector=inspector, user=user) == code
    else:
        assert inspectors.link_account(inspector=inspector, user=user, **BY).user == user


def _disable(user):
    from gongchou.audit.guard import open_for_writing  # noqa: PLC0415 -- the operation asks for an administrator

    with open_for_writing():
        type(user).objects.filter(pk=user.pk).update(is_active=False)


def test_a_person_has_one_account(bureau):
    inspector = make_inspector("001", bureau)
    inspectors.link_account(inspector=inspector, user=make_user("li", bureau), **BY)

    code = refusal(inspectors.link_account, inspector=inspector, user=make_user("wang", bureau))

    assert code == "registry.account_linked"


def test_an_account_is_let_go_once(bureau):
    inspector = make_inspector("001", bureau)
    inspectors.link_account(inspector=inspector, user=make_user("li", bureau), **BY)

    assert inspectors.unlink_account(inspector=inspector, **BY).user is None
    assert refusal(inspectors.unlink_account, inspector=inspector) == "registry.account_not_linked"


# Bodies and counts ------------------------------------------------------------------------------


def test_a_body_goes_after_its_people(bureau):
    body = make_body(bureau)
    expert = make_inspector("001", bureau, category="expert", third_party=body)

    assert refusal(third_parties.end_third_party, body=body) == "registry.body_in_use"
    inspectors.end_inspector(inspector=expert, reason="合同期满", **BY)
    assert third_parties.end_third_party(body=body, **BY).is_active is False
    assert refusal(third_parties.end_third_party, body=body) == "registry.body_ended"
    assert third_parties.restore_third_party(body=body, **BY).is_active is True
    assert refusal(third_parties.restore_third_party, body=body) == "registry.body_active"


def test_a_body_is_entered_once_and_changed_by_its_keeper_only(bureau, other):
    body = make_body(bureau)
    stranger = {"by": official(RoleCode.LIAISON, scope="own", department=other), "at": NOW}

    assert refusal(third_parties.add_third_party, code=body.code, name="演示", speciality="", keeper=other) == (
        "registry.body_code_taken"
    )
    changed = {"body": body, "name": "演示", "speciality": ""}
    assert refusal(third_parties.change_third_party, **changed, **stranger) == "registry.out_of_reach"
    assert third_parties.change_third_party(**changed, **BY).name == "演示"


def test_a_corrected_staff_count_ends_the_one_before(bureau):
    told = {"department": bureau, "year": 2026, "source": "演示文号"}
    third_parties.set_staff_count(n_staff=10, **told, **BY)

    third_parties.set_staff_count(n_staff=12, **told, **BY)

    counts = StaffCount.objects.order_by("n_staff").values_list("n_staff", "ended_at")
    assert list(counts) == [(10, NOW), (12, None)]


@pytest.mark.parametrize(
    ("year", "n_staff", "code"),
    [
        (1999, 5, "registry.staff_year"),
        (2028, 5, "registry.staff_year"),
        (2026, 0, "registry.staff_count"),
    ],
)
def test_a_staff_count_that_cannot_be_is_refused(bureau, year, n_staff, code):
    asked = {"department": bureau, "year": year, "n_staff": n_staff, "source": "演示"}

    assert refusal(third_parties.set_staff_count, **asked) == code
