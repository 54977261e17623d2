"""Fictitious plans (演示数据), made by the operations everybody uses."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from gongchou.accounts.models import Department, User
from gongchou.plans.models import LineVersion, Norm, Plan, PlanVersion
from gongchou.plans.operations import lines, norms
from gongchou.plans.operations import plans as operations
from gongchou.plans.pool import Pool, pool_to_json
from gongchou.registry.models import SubLibrary
from gongchou.registry.ratio import By, Part, Table, ratio_to_json, read_amount
from tests.factories.lists import approver_of, at_least, department_of_lists, keeper_of
from tests.factories.people import NOW

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
