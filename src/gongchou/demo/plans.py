"""The plans of the city: what documents demand, the plans of this year all the way to tasks; the next year is empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongchou.accounts.models import Department
from gongchou.demo.city import BUREAU, City
from gongchou.demo.people import Staff
from gongchou.plans.models import Invitation, LineVersion, Plan, PlanVersion
from gongchou.plans.norms import NormCode
from gongchou.plans.operations import campaigns, joint, lines, norms, tasks, waivers
from gongchou.plans.operations import plans as operations
from gongchou.plans.queries import plans as queries
from gongchou.plans.queries.coverage import is_due
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import checks
from gongchou.registry.models import Item
from gongchou.registry.queries.items import usable_items

OFFICE, OFFICE_HEAD = "ssjb", "ssjb_fzr"
NORMS = (
    (NormCode.PLAN_DUE, "1月31日"),
    (NormCode.COVERAGE, "100%"),
    (NormCode.BANDS, "A级低于3%；B级3%；C级3%-20%；D级20%-100%"),
    (NormCode.JOINT_TASKS, "不低于50%"),
    (NormCode.JOINT_SUBJECTS, "不低于10%"),
    (NormCode.RISK_TASKS, "超过80%"),
    (NormCode.CAMPAIGNS, "10月1次"),
    (
        NormCode.ONE_THINGS,
        "单用途商业预付卡消费、医疗服务、养老服务、餐饮服务、职业技能培训、建设项目、交通新业态、危化品安全",
    ),
    (NormCode.VISIT_CAP, "4次"),
    (NormCode.CAPACITY, "每人每日3户，每年60天"),
    (NormCode.PROBLEM_RATES, "A级2%；B级5%；C级15%；D级35%"),
    (NormCode.ALERT_DAYS, "30日"),
)
SOURCE = "演示市双随机办〔{year}〕1号《工作要点》"
NOW = ("宾馆旅店", "商场超市", "劳务派遣单位", "企业年度报告")
"""Fields whose joint inspections are on when the city is made, whenever that is, so that they can be drawn that day."""
EXCUSE = "按上级部署和本部门监管实际安排，已在计划说明中写明"
JOINED = "按职责参加，请届时提前三日通知"


class Plans:
    """The plans, as they grow."""

    def __init__(self, city: City, staff: Staff, at: datetime) -> None:
        self.city, self.staff, self.at = city, staff, at
        self.year = timezone.localdate(at).year

    def set_norms(self) -> None:
        """What documents of the city demand, this year and next."""
        for year in (self.year, self.year + 1):
            told: dict[str, Any] = {"region": self.city.region, "year": year, "source": SOURCE.format(year=year)}
            for code, value in NORMS:
                norms.set_norm(code=code, value=value, **told, by=self.staff[OFFICE], at=self.at)

    def prepare(self) -> None:
        """A campaign in October and an agreement with another city."""
        days = {"begins_on": date(self.year, 10, 8), "ends_on": date(self.year, 11, 30)}
        told = {"name": f"{self.year}年部门联合集中抽查", "year": self.year, "n_tasks": 3, "note": "", **days}
        organiser = self.city.departments[BUREAU]
        content = {**told, "organiser": organiser, "source": SOURCE.format(year=self.year)}
        common: dict[str, Any] = {"by": self.staff[OFFICE], "at": self.at}
        self.campaign = campaigns.add_campaign(region=self.city.region, content=content, **common)
        agreement = {
            "name": "演示市、邻省演示二市跨区域联合抽查协议",
            "partner": "邻省演示二市市场监督管理局",
            "fields": "网络交易、冷链食品",
            "document_no": "",
            "signed_on": date(self.year, 4, 20),
            "valid_to": None,
        }
        campaigns.add_agreement(department=organiser, content=agreement, **common)

    # Plans

    def publish_joint(self) -> PlanVersion:
        """The joint plan, with every department asked and answering."""
        bureau = self.city.departments[BUREAU]
        version = self._open(bureau, Plan.Kind.JOINT, "部门联合“双随机、一公开”抽查计划", OFFICE)
        version = lines.add_from_list(version=version, by_risk=False, by=self.staff[OFFICE], at=self.at)
        for number, line in enumerate(queries.lines_of(version)):
            self._settle(line, is_in_campaign=number < 3)
        return self._bring_out(version, OFFICE, OFFICE_HEAD)

    def _settle(self, line: LineVersion, *, is_in_campaign: bool) -> None:
        asked = [one for one in line.participants.all() if one != line.initiator]
        content: dict[str, Any] = {"participants": asked}
        if is_in_campaign:
            days = {"begins_on": self.campaign.begins_on, "ends_on": self.campaign.ends_on, "time_note": ""}
            content |= {"campaign": self.campaign, **days}
        elif line.field in NOW:
            first = timezone.localdate(self.at).replace(day=1)
            content |= {"begins_on": first, "ends_on": date(self.year, 12, 31), "time_note": ""}
        lines.edit_line(line=line, content=content, by=self.staff[OFFICE], at=self.at)
        message = "请安排人员参加（演示）"
        joint.invite(line=line, departments=asked, message=message, by=self.staff[OFFICE], at=self.at)
        for one in Invitation.objects.filter(line=line.line, state="invited").select_related("department"):
            self._answer(one, set(line.items.all()))

    def _answer(self, invitation: Invitation, named: set[Item]) -> None:
        usable = {one.item for one in usable_items(invitation.department, on=timezone.localdate(self.at))}
        items = sorted(named & usable, key=lambda one: one.code) or sorted(usable, key=lambda one: one.code)[:1]
        joint.answer(
            invitation=invitation,
            is_accepted=bool(items),
            reason=JOINED if items else "本部门清单上没有相关事项",
            items=items,
            n_people=1,
            by=self.staff.keeper(invitation.department.code),
            at=self.at,
        )

    def publish_own(self, departments: Iterable[Department]) -> None:
        """A plan of each department that has items due, by its own list."""
        for home in filter(self._has_due_items, departments):
            keeper = self.staff.keeper(home.code).username
            version = self._open(home, Plan.Kind.DEPARTMENT, "“双随机、一公开”抽查工作计划", keeper)
            by = self.staff[keeper]
            lines.add_from_list(version=version, by_risk=True, by=by, at=self.at)
            self._bring_out(version, keeper, self.staff.head(home.code).username)

    def _has_due_items(self, home: Department) -> bool:
        found = usable_items(home, on=timezone.localdate(self.at))
        return any(is_due(item, home.region.level) for item in found)

    def _open(self, home: Department, kind: str, name: str, by: str) -> PlanVersion:
        return operations.open_plan(
            year=self.year,
            kind=kind,
            department=home,
            name=f"{self.year}年度{name}",
            reason="按年度工作要点制定",
            by=self.staff[by],
            at=self.at,
        )

    def _bring_out(self, version: PlanVersion, keeper: str, head: str) -> PlanVersion:
        self._excuse(version, keeper)
        by, second = self.staff[keeper], self.staff[head]
        operations.submit(version=version, by=by, at=self.at)
        operations.approve(version=version, by=second, at=self.at)
        operations.file(version=version, filed_with=self.city.departments[BUREAU].name, by=by, at=self.at)
        number = f"备〔{self.year}〕{version.plan.department.code}"
        operations.receive(version=version, receipt=number, by=self.staff[OFFICE], at=self.at)
        return operations.publish(version=version, channel="部门门户网站（演示）", url="", by=second, at=self.at)

    def _excuse(self, version: PlanVersion, keeper: str) -> None:
        """Write a reason for whatever may be excused, once for each place."""
        found = checks.findings(Survey(version, on=timezone.localdate(self.at)))
        for rule in dict.fromkeys(one.rule.code for one in found if one.may_be_waived):
            waivers.waive_all(version=version, rule=rule, reason=EXCUSE, by=self.staff[keeper], at=self.at)

    # Tasks

    def make_tasks(self, published: PlanVersion) -> None:
        """Joint tasks of three departments ready to be drawn, together or alone, and one still being set up."""
        survey = Survey(published, on=timezone.localdate(self.at))
        of_field = {one.field: one for one in survey.lines if (quota := survey.drawn[one.line_id].quota) and quota.n}
        *ready, last = (of_field[field] for field in NOW)
        for line in ready:
            self._task(line, is_ready=True)
        self._task(last, is_ready=False)

    def _task(self, line: LineVersion, *, is_ready: bool) -> None:
        by = self.staff.keeper(line.initiator.code)
        content = {"name": line.name, "begins_on": line.begins_on, "ends_on": line.ends_on}
        task = tasks.create_from_line(line=line, content=content, by=by, at=self.at)
        scheme = {
            "goals": f"摸清{line.field}领域守法情况，依法处理发现的问题（演示）。",
            "duties": "牵头部门组织抽取和进户，各参加部门按本部门事项检查。",
            "measures": "抽取对象和人员；一次进户；当场反馈；结果审核后公示。",
            "deadlines": f"{line.ends_on:%Y年%m月%d日}前完成检查，完成后20个工作日内公示结果。",
        }
        written = tasks.write_scheme(task=task, content=scheme, by=by, at=self.at)
        if is_ready:
            tasks.publish_scheme(scheme=written, url="", by=by, at=self.at)
            tasks.make_ready(task=task, by=by, at=self.at)
