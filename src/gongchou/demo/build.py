"""The city from the first region to the last message, by a seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from django.conf import settings
from django.utils import timezone

from gongchou.accounts.models import Department, Region
from gongchou.demo.checklists import make_checklists
from gongchou.demo.city import BUREAU, PROVINCE_BUREAU, City, build_city
from gongchou.demo.departments import CITY_DEPARTMENTS
from gongchou.demo.libraries import Keeping, bring, open_sub_libraries
from gongchou.demo.lists import Lists
from gongchou.demo.people import Staff, hire, leave_a_request, tell
from gongchou.demo.plans import Plans
from gongchou.demo.registers import write_registers
from gongchou.demo.vocabulary import build_vocabulary
from gongchou.plans.models import Plan, Task
from gongchou.registry.models import ImportBatch, Inspector, Item, JointItem, Membership, Subject, SubLibrary
from gongchou.registry.operations.papers import expire_papers

Say = Callable[[str], None]
SEED = 9901
READY = "city.json"  # written last, so that a city that broke off is known


@dataclass(frozen=True)
class Size:
    """How much of everything. busy: departments that have people of their own; n_busy_districts: whose bureaus have"""

    n_subjects: int
    n_inspectors: int
    busy: tuple[str, ...]
    n_busy_districts: int


SMALL = Size(3_000, 180, ("ZJJ",), 1)
FULL = Size(120_000, 900, tuple(code for code in CITY_DEPARTMENTS if code != BUREAU), 10)


def build(size: Size, *, seed: int, at: datetime, say: Say) -> dict[str, int]:
    """Make the city; return how many there are of what. ``at`` is now: what is over, and what soon will be."""
    founded, listed = at - timedelta(days=60), at - timedelta(days=45)
    steps, began = _Steps(say), monotonic()
    city = build_city(founded)
    steps.done("区划和部门")
    bureaus = city.bureaus[: size.n_busy_districts]
    staff = hire(city, [PROVINCE_BUREAU, *size.busy, *(bureau.code for bureau in bureaus)], founded)
    steps.done("账号和角色")
    open_sub_libraries(city, staff, founded)
    tags = build_vocabulary(city, staff, founded)
    lists = Lists(city, staff, tags)
    _make_lists(lists, bureaus, listed, at)
    steps.done("清单、认领和标签")
    _fill(city, staff, size, seed, at)
    steps.done("名录导入")
    kept = at + timedelta(seconds=monotonic() - began)  # nothing is handed over before its import
    experts = _keep(Keeping(city, staff, tags, Random(f"{seed} keeping"), kept), size)
    steps.done(f"名录维护和{len(experts)}名专家")
    make_checklists(city, staff, kept)
    steps.done("表格库")
    _plan(Plans(city, staff, kept), [BUREAU, *size.busy])
    steps.done("计划和任务")
    leave_a_request(staff, at)
    tell(staff, at)
    counts = count()
    note_ready({"seed": seed, **asdict(size), **counts})
    steps.done("消息和待办")
    return counts


def _make_lists(lists: Lists, bureaus: list[Department], listed: datetime, at: datetime) -> None:
    lists.publish_items(listed)
    lists.publish_joint(listed)
    lists.publish_matters(listed)
    lists.claim(bureaus, listed + timedelta(days=3))
    lists.align(listed + timedelta(days=5))
    lists.add_pilots(listed, at - timedelta(days=10))
    lists.revise(at)


def _fill(city: City, staff: Staff, size: Size, seed: int, at: datetime) -> None:
    folder = Path(settings.HOME) / "registers"
    folder.mkdir(parents=True, exist_ok=True)
    today = timezone.localdate(at)
    write_registers(folder, city, seed=seed, n_subjects=size.n_subjects, n_people=size.n_inspectors, today=today)
    bring(folder / "检查对象.csv", ImportBatch.Kind.SUBJECTS, city, staff)
    bring(folder / "分库与许可.csv", ImportBatch.Kind.LICENCES, city, staff)
    bring(folder / "检查人员.csv", ImportBatch.Kind.INSPECTORS, city, staff)
    expire_papers(day=today, at=at)


def _plan(plans: Plans, departments: Iterable[str]) -> None:
    plans.set_norms()
    plans.prepare()
    plans.publish_own(plans.city.departments[code] for code in departments)
    plans.make_tasks(plans.publish_joint())


def _keep(keeping: Keeping, size: Size) -> list[Inspector]:
    keeping.tag_subjects(share=40)
    keeping.change_subjects()
    keeping.keep_inspectors()
    experts = keeping.add_experts(max(3, size.n_inspectors // 60))
    keeping.form_teams()
    keeping.count_staff()
    keeping.declare_conflicts(12)
    keeping.link_accounts(experts)
    return experts


def count() -> dict[str, int]:
    """How many there are of what."""
    return {
        "regions": Region.objects.count(),
        "departments": Department.objects.filter(is_internal_unit=False).count(),
        "items": Item.objects.count(),
        "sub_libraries": SubLibrary.objects.count(),
        "joint_items": JointItem.objects.count(),
        "subjects": Subject.objects.count(),
        "memberships": Membership.objects.count(),
        "inspectors": Inspector.objects.count(),
        "plans": Plan.objects.count(),
        "tasks": Task.objects.count(),
    }


def note_ready(told: dict[str, object]) -> None:
    """Leave a note in the home that the city is whole."""
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (Path(settings.HOME) / READY).write_text(text + "\n", encoding="utf-8")


class _Steps:
    """Says how long each step took."""

    def __init__(self, say: Say) -> None:
        self.say, self.since = say, monotonic()

    def done(self, name: str) -> None:
        now = monotonic()
        self.say(f"  {name}（{now - self.since:.1f} 秒）")
        self.since = now
