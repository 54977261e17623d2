"""An office looks at what came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from gongchou.accounts.models import Message, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.models import Line
from gongchou.draws.models import Seat
from gongchou.inspections.models import Inspection, Revision
from gongchou.inspections.operations.reviews import choose, review
from gongchou.inspections.states import Verdict
from gongchou.refusal import Refused
from tests.factories.inspections import AT, first_seat, inspector_at, on_its_way, recorded, store_signature
from tests.factories.people import appoint, make_user, signed_in

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


@pytest.fixture
def revision() -> Revision:
    by = inspector_at(first_seat(on_its_way()))
    taken = recorded(by)
    store_signature(by)
    return taken


def reviewer_of(inspection: Inspection) -> User:
    user = make_user("sh1", inspection.department)
    appoint(user, RoleCode.REVIEWER)
    return user


def test_a_record_is_passed_by_somebody_else(revision: Revision) -> None:
    inspection = revision.inspection
    by = reviewer_of(inspection)

    review(inspection=inspection, verdict=Verdict.PASS, opinion="", by=by, at=LATER)

    assert Inspection.objects.get().state == "approved"
    assert Line.objects.latest("index").verb == "inspection.reviewed"


def test_what_is_returned_says_why_and_comes_again(revision: Revision) -> None:
    inspection, by = revision.inspection, reviewer_of(revision.inspection)
    with pytest.raises(Refused) as refused:
        review(inspection=inspection, verdict=Verdict.RETURN, opinion="", by=by, at=LATER)
    assert refused.value.code == "inspections.opinion_missing"

    review(inspection=inspection, verdict=Verdict.RETURN, opinion="请补充现场照片", by=by, at=LATER)

    assert Message.objects.latest("sent_at").body == "请补充现场照片"
    again = recorded(revision.received_by, LATER, instance=revision.instance_id, base=1, opinion="无意见")
    assert (again.number, Inspection.objects.get().state) == (2, "in_review")
    assert Revision.objects.count() == 2


def test_nobody_passes_her_own_record(revision: Revision) -> None:
    appoint(revision.received_by, RoleCode.REVIEWER)

    with pytest.raises(Refused) as refused:
        review(inspection=revision.inspection, verdict=Verdict.PASS, opinion="", by=revision.received_by, at=LATER)

    assert refused.value.code == "inspections.own_record"


def test_what_lacks_a_file_is_not_passed() -> None:
    revision = recorded(inspector_at(first_seat(on_its_way())))

    with pytest.raises(Refused) as refused:
        review(
            inspection=revision.inspection,
            verdict=Verdict.PASS,
            opinion="",
            by=reviewer_of(revision.inspection),
            at=LATER,
        )

    assert (refused.value.code, refused.value.facts) == ("inspections.files_missing", {"count": 1})


def test_the_office_says_which_of_two_records_counts(revision: Revision) -> None:
    inspection = revision.inspection
    mate = Seat.objects.get(visit=inspection.visit, ended_at=None, inspector__user=None)
    beside = recorded(inspector_at(mate), opinion="另一份")
    assert Inspection.objects.get().head == revision

    choose(instance=beside.instance, reason="内容更完整", by=reviewer_of(inspection), at=LATER)

    assert Inspection.objects.get().head == beside
    assert list(inspection.instances.order_by("created_at", "pk").values_list("standing", flat=True).distinct()) in (
        ["held", "passed_over"], ["passed_over", "held"])  # fmt: skip


def test_the_pages_show_it_and_take_the_review(client: Client, revision: Revision) -> None:
    page = signed_in(client, reviewer_of(revision.inspection))
    address = revision.inspection.get_absolute_url()

    assert "未发现问题" in page.get("/inspections/").content.decode()
    shown = page.get(address).content.decode()
    assert "待审核" in shown
    assert page.get(f"/inspections/exhibits/{revision.exhibits.get().pk}/").status_code == 200
    answer = page.post(f"{address}review/", {"verdict": "pass", "opinion": ""}, follow=True)

    assert "已审核。" in answer.content.decode()
    assert Inspection.objects.get().state == "approved"
