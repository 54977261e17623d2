"""The rules a plan is held against while it is written: each has a number, a sentence, and says where.

``rules.line_checks`` looks at one line after the other, ``rules.plan_checks`` at the plan as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from gongchou.plans.models import PlanVersion, Waiver
from gongchou.plans.norms import NormCode
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules import line_checks, plan_checks
from gongchou.plans.rules.found import Found
from gongchou.refusal import Refused


class Weight(StrEnum):
    """What a broken rule means."""

    MUST = "must"  # is to be mended
    EXCUSE = "excuse"  # is to be mended, or excused with a reason that the head reads
    NOTE = "note"  # is to be known

    @property
    def word(self) -> str:
        """In Chinese."""
        return {"must": "必须修改", "excuse": "修改或说明", "note": "提示"}[self]


Check = Callable[[Survey], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    """A rule of ``domain.md`` section 3, or of the seeds, as officials call it."""

    code: str
    number: str
    name: str
    weight: Weight
    check: Check
    norm: NormCode | None = None  # without it nothing is asked for


_MUST, _EXCUSE, _NOTE = Weight.MUST, Weight.EXCUSE, Weight.NOTE
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("complete", "R-28", "计划行要素", _MUST, line_checks.incomplete),
        Rule("dates", "R-28", "时间安排", _MUST, line_checks.dates),
        Rule("time_note", "R-28", "时间说明", _NOTE, line_checks.days_against_words),
        Rule("tasks", "R-31", "已下达的任务", _EXCUSE, line_checks.tasks_outside),
        Rule("in_force", "R-1", "照单抽查", _MUST, line_checks.items_not_usable),
        Rule("member", "R-12", "联席会议成员", _MUST, line_checks.not_members),
        Rule("ratio", "R-6", "抽查比例符合清单", _EXCUSE, line_checks.ratio_outside_item),
        Rule("bands", "R-43", "各风险等级比例区间", _EXCUSE, line_checks.outside_bands, NormCode.BANDS),
        Rule("monotone", "R-44", "风险越高比例不低", _EXCUSE, line_checks.not_monotone),
        Rule("ceiling", "R-5", "一般事项比例上限", _EXCUSE, line_checks.over_ceiling),
        Rule("rounded", "R-5", "取整后的抽查数量", _NOTE, line_checks.rounded_over_ceiling),
        Rule("frequency", "R-49", "抽查频次", _EXCUSE, line_checks.frequency),
        Rule("pool", "R-47", "抽查对象", _EXCUSE, line_checks.empty_pool),
        Rule("scope", "R-47", "抽查对象范围", _EXCUSE, line_checks.whole_register),
        Rule("number", "R-46", "抽查数量", _EXCUSE, line_checks.number_unknown),
        Rule("base", "R-46", "抽查基数", _NOTE, line_checks.base_differs),
        Rule("levels", "R-33", "分级抽查比例", _NOTE, line_checks.levels_without_ratios),
        Rule("answers", "R-12", "配合部门答复", _EXCUSE, line_checks.unanswered),
        Rule("coverage", "R-9", "应抽事项全覆盖", _EXCUSE, plan_checks.not_covered),
        Rule("twice", "R-34", "同类检查合并", _NOTE, plan_checks.overlapping),
        Rule("joint_tasks", "R-37", "联合抽查任务占比", _EXCUSE, plan_checks.joint_tasks, NormCode.JOINT_TASKS),
        Rule(
            "joint_subjects", "R-37", "联合抽查主体占比", _EXCUSE, plan_checks.joint_subjects, NormCode.JOINT_SUBJECTS
        ),
        Rule("risk_tasks", "R-39", "信用风险分类抽查占比", _EXCUSE, plan_checks.risk_tasks, NormCode.RISK_TASKS),
        Rule("campaigns", "R-38", "集中联合抽查", _EXCUSE, plan_checks.campaigns, NormCode.CAMPAIGNS),
        Rule("campaign_days", "R-38", "集中抽查期间", _EXCUSE, line_checks.outside_campaign),
        Rule("one_things", "M42", "综合监管一件事", _EXCUSE, plan_checks.one_things, NormCode.ONE_THINGS),
        Rule("visit_cap", "R-133", "企业年度检查次数", _NOTE, plan_checks.over_visit_cap, NormCode.VISIT_CAP),
        Rule("capacity", "M20", "检查人员能力", _NOTE, plan_checks.over_capacity, NormCode.CAPACITY),
        Rule("due", "R-29", "备案公布时限", _NOTE, plan_checks.past_due, NormCode.PLAN_DUE),
    )
}


@dataclass(frozen=True)
class Finding:
    """A rule that is broken in one place. waiver: the reason that excuses it, if somebody wrote one"""

    rule: Rule
    found: Found
    waiver: Waiver | None = None

    @property
    def place(self) -> str:
        """Where, in one text."""
        return place_of(self.found.line, self.found.item)

    @property
    def is_blocking(self) -> bool:
        """Whether the plan cannot be submitted as it is."""
        return self.rule.weight == Weight.MUST or (self.rule.weight == Weight.EXCUSE and self.waiver is None)

    @property
    def has_moved(self) -> bool:
        """Whether a reason was given when the place looked otherwise: whoever approves reads both."""
        return self.waiver is not None and self.found.text not in self.waiver.told

    @property
    def may_be_waived(self) -> bool:
        """Whether a reason would do."""
        return self.rule.weight == Weight.EXCUSE and self.waiver is None


def findings(survey: Survey, codes: Iterable[str] = RULES) -> list[Finding]:
    """All that is not as it should be, rule by rule, or by the rules of these codes."""
    return [
        Finding(RULES[code], found, survey.waivers.get((code, place_of(found.line, found.item))))
        for code in codes
        for found in RULES[code].check(survey)
    ]


def unchecked(survey: Survey) -> list[Rule]:
    """The rules that no document gives a figure for here: nothing was held against them."""
    missing = [rule for rule in RULES.values() if rule.norm is not None and rule.norm not in survey.norms]
    return [*missing, *([RULES["ceiling"], RULES["rounded"]] if survey.ceiling is None else [])]


ALONE = ("dates", "bands", "monotone", "ceiling", "pool", "number")


def findings_alone(survey: Survey) -> list[Finding]:
    """What lines break by themselves, whatever else stands in the plan: asked while one is typed."""
    return [Finding(RULES[code], found) for code in ALONE for found in RULES[code].check(survey)]


def place_of(line: UUID | None, item: UUID | None) -> str:
    """Where, in one text."""
    return f"{line or ''}/{item or ''}"


def check_nothing_blocks(version: PlanVersion, *, on: date) -> list[str]:
    """Raises Refused ``plans.blocked``; returns the reasons that excuse something, for the log."""
    found = findings(Survey(version, on=on))
    blocking = [one for one in found if one.is_blocking]
    if blocking:
        raise Refused("plans.blocked", name=version.name, n=len(blocking), first=blocking[0].found.text)
    return [f"{one.rule.name}：{one.waiver.reason}" for one in found if one.waiver]


def check_lines_still_stand(version: PlanVersion, *, on: date) -> None:
    """Somebody may have left, or a list may have changed, since a plan was submitted.

    What concerns the plan as a whole was asked when it was submitted: shares move with the drafts of others.
    Raises Refused ``plans.blocked_since``.
    """
    own = [code for code in RULES if code != "frequency"]  # which counts the lines of others
    found = [one for one in findings(Survey(version, on=on), own) if one.is_blocking and one.found.line is not None]
    if found:
        raise Refused("plans.blocked_since", name=version.name, n=len(found), first=found[0].found.text)


def check_waivable(rule: str) -> None:
    """Raises Refused ``plans.not_waivable``."""
    known = RULES.get(rule)
    if known is None or known.weight != Weight.EXCUSE:
        raise Refused("plans.not_waivable", rule=known.name if known else rule)
