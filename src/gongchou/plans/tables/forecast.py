"""The figures of a forecast as sheets; each says what it means, and that it is an expectation."""

from __future__ import annotations

from collections.abc import Sequence

from gongchou.accounts.models import User
from gongchou.plans.norms import Most
from gongchou.plans.queries.expected import DepartmentLoad, LineYear, Year
from gongchou.plans.sheet import Row, Sheet

MONTHS = tuple(f"{n}月" for n in range(1, 13))
CLASS_HEADS = ("A级", "B级", "C级", "D级", "未评级")
_FEWEST, _MOST = 2, 8  # visits that are told one by one
_HIDDEN = "其他未公布计划的行（{n}行，合计）"


def lines_sheet(year: Year, by: User) -> Sheet:
    """(a) Line by line. Of plans that somebody does not read yet, one sum."""
    districts = [name for _, name in year.districts]
    head = ("序号", "计划行", "发起部门", "名录户数", "每次抽取", "次数", "全年抽取", *CLASS_HEADS, *districts)
    seen, unseen = year.seen_by(by)
    rows = [_line(one, len(districts)) for one in seen]
    if unseen:
        rows.append(_summed(unseen, len(districts)))
    meaning = (
        "按现有名录和每行的比例计算：每次抽多少，全年抽多少，落在各风险等级和各区县的预计户次。"
        "等级和区县是预计，不是抽取结果。"
    )
    return Sheet("lines", "逐行预测", meaning, head, rows)


def _line(one: LineYear, n_districts: int) -> Row:
    line = one.line
    own = (line.number, line.name, line.initiator.short_name, one.drawn.size, one.drawn.words, line.rounds)
    unknown: list[float | None] = [None] * (len(CLASS_HEADS) + n_districts)
    parts = unknown if one.by_grade is None else [*one.by_grade, *(one.by_district or ())]
    return Row((*own, one.drawn.n_year, *parts), url=line.get_absolute_url())


def _summed(rows: Sequence[LineYear], n_districts: int) -> Row:
    known = [one for one in rows if one.by_grade is not None and one.by_district is not None]
    grades = [sum(one.by_grade[at] for one in known if one.by_grade) for at in range(len(CLASS_HEADS))]
    districts = [sum(one.by_district[at] for one in known if one.by_district) for at in range(n_districts)]
    n_year = sum(one.drawn.n_year for one in rows)
    return Row((None, _HIDDEN.format(n=len(rows)), None, None, None, None, n_year, *grades, *districts))


def totals_sheet(year: Year) -> Sheet:
    """(b) What the year comes to, drawn apart and together."""
    one, other = year.forecast.apart, year.forecast.together
    saved = one.n_visits - other.n_visits
    rows = [
        Row(("任务（户次）", one.n_tasks, other.n_tasks, "各行全年抽取的户次之和")),
        Row(("上门（户次）", one.n_visits, other.n_visits, "各自抽取每个任务一次；共用一个随机数，同批次同一户的合并")),
        Row(("被检查的企业（户）", one.n_doors, other.n_doors, "全年至少被查一次的企业，预计多少户")),
        Row(("每户平均被查次数", _short(one.visits_per_door), _short(other.visits_per_door), "只算被查到的企业")),
        Row(("多部门同到一户的任务占比", _percent(one.joint_share), _percent(other.joint_share),
             "同一批次有两个以上部门到同一户的任务，占全部任务的预计比例")),
        Row(("减少上门（户次）", None, saved,
             f"共用一个随机数预计少上门的次数，占{_percent(_part(saved, one.n_visits))}")),
    ]  # fmt: skip
    if year.cap:
        rows.append(_above(year))
    meaning = (
        "“各自抽取”是每行单独抽；“共用一个随机数”是各行按同一组随机数抽，抽到小比例的必在大比例之内。"
        "两列都是预计，不是抽取结果。" + _left_out(year)
    )
    return Sheet("totals", "全年合计", meaning, ("指标", "各自抽取", "共用一个随机数", "含义"), rows)


def _left_out(year: Year) -> str:
    """What a reader would else take for included."""
    unknown, typed = year.outlook.n_unknown, year.outlook.n_typed
    told = [(unknown, "行抽取数量未定"), (typed, "行按手工填写的基数计算、不知道是哪些企业")]
    words = "，".join(f"{n}{what}" for n, what in told if n)
    return f"有{words}，没有计入。" if words else ""


def _above(year: Year) -> Row:
    demand = year.cap.demand if year.cap else None
    n = demand.n if isinstance(demand, Most) else 0
    told = [way.above(n) if n < len(way.visits) - 1 else 0.0 for way in (year.forecast.apart, year.forecast.together)]
    source = year.cap.source if year.cap else ""
    return Row((f"一年超过{n}次的企业（户）", *told, f"上限{n}次，出自{source}；抽取时超过的会被排除"))


def visits_sheet(year: Year) -> Sheet:
    """How many enterprises are visited once, twice, and so on, as far as there are any."""
    one, other = year.forecast.apart.visits, year.forecast.together.visits
    most = max(n for n in range(_FEWEST, _MOST + 1) if n == _FEWEST or max(one[n], other[n]) >= 0.05)
    rows = [Row((f"{n}次", float(one[n]), float(other[n]))) for n in range(1, most + 1)]
    rows.append(Row((f"{most + 1}次及以上", float(one[most + 1 :].sum()), float(other[most + 1 :].sum()))))
    meaning = "一年里被查一次、两次、三次……的企业预计各有多少户，用来看有没有重复打扰。是预计，不是抽取结果。"
    return Sheet("visits", "企业被查次数", meaning, ("次数", "各自抽取（户）", "共用一个随机数（户）"), rows)


def load_sheet(year: Year) -> Sheet:
    """(c) Person-visits of each department and month, against what its inspectors can do."""
    head = ("部门", "检查人员", *MONTHS, "全年人次", "全年可承担", "负荷")
    meaning = (
        "每次上门按两人计算人次，参加联合检查的部门各派两人；平均摊到计划的起止月份，未合并上门。颜色越深负荷越重，"
        "超出能力的写明“超”。是预计，不是排班。"
    )
    return Sheet("load", "各部门各月工作量", meaning, head, [_load(one) for one in year.loads])


def _load(one: DepartmentLoad) -> Row:
    monthly = None if one.able is None else one.able / 12
    months = [_month(value, monthly) for value in one.by_month.tolist()]
    share = _percent(one.whole / one.able) if one.able else None
    is_over = one.able is not None and one.whole > one.able
    cells = (one.department.short_name, one.n_people, *(cell for cell, _ in months), one.whole, one.able)
    told = f"{share or '无人可派'}（超）" if is_over else share
    return Row((*cells, told), marks=("", "", *(mark for _, mark in months), "", "", "heat-over" if is_over else ""))


def _month(value: float, able: float | None) -> tuple[float | str, str]:
    """A number, or words where it is more than can be done: colour alone says nothing to who does not see it."""
    if able is None or value == 0:
        return value, ""
    if value > able:
        return f"{round(value):,}（超）", "heat-over"
    return value, f"heat-{min(4, int(5 * value / able))}"


def _part(one: float, other: float) -> float:
    return one / other if other else 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _short(value: float) -> str:
    return f"{value:.2f}"
