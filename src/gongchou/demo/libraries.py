"""The two libraries of the city: brought as files through the import that everybody uses, then kept by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from gongchou.demo import words
from gongchou.demo.accounts import ACCOUNTS, EXPERT, INSPECTOR
from gongchou.demo.city import BUREAU, City
from gongchou.demo.items import MARKET, OTHERS
from gongchou.demo.people import Staff
from gongchou.demo.registers import credit_code
from gongchou.demo.trades import TRADES
from gongchou.demo.vocabulary import ON_SUBJECTS
from gongchou.registry import tasks
from gongchou.registry.imports.files import keep
from gongchou.registry.models import Conflict, ImportBatch, Inspector, Item, Leave, Subject, Tag
from gongchou.registry.operations import certificates, conflicts, imports, inspectors, subjects, teams, third_parties
from gongchou.registry.queries.inspectors import STAFF

OFFICE = "ssjb"
MARKS = (*("登记信用",) * 3, *("食品药品",) * 4, "计量", "特种设备", "产品质量", "认证检测", "价格监管", "网络交易")
BODIES = (
    ("云砚检验检测有限公司", "食品、产品检验"),
    ("云砚特种设备技术有限公司", "特种设备检验"),
    ("云砚会计师事务所", "财务审计"),
)
_FIELDS = {row.library: row.category for row in (*MARKET.values(), *OTHERS.values()) if row.library}


def open_sub_libraries(city: City, staff: Staff, at: datetime) -> None:
    """All of them, by the office of the conference."""
    for code, trade in TRADES.items():
        subjects.add_sub_library(
            code=code,
            name=trade.name,
            department=city.departments[trade.owner],
            field=_FIELDS.get(code, ""),
            is_licensed=bool(trade.licence),
            by=staff[OFFICE],
            at=at,
        )


def bring(path: Path, kind: str, city: City, staff: Staff) -> ImportBatch:
    """A file from upload to its last row, as its page and a worker do it."""
    by = staff[OFFICE]
    kept = keep([path.read_bytes()], path.suffix)
    told: dict[str, Any] = {
        "department": city.departments[BUREAU],
        "region": city.region,
        "is_full": False,
        "file_name": path.name,
    }
    batch = imports.bring_file(kind=kind, kept=kept, by=by, at=timezone.now(), **told)
    fields = [field for _, field in batch.columns]
    batch = imports.start_check(batch=batch, fields=fields, by=by, at=timezone.now())
    tasks.check_import.call(str(batch.pk))
    batch.refresh_from_db()
    imports.start_import(batch=batch, by=by, at=timezone.now())
    tasks.run_import.call(str(batch.pk))
    batch.refresh_from_db()
    return batch


class Keeping:
    """What people do to the libraries once they are filled. random: the chance of this step alone"""

    def __init__(self, city: City, staff: Staff, tags: Mapping[str, Tag], random: Random, at: datetime) -> None:
        self.city, self.staff, self.tags, self.random, self.at = city, staff, tags, random, at
        self.by = staff[OFFICE]

    # Subjects

    def tag_subjects(self, share: int) -> None:
        """Each tag on one subject in ``share``."""
        living = list(Subject.objects.filter(state=Subject.State.ACTIVE).order_by("number"))
        for code in ON_SUBJECTS:
            chosen = self.random.sample(living, max(1, len(living) // share))
            subjects.tag_subjects(tag=self.tags[code], subjects=chosen, by=self.by, at=self.at)

    def change_subjects(self) -> None:
        """A few subjects with a history: moved, closed, taken out, handed over."""
        found = list(Subject.objects.filter(kind="trader", status="living").order_by("number")[:12])
        common: dict[str, Any] = {"by": self.by, "at": self.at}
        for own in found[:4]:
            subjects.change_subject(subject=own, reason="住所变更登记", address=f"{own.address}（新址）", **common)
        for own in found[4:7]:
            subjects.set_status(subject=own, status="deregistered", source="登记机关推送（演示）", **common)
        for own in found[7:9]:
            subjects.set_state(subject=own, state="inactive", reason="实地核查未见经营", **common)
        for own in found[9:]:
            other = next(bureau for bureau in self.city.bureaus if bureau.pk != own.keeper_id)
            subjects.hand_over(subject=own, keeper=other, reason="跨区迁址", **common)

    # Inspectors

    def keep_inspectors(self) -> None:
        """Specialities and qualifications for all, a scope of items for some, leave for a few."""
        everybody = list(Inspector.objects.select_related("department").order_by("number"))
        items = list(Item.objects.filter(owner__code=BUREAU).order_by("code"))
        for number, own in enumerate(everybody):
            inspectors.set_tags(inspector=own, tags=self._marks(), by=self.by, at=self.at)
            if number % 9 == 4:
                chosen = self.random.sample(items, 6)
                inspectors.set_items(inspector=own, does_all=False, items=chosen, by=self.by, at=self.at)
            if number % 20 == 7:
                self._leave(own)
            if number % 60 == 59:
                inspectors.end_inspector(inspector=own, reason="调离执法岗位", by=self.by, at=self.at)

    def _marks(self) -> list[Tag]:
        mark = self.random.choice(MARKS)
        found = [self.tags[mark]]
        if mark == "特种设备":
            found.append(self.tags["TZ"])
        elif mark == "食品药品":
            found.append(self.tags[self.random.choice(("YP", "QX", "BH", "SP"))])
        return found

    def _leave(self, inspector: Inspector) -> None:
        begins = timezone.localdate(self.at) + timedelta(days=self.random.randrange(-10, 40))
        ends = begins + timedelta(days=self.random.randrange(2, 25))
        reason = self.random.choice([code for code in Leave.Reason.values if code != Leave.Reason.OTHER])
        certificates.record_leave(
            inspector=inspector, begins_on=begins, ends_on=ends, reason=reason, by=self.by, at=self.at
        )

    def form_teams(self) -> None:
        """A few standing teams in the bureau, and one in each of its districts that has people enough."""
        free: dict[str, list[Inspector]] = {}
        staff = Inspector.objects.filter(state=Inspector.State.ACTIVE, category__in=STAFF).order_by("number")
        for own in staff.select_related("department__region"):
            free.setdefault(own.department.code, []).append(own)
        number = 0
        for code, people in sorted(free.items()):
            if not code.startswith(BUREAU):
                continue
            for at in range(min(len(people) // 4, 5 if code == BUREAU else 1)):
                number += 1
                size = 3 if at % 3 == 2 else 2
                self._form(number, [people.pop(0) for _ in range(size)])

    def _form(self, number: int, people: Sequence[Inspector]) -> None:
        number_words, name = f"XZ{number:03}", f"演示检查{number}组"
        home = people[0].department
        team = teams.form_team(number=number_words, name=name, department=home, by=self.by, at=self.at)
        teams.set_members(team=team, members=people, lead=people[0], reason="演示编组", by=self.by, at=self.at)

    def count_staff(self) -> None:
        """How many people each department should have in the library: a few more than it has."""
        for code, home in sorted(self.city.departments.items()):
            n = Inspector.objects.filter(department=home).count()
            if n:
                third_parties.set_staff_count(
                    department=home,
                    year=timezone.localdate(self.at).year,
                    n_staff=n + len(code) % 3,
                    source="演示编制台账",
                    by=self.by,
                    at=self.at,
                )

    def add_experts(self, count: int) -> list[Inspector]:
        """Bodies outside, and the experts they lend."""
        bodies = [
            third_parties.add_third_party(
                code=credit_code("91", "990102", 9_000_000 + n),
                name=f"演示{name}",
                speciality=speciality,
                keeper=self.city.departments[BUREAU],
                by=self.by,
                at=self.at,
            )
            for n, (name, speciality) in enumerate(BODIES)
        ]
        return [self._expert(number, bodies[number % len(bodies)]) for number in range(count)]

    def _expert(self, number: int, body: object) -> Inspector:
        values = {"name": words.person(self.random), "category": "expert", "third_party": body, "title": "高级工程师"}
        return inspectors.register_inspector(
            number=f"Z{number + 1:04}",
            department=self.city.departments[BUREAU],
            values=values,
            by=self.by,
            at=self.at,
        )

    def declare_conflicts(self, count: int) -> None:
        """Declared by keepers; the head upholds some, rejects some, lifts one, and leaves some waiting."""
        people = Inspector.objects.filter(state="active", department__code__startswith=BUREAU).order_by("number")
        chosen = self.random.sample(list(people), count)
        firms = self.random.sample(list(Subject.objects.filter(state="active").order_by("number")), count)
        relations = list(Conflict.Relation)
        declared = [
            conflicts.declare_conflict(
                inspector=person,
                subject=firm,
                relation=relations[n % len(relations)],
                declared_by=("self", "supervisor", "subject")[n % 3],
                note="演示申报",
                by=self.staff["scjg_lly"],
                at=self.at,
            )
            for n, (person, firm) in enumerate(zip(chosen, firms, strict=True))
        ]
        self._decide(declared)

    def _decide(self, declared: Sequence[Conflict]) -> None:
        head = self.staff.head(BUREAU)
        for n, conflict in enumerate(declared):
            if n % 3 < 2:
                conflicts.decide_conflict(conflict=conflict, is_upheld=n % 3 == 0, note="经核实", by=head, at=self.at)
        conflicts.lift_conflict(conflict=declared[0], reason="持股已转让", by=head, at=self.at)

    def link_accounts(self, experts: Sequence[Inspector]) -> None:
        """Accounts for one inspector and one expert, who see what is theirs."""
        own = {INSPECTOR: Inspector.objects.get(number="R00001"), EXPERT: experts[0]}
        for account in ACCOUNTS:
            if account.username in own:
                person = own[account.username]
                user = self.staff.add(account._replace(name=person.name), self.at)
                inspectors.link_account(inspector=person, user=user, by=self.by, at=self.at)
