"""关注组: named by the office, told what chance says of it, and never a single firm."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from gongchou.accounts.models import User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.audit.models import Line as LogLine
from gongchou.draw.table import Bytes
from gongchou.draws.models import Batch, Draw, Hit, WatchGroup
from gongchou.draws.operations.watching import end_group, name_group
from gongchou.draws.queries.watching import Trial, Watched, watched
from gongchou.draws.watching import follow, strata_of
from gongchou.refusal import Refused
from gongchou.registry.models import Subject
from tests.factories import draws as factory
from tests.factories.lists import keeper_of
from tests.factories.people import NOW, official, signed_in
from tests.factories.subjects import make_subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return official(RoleCode.CONFERENCE_OFFICE, "all")


def make_once() -> Batch:
    return factory.drawn(factory.joint_batch())


@pytest.fixture
def batch(kept: Batch) -> Batch:
    return kept


def group_of(by: User, n: int = 5, *, at: Any = NOW, subjects: list[Subject] | None = None) -> WatchGroup:
    chosen = subjects or list(Subject.objects.order_by("number")[:n])
    told = {"name": "演示同一楼宇", "kind": "address", "reason": "群众反映"}
    return name_group(department=by.department, **told, subjects=chosen, by=by, at=at)


def followed(group: WatchGroup) -> Watched:
    draws = Draw.objects.all()
    follow(group, draws, most=100)
    return watched([group], draws).get(group.pk, Watched())


@pytest.mark.parametrize(("n", "code"), [(1, "draws.watch_few"), (2, "draws.watch_few"), (3, None)])
def test_single_firms_are_never_watched(office: User, batch: Batch, n: int, code: str | None):
    if code is None:
        assert group_of(office, n).subjects.count() == 3
        return
    with pytest.raises(Refused) as refused:
        group_of(office, n)
    assert refused.value.code == code


def test_one_firm_named_three_times_is_a_single_firm(office: User, batch: Batch):
    with pytest.raises(Refused, match=r"draws\.watch_few"):
        group_of(office, subjects=list(Subject.objects.all()[:1]) * 3)


@pytest.mark.parametrize("role", [RoleCode.HEAD, RoleCode.LIAISON, RoleCode.LEADER, RoleCode.REVIEWER])
def test_only_the_office_watches(batch: Batch, role: RoleCode):
    by = official(role, "all", username=f"by_{role}")

    with pytest.raises(Refused, match=r"registry\.out_of_reach"):
        group_of(by)


def test_a_group_is_named_and_ended_in_the_log(office: User, batch: Batch):
    group = group_of(office, 3)
    end_group(group=group, reason="查清了", by=office, at=NOW)

    lines = list(LogLine.objects.filter(about=group.audit_id).order_by("index").values_list("verb", flat=True))
    assert lines == ["watch_group.named", "watch_group.ended"]
    with pytest.raises(Refused, match=r"draws\.watch_ended"):
        end_group(group=group, reason="再来", by=office, at=NOW)


def test_a_subject_of_two_draws_of_one_batch_is_one_trial(office: User, batch: Batch):
    told = followed(group_of(office, 5))

    assert (told.n, told.n_subjects, told.expected) == (5, 5, 1.0)
    drawn = set(Hit.objects.filter(place="selected").values_list("subject", flat=True))
    own = list(Subject.objects.order_by("number")[:5].values_list("pk", flat=True))
    assert told.n_drawn == len(drawn & set(own))


@pytest.mark.parametrize(
    ("which", "n_drawn", "few", "many"),
    [("drawn", 8, 1.0, 0.2**8), ("passed over", 0, 0.8**8, 1.0)],
)
def test_too_many_and_too_few_are_both_told(
    office: User, batch: Batch, which: str, n_drawn: int, few: float, many: float
):
    drawn = Hit.objects.filter(draw__seq=1, place="selected").values("subject")
    rows = Subject.objects.filter(pk__in=drawn) if which == "drawn" else Subject.objects.exclude(pk__in=drawn)

    told = followed(group_of(office, subjects=list(rows.order_by("number")[:8])))

    assert (told.n_drawn, told.tails.few, told.tails.many) == pytest.approx((n_drawn, few, many))


def test_what_was_replaced_was_drawn_and_what_came_in_was_not(office: User, batch: Batch):
    own = list(Hit.objects.filter(draw__seq=1, rank__in=(1, 9)).order_by("rank"))
    others = list(Subject.objects.exclude(hits__draw__seq=1)[:2])
    group = group_of(office, subjects=[hit.subject for hit in own] + others)
    with open_for_writing():
        Hit.objects.filter(rank=1).update(place="replaced")
        Hit.objects.filter(rank=9).update(place="came_in")

    assert followed(group).n_drawn == 1


def test_who_stood_in_no_frame_has_no_trial(office: User, batch: Batch):
    absent = [make_subject(9_000 + at, keeper=batch.department) for at in range(3)]

    told = followed(group_of(office, subjects=absent))

    assert (told.n, told.tails.both, told.is_rare(1)) == (0, 1.0, False)


def test_draws_before_the_group_was_named_are_told_apart(office: User, batch: Batch):
    told = followed(group_of(office, 4))
    drawn_at = batch.drawn_at
    assert drawn_at is not None

    assert (told.before(drawn_at).n, told.since(drawn_at).n) == (4, 0)
    assert (told.before(drawn_at - timedelta(1)).n, told.since(drawn_at - timedelta(1)).n) == (0, 4)


@pytest.mark.parametrize(("n_groups", "is_rare"), [(1, True), (50, False)])
def test_who_watches_many_groups_is_warned_as_rarely(n_groups: int, is_rare: bool):
    told = Watched([Trial(f"{at}", uuid4(), NOW, Fraction(3, 100), False) for at in range(240)])

    assert told.tails.few == pytest.approx(6.7e-4, rel=0.01)
    assert told.is_rare(n_groups) is is_rare


def test_a_page_looks_through_so_many_draws_at_a_time(office: User, batch: Batch):
    group = group_of(office, 3)

    assert [follow(group, Draw.objects.all(), most=1) for _ in range(3)] == [1, 0, 0]
    assert group.frames.count() == 2


def test_a_pseudonym_that_is_part_of_another_is_not_taken_for_it():
    one, other = uuid4(), uuid4()
    subjects = f"A1\t{one.hex}\nA10\t{other.hex}\n".encode()
    frame = b"S1\tA10\tU\nS2\tA1\tA10\n"

    assert strata_of([one, other, uuid4()], Bytes(subjects), Bytes(frame)) == {one.hex: "S2", other.hex: "S1"}


# Pages ------------------------------------------------------------------------------------------


def test_the_office_names_a_group_by_person_and_by_number(client: Client, office: User, batch: Batch):
    with open_for_writing():
        own = list(Subject.objects.order_by("number")[:4])
        Subject.objects.filter(pk__in=[one.pk for one in own[:3]]).update(legal_representative="张演示")
    sent = {"department": office.department_id, "name": "张演示名下", "kind": "person", "words": "张演示"}
    sent |= {"numbers": own[3].number, "reason": "群众反映"}

    answer = signed_in(client, office).post("/draws/watch-groups/add/", sent)

    group = WatchGroup.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, group.get_absolute_url())
    assert set(group.subjects.all()) == set(own)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"numbers": "没有的编号"}, "名录里找不到：没有的编号"),
        ({"numbers": ""}, "只找到 0 户"),
        ({"kind": "address", "words": "没有这栋楼"}, "只找到 0 户"),
    ],
)
def test_what_cannot_be_found_is_said(client: Client, office: User, batch: Batch, sent: dict[str, str], words: str):
    told = {"department": office.department_id, "name": "演示", "kind": "other", "reason": "演示", **sent}

    answer = signed_in(client, office).post("/draws/watch-groups/add/", told)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WatchGroup.objects.exists()


def test_the_page_of_a_group_says_what_a_small_chance_means(client: Client, office: User, batch: Batch):
    group = group_of(office, 4)

    page = signed_in(client, office).get(group.get_absolute_url()).content.decode()

    assert "不说明有人做了手脚" in page
    assert "看了结果才挑出来的" in page
    assert "没有进过名单" in page  # since the group was named nothing was drawn, or before


def test_a_department_does_not_know_that_groups_are_watched(client: Client, office: User, batch: Batch):
    group = group_of(office, 4)
    desk = signed_in(client, keeper_of(batch.department))

    assert [desk.get(at).status_code for at in ("/draws/watch-groups/", group.get_absolute_url())] == [403, 403]
    for address in ("/draws/", "/draws/statistics/", batch.get_absolute_url()):
        assert "关注组" not in desk.get(address).content.decode()


def test_the_list_asks_as_much_for_three_groups_as_for_one(client: Client, office: User, batch: Batch):
    asked = []
    desk = signed_in(client, office)
    for number in range(3):
        group = group_of(office, 3 + number)
        follow(group, Draw.objects.all(), most=10)
        desk.get("/draws/watch-groups/")
        with CaptureQueriesContext(connection) as queries:
            page = desk.get("/draws/watch-groups/")
        asked.append(len(queries))

    assert asked[0] == asked[2]
    assert page.context["table"].paginator.count == 3
    assert "0.60" in page.content.decode()


def test_the_list_is_taken_away_with_its_figures(client: Client, office: User, batch: Batch):
    follow(group_of(office, 5), Draw.objects.all(), most=10)

    answer = signed_in(client, office).get("/draws/watch-groups/", {"export": "xlsx"})

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["名称"], told["预计抽中"], told["判断"]) == ("演示同一楼宇", "1.00", "平常，运气可以解释")
