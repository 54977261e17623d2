"""The figures of finished draws as sheets, and the drawings beside them; each says what it means in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from gongchou.draws import charts
from gongchou.draws.charts import percent
from gongchou.draws.odds import GROUPS
from gongchou.draws.pairs import Repeated
from gongchou.draws.queries.statistics import LoadRow, RateRow, Scope, Statistics
from gongchou.draws.queries.watching import Watched
from gongchou.plans.sheet import Row, Sheet

RATE_HEAD = ("部门", "层", "抽取", "名单对象", "应抽", "抽中", "应抽比例", "实抽比例", "核对")
MOST_BARS = 24  # of a drawing; the table has all


def asked(name: str, scope: Scope, **own: str) -> str:
    """The address of a list with the conditions of a page and its own."""
    told: dict[str, object] = {"year": scope.year, "region": scope.region and scope.region.pk}
    told |= {"department": scope.department and scope.department.pk, **own}
    return f"{reverse(f'draws:{name}')}?{urlencode({key: value for key, value in told.items() if value})}"


def chance_words(chance: float) -> str:
    """How often honest draws do this."""
    if chance >= 0.1:
        return "平常"
    if chance >= 0.01:
        return f"约 {round(1 / chance)} 次中有 1 次"
    return f"约 {float(f'{1 / chance:.1e}'):,.0f} 次中才有 1 次" if chance > 1e-12 else "几乎不可能"


def _share(n: int, size: int) -> str:
    return f"{100 * n / size:.2f}%" if size else "—"


# Rates --------------------------------------------------------------------------------------------


def rates_sheet(told: Statistics) -> Sheet:
    """Realised against nominal."""
    meaning = (
        "每层抽多少户在种子产生前就定死了，所以应抽和抽中必须一户不差，不存在误差范围；有出入就是出了错，要查。"
        "碰运气的只是抽中谁，看下面“各管辖单位”和“票号是否均匀”。"
    )
    return Sheet("rates", "抽取比例", meaning, RATE_HEAD, [_rate(row, told.scope) for row in told.rates])


def given_up_sheet(told: Statistics) -> Sheet:
    """What had a result and was given up."""
    meaning = "已经抽出结果又撤回的抽取，单独列出，不计入其他各表。撤回不能抹掉结果，证据照旧公开。"
    return Sheet("given_up", "撤回的结果", meaning, RATE_HEAD, [_rate(row, told.scope) for row in told.given_up])


def _rate(row: RateRow, scope: Scope) -> Row:
    is_right = row.n == row.n_drawn
    words = "相符" if is_right else f"相差 {abs(row.n - row.n_drawn)} 户"
    shares = (_share(row.n, row.size), _share(row.n_drawn, row.size))
    cells = (row.department, row.label, row.n_draws, row.size, row.n, row.n_drawn, *shares, words)
    url = asked("statistics-strata", scope, q=row.label)
    return Row(cells, url, ("",) * 8 + ("" if is_right else "heat-over",))


def rate_bars(rows: Sequence[RateRow]) -> list[charts.Bar]:
    """Drawn of a hundred in the frame."""
    told = [
        (f"{row.department} {row.label}"[:14], 100 * row.n_drawn / row.size if row.size else 0.0, 0.0,
         _share(row.n_drawn, row.size))
        for row in rows[:MOST_BARS]
    ]  # fmt: skip
    return charts.bars(told, ["apart"] * len(told))


# Units and tickets --------------------------------------------------------------------------------


def units_sheet(told: Statistics) -> Sheet:
    """Each keeping unit's share."""
    meaning = (
        "各管辖单位的对象按名单应当抽中几户，实际抽中几户。“正常范围”按超几何分布精确计算，已按本表行数放宽："
        "抽取公正时，整张表出现任何一行超出范围，100 次统计里不到 1 次。超出不等于有问题，但值得查名单和时间。"
        "同一批次里一个部门有几个任务的，只算第一个，因为它们共用票号。"
    )
    head = ("部门", "管辖单位", "名单对象", "预计抽中", "抽中", "正常范围", "偏离的可能")
    rows = []
    for row in told.units:
        words = f"{chance_words(row.chance)}（超）" if row.is_rare else chance_words(row.chance)
        cells = (
            row.department,
            row.unit,
            row.size,
            f"{row.expected:.1f}",
            row.n_drawn,
            f"{row.low}～{row.high}",
            words,
        )
        url = asked("statistics-objects", told.scope, q=row.unit)
        rows.append(Row(cells, url, ("",) * 6 + ("heat-over" if row.is_rare else "",)))
    return Sheet("units", "各管辖单位", meaning, head, rows)


def unit_spans(told: Statistics) -> list[charts.Span]:
    """The range of honest counts, and what was drawn."""
    shown, rows = told.units[:MOST_BARS], []
    for row in shown:
        words = f"抽中 {row.n_drawn:,}（{row.low:,}～{row.high:,}）"
        rows.append((f"{row.department} {row.unit}"[:12], float(row.low), float(row.high), float(row.n_drawn), words))
    return charts.spans(rows, ["above" if row.is_rare else "" for row in shown])


def tickets_sheet(told: Statistics) -> Sheet:
    """How even tickets are."""
    head = ("票号区间（从小到大）", "对象", "平均应有")
    whole = sum(told.tickets)
    rows = [Row((f"第 {at} 段", n, f"{whole / GROUPS[0]:.1f}")) for at, n in enumerate(told.tickets, 1)]
    return Sheet("tickets", "票号是否均匀", _ticket_words(told), head, rows)


def _ticket_words(told: Statistics) -> str:
    start = f"每个种子给名单里每户一个票号，把票号从小到大分成 {GROUPS[0]} 段，每段的户数应差不多。"
    found = told.chi_square
    if found is None:
        return start + "对象太少，暂不检验。"
    result = "看不出不均匀。" if found.chance >= 0.01 else "不均匀得少见，请核对种子来源和名单冻结时间。"
    return (
        f"{start}卡方检验（{found.df + 1} 段）：χ²＝{found.value:.1f}，自由度 {found.df}，"
        f"公正的票号至少这样不均匀的可能是 {percent(found.chance)}，{result}"
    )


def ticket_columns(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """Place and height of a column for each part."""
    most = max([1, *counts])
    return [(20 + 18 * at, 10 + 100 - round(100 * n / most), round(100 * n / most)) for at, n in enumerate(counts)]


# People -------------------------------------------------------------------------------------------


def pairs_sheet(told: Statistics) -> Sheet:
    """Seen and expected."""
    found = told.pairs
    meaning = (
        "检查组里每两个人算一对。“预计”是同样的人、同样的户次随机搭配时的平均数：按每人户次和各单位实际搭配数推算，"
        "和按协议换种子重发牌比较，误差在一成以内。重复率（K-50）＝重复搭档的对数÷出现过的对数。"
    )
    rows = [
        Row(("搭配次数", found.n_meetings, None, "各组两两搭配之和")),
        Row(("可能的搭档（对）", found.n_possible, None, "有搭配的单位里，去过检查的人两两组合")),
        Row(("出现过的搭档（对）", found.n_distinct, f"{found.expected_distinct:.1f}", "至少搭过一次")),
        Row(("重复的搭档（对）", found.n_repeated, f"{found.expected_repeated:.1f}", "搭过两次以上")),
        Row(("重复率（K-50）", percent(found.index), percent(found.expected_index), "重复的÷出现过的")),
    ]
    return Sheet("pairs", "搭档重复", meaning, ("指标", "实际", "预计", "含义"), rows)


def repeated_sheet(told: Statistics) -> Sheet:
    """The most repeated pairs."""
    meaning = (
        "搭档次数最多的 20 对。“可能”已按全部可能的搭档数折算：公正抽取时，任何一对达到这个次数的可能。"
        "人少的单位总是那几个人，预计次数自然高。"
    )
    rows = []
    for one in told.pairs.repeated:
        is_rare = one.chance < 0.01
        words = f"{chance_words(one.chance)}（超）" if is_rare else chance_words(one.chance)
        first, other = _names(one, told)
        url = asked("statistics-seats", told.scope, one=str(first[0]), other=str(other[0]))
        cells = (f"{first[1]}、{other[1]}", first[2], one.n, f"{one.expected:.1f}", words)
        rows.append(Row(cells, url, ("",) * 4 + ("heat-over" if is_rare else "",)))
    return Sheet("repeated", "重复最多的搭档", meaning, ("搭档", "单位", "次数", "预计", "可能"), rows)


def _names(one: Repeated, told: Statistics) -> list[tuple[object, str, str]]:
    people = sorted((told.people[who] for who in one.pair), key=lambda person: person.number)  # type: ignore[index]
    units = "、".join(dict.fromkeys(person.department.short_name for person in people))
    return [(person.pk, person.name, units) for person in people]


def pair_bars(told: Statistics) -> list[charts.Bar]:
    """Distinct and repeated pairs, seen and expected."""
    found = told.pairs
    rows = [
        ("出现过（实际）", float(found.n_distinct), 0.0, f"{found.n_distinct:,} 对"),
        ("出现过（预计）", found.expected_distinct, 0.0, f"{found.expected_distinct:,.1f} 对"),
        ("重复（实际）", float(found.n_repeated), 0.0, f"{found.n_repeated:,} 对"),
        ("重复（预计）", found.expected_repeated, 0.0, f"{found.expected_repeated:,.1f} 对"),
    ]
    return charts.bars(rows, ["apart", "together"] * 2)


def loads_sheet(told: Statistics) -> Sheet:
    """Loads by department."""
    meaning = (
        "每人承担的户次，参加了抽取而一次没轮到的也算。“负荷比”（K-51）＝最多÷中位数；"
        "“到上限”是达到批次设定的每人全年户次的人。"
    )
    head = ("部门", "人员", "最少", "中位数", "最多", "负荷比", "到上限", "占人员")
    return Sheet("loads", "人员负荷", meaning, head, [_load(row, told.scope) for row in told.loads])


def _load(row: LoadRow, scope: Scope) -> Row:
    ratio = f"{row.most / row.median:.2f}" if row.median else None
    cells = (row.department, row.n_people, row.least, f"{row.median:g}", row.most, ratio, row.n_at_cap)
    return Row((*cells, percent(row.n_at_cap / row.n_people)), asked("statistics-seats", scope, q=row.department))


def load_spans(rows: Sequence[LoadRow]) -> list[charts.Span]:
    """From the least to the most, the middle marked."""
    told = [
        (row.department[:10], float(row.least), float(row.most), row.median,
         f"{row.least}～{row.most}，中位数 {row.median:g}")
        for row in rows[:MOST_BARS]
    ]  # fmt: skip
    return charts.spans(told)


# What was changed ---------------------------------------------------------------------------------

CHANGES = (
    ("截止前撤回", "n_withdrawn", "withdrawn"),
    ("截止后撤回", "n_withdrawn_late", "withdrawn_late"),
    ("重抽", "n_redrawn", "redrawn"),
    ("补充抽取", "n_supplements", "supplements"),
    ("到时未公布结果", "n_unopened", "unopened"),
    ("等待抽取", "n_waiting", "waiting"),
)


def changes_sheet(told: Statistics) -> Sheet:
    """Replacements, withdrawals, redraws, commitments never opened, open seats."""
    meaning = (
        "对象替换只能因注销、重复、查无下落、不属管辖，按备选次序递补；任何一层替换超过 2% 标黄。"
        "来源截止或信标时间后撤回的最要紧：其中种子已产生的，是看了结果才撤的，要逐件说明。"
    )
    names = [name for name, _, _ in CHANGES]
    head = ("部门", "抽中", "替换", "替换率", "最高一层", *names, "未揭示的秘密数", "空缺席位")
    rows = []
    for row in told.changes:
        worst = f"{percent(float(row.worst))}（超）" if row.is_amber else percent(float(row.worst))
        counts = [getattr(row, field) for _, field, _ in CHANGES]
        rate = percent(row.n_replaced / row.n_drawn) if row.n_drawn else None
        cells = (row.department, row.n_drawn, row.n_replaced, rate, worst, *counts, row.n_silent, row.n_open_seats)
        marks = ["", "", "", "", "heat-over" if row.is_amber else "", *[""] * (len(counts) + 2)]
        marks[6] = "heat-over" if row.n_withdrawn_late else ""
        rows.append(Row(cells, asked("statistics-draws", told.scope, q=row.department), marks))
    return Sheet("changes", "替换、撤回和空缺", meaning, head, rows)


def change_bars(told: Statistics) -> list[charts.Bar]:
    """Replaced of a hundred drawn, the worst stratum of each department."""
    worst = [(row.department[:10], float(row.worst)) for row in told.changes[:MOST_BARS]]
    rows = [(name, 100 * share, 0.0, percent(share)) for name, share in worst]
    return charts.bars(rows, ["above" if row.is_amber else "apart" for row in told.changes[:MOST_BARS]])


SHEETS = {
    "rates": rates_sheet,
    "given_up": given_up_sheet,
    "units": units_sheet,
    "tickets": tickets_sheet,
    "pairs": pairs_sheet,
    "repeated": repeated_sheet,
    "loads": loads_sheet,
    "changes": changes_sheet,
}


# Watch groups -------------------------------------------------------------------------------------


def watched_sheet(parts: Sequence[tuple[str, Watched]], n_groups: int) -> Sheet:
    """Before the group was named, since, and together."""
    head = ("时段", "户×批次", "预计抽中", "抽中", "99% 范围", "这么少的可能", "这么多的可能", "判断")
    rows = []
    for words, one in parts:
        low, high = one.range
        is_rare = one.is_rare(n_groups)
        cells = (words, one.n, f"{one.expected:.2f}", one.n_drawn, f"{low}～{high}",
                 _chance(one.tails.few), _chance(one.tails.many), verdict(one, n_groups))  # fmt: skip
        rows.append(Row(cells, marks=("",) * 7 + ("heat-over" if is_rare else "",)))
    return Sheet("watched", "抽中的次数", "", head, rows)


def _chance(chance: float) -> str:
    return percent(chance) if chance >= 0.01 else f"{chance:.1e}"


def verdict(one: Watched, n_groups: int) -> str:
    """What a reader may take from it."""
    if not one.n:
        return "没有进过名单"
    if not one.is_rare(n_groups):
        return "平常，运气可以解释"
    return "少得少见，请核查" if one.tails.few < one.tails.many else "多得少见，请核查"


def watched_spans(parts: Sequence[tuple[str, Watched]], n_groups: int) -> list[charts.Span]:
    """Where 99 of 100 honest counts lie, and the count."""
    rows = [(words, float(one.range[0]), float(one.range[1]), float(one.n_drawn), f"抽中 {one.n_drawn}")
            for words, one in parts]  # fmt: skip
    return charts.spans(rows, ["above" if one.is_rare(n_groups) else "" for _, one in parts])
