"""Declared by one, decided by another, honoured in between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongchou.accounts.models import Delivery
from gongchou.accounts.operations import disable_account
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.refusal import Refused, sentence
from gongchou.registry.models import Conflict
from gongchou.registry.operations import conflicts as operations
from gongchou.registry.operations.inspectors import link_account
from gongchou.registry.queries.conflicts import live_between
from tests.factories.inspectors import TODAY, make_inspector
from tests.factories.people import BY, NOW, appoint, make_department, make_region, make_user, official
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_department("SCJG", make_region())


@pytest.fixture
def keeper(bureau):
    return official(RoleCode.LIAISON, department=bureau)


@pytest.fixture
def head(bureau):
    return official(RoleCode.HEAD, department=bureau)


@pytest.fixture
def inspector(bureau):
    inspector = make_inspector("001", bureau, name="演示张三")
    return link_account(inspector=inspector, user=make_user("zhang", bureau), **BY)


def declare(inspector, by, **own):
    told = {
        "relation": "relative",
        "declared_by": "subject",
        "subject": own.pop("subject", None) or make_subject(),
        **own,
    }
    return operations.declare_conflict(inspector=inspector, by=by, at=NOW, **told)


def decide(conflict, by, is_upheld=True):
    return operations.decide_conflict(conflict=conflict, is_upheld=is_upheld, note="演示理由", by=by, at=NOW)


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    assert sentence(refused.value)
    return refused.value.code


def test_a_declaration_is_honoured_at_once(inspector, keeper):
    conflict = declare(inspector, keeper)

    assert (conflict.decision, conflict.registered_by) == ("pending", keeper)
    assert list(live_between(inspector, conflict.subject, on=TODAY)) == [conflict]


@pytest.mark.parametrize(("steps", "n_live"), [(["uphold"], 1), (["reject"], 0), (["uphold", "lift"], 0)])
def test_what_is_rejected_or_lifted_counts_no_more(inspector, keeper, head, steps, n_live):
    conflict = declare(inspector, keeper)

    conflict = decide(conflict, head, is_upheld=steps[0] == "uphold")
    if "lift" in steps:
        conflict = operations.lift_conflict(conflict=conflict, reason="已转让股份", by=head, at=NOW)

    assert live_between(inspector, conflict.subject, on=TODAY).count() == n_live
    assert conflict.decided_by == head


def test_who_registered_it_does_not_decide_it(inspector, bureau):
    office = official(RoleCode.CONFERENCE_OFFICE, department=bureau)
    conflict = declare(inspector, office)

    assert refusal(decide, conflict, office) == "registry.conflict_same_person"


def test_the_database_holds_the_second_person_as_well(inspector, keeper, head):
    conflict = declare(inspector, keeper)
    conflict.decision, conflict.decided_at, conflict.decided_by = "upheld", NOW, keeper

    with pytest.raises(IntegrityError), transaction.atomic(), open_for_writing():
        conflict.save()


def test_whom_it_is_about_neither_decides_nor_lifts_it(inspector, keeper, head):
    appoint(inspector.user, RoleCode.HEAD, "below")
    conflict = declare(inspector, keeper)

    assert refusal(decide, conflict, inspector.user) == "registry.conflict_oneself"
    upheld = decide(conflict, head)
    lift = {"conflict": upheld, "reason": "演示", "at": NOW}
    assert refusal(operations.lift_conflict, by=inspector.user, **lift) == "registry.conflict_oneself"


def test_a_head_elsewhere_decides_nothing(inspector, keeper, bureau):
    elsewhere = official(RoleCode.HEAD, department=make_department("XF", bureau.region), username="head2")
    conflict = declare(inspector, keeper)

    assert refusal(decide, conflict, elsewhere) == "registry.conflict_not_yours"
    assert refusal(decide, conflict, keeper) == "registry.conflict_not_yours"


def test_a_decision_is_made_once_and_only_what_is_upheld_is_lifted(inspector, keeper, head):
    conflict = declare(inspector, keeper)
    lift = {"conflict": conflict, "reason": "演示", "by": head, "at": NOW}

    assert refusal(operations.lift_conflict, **lift) == "registry.conflict_not_upheld"
    decide(conflict, head, is_upheld=False)
    assert refusal(decide, conflict, head) == "registry.conflict_decided"
    assert refusal(operations.lift_conflict, **lift) == "registry.conflict_not_upheld"


def test_one_conflict_stands_between_two_and_a_new_one_after_it(inspector, keeper, head):
    conflict = declare(inspector, keeper)

    assert refusal(declare, inspector, keeper, subject=conflict.subject) == "registry.conflict_exists"
    decide(conflict, head, is_upheld=False)
    assert declare(inspector, keeper, subject=conflict.subject).decision == "pending"


@pytest.mark.parametrize(("declared_by", "code"), [("self", None), ("subject", "registry.conflict_own_only")])
def test_a_person_speaks_for_herself_only(inspector, declared_by, code):
    if code:
        assert refusal(declare, inspector, inspector.user, declared_by=declared_by) == code
    else:
        assert declare(inspector, inspector.user, declared_by=declared_by).declared_by == "self"


def inbox(user):
    return [(told.message.title, told.message.link) for told in user.deliveries.order_by("message__sent_at")]


@pytest.mark.parametrize(("is_upheld", "word"), [(True, "应当回避"), (False, "不需回避")])
def test_who_declared_is_told_of_the_decision_once(inspector, head, is_upheld, word):
    conflict = declare(inspector, inspector.user, declared_by="self")

    decide(conflict, head, is_upheld=is_upheld)

    assert inbox(inspector.user) == [(f"回避申报已决定（{word}）：演示餐饮店1", "/registry/me/")]
    assert inbox(head) == []


def test_who_registered_it_for_her_is_told_as_well_and_both_of_its_end(inspector, keeper, head):
    conflict = decide(declare(inspector, keeper), head)

    operations.lift_conflict(conflict=conflict, reason="已转让股份", by=head, at=NOW + timedelta(hours=1))

    assert [title for title, _ in inbox(inspector.user)] == [
        "回避申报已决定（应当回避）：演示餐饮店1", "回避已解除：演示餐饮店1"
    ]  # fmt: skip
    assert {link for _, link in inbox(keeper)} == {"/registry/conflicts/"}


def test_whoever_has_no_account_or_has_lost_it_is_told_nothing(inspector, keeper, head, bureau):
    conflict = declare(make_inspector("002", bureau), keeper)
    disable_account(user=keeper, **BY)

    decide(conflict, head)

    assert Delivery.objects.count() == 0


def test_a_colleague_declares_nothing(inspector, bureau):
    colleague = make_user("wang", bureau)

    assert refusal(declare, inspector, colleague, declared_by="self") == "registry.out_of_reach"


def test_dates_in_the_wrong_order_are_refused(inspector, keeper):
    period = {"begins_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}

    assert refusal(declare, inspector, keeper, **period) == "registry.conflict_dates"


def test_the_dossier_names_the_subject_and_not_the_interest(inspector, keeper):
    declare(inspector, keeper, note="演示秘密", begins_on=TODAY)

    fact = inspector.facts.get(kind="conflict_declared")
    assert fact.told == "申报回避：演示餐饮店1（检查对象申报）"
    assert "演示秘密" not in str(fact.data)
    assert Conflict.objects.get().note == "演示秘密"


def test_what_is_over_is_not_declared(inspector, keeper):
    subject, yesterday = make_subject(), TODAY - timedelta(days=1)

    assert refusal(declare, inspector, keeper, subject=subject, ends_on=yesterday) == "registry.conflict_over"
    assert declare(inspector, keeper, subject=subject, ends_on=TODAY).decision == "pending"


@pytest.mark.parametrize("is_decided", [False, True])
def test_a_conflict_makes_room_when_its_last_day_is_past(inspector, keeper, head, is_decided):
    conflict = declare(inspector, keeper, ends_on=TODAY)
    if is_decided:
        decide(conflict, head)
    again = {"subject": conflict.subject, "ends_on": None}
    told = {"inspector": inspector, "relation": "relative", "declared_by": "subject", **again, "by": keeper}

    assert refusal(operations.declare_conflict, **told, at=NOW) == "registry.conflict_exists"
    later = operations.declare_conflict(**told, at=NOW + timedelta(days=1))
    assert list(live_between(inspector, conflict.subject, on=TODAY + timedelta(days=1))) == [later]


def test_the_database_holds_two_endless_conflicts_apart(inspector, keeper):
    conflict = declare(inspector, keeper)
    conflict.pk = None

    with pytest.raises(IntegrityError), transaction.atomic(), open_for_writing():
        conflict.save(force_insert=True)


def test_a_subject_with_a_long_name_is_decided_about_and_told_of(inspector, head, keeper):
    subject = make_subject(name="长" * 200)
    conflict = declare(inspector, keeper, subject=subject)

    decide(conflict, head)

    titles = set(Delivery.objects.values_list("message__title", flat=True))
    assert titles == {f"回避申报已决定（应当回避）：{'长' * 85}…"}


def test_all_who_are_told_are_held_before_the_log_is(inspector, head, keeper):
    """Who holds the end of the log and waits for an account would be waited for by whoever closes that account."""
    conflict = declare(inspector, keeper)

    with CaptureQueriesContext(connection) as caught:
        decide(conflict, head)

    asked = [query["sql"] for query in caught]
    log = next(at for at, sql in enumerate(asked) if '"audit_head"' in sql)
    both = [(one.pk.hex, str(one.pk)) for one in (keeper, inspector.user)]
    held = [sql for sql in asked[:log] if all(own in sql or text in sql for own, text in both)]
    assert ['FROM "accounts_user"' in sql for sql in held] == [True]
    assert ("FOR UPDATE" in held[0]) is connection.features.has_select_for_update
