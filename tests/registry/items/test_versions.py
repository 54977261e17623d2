"""The life of what stands on a list: every move, who may make it, and what the database holds by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongchou.accounts.roles import RoleCode
from gongchou.audit import guard
from gongchou.audit.models import Line
from gongchou.audit.queries import line_facts
from gongchou.refusal import Refused, sentence
from gongchou.registry.models import Edition, ItemVersion
from gongchou.registry.operations import versions as operations
from gongchou.registry.queries import versions as queries
from gongchou.registry.queries.items import with_parts
from gongchou.registry.states.lists import VERSION_MOVES, VersionState
from tests.factories.lists import (
    approver_of,
    department_of_lists,
    item_content,
    keeper_of,
    make_item,
    make_joint_item,
    make_matter,
    move_on,
    publish,
)
from tests.factories.people import NOW, appoint, make_department

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)
KINDS = [make_item, make_joint_item, make_matter]

OPERATIONS = {
    "submit": lambda version, keeper, head: operations.submit(version=version, by=keeper, at=NOW),
    "withdraw": lambda version, keeper, head: operations.withdraw(version=version, by=keeper, at=NOW),
    "approve": lambda version, keeper, head: operations.approve(version=version, by=head, at=NOW),
    "send_back": lambda version, keeper, head: operations.send_back(version=version, reason="演示", by=head, at=NOW),
    "publish": lambda version, keeper, head: publish([version], at=LATER),
    "ask_end": lambda version, keeper, head: operations.ask_end(version=version, reason="演示", by=keeper, at=NOW),
    "abolish": lambda version, keeper, head: operations.abolish(version=version, by=head, at=NOW),
}
# What may be done in each state, and what the version is then; all else is refused.
MAY = {
    VersionState.DRAFT: {"submit": VersionState.REVIEW, "withdraw": VersionState.WITHDRAWN},
    VersionState.REVIEW: {"approve": VersionState.IN_FORCE, "send_back": VersionState.DRAFT},
    VersionState.IN_FORCE: {"publish": VersionState.PUBLISHED, "send_back": VersionState.DRAFT},
    VersionState.PUBLISHED: {"ask_end": VersionState.PUBLISHED},
    VersionState.ABOLISHED: {},
    VersionState.SUPERSEDED: {},
    VersionState.WITHDRAWN: {},
}


def in_state(state: VersionState, make=make_item):
    way = {
        VersionState.DRAFT: [],
        VersionState.REVIEW: ["submit"],
        VersionState.IN_FORCE: ["submit", "approve"],
        VersionState.PUBLISHED: ["submit", "approve", "publish"],
        VersionState.ABOLISHED: ["submit", "approve", "publish", "ask_end", "abolish"],
        VersionState.SUPERSEDED: ["submit", "approve", "publish"],
        VersionState.WITHDRAWN: ["withdraw"],
    }[state]
    version = make(published=False)
    for step in way:
        OPERATIONS[step](version, keeper_of(version.thing.owner), approver_of(version.thing.owner))
    if state == VersionState.SUPERSEDED:
        amend_and_publish(version)
    version.refresh_from_db()
    return version


def amend_and_publish(version, at=LATER, **content):
    owner = version.thing.owner
    told = {"reason": "法规修订", **content}
    new = operations.amend(thing=version.thing, content=told, by=keeper_of(owner), at=at)
    return move_on(new, published=True, at=at)


@pytest.mark.parametrize("name", list(OPERATIONS))
@pytest.mark.parametrize("state", list(MAY))
def test_every_state_allows_its_moves_and_refuses_the_others(state, name):
    version = in_state(state)
    act, owner = OPERATIONS[name], version.thing.owner

    if name in MAY[state]:
        act(version, keeper_of(owner), approver_of(owner))
        version.refresh_from_db()
        assert version.state == MAY[state][name]
    else:
        with pytest.raises(Refused) as refused:
            act(version, keeper_of(owner), approver_of(owner))
        assert sentence(refused.value)


def test_every_move_that_happens_is_in_the_data():
    happening = {state: set(moves.values()) - {state} for state, moves in MAY.items()}
    happening[VersionState.PUBLISHED] |= {VersionState.SUPERSEDED, VersionState.ABOLISHED}

    assert happening == {state: set(moves) for state, moves in VERSION_MOVES.items()}


@pytest.mark.parametrize("make", KINDS)
def test_all_three_lists_live_the_same_life(make):
    version = in_state(VersionState.ABOLISHED, make)

    verbs = Line.objects.filter(about=version.audit_id).order_by("index").values_list("verb", flat=True)

    assert version.state == VersionState.ABOLISHED
    assert list(verbs) == [
        "version.drafted",
        "version.submitted",
        "version.approved",
        "version.end_asked",
        "version.abolished",
    ]


def test_who_submitted_does_not_approve():
    version = make_item(published=False)
    both = approver_of(department_of_lists())
    appoint(both, RoleCode.LIAISON)
    operations.submit(version=version, by=both, at=NOW)

    with pytest.raises(Refused, match=r"registry\.version_same_person"):
        operations.approve(version=version, by=both, at=NOW)


def test_who_asked_for_the_end_does_not_decide_it():
    version = make_item()
    both = approver_of(department_of_lists())
    appoint(both, RoleCode.LIAISON)
    operations.ask_end(version=version, reason="法规废止", by=both, at=NOW)

    with pytest.raises(Refused, match=r"registry\.end_same_person"):
        operations.abolish(version=version, by=both, at=NOW)


def test_an_end_that_was_refused_leaves_the_item_as_it_was():
    version = make_item()
    operations.ask_end(version=version, reason="法规废止", by=keeper_of(version.thing.owner), at=NOW)

    operations.refuse_end(version=version, by=approver_of(version.thing.owner), at=NOW)

    version.refresh_from_db()
    assert (version.state, version.end_reason, version.end_asked_by) == ("published", "", None)


@pytest.mark.parametrize("act", ["submit", "approve"])
def test_nobody_moves_what_is_out_of_reach(act):
    version = in_state(VersionState.DRAFT if act == "submit" else VersionState.REVIEW)
    elsewhere = make_department("OTHER", version.thing.owner.region)

    with pytest.raises(Refused, match=r"registry\.out_of_reach"):
        OPERATIONS[act](version, keeper_of(elsewhere), approver_of(elsewhere))


@pytest.mark.parametrize(
    ("lack", "told"),
    [
        ({"basis": []}, "检查依据"),
        ({"levels": [], "methods": []}, "实施层级、检查方式"),
        ({"ratio": {}}, "抽查比例"),
        ({"work_guide": ""}, "随机抽查工作指引"),
    ],
)
def test_an_incomplete_item_is_not_submitted(lack, told):
    version = make_item(published=False, **lack)

    with pytest.raises(Refused) as refused:
        operations.submit(version=version, by=keeper_of(version.thing.owner), at=NOW)

    assert refused.value.facts == {"name": version.name, "missing": told}


def test_a_draft_is_changed_with_old_and_new_in_the_log():
    version = make_item(published=False)

    operations.edit(version=version, content={"category": "广告"}, by=keeper_of(version.thing.owner), at=NOW)

    line = Line.objects.get(verb="version.edited")
    assert line_facts(line) == {"changed": {"领域": ["食品安全", "广告"]}}


def test_what_was_submitted_is_not_changed():
    version = in_state(VersionState.REVIEW)

    with pytest.raises(Refused, match=r"registry\.version_not_draft"):
        operations.edit(version=version, content={"category": "广告"}, by=keeper_of(version.thing.owner), at=NOW)


def test_a_new_version_takes_over_the_content_and_ends_the_old_one():
    old = make_item()

    new = amend_and_publish(old, category="餐饮")

    old.refresh_from_db()
    assert (new.number, new.name, new.category, new.reason) == (2, old.name, "餐饮", "法规修订")
    assert (old.state, old.ended_at) == ("superseded", LATER)
    assert [one.label for one in queries.compare(old, new) if one.is_changed] == ["领域"]


def test_there_is_one_next_version_at_a_time():
    version = make_item()
    told = {"thing": version.item, "content": {"reason": "一"}, "by": keeper_of(version.item.owner), "at": NOW}
    operations.amend(**told)

    with pytest.raises(Refused, match=r"registry\.version_open"):
        operations.amend(**told)


def test_a_code_stands_for_one_thing():
    version = make_item("A01")

    with pytest.raises(Refused, match=r"registry\.code_taken"):
        owner = version.item.owner
        operations.draft(kind="items", code="A01", owner=owner, content=item_content(), by=keeper_of(owner), at=NOW)


def test_an_edition_shows_the_list_as_it_stood_then():
    one, two = make_item("A01", published=False), make_item("A02", published=False)
    move_on(one, published=False)
    move_on(two, published=False)
    first = publish([one, two], name="2025年版")
    new = amend_and_publish(one, category="餐饮")
    keeper, head = keeper_of(one.item.owner), approver_of(one.item.owner)
    operations.ask_end(version=two, reason="法规废止", by=keeper, at=LATER + timedelta(days=1))
    operations.abolish(version=two, by=head, at=LATER + timedelta(days=1))
    three = make_item("A03", at=LATER + timedelta(days=2))

    assert list(queries.as_of(first)) == [one, two]
    assert list(queries.as_of(new.edition)) == [new, two]
    assert list(queries.as_of(three.edition)) == [new, three]
    changes = queries.compare_editions(first, three.edition, None, with_parts)
    assert [(change.code, change.word) for change in changes] == [("A01", "调整"), ("A02", "删除"), ("A03", "新增")]


def test_editions_are_counted_and_named_once():
    first = make_item().edition
    waiting = make_item(published=False)
    move_on(waiting, published=False)

    with pytest.raises(Refused, match=r"registry\.edition_name_taken"):
        publish([waiting], name=first.name)
    second = publish([waiting], name="另一版")

    assert (first.number, second.number) == (1, 2)


def test_an_edition_without_anything_new_is_refused():
    owner = make_item().item.owner
    told = {"kind": "items", "department": owner, "name": "空", "reason": "无", "url": "", "versions": []}

    with pytest.raises(Refused, match=r"registry\.edition_empty"):
        operations.publish(**told, by=approver_of(owner), at=LATER)


def test_an_edition_takes_nothing_of_another_list_or_department():
    joint = make_joint_item(published=False)
    move_on(joint, published=False)
    other = make_item(owner=make_department("OTHER", joint.thing.owner.region), published=False)
    move_on(other, published=False)
    owner = joint.thing.owner
    told = {"department": owner, "name": "版", "reason": "无", "url": "", "by": approver_of(owner), "at": LATER}

    with pytest.raises(Refused, match=r"registry\.edition_foreign"):
        operations.publish(kind="items", versions=[other], **told)


BREACHES = {
    "the same person twice": {"state": "in_force", "approved_by_id": "submitter", "approved_at": NOW},
    "approved by nobody": {"state": "in_force"},
    "published without an edition": {
        "state": "published", "approved_by_id": "head", "approved_at": NOW, "published_at": NOW,
        "published_by_id": "head",
    },
    "when without who": {"approved_at": NOW},
    "ended before it began": {"valid_to": date(2025, 1, 1)},
    "under review and never submitted": {"state": "review", "submitted_at": None, "submitted_by_id": None},
}  # fmt: skip


@pytest.mark.parametrize("breach", list(BREACHES))
def test_the_database_holds_the_line_by_itself(breach):
    version = in_state(VersionState.REVIEW)
    people = {"submitter": version.submitted_by_id, "head": approver_of(version.thing.owner).pk}
    told = {
        name: people.get(value, value) if isinstance(value, str) else value for name, value in BREACHES[breach].items()
    }

    with pytest.raises(IntegrityError), transaction.atomic(), guard.open_for_writing():
        ItemVersion.objects.filter(pk=version.pk).update(**told)


def test_the_database_keeps_one_published_and_one_open_version():
    version = make_item()
    draft = operations.amend(thing=version.item, content={"reason": "一"}, by=keeper_of(version.item.owner), at=NOW)
    copy = {
        **{field.attname: getattr(draft, field.attname) for field in ItemVersion._meta.concrete_fields},
        "number": 9,
    }
    copy.pop("id")

    with pytest.raises(IntegrityError), transaction.atomic(), guard.open_for_writing():
        ItemVersion.objects.create(**copy)
    with pytest.raises(IntegrityError), transaction.atomic(), guard.open_for_writing():
        out = {name: getattr(version, name) for name in ("state", "edition", "published_at", "published_by",
               "approved_at", "approved_by", "submitted_at", "submitted_by")}  # fmt: skip
        ItemVersion.objects.filter(pk=draft.pk).update(**out)


def test_editions_stay_as_they_came_out():
    make_item()

    assert Edition.objects.get().itemversions.count() == 1
