"""Checks of a plan as a whole: what it covers, which targets it meets, whom it would disturb, who can do it."""

from __future__ import annotations

from collections.abc import Iterator

from gongchou.plans.norms import Capacity, Day, Most, Names, NormCode, Share, Times
from gongchou.plans.queries import coverage, planned
from gongchou.plans.queries.norms import Applied
from gongchou.plans.queries.survey import Survey
from gongchou.plans.rules.found import Found, at
from gongchou.plans.rules.plans import numbers_words
from gongchou.plans.states.plans import OUT
from gongchou.registry.queries.items import share_words


def not_covered(survey: Survey) -> Iterator[Found]:
    """R-9, S1-2: every item due in the year stands in a plan, or somebody says why not.

    Where a document asks for less than all, only what lacks to that share is told as a whole.
    """
    if survey.plan.is_joint:
        yield from _joint_not_covered(survey)
        return
    due = coverage.due_items(survey)
    missing = coverage.uncovered_items(survey)
    applied = survey.norms.get(NormCode.COVERAGE)
    if applied and isinstance(applied.demand, Share) and applied.demand.is_met(len(due) - len(missing), len(due)):
        return
    for item in missing:
        yield Found(
            f"应抽事项“{item.item.code} {item.name}”没有列入计划。请增加计划行，或说明今年不抽查的理由。",
            item=item.item_id,
        )


def _joint_not_covered(survey: Survey) -> Iterator[Found]:
    missing = coverage.joint_items_without_line(survey)
    if missing:
        names = "、".join(f"{one.joint_item.code} {one.name}" for one in missing)
        yield Found(f"联合抽查事项清单中有{len(missing)}项没有列入计划：{names}。请增加计划行，或说明理由。")


def overlapping(survey: Survey) -> Iterator[Found]:
    """R-34, R-35: the same item on the same subjects twice at one time is one visit. A line is told once."""
    numbers = [line.number for line in survey.lines]
    for place, others, most in survey.outlook.meetings(len(survey.lines)):
        one, met = survey.lines[place], numbers_words([numbers[other] for other in others])
        told = f"与{met}时间重叠，有相同的事项，名单最多有{most}户重合"
        yield at(one, f"{told}。建议合并为一次检查，或错开时间。")


def joint_tasks(survey: Survey) -> Iterator[Found]:
    """R-37, K-1: joint tasks of all tasks."""
    joint, whole = planned.n_joint(survey)
    yield from _short(
        survey, NormCode.JOINT_TASKS, joint, whole, "部门联合抽查任务占比", "请把更多部门内部抽查转为联合抽查"
    )


def joint_subjects(survey: Survey) -> Iterator[Found]:
    """R-37, K-2: distinct subjects of joint tasks, of those of all tasks, as the forecast expects them."""
    if NormCode.JOINT_SUBJECTS not in survey.norms or not survey.lines:
        return
    joint, whole = planned.expected_subjects(survey)
    yield from _short(
        survey, NormCode.JOINT_SUBJECTS, joint, whole, "部门联合抽查主体占比（预计）", "请扩大联合抽查的对象范围或比例"
    )


def risk_tasks(survey: Survey) -> Iterator[Found]:
    """R-39, K-3: tasks by credit risk class of all tasks."""
    by_risk, whole = planned.n_by_risk(survey)
    yield from _short(
        survey, NormCode.RISK_TASKS, by_risk, whole, "信用风险分类抽查任务占比", "请在更多计划行按风险等级确定比例"
    )


def _short(survey: Survey, code: NormCode, part: int, whole: int, name: str, advice: str) -> Iterator[Found]:
    applied = survey.norms.get(code)
    if applied is None or not isinstance(applied.demand, Share) or not whole or applied.demand.is_met(part, whole):
        return
    told = f"{name}为{share_words(part, whole)}，要求{applied.demand}（{applied.source}）"
    yield Found(f"{told}。{advice}，或说明理由。")


def campaigns(survey: Survey) -> Iterator[Found]:
    """R-38, S0-4, S1-6: so many concentrated joint inspections, in the month a document names."""
    applied = survey.norms.get(NormCode.CAMPAIGNS)
    if not survey.plan.is_joint or applied is None or not isinstance(applied.demand, Times):
        return
    n = len(planned.campaigns_with_lines(survey, applied.demand.month))
    if n < applied.demand.n:
        when = f"{applied.demand.month}月" if applied.demand.month else "全年"
        told = f"{when}集中联合抽查应有{applied.demand.n}次（{applied.source}），计划中有{n}次"
        yield Found(f"{told}。请设立集中抽查并把联合计划行列入，或说明理由。")


def one_things(survey: Survey) -> Iterator[Found]:
    """S1-10: a published list for each field of 综合监管一件事, and joint inspections in the plan."""
    applied = survey.norms.get(NormCode.ONE_THINGS)
    if not survey.plan.is_joint or applied is None or not isinstance(applied.demand, Names):
        return
    states = coverage.one_things(survey, applied.demand.names)
    unpublished = [name for name, is_published, _ in states if not is_published]
    unplanned = [name for name, is_published, is_planned in states if is_published and not is_planned]
    if unpublished:
        yield Found(
            f"综合监管一件事“{'、'.join(unpublished)}”还没有公布的监管事项（{applied.source}）。请先编制公布，或说明理由。"
        )
    if unplanned:
        yield Found(
            f"综合监管一件事“{'、'.join(unplanned)}”没有联合抽查计划（{applied.source}）。请增加计划行，或说明理由。"
        )


def over_visit_cap(survey: Survey) -> Iterator[Found]:
    """R-133: whom the plans of the year would visit more often than is allowed."""
    applied = survey.norms.get(NormCode.VISIT_CAP)
    if applied is None or not isinstance(applied.demand, Most) or not survey.lines:
        return
    n = round(planned.expected_above(survey, applied.demand.n))
    if n:
        told = f"按现有计划各自抽取，预计约{n}户企业一年内被检查超过{applied.demand.n}次（{applied.source}）"
        yield Found(f"{told}。抽取时超过上限的将被排除；合并检查、共用随机数可减少。")


def over_capacity(survey: Survey) -> Iterator[Found]:
    """Visits by two people each, against people and days."""
    applied = survey.norms.get(NormCode.CAPACITY)
    if applied is None or not isinstance(applied.demand, Capacity):
        return
    for load in planned.loads(survey):
        able = load.n_people * applied.demand.visits
        if load.n_person_visits > able:
            told = f"{load.department.name}需{load.n_person_visits}人次，名录内{load.n_people}人全年可承担{able}人次"
            yield Found(f"{told}（{applied.demand}，{applied.source}）。请减少数量、合并检查或充实人员。")


def past_due(survey: Survey) -> Iterator[Found]:
    """R-29, S3-4: filed and published by the day."""
    applied: Applied | None = survey.norms.get(NormCode.PLAN_DUE)
    if applied is None or not isinstance(applied.demand, Day) or survey.is_revision:
        return
    due = applied.demand.of(survey.plan.year)
    if survey.version.state not in OUT and survey.today > due:
        yield Found(
            f"已超过年度计划备案、公布的截止日{due:%Y-%m-%d}（{applied.source}）。请尽快办理，逾期将计入及时率。"
        )
