"""Checks of one line after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from gongchou.plans.layout.spans import read_span
from gongchou.plans.models import LineVersion
from gongchou.plans.models.lines import MOST_ROUNDS
from gongchou.plans.norms import ByGrade, NormCode
from gongchou.plans.queries import tasks
from gongchou.plans.queries.coverage import least_a_year, series_of
from gongchou.plans.queries.norms import Applied
from gongchou.plans.queries.outlook import is_typed, pool_of
from gongchou.plans.queries.survey import Survey
from gongchou.plans.quota import is_for_the_year
from gongchou.plans.rules.found import Found, at
from gongchou.plans.states.joint import TAKING_PART, InvitationState
from gongchou.plans.states.tasks import BEFORE_DRAW
from gongchou.registry.frequency import Frequency, Times
from gongchou.registry.models import Item, ItemVersion
from gongchou.registry.queries.versions import newest_name
from gongchou.registry.ratio import GRADES, Amount, By, Level, Table, is_within, peak, plain, sentence

REQUIRED = {
    "field": "抽查领域",
    "items": "抽查事项",
    "subject_words": "抽查对象范围",
    "ratio": "抽查比例",
    "levels": "实施层级",
    "begins_on": "开始日期",
    "ends_on": "结束日期",
}
"""What no plan may lack (S0-3, S1-2); the department is always there."""


def incomplete(survey: Survey) -> Iterator[Found]:
    """R-28: field, item, subject, department, level, time."""
    for line in survey.lines:
        lacks = [label for name, label in REQUIRED.items() if not _is_given(line, name)]
        if survey.plan.is_joint and not line.participants.all():
            lacks.append("配合部门")
        if lacks:
            yield at(line, f"缺少：{'、'.join(lacks)}。请补充完整。")


def _is_given(line: LineVersion, name: str) -> bool:
    return bool(line.items.all() if name == "items" else getattr(line, name))


def dates(survey: Survey) -> Iterator[Found]:
    """R-28: a window for each draw."""
    for line in survey.lines:
        if line.begins_on and line.ends_on and (line.ends_on - line.begins_on).days + 1 < line.rounds:
            yield at(line, f"全年抽取{line.rounds}次，但起止时间只有{_days(line)}天。请放宽时间或减少次数。")


def _days(line: LineVersion) -> int:
    assert line.begins_on is not None and line.ends_on is not None  # noqa: S101 -- asked before
    return (line.ends_on - line.begins_on).days + 1


def days_against_words(survey: Survey) -> Iterator[Found]:
    """R-28: 3月、9月 beside other days: nobody knows which of the two holds."""
    for line in survey.lines:
        spans = [read_span(part, survey.plan.year) for part in re.split("[、，,；;]", line.time_note) if part.strip()]
        known = [span for span in spans if span is not None]
        if not known or len(known) < len(spans) or line.begins_on is None or line.ends_on is None:
            continue
        first, last = min(begins for begins, _ in known), max(ends for _, ends in known)
        if first < line.begins_on or last > line.ends_on:
            told = f"的时间说明“{line.time_note}”超出起止时间（{line.begins_on} 至 {line.ends_on}）"
            yield at(line, f"{told}。以起止时间为准，请改成一致。")


def outside_campaign(survey: Survey) -> Iterator[Found]:
    """R-38: what belongs to a campaign is done within its days."""
    for line in survey.lines:
        own = line.campaign
        if own is None or line.begins_on is None or line.ends_on is None:
            continue
        if line.begins_on < own.begins_on or line.ends_on > own.ends_on:
            told = f"列入“{own.name}”（{own.begins_on} 至 {own.ends_on}），起止时间却不在其间"
            yield at(line, f"{told}。请调整时间，或移出集中抽查。")


def tasks_outside(survey: Survey) -> Iterator[Found]:
    """R-31: a revision does not move a line away from under a task, nor share its number out anew."""
    for line in survey.lines:
        for task in survey.tasks.get(line.line_id, ()):
            begins, ends = line.begins_on or task.begins_on, line.ends_on or task.ends_on
            if task.begins_on < begins or task.ends_on > ends:
                told = f"已下达任务{task.number}（{task.begins_on} 至 {task.ends_on}），不在调整后的起止时间内"
                yield at(line, f"{told}。请改计划时间，或先取消、修改任务。")
            if unlike := ("" if task.state not in BEFORE_DRAW else "、".join(tasks.unlike(task, line))):
                told = f"已下达任务{task.number}，其{unlike}与调整后的计划不同"
                yield at(line, f"{told}。公布后请在任务中按现行计划更新。")
            if task.rounds != line.rounds:
                told = f"已按全年{task.rounds}次下达任务{task.number}，调整后是{line.rounds}次"
                yield at(line, f"{told}，各次的数量会对不上。请保持原来的次数，或先取消任务。")


def whole_register(survey: Survey) -> Iterator[Found]:
    """R-47: where the items name a sub-library, its subjects are meant and not everybody."""
    for line in survey.lines:
        pool, typed = pool_of(line), is_typed(line)
        if typed or pool.libraries or pool.tags or pool.licences or pool.industries:
            continue
        known = [survey.rule_of(line, item.pk) for item in line.items.all()]
        names = sorted({one[0].sub_library.name for one in known if one and one[0].sub_library})
        if names and all(one and one[0].sub_library for one in known):
            size = survey.drawn[line.line_id].size
            told = f"的事项对应分库“{'、'.join(names)}”，名单条件却没有限定，将从{size}户中抽取"
            yield at(line, f"{told}。请选定分库，或说明理由。")


def items_not_usable(survey: Survey) -> Iterator[Found]:
    """R-1, R-6, R-8: what is not on the list, not claimed, suspended, or dropped by a new edition."""
    for line in survey.lines:
        for item in line.items.all():
            if survey.rule_of(line, item.pk) is None:
                departments = "、".join(one.short_name for one in (line.initiator, *line.participants.all()))
                told = f"的事项“{item.code} {newest_name(item)}”不在{departments}当前可用的清单上"
                yield at(line, f"{told}（未公布、未认领或已被新版清单取消）。请换成现行事项，或先完成认领。", item.pk)


def not_members(survey: Survey) -> Iterator[Found]:
    """R-12: who has left the conference since it was chosen."""
    for line in survey.lines:
        for one in line.participants.all():
            if not one.is_active or not one.is_conference_member:
                yield at(line, f"的配合部门“{one.name}”不是联席会议成员单位。请改选配合部门。")


def ratio_outside_item(survey: Survey) -> Iterator[Found]:
    """R-6: a plan keeps the direction of the ratio on the list; a joint line that of the joint list instead."""
    for line in survey.lines:
        joint = survey.joint_rules.get(line.joint_item_id) if line.joint_item_id else None
        if not line.ratio or (joint is not None and _keeps_to(line, joint, survey)):
            continue
        for item in line.items.all():
            known = survey.rule_of(line, item.pk)
            if known and not _keeps_to(line, known[1], survey):
                told = f"的抽查比例“{line.ratio_words}”不符合事项“{item.code}”的“{sentence(known[1])}”"
                yield at(line, f"{told}。请调整比例，或说明理由。", item.pk)


def _keeps_to(line: LineVersion, rule: object, survey: Survey) -> bool:
    level = survey.plan.department.region.level
    own = line.ratio_rule
    if line.is_risk_based and isinstance(own, Table) and own.by == By.GRADE and NormCode.BANDS in survey.norms:
        return True  # by risk class the bands hold instead (S2: 可低于法定比例)
    return own == rule or is_within(own, rule, level)  # type: ignore[arg-type]  # a Ratio


def outside_bands(survey: Survey) -> Iterator[Found]:
    """R-43, S2: A below 3 %, B 3 %, C 3-20 %, D 20-100 %, or whatever applies here."""
    applied = survey.norms.get(NormCode.BANDS)
    if applied is None or not isinstance(applied.demand, ByGrade):
        return
    for line in survey.lines:
        if not line.is_risk_based or not line.ratio:
            continue
        rule = line.ratio_rule
        if not isinstance(rule, Table) or rule.by != By.GRADE:
            yield at(
                line,
                f"是信用风险分类抽查，但比例“{line.ratio_words}”没有按A、B、C、D级分别规定。请按风险等级填写比例。",
            )
            continue
        yield from _left_out(line, rule, applied)
        for row in rule.rows:
            band = applied.demand.amounts[row.key]
            if not _is_in_band(row.amount, band):
                told = f"的{row.key}级比例“{row.amount}”不在“{band}”之内（{applied.source}）"
                yield at(line, f"{told}。请调整比例，或说明理由。")


def _left_out(line: LineVersion, rule: Table, applied: Applied) -> Iterator[Found]:
    """A class without a ratio is never drawn; only the lowest may be."""
    assert isinstance(applied.demand, ByGrade)  # noqa: S101 -- asked before
    named = {row.key for row in rule.rows}
    for grade in GRADES:
        band = applied.demand.amounts[grade]
        if grade not in named and band.floor:
            told = f"没有规定{grade}级比例，{grade}级企业不会被抽到，要求“{band}”（{applied.source}）"
            yield at(line, f"{told}。请补上比例，或说明理由。")


def _is_in_band(own: Amount, band: Amount) -> bool:
    return own.is_share and own.is_within(band)


def not_monotone(survey: Survey) -> Iterator[Found]:
    """R-44, S0-5, S1-13: a higher risk is not inspected less."""
    for line in survey.lines:
        rule = line.ratio_rule if line.ratio else None
        if not isinstance(rule, Table) or rule.by != By.GRADE:
            continue
        rows = sorted(rule.rows, key=lambda row: GRADES.index(row.key))
        for lower, higher in pairwise(rows):
            if _low_end(higher.amount) < _low_end(lower.amount):
                told = f"的{higher.key}级比例“{higher.amount}”低于{lower.key}级的“{lower.amount}”"
                yield at(line, f"{told}。风险较高的等级比例不应更低，请调整。")


def _low_end(amount: Amount) -> Decimal:
    return amount.floor or (amount.ceiling or Decimal(0))


def over_ceiling(survey: Survey) -> Iterator[Found]:
    """R-5: a general item keeps below the ceiling of its place and year; a key item has none (R-4)."""
    ceiling = survey.ceiling
    if ceiling is None:
        return
    for line, most in _under_ceiling(survey):
        if most * _times(line) > ceiling.most:
            told = (
                f"的全年比例{plain(most * _times(line))}%超过一般检查事项上限{plain(ceiling.most)}%（{ceiling.source}）"
            )
            yield at(line, f"{told}。请降低比例，或说明理由。")


def rounded_over_ceiling(survey: Survey) -> Iterator[Found]:
    """R-5: of a small pool one subject may be more than the ceiling, though the ratio keeps below it."""
    ceiling = survey.ceiling
    if ceiling is None:
        return
    for line, most in _under_ceiling(survey):
        drawn = survey.drawn[line.line_id]
        is_small = 100 * _times(line) > ceiling.most * drawn.size  # one subject each time is already more
        if drawn.n_year and is_small and most * _times(line) <= ceiling.most:
            told = f"的抽查对象只有{drawn.size}户，按户取整后全年抽{drawn.n_year}户，高于一般检查事项上限{plain(ceiling.most)}%"
            yield at(line, f"{told}。这是取整造成的，比例不必修改。")


def _under_ceiling(survey: Survey) -> Iterator[tuple[LineVersion, Decimal]]:
    """The lines of general items whose ratio is of all subjects alike, each with the most it asks for."""
    for line in survey.lines:
        rule = line.ratio_rule if line.ratio else None
        most = peak(rule) if rule and not line.is_risk_based and line.category == ItemVersion.Kind.GENERAL else None
        if most is not None:
            yield line, most


def _times(line: LineVersion) -> int:
    """How many times the ratio counts in a year: a choice and a yearly ratio already are of the year."""
    is_yearly = line.ratio.get("may_split") or line.ratio.get("is_yearly") or line.ratio.get("kind") == "choice"
    return 1 if is_yearly else line.rounds


def frequency(survey: Survey) -> Iterator[Found]:
    """R-49: how often a series is run: by no line more often than is allowed, by all lines together often enough."""
    told: set[UUID] = set()
    for line in survey.lines:
        for item in line.items.all():
            known = survey.rule_of(line, item.pk)
            if known:
                yield from _too_often(line, known[0].frequency_rule, item.pk, survey)
            if known and not survey.plan.is_joint and item.pk not in told:
                told.add(item.pk)
                yield from _too_seldom(line, known[0].frequency_rule, item, survey)


def _too_often(line: LineVersion, rule: Frequency, item: UUID, survey: Survey) -> Iterator[Found]:
    times = series_of(rule, survey.plan.department.region.level)
    if times is None:
        return
    most = most_a_year(times)
    if most is not None and line.rounds > most:
        told = f"全年抽取{line.rounds}次，超过事项的频次“{times}”"
        yield at(line, f"{told}。请减少次数，或说明理由。", item)


def _too_seldom(line: LineVersion, rule: Frequency, item: Item, survey: Survey) -> Iterator[Found]:
    times = series_of(rule, survey.plan.department.region.level)
    least = min(least_a_year(times), MOST_ROUNDS)
    rounds = survey.rounds_of.get(item.pk, 0) if least else 0
    if rounds < least:
        told = f"的事项“{item.code} {newest_name(item)}”全年共抽取{rounds}次，少于频次“{times}”"
        yield at(line, f"{told}。请增加次数，或说明理由。", item.pk)


def most_a_year(times: Times) -> int | None:
    """The most runs in a year; an exact number is meant as the least that is due, so it is no ceiling."""
    if times.most is None or times.least == times.most:
        return None
    return int(Fraction(times.most - times.is_under) / times.years) or 1


def empty_pool(survey: Survey) -> Iterator[Found]:
    """R-47: nothing can be drawn from nothing."""
    for line in survey.lines:
        if survey.drawn[line.line_id].size == 0:
            yield at(line, "的名单条件下没有在库的检查对象。请放宽条件或先充实名录；确有必要保留的，请说明理由。")


def number_unknown(survey: Survey) -> Iterator[Found]:
    """R-46: the number and the rule that made it are known before the draw."""
    for line in survey.lines:
        drawn = survey.drawn[line.line_id]
        if drawn.size and line.ratio and (drawn.quota is None or drawn.quota.n is None):
            why = drawn.why or "".join(f"{note}。" for note in drawn.quota.notes if drawn.quota)  # type: ignore[union-attr]
            yield at(line, f"的抽查数量还不能确定：{why}")
        elif drawn.size and line.ratio and is_for_the_year(line.ratio_rule) and drawn.n_year < line.rounds:
            told = f"全年只抽{drawn.n_year}户，却分{line.rounds}次抽取，有的任务没有可抽的对象"
            yield at(line, f"{told}。请减少次数或提高比例。")


def base_differs(survey: Survey) -> Iterator[Found]:
    """R-46: what somebody counted beside what the register counts, and what a count asks for beside what there is."""
    for line in survey.lines:
        size = survey.drawn[line.line_id].size
        if not is_typed(line) and "" in line.bases and line.bases[""] != size:
            yield at(line, f"填写的抽查基数是{line.bases['']}户，按名录计算是{size}户。抽取时以名录为准，请核对。")


def levels_without_ratios(survey: Survey) -> Iterator[Found]:
    """R-33: where levels share an item, each has its ratio."""
    for line in survey.lines:
        rule = line.ratio_rule if line.ratio else None
        levels = [level for level in line.levels if level != Level.TOWN]
        if (
            line.mode == LineVersion.Mode.LINKED
            and len(levels) > 1
            and not (isinstance(rule, Table) and rule.by == By.LEVEL)
        ):
            yield at(line, "是省市县联动，但没有分别规定各层级的抽查比例。建议按层级填写比例。")


def unanswered(survey: Survey) -> Iterator[Found]:
    """S3-4: whom a joint line names has agreed, or the conference has decided."""
    for line in survey.lines:
        for department in line.participants.all():
            yield from _of_department(survey, line, department)


def _of_department(survey: Survey, line: LineVersion, department: object) -> Iterator[Found]:
    invitation = survey.invitations.get((line.line_id, department.pk))  # type: ignore[attr-defined]
    name = department.short_name  # type: ignore[attr-defined]
    if invitation is None:
        yield at(line, f"还没有邀请{name}。请在计划行页面发出邀请。")
    elif invitation.state == InvitationState.INVITED:
        yield at(line, f"邀请{name}尚未得到答复。请催办，或提请联席会议协调。")
    elif invitation.state not in TAKING_PART:
        yield at(line, f"{name}{invitation.state_word}：{invitation.reason}请调整配合部门，或提请联席会议协调。")
