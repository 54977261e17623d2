"""The columns of a plan as officials keep them: headings, how a cell is read, how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gongchou.plans.layout import cells, conditions
from gongchou.plans.layout.known import Known
from gongchou.plans.layout.names import Names
from gongchou.plans.layout.spans import read_span
from gongchou.plans.models import LineVersion
from gongchou.plans.models.lines import MOST_ROUNDS
from gongchou.plans.queries.plans import field_words
from gongchou.registry.models import ItemVersion

EMPTY_ROW = "示例行，导入前请删除"
Read = Callable[[str, Known], Any]
Write = Callable[[LineVersion, Known], Any]


@dataclass(frozen=True)
class Column:
    """field: what it fills, of ``LineVersion.content``; ``number``, ``libraries`` and ``conditions`` besides.

    words: other headings; hint, example: for 填写说明 and the example row of the template
    """

    field: str
    label: str
    words: tuple[str, ...]
    read: Read
    write: Write
    hint: str
    example: Any = ""


def _attribute(name: str) -> Write:
    return lambda line, known: getattr(line, name)


def _words(name: str) -> Write:
    return lambda line, known: field_words(line, name)


def _text(name: str, label: str, words: str, hint: str, example: str = "") -> Column:
    most = LineVersion._meta.get_field(name).max_length or 0  # type: ignore[union-attr]

    def read(text: str, known: Known) -> str:
        return "" if cells.is_empty(text) and name != "name" else cells.words(text, most, keeps_lines=name == "note")

    return Column(name, label, tuple(words.split()), read, _attribute(name), hint, example)


def _choice(name: str, choices: Iterable[tuple[str, str]], also: Mapping[str, str], empty: str) -> Read:
    told = list(choices)
    return lambda text, known: empty if cells.is_empty(text) else cells.choice(text, told, also)


def _yes_no(name: str) -> tuple[Read, Write]:
    return (lambda text, known: cells.yes_no(text)), (lambda line, known: "是" if getattr(line, name) else "否")


def _day(name: str, end: int) -> tuple[Read, Write]:
    """A day; of a month such as 3月 the first or the last one. end: 0 or 1."""

    def read(text: str, known: Known) -> date | None:
        span = read_span(text, known.plan.year) if "月" in text else None
        return span[end] if span else cells.day(text)

    return read, _attribute(name)


def _plain(read: Callable[[str], Any]) -> Read:
    return lambda text, known: read(text)


def _listed(of: Callable[[Known], Names[UUID]]) -> Read:
    return lambda text, known: [] if cells.is_empty(text) else of(known).find_all(text)


def _one(name: str, of: Callable[[Known], Names[UUID]]) -> tuple[Read, Write]:
    """What a line points to, by its id."""

    def read(text: str, known: Known) -> UUID | None:
        return None if cells.is_empty(text) else of(known).find(text)

    def write(line: LineVersion, known: Known) -> str:
        key = getattr(line, f"{name}_id")
        return of(known).word(key) if key else ""

    return read, write


def _departments(text: str, known: Known) -> list[Any]:
    return [known.department[key] for key in _listed(lambda known: known.departments)(text, known)]


def _initiator(text: str, known: Known) -> Any:
    return known.department[known.departments.find(text)]


def _libraries(text: str, known: Known) -> tuple[str, ...]:
    return tuple(sorted(str(key) for key in _listed(lambda known: known.libraries)(text, known)))


def _pool_libraries(line: LineVersion, known: Known) -> str:
    return known.libraries.words(map(UUID, conditions.pool_of(line.pool).libraries))


def _pool_conditions(line: LineVersion, known: Known) -> str:
    return conditions.write(conditions.pool_of(line.pool), known)


_Type, _Kind, _Mode, _Form = LineVersion.CheckType, ItemVersion.Kind, LineVersion.Mode, LineVersion.Form
_TYPES = {"定向抽查": _Type.TARGETED, "不定向抽查": _Type.NON_TARGETED, "非定向": _Type.NON_TARGETED}
_KINDS = {"一般": _Kind.GENERAL, "重点": _Kind.KEY, "一般事项": _Kind.GENERAL, "重点事项": _Kind.KEY}
_MODES = {"县抽区查": _Mode.COUNTY_COUNTY, "区抽区查": _Mode.COUNTY_COUNTY, "市抽区查": _Mode.CITY_COUNTY}
_MODES |= {"省抽区查": _Mode.PROVINCE_COUNTY, "联动": _Mode.LINKED, "三级联动": _Mode.LINKED}

COLUMNS = (
    Column(
        "number", "序号", ("序", "行次", "项次"), lambda text,
        known: cells.whole(text, cells.MOST_NUMBER) if text else None,
        _attribute("number"), "整数；留空的自动编号。与计划中已有的序号相同，就是修改那一行。", 1,
    ),
    _text("field", "抽查领域", "领域 检查领域 监管领域", "文字。", "餐饮服务"),
    _text(
        "name", "抽查计划名称", "抽查任务名称 抽查任务 计划名称 任务名称 抽查计划 抽查任务（计划）名称 检查任务名称",
        "必填，不超过100个字。", "餐饮单位食品安全检查",
    ),
    Column(
        "check_type", "抽查类型", ("任务类型", "类型"),
        _choice("check_type", _Type.choices, _TYPES, _Type.NON_TARGETED),
        _words("check_type"), "定向、不定向；留空为不定向。", "不定向",
    ),
    Column(
        "category", "抽查类别", ("事项类别", "检查类别", "类别"),
        _choice("category", _Kind.choices, _KINDS, _Kind.GENERAL),
        _words("category"), "一般检查事项、重点检查事项；留空为一般。", "一般检查事项",
    ),
    Column(
        "items", "抽查事项", ("检查事项", "事项", "抽查事项名称"), _listed(lambda known: known.items),
        lambda line, known: known.items.words([one.pk for one in line.items.all()], "\n"),
        "已公布事项的编码或名称；多个用顿号、分号或换行分开。", "",
    ),
    Column(
        "joint_item", "联合抽查事项", ("部门联合抽查事项", "联合事项"),
        *_one("joint_item", lambda known: known.joint_items),
        "已公布的联合抽查事项的编码或名称。",
    ),
    _text(
        "subject_words", "抽查对象范围", "抽查对象 检查对象 对象范围 检查对象范围", "公布时的说法。",
        "全市餐饮服务单位",
    ),
    Column(
        "libraries", "对应分库", ("分库", "对象库", "检查对象库", "对象名录库"), _libraries, _pool_libraries,
        "分库的名称或编码，多个用顿号分开；新行留空的，按抽查事项对应的分库。",
    ),
    Column(
        "conditions", "其他名单条件", ("名单条件", "其他条件"), conditions.read, _pool_conditions,
        f"例如：主体类别：企业、个体工商户；信用风险等级：C、D。可用的条件：{'、'.join(conditions.LABELS.values())}。",
    ),
    Column(
        "bases", "抽查基数", ("基数", "检查对象总数", "对象总数"), _plain(cells.bases), _words("bases"),
        "名录里没有的才填：60，或 高校：3；中小学：20。",
    ),
    Column(
        "ratio", "抽查比例",
        ("比例", "抽查比例/数量", "抽查比例或数量", "抽取比例", "抽查数量", "比例/数量", "抽查比例和数量"),
        _plain(cells.ratio), _words("ratio"),
        "3%、不低于3%、60-70家、市级2%；县级10%、A级3%；B级4%；C级5%；D级6%、根据实际情况确定。", "不低于3%",
    ),
    Column(
        "by_district", "按区县分配", ("按区县分层",), *_yes_no("by_district"), "是、否：抽取数量是否按区县分配。", "否",
    ),
    Column(
        "rounds", "全年抽取次数", ("抽取次数", "抽查次数", "年度抽取次数", "次数"),
        lambda text, known: 1 if cells.is_empty(text) else cells.whole(text, MOST_ROUNDS), _attribute("rounds"),
        "1至12；留空为1。", 1,
    ),
    Column(
        "frequency", "抽查频次", ("频次", "检查频次"), _plain(cells.frequency), _words("frequency"),
        "每年1次、市级每年1次；县级每月1次、每年1次；同一检查对象每年不超过2次。", "每年1次",
    ),
    Column(
        "is_risk_based", "信用风险分类", ("信用风险分类抽查", "是否信用风险分类"),
        *_yes_no("is_risk_based"), "是、否。", "否",
    ),
    Column(
        "begins_on", "开始日期", ("开始时间", "起始日期", "起始时间"), *_day("begins_on", 0),
        "例如 2026-03-01，须在计划年度内。",
    ),
    Column(
        "ends_on", "结束日期", ("结束时间", "截止日期", "截止时间"), *_day("ends_on", 1),
        "须在计划年度内。",
    ),
    _text(
        "time_note", "时间安排", "抽查时间 实施时间 时间 起止时间 检查时间 时间说明 抽查时间安排 完成时间 完成时限",
        "没填开始、结束日期的，可写 3—6月、全年、上半年、9月，会换成日期；看不懂的作为时间说明。", "3—11月",
    ),
    Column(
        "initiator", "发起部门", ("发起主体", "发起单位", "牵头部门", "责任部门", "牵头单位"), _initiator,
        lambda line, known: known.departments.word(line.initiator_id), "部门的名称、简称或编码；留空为本部门。",
    ),
    Column(
        "participants", "配合部门", ("参与部门", "参加部门", "联合部门", "配合单位", "协同部门"), _departments,
        lambda line, known: known.departments.words([one.pk for one in line.participants.all()]),
        "联席会议成员单位；多个用顿号分开。",
    ),
    _text("lead_unit", "牵头处室", "责任处室 牵头科室 责任科室", "文字。", "餐饮监管科"),
    Column(
        "levels", "实施层级", ("层级", "检查层级", "抽查层级"),
        lambda text, known: [] if cells.is_empty(text) else cells.levels(text), _words("levels"),
        "省级、市级、县级、乡镇级；多个用顿号分开。", "市级",
    ),
    _text("inspecting", "检查主体", "抽查主体 实施主体 检查单位 实施部门", "文字。"),
    Column(
        "mode", "抽查检查模式", ("检查模式", "抽查模式"), _choice("mode", _Mode.choices, _MODES, ""),
        _words("mode"), f"{'、'.join(map(str, _Mode.labels))}。", "市抽市查",
    ),
    Column(
        "form", "联查形式", ("联合检查形式",), _choice("form", _Form.choices, {}, ""), _words("form"),
        f"{'、'.join(map(str, _Form.labels))}；不是联合抽查的留空。",
    ),
    Column(
        "campaign", "集中抽查", ("集中联合抽查", "部门联合集中抽查"), *_one("campaign", lambda known: known.campaigns),
        "本年度集中联合抽查的名称；不属于的留空。",
    ),
    _text("trade", "一业一查行业", "一业一查", "不是一业一查的留空。"),
    Column(
        "matter", "综合监管事项", ("跨部门综合监管事项",), *_one("matter", lambda known: known.matters),
        "编码或名称。",
    ),
    Column(
        "agreement", "跨区域协议", ("跨区域合作协议",), *_one("agreement", lambda known: known.agreements),
        "协议名称。",
    ),
    _text("note", "备注", "说明", "不超过500个字。", EMPTY_ROW),
)  # fmt: skip
