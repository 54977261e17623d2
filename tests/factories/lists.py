"""Fictitious lists (演示数据): items, joint items, matters and tags, made by the operations everybody uses."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import transaction

from gongchou.accounts.models import Department, User
from gongchou.accounts.roles import RoleCode
from gongchou.audit.guard import open_for_writing
from gongchou.registry.frequency import Frequency, frequency_to_json, read_times
from gongchou.registry.models import (
    Edition,
    Item,
    ItemVersion,
    JointItemVersion,
    MatterVersion,
    Tag,
    Version,
)
from gongchou.registry.operations import tags as tag_operations
from gongchou.registry.operations import versions as operations
from gongchou.registry.ratio import Flat, ratio_to_json, read_amount
from tests.factories.people import NOW, appoint, make_department, make_region, make_user

_number = count(1)


def at_least(text: str = "3%") -> dict[str, Any]:
    """A ratio as it is stored, from one amount in words."""
    return ratio_to_json(Flat(read_amount(text)))


def so_often(text: str = "每年1次") -> dict[str, Any]:
    """A frequency as it is stored, from words."""
    return frequency_to_json(Frequency(read_times(text)))


def department_of_lists() -> Department:
    """The department that owns what names no owner: that of ``people.official``."""
    found = Department.objects.filter(code="SCJG").select_related("region").first()
    return found or make_department("SCJG", make_region())


def keeper_of(department: Department) -> User:
    """Somebody who keeps a department's list."""
    return _holder(department, "keeper", RoleCode.LIAISON)


def approver_of(department: Department) -> User:
    """Somebody else, who approves it."""
    return _holder(department, "approver", RoleCode.HEAD)


def _holder(department: Department, word: str, role: RoleCode) -> User:
    name = f"{word}_{department.code}"
    found = User.objects.filter(username=name).first()
    if found is None:
        found = make_user(name, department)
        appoint(found, role, "below")
    return found


def item_content(**own: Any) -> dict[str, Any]:
    """All that an item needs to be submitted."""
    return {
        "name": "演示食品安全检查",
        "category": "食品安全",
        "reason": "首次制定",
        "kind": "general",
        "basis": [{"law": "演示食品安全条例", "article": "第十条"}],
        "levels": ["city", "county"],
        "subject_kinds": ["enterprise", "trader"],
        "ratio": at_least(),
        "frequency": so_often(),
        "methods": ["on_site"],
        "details": "检查经营条件和进货查验记录。",
        "work_guide": "到现场查看，核对记录。",
        "valid_from": date(2026, 1, 1),
        **own,
    }


def move_on(version: Any, published: bool, at: datetime = NOW, name: str = "") -> Any:
    """Take a draft through review, and into an edition of its own where asked."""
    owner = version.thing.owner
    operations.submit(version=version, by=keeper_of(owner), at=at)
    operations.approve(version=version, by=approver_of(owner), at=at)
    if published:
        publish([version], at=at, name=name)
    version.refresh_from_db()
    return version


def publish(versions: list[Any], at: datetime = NOW, name: str = "") -> Edition:
    """Bring versions of one list out."""
    kind, owner = operations.queries.kind_of(versions[0]), versions[0].thing.owner
    edition: Edition = operations.publish(
        kind=kind,
        department=owner,
        name=name or f"演示版次{next(_number)}",
        reason="演示",
        url="",
        versions=versions,
        by=approver_of(owner),
        at=at,
    )
    return edition


def _make(kind: str, code: str, owner: Department, content: dict[str, Any], state: str, at: datetime) -> Any:
    version: Version = operations.draft(kind=kind, code=code, owner=owner, content=content, by=keeper_of(owner), at=at)
    return version if state == "draft" else move_on(version, state == "published", at)


def make_item(
    code: str = "", *, owner: Department | None = None, published: bool = True, at: datetime = NOW, **own: Any
) -> ItemVersion:
    """An item, published unless told otherwise (then a draft). Its identity is ``.item``."""
    owner = owner or department_of_lists()
    code = code or f"A{next(_number):03}"
    state = "published" if published else "draft"
    found: ItemVersion = _make("items", code, owner, item_content(**own), state, at)
    return found


def item_in_list(code: str, owner: Department) -> Item:
    """A published item as the operations leave it, at a tenth of their price: for whom it only has to be there."""
    keeper, approver = keeper_of(owner), approver_of(owner)
    with open_for_writing(), transaction.atomic():
        item = Item.objects.create(code=code, owner=owner)
        told = {"kind": "items", "department": owner, "number": Edition.objects.filter(department=owner).count() + 1}
        edition = Edition.objects.create(**told, name=f"演示版次{code}", published_at=NOW, published_by=approver)
        way = {"created": keeper, "submitted": keeper, "approved": approver, "published": approver}
        stamps = {f"{step}_{word}": value for step, who in way.items() for word, value in (("at", NOW), ("by", who))}
        content = {"item": item, "number": 1, "state": "published", "edition": edition, **item_content()}
        ItemVersion.objects.create(**content, **stamps)
    return item


def make_joint_item(
    code: str = "", *, owner: Department | None = None, published: bool = True, at: datetime = NOW, **own: Any
) -> JointItemVersion:
    """A joint item of one item, with another department beside the owner."""
    owner = owner or department_of_lists()
    content = {
        "name": "演示食堂联合检查",
        "field": "学校办学情况",
        "reason": "首次制定",
        "items": own.pop("items", None) or [make_item(owner=owner).item],
        "subject_kinds": ["institution"],
        "initiators": [("", owner)],
        "participants": own.pop("participants", None) or [other_department(owner)],
        "ratio": at_least("5%"),
        "frequency": so_often(),
        "time": "3—11月",
        "levels": ["city"],
        "valid_from": date(2026, 1, 1),
        **own,
    }
    state = "published" if published else "draft"
    found: JointItemVersion = _make("joint", code or f"L{next(_number):03}", owner, content, state, at)
    return found


def other_department(near: Department, code: str = "WSJK") -> Department:
    """A department beside one."""
    return Department.objects.filter(code=code).first() or make_department(code, near.region, function="health")


def make_matter(
    code: str = "", *, owner: Department | None = None, published: bool = True, at: datetime = NOW, **own: Any
) -> MatterVersion:
    """A supervision matter of two departments."""
    owner = owner or department_of_lists()
    content = {
        "name": "演示养老服务综合监管",
        "field": "养老服务",
        "one_thing": "elderly_care",
        "reason": "首次制定",
        "lead": owner,
        "duties": [(owner, "牵头组织"), (other_department(owner), "检查卫生条件")],
        "subject": "养老机构",
        "details": "服务质量、食品安全、卫生条件。",
        "methods": ["on_site"],
        "basis": [{"law": "演示养老服务条例", "article": "第五条"}],
        "valid_from": date(2026, 1, 1),
        **own,
    }
    state = "published" if published else "draft"
    found: MatterVersion = _make("matters", code or f"Z{next(_number):03}", owner, content, state, at)
    return found


def make_tag(
    name: str = "演示标签",
    *,
    dimension: str = "industry",
    uses: frozenset[str] = frozenset({"items", "subjects", "inspectors"}),
    owner: Department | None = None,
    in_use: bool = True,
    code: str = "",
    reach: str = "province",
    **own: Any,
) -> Tag:
    """A tag, approved unless told otherwise."""
    owner = owner or department_of_lists()
    told = {"parent": None, "reason": "演示", **own}
    tag: Tag = tag_operations.propose_tag(
        code=code or f"T{next(_number):03}",
        name=name,
        dimension=dimension,
        reach=reach,
        owner=owner,
        uses=uses,
        by=keeper_of(owner),
        at=NOW,
        **told,
    )
    return tag_operations.approve_tag(tag=tag, by=approver_of(owner), at=NOW) if in_use else tag
