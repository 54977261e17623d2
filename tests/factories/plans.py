"""Fictitious plans (演示数据), made by the operations everybody uses."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from gongchou.accounts.models import Department, Region, User
from gongchou.audit.guard import open_for_writing
from gongchou.plans.models import Agreement, Campaign, LineVersion, Norm, Plan, PlanVersion, Proposal, Task
from gongchou.plans.operations import campaigns, lines, norms, proposals, tasks
from gongchou.plans.operations import plans as operations
from gongchou.plans.pool import Pool, pool_to_json
from gongchou.registry.models import SubLibrary
from gongchou.registry.ratio import By, Part, Table, ratio_to_json, read_amount
from tests.factories.lists import approver_of, at_least, department_of_lists, keeper_of
from tests.factories.people import NOW, appoint, make_user
from tests.factories.subjects import enter, make_library, make_subject

YEAR = 2026
_number = count(1)


def by_grade(**rows: str) -> dict[str, Any]:
    """A ratio by credit risk class: by_grade(A="2%", B="3%", C="10%", D="50%")."""
    return ratio_to_json(Table(By.GRADE, tuple(Part(grade, read_amount(text)) for grade, text in rows.items())))


def pool_of(*libraries: SubLibrary, **own: Any) -> dict[str, Any]:
    """A pool as it is stored."""
    return pool_to_json(Pool(libraries=tuple(sorted(str(one.pk) for one in libraries)), **own))


def line_content(department: Department, **own: Any) -> dict[str, Any]:
    """All that a line needs, but for its items."""
    return {
        "name": "演示餐饮单位检查",
        "field": "餐饮服务",
        "initiator": department,
        "subject_words": "全市餐饮服务单位",
        "ratio": at_least("3%"),
        "begins_on": date(YEAR, 3, 1),
        "ends_on": date(YEAR, 11, 30),
        "levels": ["city"],
        **own,
    }


def make_plan(
    department: Department | None = None, *, kind: str = Plan.Kind.DEPARTMENT, year: int = YEAR, by: User | None = None
) -> PlanVersion:
    """An empty draft."""
    department = department or department_of_lists()
    told = {"name": f"演示{year}年度计划", "reason": "按年度安排", "year": year, "kind": kind}
    return operations.open_plan(**told, department=department, by=by or keeper_of(department), at=NOW)


def make_line(version: PlanVersion, *, by: User | None = None, **own: Any) -> LineVersion:
    """A line of a draft."""
    department = own.pop("initiator", version.plan.department)
    content = line_content(department, **own)
    return lines.add_line(version=version, content=content, by=by or keeper_of(version.plan.department), at=NOW)


def set_norm(code: str, value: str, *, by: User, region: Any = None, year: int = YEAR) -> Norm:
    """A demand of a document."""
    region = region or department_of_lists().region
    told = {"region": region, "year": year, "code": code, "value": value, "source": f"演示文件{next(_number)}"}
    return norms.set_norm(**told, by=by, at=NOW)


def publish(version: PlanVersion, *, at: datetime = NOW) -> PlanVersion:
    """Take a whole draft all the way."""
    department = version.plan.department
    keeper, head = keeper_of(department), approver_of(department)
    operations.submit(version=version, by=keeper, at=at)
    operations.approve(version=version, by=head, at=at)
    operations.file(version=version, filed_with="演示市场监督管理局", by=keeper, at=at)
    operations.publish(version=version, channel="演示门户网站", url="", by=head, at=at)
    version.refresh_from_db()
    return version


def put_out(version: PlanVersion) -> None:
    """Published past the rules, for tests of what the public may see."""
    by = keeper_of(version.plan.department)
    stamps = ("submitted", "filed", "published")
    told = {f"{stamp}_at": NOW for stamp in stamps} | {f"{stamp}_by": by for stamp in stamps}
    head = {"approved_at": NOW, "approved_by": approver_of(version.plan.department)}
    with open_for_writing():
        PlanVersion.objects.filter(pk=version.pk).update(
            state="published", filed_with="演示", channel="演示", **told, **head
        )


def task_content(**own: Any) -> dict[str, Any]:
    """All that a task outside the plan needs."""
    days = {"begins_on": date(YEAR, 3, 1), "ends_on": date(YEAR, 11, 30)}
    return {"name": "演示专项检查", "check_type": "targeted", "ratio": at_least("3%"), **days, **own}


def make_task(department: Department | None = None, **own: Any) -> Task:
    """A task outside the plan, from a lead."""
    department = department or department_of_lists()
    return tasks.create_apart(
        department=department,
        source="lead",
        source_note="演示线索1号",
        content=task_content(**own),
        by=keeper_of(department),
        at=NOW,
    )


def office_of(department: Department) -> User:
    """The office of the conference where a department is."""
    name = f"office_{department.code}"
    found = User.objects.filter(username=name).first()
    if found is None:
        found = make_user(name, department)
        appoint(found, "conference_office", "all")
    return found


def make_campaign(department: Department, name: str = "演示集中抽查", **own: Any) -> Campaign:
    """A campaign in autumn."""
    content = {
        "name": name,
        "year": YEAR,
        "organiser": department,
        "begins_on": date(YEAR, 10, 8),
        "ends_on": date(YEAR, 11, 30),
        "n_tasks": 1,
        "source": "演示文件",
        "note": "",
        **own,
    }
    by = office_of(department)
    return campaigns.add_campaign(region=department.region, content=content, by=by, at=NOW)


def make_agreement(department: Department, name: str = "演示协议") -> Agreement:
    """An agreement with another city."""
    content = {"name": name, "partner": "邻省演示市", "signed_on": date(YEAR, 1, 5), "valid_to": None}
    return campaigns.add_agreement(department=department, content=content, by=keeper_of(department), at=NOW)


def make_norm(region: Region, year: int = YEAR, code: str = "visit_cap", value: str = "4次") -> Norm:
    """A demand, by the office of the conference."""
    by = office_of(department_of_lists())
    return set_norm(code, value, by=by, region=region, year=year)


def make_proposal(version: PlanVersion) -> Proposal:
    """Two lines of one draft that fit together."""
    library = SubLibrary.objects.first() or make_library("HZ")
    make_subject_in(library)
    for name in ("甲检查", "乙检查"):
        days = {"begins_on": date(version.plan.year, 3, 1), "ends_on": date(version.plan.year, 11, 30)}
        make_line(version, name=name, pool=pool_of(library), **days)
    region, year = version.plan.department.region, version.plan.year
    proposals.search(region=region, year=year, by=keeper_of(version.plan.department), at=NOW)
    return Proposal.objects.filter(lines__plan=version.plan).distinct().get()


def make_subject_in(library: SubLibrary) -> None:
    """One living subject there, if there is none."""
    if not library.memberships.exists():
        enter(make_subject(9_000 + next(_number)), library)
